"""What comes after an answer: who has not said yet whether it is done, and how it was rated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.models import Ticket
from storage.statuses import Rating, TicketStatus

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Opinions:
    """How many rated, and how many were content; those who said nothing are in neither."""

    rated: int
    content: int

    @property
    def percent(self) -> float | None:
        """Share of content people among those who rated; None while nobody has."""
        return 100 * self.content / self.rated if self.rated else None


def list_to_ask(session: Session, before: datetime) -> Sequence[Ticket]:
    """Tickets that were reported as done before a moment and whose author was never reminded to say so."""
    query = select(Ticket).where(
        Ticket.status == TicketStatus.RESOLVED,
        col(Ticket.closed_at) <= before,
        col(Ticket.asked_at).is_(None),
        col(Ticket.rating).is_(None),
    )
    return session.exec(query.order_by(col(Ticket.id)).limit(_AT_ONCE)).all()


def list_to_complete(session: Session, before: datetime) -> Sequence[Ticket]:
    """Tickets that were reported as done before a moment and that nobody disputed."""
    query = select(Ticket).where(Ticket.status == TicketStatus.RESOLVED, col(Ticket.closed_at) <= before)
    return session.exec(query.order_by(col(Ticket.id)).limit(_AT_ONCE)).all()


def count_opinions(session: Session, department: str | None, since: datetime) -> Opinions:
    """The ratings of what was closed since a moment, of a department or of all (None)."""
    query = select(Ticket.rating, func.count()).where(
        col(Ticket.rating).is_not(None), col(Ticket.closed_at) >= since
    )
    if department is not None:
        query = query.where(Ticket.department == department)
    counts = {rating: count for rating, count in session.exec(query.group_by(col(Ticket.rating))).all()}
    return Opinions(sum(counts.values()), sum(counts.get(one, 0) for one in (Rating.GREAT, Rating.GOOD)))
