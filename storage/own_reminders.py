"""What citizens asked to be reminded of: a topic and a date, nothing else; gone when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from storage.models import Contact, OwnReminder


def add_own(session: Session, contact_id: int, topic: str, runs_out_on: date, now: datetime) -> OwnReminder:
    """Keep a wish; the same wish twice is one."""
    query = select(OwnReminder).where(OwnReminder.contact_id == contact_id, OwnReminder.topic == topic)
    found = session.exec(query.where(OwnReminder.runs_out_on == runs_out_on)).first()
    if found is not None:
        return found
    row = OwnReminder(contact_id=contact_id, topic=topic, runs_out_on=runs_out_on, created_at=now)
    session.add(row)
    session.flush()
    return row


def list_own(session: Session, contact_id: int) -> Sequence[OwnReminder]:
    """All of a person, the nearest first."""
    query = select(OwnReminder).where(OwnReminder.contact_id == contact_id)
    return session.exec(query.order_by(col(OwnReminder.runs_out_on), col(OwnReminder.id))).all()


def count_own(session: Session, contact_id: int) -> int:
    """How many a person has."""
    query = select(func.count()).select_from(OwnReminder).where(OwnReminder.contact_id == contact_id)
    return session.exec(query).one()


def delete_own(session: Session, contact_id: int, number: int | None = None) -> int:
    """Forget one, or all of a person; returns how many there were. Nobody's but the person's own."""
    statement = delete(OwnReminder).where(col(OwnReminder.contact_id) == contact_id)
    if number is not None:
        statement = statement.where(col(OwnReminder.id) == number)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def delete_over(session: Session, before: date) -> int:
    """Forget what has run out before a day."""
    statement = delete(OwnReminder).where(col(OwnReminder.runs_out_on) < before)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def list_near(session: Session, until: date) -> Sequence[tuple[OwnReminder, Contact]]:
    """What runs out up to a day, with the person who asked."""
    query = select(OwnReminder, Contact).join(Contact, col(Contact.id) == OwnReminder.contact_id)
    return session.exec(query.where(OwnReminder.runs_out_on <= until).order_by(col(OwnReminder.id))).all()


def claim_own(session: Session, number: int, remind_on: date) -> bool:
    """Win the right to tell one date: true once, whatever the clock does."""
    row = OwnReminder
    statement = (
        update(row)
        .where(col(row.id) == number, (col(row.told_on).is_(None)) | (col(row.told_on) < remind_on))
        .values(told_on=remind_on)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]
