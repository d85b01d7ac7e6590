"""Messages that wait before they may leave: taken back while they wait, let go at once, told apart from late ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, select

from storage.models import Delivery, Ticket, TicketEvent
from storage.statuses import DeliveryStatus, EventKind

# JSON of an event: the fields of a ticket by name, and the ids of the photos that came with the answer.
Before = dict[str, Any]
# What an answer changes, and taking it back restores.
_KEPT = ("status", "closed_at", "paused_at", "officer_id", "answer", "evidence", "evidence_kind")
_INSTANTS = frozenset({"closed_at", "paused_at"})


def snapshot(ticket: Ticket) -> Before:
    """What the ticket is before an answer, as the answer's event keeps it."""
    values = {name: getattr(ticket, name) for name in _KEPT}
    return {
        name: value.isoformat() if name in _INSTANTS and value else value for name, value in values.items()
    }


def restore(ticket: Ticket, before: Before) -> None:
    """Make the ticket what it was; its version and its history go on."""
    for name in _KEPT:
        value = before[name]
        known = datetime.fromisoformat(str(value)) if name in _INSTANTS and value else value
        setattr(ticket, name, known)


def find_held(session: Session, ticket_id: int, now: datetime) -> TicketEvent | None:
    """The answer that the citizen has not been told yet and that can still be taken back."""
    query = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket_id,
        or_(col(TicketEvent.held_until) > now, col(TicketEvent.kind) == EventKind.UNDONE),
    )
    last = session.exec(query.order_by(col(TicketEvent.id).desc()).limit(1)).first()
    return last if last is not None and last.kind != EventKind.UNDONE else None


def as_told(session: Session, ticket: Ticket, now: datetime) -> Ticket:
    """The ticket as its author knows it: as it was before an answer that has not left yet. Only to be read.

    A merged ticket is answered with its parent.
    """
    held = find_held(session, ticket.parent_id or ticket.id or 0, now)
    if held is None or held.before is None:
        return ticket
    told = Ticket(**ticket.model_dump())
    restore(told, held.before)
    return told


def cancel_held(session: Session, events: Sequence[TicketEvent], reason: str) -> bool:
    """Take back what tells citizens of these events. False when any of it has been taken up by a sender.

    The rows are locked first: a sender that is about to take one passes it by, one that has it is waited for.
    """
    tells = (col(Delivery.dedupe_key).startswith(f"event:{event.id}:citizen:") for event in events)
    query = select(Delivery).where(
        col(Delivery.ticket_id).in_({event.ticket_id for event in events}), or_(*tells)
    )
    locked = query.order_by(col(Delivery.id)).with_for_update().execution_options(populate_existing=True)
    rows = session.exec(locked).all()
    if any(row.status != DeliveryStatus.QUEUED or row.attempt for row in rows):
        return False
    for row in rows:
        row.status, row.error = DeliveryStatus.CANCELLED.value, reason
        session.add(row)
    session.flush()
    return True


def hasten(session: Session, ticket_id: int, now: datetime) -> None:
    """Let go what is held about a ticket: something newer is about to be told, and the order must stay."""
    session.flush()
    statement = update(Delivery).where(col(Delivery.ticket_id) == ticket_id, is_held(now)).values(due_at=now)
    session.execute(statement)


def is_held(now: datetime) -> ColumnElement[bool]:
    """Waits for its time and was never tried: a message that failed waits, too, but keeps its place in the order."""
    return and_(
        col(Delivery.status) == DeliveryStatus.QUEUED, col(Delivery.attempt) == 0, col(Delivery.due_at) > now
    )
