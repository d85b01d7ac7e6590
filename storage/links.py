"""The channels of one person: joined by a short code, so that an announcement comes once; each can leave again."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from core.codes import ALPHABET
from storage.announcements import list_subscriptions, subscribe
from storage.insertion import insert_into
from storage.models import Contact, ContactLink, LinkCode, Preference
from storage.persons import home_of, list_channels
from storage.preferences import choose, list_preferences
from storage.statuses import PreferenceKind

CODE_LIFE = timedelta(minutes=10)
# 27^7 is ten thousand million: with five tries an hour and ten minutes of life nobody hits one by trying.
_SIZE = 7
# More channels than anybody has; a crowd behind one code would be no person.
MOST = 5


def make_code(session: Session, contact_id: int, now: datetime) -> str:
    """A fresh code for this contact, shown once as "7K3M-9QX"; the one before is worth nothing any more."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(_SIZE))
    fresh = {"code_hash": _hash(code), "expires_at": now + CODE_LIFE}
    statement = insert_into(session, LinkCode).values(contact_id=contact_id, **fresh)
    session.execute(statement.on_conflict_do_update(index_elements=["contact_id"], set_=fresh))
    return f"{code[:4]}-{code[4:]}"


def find_giver(session: Session, code: str, now: datetime) -> Contact | None:
    """Who asked for this code, while it is valid; it is not used up by asking."""
    query = select(Contact).join(LinkCode, col(LinkCode.contact_id) == col(Contact.id))
    return session.exec(query.where(LinkCode.code_hash == _hash(code), LinkCode.expires_at > now)).first()


def claim_code(session: Session, code: str, now: datetime) -> int | None:
    """Use the code up: of two who try at the same moment one gets the contact behind it, the other None."""
    statement = (
        delete(LinkCode)
        .where(col(LinkCode.code_hash) == _hash(code), col(LinkCode.expires_at) > now)
        .returning(col(LinkCode.contact_id))
    )
    return session.execute(statement).scalar_one_or_none()


def is_code(text: str) -> bool:
    """True for something of the shape of a code, however it was typed."""
    return _plain(text) != ""


def link(session: Session, giver_id: int, joiner_id: int, now: datetime) -> bool:
    """Make both one person; the wishes of both are kept at the giver's. False for too many, or already one."""
    home, other = home_of(session, giver_id), home_of(session, joiner_id)
    members = {contact.id or 0 for one in (home, other) for contact in list_channels(session, one)}
    if home == other or len(members) > MOST:
        return False
    # In one order, so that two who link each other at the same moment wait instead of blocking each other.
    for contact_id in sorted(members):
        session.get(Contact, contact_id, with_for_update=True)
    _merge_wishes(session, other, home)
    _drop_wishes(session, other, now)
    for contact_id in sorted(members):
        session.merge(ContactLink(contact_id=contact_id, person_id=home, linked_at=now))
    session.flush()
    return True


def unlink(session: Session, contact_id: int, now: datetime) -> bool:
    """This channel is on its own again and keeps a copy of the wishes, as do the others. False if it was."""
    home = home_of(session, contact_id)
    others = [one.id or 0 for one in list_channels(session, contact_id) if one.id != contact_id]
    if not others:
        return False
    for one in sorted([contact_id, *others]):
        session.get(Contact, one, with_for_update=True)
    heir = others[0] if contact_id == home else home
    receiver = heir if contact_id == home else contact_id
    _merge_wishes(session, home, receiver)
    session.execute(delete(ContactLink).where(col(ContactLink.contact_id).in_([contact_id, *others])))
    session.expire_all()
    if len(others) > 1:
        session.add_all(ContactLink(contact_id=one, person_id=heir, linked_at=now) for one in others)
    session.flush()
    return True


def _merge_wishes(session: Session, source: int, target: int) -> None:
    """What one wants the other wants too; what one declined stays declined, whatever the other said."""
    mine, theirs = list_preferences(session, target), list_preferences(session, source)
    # Without a chosen topic one hears of all: who asked for all on one channel does not get less by linking.
    hears_all = [
        bool(list_subscriptions(session, one))
        and not any(row.kind == PreferenceKind.TOPIC and row.wanted for row in rows)
        for one, rows in ((target, mine), (source, theirs))
    ]
    for wish in list_subscriptions(session, source):
        subscribe(session, target, wish.area, wish.inbox_id, wish.started_at)
    if any(hears_all):
        chosen = [row for row in mine if row.kind == PreferenceKind.TOPIC and row.wanted]
        for row in chosen:
            session.delete(row)
        session.flush()
    has_age = any(row.kind == PreferenceKind.AGE for row in mine)
    known = {(row.kind, row.key) for row in mine}
    for row in theirs:
        narrows = row.kind == PreferenceKind.TOPIC and row.wanted and any(hears_all)
        if (
            narrows
            or (row.kind == PreferenceKind.AGE and has_age)
            or (row.wanted and (row.kind, row.key) in known)
        ):
            continue
        kind = PreferenceKind(row.kind)
        choose(session, target, kind, row.key, row.inbox_id, row.chosen_at, wanted=row.wanted)


def _drop_wishes(session: Session, contact_id: int, now: datetime) -> None:
    for wish in list_subscriptions(session, contact_id):
        wish.ended_at = now
        session.add(wish)
    session.execute(delete(Preference).where(col(Preference.contact_id) == contact_id))
    session.flush()


def _plain(text: str) -> str:
    """The characters of a code in capitals; empty for anything that is none."""
    code = "".join(letter for letter in text.upper() if letter.isalnum()).translate(
        str.maketrans("OIL", "011")
    )
    return code if len(code) == _SIZE and all(letter in ALPHABET for letter in code) else ""


def _hash(code: str) -> str:
    return hashlib.sha256(f"link:{_plain(code)}".encode()).hexdigest()
