"""Tickets and their history: every move is checked against the table of moves and leaves a TicketEvent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import Session, col, select

from core.codes import new_code
from storage.models import StoredFile, Ticket, TicketEvent
from storage.search import record_words
from storage.statuses import (
    OPEN_TICKETS,
    TICKET_MOVES,
    AttachmentStatus,
    EventKind,
    TicketStatus,
)


class IllegalMove(Exception):
    """The ticket is no longer in a state from which this can be done."""

    def __init__(self, current: TicketStatus, wanted: TicketStatus) -> None:
        super().__init__(f"{current} -> {wanted}")
        self.current = current
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something to a ticket, and from which channel."""

    channel: str
    contact_id: int | None = None
    staff_id: int | None = None


def add_ticket(
    session: Session, ticket: Ticket, actor: Actor, *, entered_at: datetime | None = None
) -> Ticket:
    """File a ticket, note its words for search, and write its first event.

    `entered_at` is when it came into these books, for a case that reached the ward before.
    """
    session.add(ticket)
    session.flush()
    record_words(session, ticket)
    record_ticket_event(
        session, ticket, EventKind.FILED, actor, entered_at or ticket.created_at, to=TicketStatus.NEW
    )
    return ticket


def unused_code(session: Session) -> str:
    """A code that no ticket has."""
    code = new_code()
    while find_ticket(session, code) is not None:
        code = new_code()
    return code


def move_ticket(
    session: Session,
    ticket: Ticket,
    to: TicketStatus,
    kind: EventKind,
    actor: Actor,
    now: datetime,
    text: str = "",
    *,
    citizen_sees: bool = True,
) -> TicketEvent:
    """Change the state and write the event. Raises IllegalMove; lock the ticket by `lock_ticket` before."""
    current = TicketStatus(ticket.status)
    if to not in TICKET_MOVES[current]:
        raise IllegalMove(current, to)
    ticket.status = to.value
    ticket.updated_at = now
    ticket.version += 1
    ticket.closed_at = None if to in OPEN_TICKETS else now
    session.add(ticket)
    return record_ticket_event(
        session, ticket, kind, actor, now, text=text, came_from=current, to=to, citizen_sees=citizen_sees
    )


def record_ticket_event(
    session: Session,
    ticket: Ticket,
    kind: EventKind,
    actor: Actor,
    now: datetime,
    *,
    text: str = "",
    came_from: TicketStatus | None = None,
    to: TicketStatus | None = None,
    citizen_sees: bool = True,
) -> TicketEvent:
    """Append to the history; nothing ever changes or deletes an event."""
    event = TicketEvent(
        ticket_id=ticket.id or 0,
        kind=kind.value,
        at=now,
        contact_id=actor.contact_id,
        staff_id=actor.staff_id,
        channel=actor.channel,
        from_status=came_from.value if came_from else None,
        to_status=to.value if to else None,
        text=text,
        citizen_sees=citizen_sees,
    )
    session.add(event)
    session.flush()
    return event


def lock_ticket(session: Session, ticket_id: int) -> Ticket | None:
    """The ticket, held against others until the end of the transaction, freshly read."""
    return session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)


def find_ticket(session: Session, code: str) -> Ticket | None:
    """By its full code, as `core.codes.parse_code` gives it."""
    return session.exec(select(Ticket).where(Ticket.code == code)).first()


def find_entered(session: Session, source: str, outside_code: str) -> Ticket | None:
    """The ticket that was entered from a source under its code there; whoever asks next waits for our end."""
    if session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer; here two officers could enter the same case at the same moment.
        lock = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:case, 0))")
        session.execute(lock, {"case": f"{source}/{outside_code}"})
    query = select(Ticket).where(Ticket.source == source, Ticket.outside_code == outside_code)
    return session.exec(query.order_by(col(Ticket.id))).first()


def list_own(session: Session, contact_id: int, limit: int = 5) -> Sequence[Ticket]:
    """A citizen's tickets, newest first."""
    query = select(Ticket).where(Ticket.contact_id == contact_id)
    return session.exec(query.order_by(col(Ticket.id).desc()).limit(limit)).all()


def count_filed_since(session: Session, contact_id: int, since: datetime) -> int:
    """How many own tickets a contact has filed since a moment: the daily cap. Those for others do not count."""
    query = select(func.count()).where(Ticket.contact_id == contact_id, Ticket.created_at >= since)
    query = query.where(col(Ticket.filed_by).is_(None))
    return session.exec(query).one()


def list_events(session: Session, ticket_id: int) -> Sequence[TicketEvent]:
    """The history of a ticket, oldest first."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id)
    return session.exec(query.order_by(col(TicketEvent.id))).all()


def list_photos(session: Session, ticket_id: int) -> Sequence[StoredFile]:
    """The kept photos of a ticket, in the order in which they came."""
    query = select(StoredFile).where(
        StoredFile.ticket_id == ticket_id, StoredFile.status == AttachmentStatus.STORED
    )
    return session.exec(query.order_by(col(StoredFile.id))).all()


def list_open(session: Session, department: str, limit: int = 10) -> Sequence[Ticket]:
    """A department's open tickets, the most urgent first."""
    query = select(Ticket).where(Ticket.department == department, is_open_case())
    return session.exec(query.order_by(col(Ticket.due_at)).limit(limit)).all()


def list_open_from(session: Session, department: str | None, offset: int, limit: int) -> Sequence[Ticket]:
    """A page of the open tickets of a department, or of all (None), the most urgent first."""
    query = select(Ticket).where(is_open_case())
    if department is not None:
        query = query.where(Ticket.department == department)
    return session.exec(query.order_by(col(Ticket.due_at), col(Ticket.id)).offset(offset).limit(limit)).all()


def count_open(session: Session, department: str | None) -> int:
    """How many tickets are open in a department, or in all (None)."""
    query = select(func.count()).select_from(Ticket).where(is_open_case())
    if department is not None:
        query = query.where(Ticket.department == department)
    return session.exec(query).one()


def count_open_in(session: Session, area: str, now: datetime) -> tuple[int, int]:
    """How many tickets are open in an area, and how many of them are late."""
    late = func.coalesce(func.sum(case((col(Ticket.due_at) < now, 1), else_=0)), 0)
    query = select(func.count(), late).select_from(Ticket).where(is_open_case(), Ticket.area == area)
    count, overdue = session.exec(query).one()
    return count, overdue


def is_open_case() -> ColumnElement[bool]:
    """Open, and standing for itself: what was merged is worked on with its parent.

    Asked by the conditions of the indexes `ix_ticket_open…` alone: counting then reads no ticket. `move_ticket` keeps
    `closed_at` empty for exactly the open states. With the states beside it SQLite would take the index of states.
    """
    return and_(col(Ticket.closed_at).is_(None), col(Ticket.parent_id).is_(None))


def list_claimed(session: Session, staff_id: int) -> Sequence[Ticket]:
    """The open tickets that somebody has claimed, the most urgent first."""
    query = select(Ticket).where(Ticket.officer_id == staff_id, col(Ticket.closed_at).is_(None))
    return session.exec(query.order_by(col(Ticket.due_at))).all()
