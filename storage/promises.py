"""When citizens were told that an answer comes, and what a change of the calendar makes of that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from core.calendar import WorkCalendar
from storage.calendar_days import rules_of
from storage.models import CalendarDay, Ticket


def promise(ticket: Ticket, due_at: datetime, now: datetime) -> None:
    """A due date that the citizen is told at this moment."""
    ticket.due_at, ticket.told_at, ticket.told_due_at = due_at, now, None


def note_told(session: Session, ticket: Ticket, now: datetime) -> None:
    """The citizen reads the present due date: if days off had moved it, it now holds as told."""
    if ticket.told_due_at is not None:
        promise(ticket, ticket.due_at, now)
        session.add(ticket)


def list_moved(
    session: Session,
    calendar: WorkCalendar,
    rows: Sequence[CalendarDay],
    hourly: Collection[str],
    now: datetime,
) -> list[tuple[Ticket, datetime]]:
    """The open tickets whose due date is another by these rows of the calendar, with that date; locked.

    Each is counted from what its citizen was told, by the calendar of that moment, and never from what an earlier
    change made of it: so changes may come in any order, and taking one back leaves no trace. A date that would come
    out earlier than told stays as told: nobody hears that days have changed, and who was promised Friday must not be
    late on Thursday in our books, nor be hurried past. What is late already stays late.
    Categories in `hourly` run by the clock, on days off as well.
    """
    query = select(Ticket).where(
        col(Ticket.closed_at).is_(None), col(Ticket.due_at) >= now, col(Ticket.category).not_in(hourly)
    )
    tickets = session.exec(query.order_by(col(Ticket.id)).with_for_update()).all()
    after, known = calendar.with_own(rules_of(rows)), dict[int, WorkCalendar]()
    moved = []
    for ticket in tickets:
        told_at, told = ticket.told_at or ticket.created_at, ticket.told_due_at or ticket.due_at
        seen = [row for row in rows if row.created_at <= told_at]
        before = known.setdefault(len(seen), calendar.with_own(rules_of(seen)))
        due_at = max(told, after.carry_over(told, told_at, before))
        if due_at != ticket.due_at:
            moved.append((ticket, due_at))
    return moved


def move(session: Session, moved: Sequence[tuple[Ticket, datetime]]) -> None:
    """Give tickets their new due dates, and keep what was told. No event: nobody did anything to them."""
    for ticket, due_at in moved:
        told = ticket.told_due_at or ticket.due_at
        ticket.due_at, ticket.told_due_at = due_at, None if due_at == told else told
        session.add(ticket)
