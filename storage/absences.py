"""Who of the office is away on which days, and who stands in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.models import Absence, Contact, Staff


def add_absence(session: Session, absence: Absence) -> Absence:
    """Away from a day up to and including another."""
    session.add(absence)
    session.flush()
    return absence


def end_absence(session: Session, staff_id: int, now: datetime, today: date) -> int:
    """Back again: whatever was announced for today or later holds no more; returns how many there were."""
    found = list_absences(session, staff_id, today)
    for absence in found:
        absence.ended_at = now
        session.add(absence)
    return len(found)


def list_absences(session: Session, staff_id: int, today: date) -> Sequence[Absence]:
    """What somebody has announced and what is not over, the earliest first."""
    query = select(Absence).where(
        Absence.staff_id == staff_id, col(Absence.ended_at).is_(None), col(Absence.until_on) >= today
    )
    return session.exec(query.order_by(col(Absence.from_on))).all()


def list_stand_ins(session: Session, staff_id: int, day: date) -> Sequence[tuple[Staff, Contact]]:
    """Those in service who stand in for somebody on a day, with where they are reached."""
    query = (
        select(Staff, Contact)
        .join(Contact, col(Contact.id) == Staff.contact_id)
        .join(Absence, col(Absence.stand_in_id) == Staff.id)
        .where(Absence.staff_id == staff_id, col(Absence.ended_at).is_(None), col(Staff.active).is_(True))
        .where(col(Absence.from_on) <= day, col(Absence.until_on) >= day)
    )
    return session.exec(query.order_by(col(Staff.id)).distinct()).all()
