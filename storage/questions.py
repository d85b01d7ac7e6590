"""Questions of the office that a citizen has not answered yet."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.models import Ticket, TicketEvent
from storage.statuses import EventKind, TicketStatus

_AT_ONCE = 500


def list_unanswered(session: Session) -> Sequence[tuple[Ticket, TicketEvent]]:
    """Tickets that wait for their author, with the question asked last; one that follows another waits with it."""
    newest = (
        select(func.max(TicketEvent.id))
        .where(TicketEvent.ticket_id == Ticket.id, TicketEvent.kind == EventKind.ASKED)
        .correlate(Ticket)
        .scalar_subquery()
    )
    query = (
        select(Ticket, TicketEvent)
        .join(TicketEvent, col(TicketEvent.id) == newest)
        .where(Ticket.status == TicketStatus.NEEDS_INFO, col(Ticket.parent_id).is_(None))
    )
    return session.exec(query.order_by(col(TicketEvent.at)).limit(_AT_ONCE)).all()
