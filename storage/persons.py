"""A person with several channels: which contacts belong together, and at which of them the wishes are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from core.reach import Door
from storage.models import Contact, ContactLink


def home_of(session: Session, contact_id: int) -> int:
    """The contact at which the wishes of a person are kept; the contact itself where nothing is linked."""
    link = session.get(ContactLink, contact_id)
    return link.person_id if link else contact_id


def list_channels(session: Session, contact_id: int) -> Sequence[Contact]:
    """All contacts of the person behind one of them, by id."""
    home = home_of(session, contact_id)
    query = select(Contact).join(ContactLink, col(ContactLink.contact_id) == col(Contact.id))
    found = session.exec(query.where(ContactLink.person_id == home).order_by(col(Contact.id))).all()
    return found or [session.get_one(Contact, contact_id)]


def list_doors(session: Session, homes: Iterable[int]) -> dict[int, list[Door]]:
    """The channels of those of these people who have several, by the contact at which their wishes are kept."""
    query = (
        select(ContactLink.person_id, Contact)
        .join(Contact, col(Contact.id) == col(ContactLink.contact_id))
        .where(col(ContactLink.person_id).in_(list(homes)))
    )
    doors: dict[int, list[Door]] = {}
    for person_id, contact in session.exec(query).all():
        door = Door(
            contact.id or 0,
            contact.channel,
            contact.last_interaction_at,
            contact.unreachable_at is not None,
        )
        doors.setdefault(person_id, []).append(door)
    return doors
