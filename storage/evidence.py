"""Questions about what shows that tickets are done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column
from sqlmodel import Session, col, select

from storage.models import Delivery, Ticket, TicketEvent
from storage.statuses import DeliveryStatus, EventKind, EvidenceKind


def count_shown_photos(session: Session, ticket_id: int) -> int:
    """How many photos of the office's the citizen was sent since the ticket was filed or opened again."""
    reopened = select(func.max(TicketEvent.at)).where(
        TicketEvent.ticket_id == ticket_id, TicketEvent.kind == EventKind.REOPENED
    )
    since = session.exec(reopened).one()
    query = select(Delivery).where(
        Delivery.ticket_id == ticket_id,
        Delivery.kind == "ticket",
        Delivery.status != DeliveryStatus.CANCELLED,
    )
    if since is not None:
        query = query.where(Delivery.created_at > since)
    rows = session.exec(query).all()
    return max((len(row.content.get("pictures", ())) for row in rows), default=0)


def lacks_evidence() -> ColumnElement[bool]:
    """True for tickets that were finished with a reason instead of evidence.

    Written out, in the words of the index `ix_ticket_without_evidence`: with a placeholder SQLite would not use it.
    """
    return col(Ticket.evidence_kind) == literal_column(f"'{EvidenceKind.REASON}'")


def count_without(session: Session, department: str | None, since: datetime) -> int:
    """How many tickets were finished since a moment with a reason instead of evidence, in a department or in all."""
    query = select(func.count()).select_from(Ticket)
    query = query.where(lacks_evidence(), col(Ticket.closed_at) >= since)
    query = query.where(col(Ticket.parent_id).is_(None))
    if department is not None:
        query = query.where(Ticket.department == department)
    return session.exec(query).one()
