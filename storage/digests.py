"""Digests: at which minute and on which days each person wants one, and the slots that make it one a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.insertion import insert_into
from storage.models import Contact, DigestPlan, DigestSlot, Staff, StaffGroup
from storage.statuses import StaffRole


class SlotKind(StrEnum):
    """Which digest a slot is of. Of the weekly one `day_on` is the Monday, of the monthly one the first day."""

    MORNING = "morning"
    WEEK = "week"
    MONTH = "month"


def find_plan(session: Session, contact_id: int) -> DigestPlan | None:
    """What the person or group has chosen."""
    return session.get(DigestPlan, contact_id)


def list_plans(session: Session) -> dict[int, DigestPlan]:
    """All choices, by contact."""
    return {plan.contact_id: plan for plan in session.exec(select(DigestPlan)).all()}


def save_plan(session: Session, plan: DigestPlan) -> None:
    """Keep a choice in place of the one before."""
    values = plan.model_dump()
    statement = insert_into(session, DigestPlan).values(**values)
    session.execute(statement.on_conflict_do_update(index_elements=["contact_id"], set_=values))
    session.expire_all()


def list_taken(session: Session, days: Sequence[date]) -> set[tuple[date, str, int]]:
    """The slots of some days that somebody has taken: day, kind, contact."""
    query = select(DigestSlot).where(col(DigestSlot.day_on).in_(days))
    return {(slot.day_on, slot.kind, slot.contact_id) for slot in session.exec(query).all()}


def take_slot(session: Session, kind: SlotKind, contact_id: int, day: date, now: datetime) -> bool:
    """Win a person's slot of a day: true for exactly one of all who try, ever."""
    statement = (
        insert_into(session, DigestSlot)
        .values(day_on=day, kind=kind.value, contact_id=contact_id, taken_at=now)
        .on_conflict_do_nothing()
        .returning(col(DigestSlot.contact_id))
    )
    return session.execute(statement).first() is not None


def forget_slots(session: Session, before: date) -> int:
    """Slots of long ago prove nothing any more; returns how many there were."""
    done = session.execute(delete(DigestSlot).where(col(DigestSlot.day_on) < before))
    return int(done.rowcount)  # type: ignore[attr-defined]


def list_readers(session: Session) -> list[tuple[Staff, Contact]]:
    """Everybody of the office who is reached at present, in the order in which they came."""
    query = (
        select(Staff, Contact)
        .join(Contact, col(Contact.id) == Staff.contact_id)
        .where(col(Staff.active).is_(True), Staff.role != StaffRole.MEMBER)
        .where(col(Contact.unreachable_at).is_(None))
        .order_by(col(Staff.id))
    )
    return list(session.exec(query).all())


def list_reading_groups(session: Session) -> list[tuple[StaffGroup, Contact]]:
    """The groups that get the cards of a department, while whoever linked them is in service."""
    query = (
        select(StaffGroup, Contact)
        .join(Contact, col(Contact.id) == StaffGroup.contact_id)
        .join(Staff, col(Staff.id) == StaffGroup.linked_by)
        .where(col(Staff.active).is_(True), col(Contact.unreachable_at).is_(None))
        .order_by(col(Contact.id))
    )
    return list(session.exec(query).all())
