"""The days that the office itself set as free or worked: append-only, the newest row of a date counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from core.calendar import DayRule
from storage.models import CalendarDay

# "lich": held while days are changed, so that whoever comes next counts from what the first has written.
_LOCK = 0x6C696368
Stamp = tuple[int, int]
"""How many rows there are and the newest of them: with both a row that was committed late is seen as well."""


def take_turns(session: Session) -> None:
    """Let one change of the days at a time through; on SQLite there is but one writer anyhow."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def add_days(session: Session, days: Sequence[CalendarDay]) -> int:
    """Keep one change; returns the number by which it can be found again."""
    session.add_all(days)
    session.flush()
    return min(day.id or 0 for day in days)


def list_days(session: Session) -> Sequence[CalendarDay]:
    """All rows in the order in which they were written."""
    return session.exec(select(CalendarDay).order_by(col(CalendarDay.id))).all()


def list_change(session: Session, number: int) -> Sequence[CalendarDay]:
    """The days of one change, by the number that `add_days` gave: written by one person at one moment."""
    first = session.get(CalendarDay, number)
    if first is None:
        return []
    same = (CalendarDay.author_id == first.author_id, CalendarDay.created_at == first.created_at)
    query = select(CalendarDay).where(*same, col(CalendarDay.id) >= number)
    return session.exec(query.order_by(col(CalendarDay.id))).all()


def list_recent(session: Session, limit: int) -> Sequence[CalendarDay]:
    """The newest rows, newest first."""
    return session.exec(select(CalendarDay).order_by(col(CalendarDay.id).desc()).limit(limit)).all()


def stamp_of_days(session: Session) -> Stamp:
    """Changes with every change of the days."""
    count, newest = session.exec(select(func.count(col(CalendarDay.id)), func.max(CalendarDay.id))).one()
    return count, newest or 0


def rules_of(rows: Iterable[CalendarDay]) -> list[DayRule]:
    """What rows in the order of their writing come to: one rule a date, none where it was taken back."""
    newest = {row.day_on: row for row in rows}
    return [DayRule(day, row.working, row.reason) for day, row in newest.items() if row.working is not None]
