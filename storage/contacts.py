"""Contacts: who writes, where answers go, and what the provider told about them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from core.messages import Address
from storage.insertion import table_of
from storage.models import Contact, WebSession

# How long the assistant is silent after a person of the office wrote by the provider's own tool.
TAKEOVER = timedelta(minutes=30)


_AT = select(Contact).where(
    Contact.channel == bindparam("channel"),
    Contact.account == bindparam("account"),
    Contact.external_id == bindparam("external_id"),
)


def find_contact(session: Session, address: Address) -> Contact | None:
    """The contact at an address, if it ever wrote."""
    at = {"channel": address.channel, "account": address.account, "external_id": address.external_id}
    return session.exec(_AT, params=at).first()


_MAKE = {
    name: dialect.insert(table_of(Contact)).on_conflict_do_nothing()
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}


def record_contact(session: Session, address: Address, now: datetime, *, is_group: bool = False) -> Contact:
    """The contact at an address, made on the first message; safe when two messages make it at once."""
    found = find_contact(session, address)
    if found is not None:
        return found
    values = {
        "channel": address.channel,
        "account": address.account,
        "external_id": address.external_id,
        "is_group": is_group,
        "created_at": now,
    }
    connection = session.connection()
    connection.execute(_MAKE[connection.dialect.name], values)
    contact = find_contact(session, address)
    if contact is None:
        raise LookupError("contact vanished while it was recorded")
    return contact


def get_contact(session: Session, contact_id: int) -> Contact:
    """By id. Raises NoResultFound."""
    return session.get_one(Contact, contact_id)


def record_interaction(session: Session, contact: Contact, at: datetime, name: str | None) -> None:
    """The person did something: the provider's window is open and the address is alive again."""
    if contact.last_interaction_at is None or at > contact.last_interaction_at:
        contact.last_interaction_at = at
    contact.unreachable_at = None
    if name:
        contact.name = name
    session.add(contact)


def record_takeover(session: Session, address: Address, now: datetime) -> None:
    """A person of the office writes to this contact by the provider's own tool: from now on two would talk."""
    contact = record_contact(session, address, now)
    contact.paused_until = now + TAKEOVER
    session.add(contact)


def mark_unreachable(session: Session, contact_id: int, now: datetime) -> None:
    """The provider says blocked, deleted or unknown: nothing is sent there until the person writes."""
    session.execute(update(Contact).where(col(Contact.id) == contact_id).values(unreachable_at=now))


def move_contact(session: Session, contact_id: int, new: Address) -> bool:
    """The same chat lives at another address. False when that address has a contact of its own already."""
    other = find_contact(session, new)
    if other is not None:
        return other.id == contact_id
    contact = session.get_one(Contact, contact_id)
    contact.account, contact.external_id = new.account, new.external_id
    session.add(contact)
    return True


def end_web_sessions(session: Session, contact: Contact) -> int:
    """Whoever holds this person's browser reads nothing any more; ids of other channels are never sessions."""
    statement = delete(WebSession).where(col(WebSession.external_id) == contact.external_id)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
