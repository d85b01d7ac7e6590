"""Who has the same trouble as a ticket tells of: joins, leaves, and counts beside the case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from storage.models import Contact, Ticket, TicketFollower
from storage.statuses import OPEN_TICKETS, TicketStatus

# Enough for a ward's open tickets of one kind; beyond it only the newest are compared.
_COMPARED = 300
_DONE = (TicketStatus.RESOLVED, TicketStatus.COMPLETED)


def join(session: Session, ticket: Ticket, contact_id: int, now: datetime) -> bool:
    """Follow a ticket; False when the person follows it already, or filed it."""
    if ticket.contact_id == contact_id:
        return False
    row = _find(session, ticket.id or 0, contact_id)
    if row is not None and row.left_at is None:
        return False
    row = row or TicketFollower(ticket_id=ticket.id or 0, contact_id=contact_id, joined_at=now)
    row.joined_at, row.left_at = now, None
    session.add(row)
    session.flush()
    return True


def leave(session: Session, ticket: Ticket, contact_id: int, now: datetime) -> bool:
    """Follow it no longer; False when the person did not."""
    row = _find(session, ticket.id or 0, contact_id)
    if row is None or row.left_at is not None:
        return False
    row.left_at = now
    session.add(row)
    session.flush()
    return True


def joined_since(session: Session, ticket: Ticket, contact_id: int, moment: datetime) -> bool:
    """True when the person follows the ticket and began to at that moment or later."""
    row = _find(session, ticket.id or 0, contact_id)
    return row is not None and row.left_at is None and row.joined_at >= moment


def follows(session: Session, ticket_id: int, contact_id: int) -> bool:
    """True while the person follows the ticket of somebody else."""
    row = _find(session, ticket_id, contact_id)
    return row is not None and row.left_at is None


def mute(session: Session, ticket: Ticket, now: datetime) -> None:
    """The author wants to hear no more of a ticket that goes on for others."""
    row = _find(session, ticket.id or 0, ticket.contact_id)
    row = row or TicketFollower(
        ticket_id=ticket.id or 0, contact_id=ticket.contact_id, joined_at=ticket.created_at
    )
    row.left_at = now
    session.add(row)
    session.flush()


def is_muted(session: Session, ticket: Ticket) -> bool:
    """True when the author left the ticket to those who follow it."""
    row = _find(session, ticket.id or 0, ticket.contact_id)
    return row is not None and row.left_at is not None


def count_followers(session: Session, ticket_id: int) -> int:
    """How many people beside its author have the trouble."""
    query = select(func.count()).select_from(TicketFollower)
    return session.exec(query.where(_active(ticket_id))).one()


def list_followers(session: Session, ticket_id: int) -> Sequence[Contact]:
    """The people who follow a ticket, in the order in which they joined."""
    query = select(Contact).join(TicketFollower, col(TicketFollower.contact_id) == Contact.id)
    return session.exec(query.where(_active(ticket_id)).order_by(col(TicketFollower.id))).all()


def list_followed(session: Session, contact_id: int, limit: int = 5) -> Sequence[Ticket]:
    """The tickets of others that somebody follows, newest first."""
    query = select(Ticket).join(TicketFollower, col(TicketFollower.ticket_id) == Ticket.id)
    query = query.where(TicketFollower.contact_id == contact_id, col(TicketFollower.left_at).is_(None))
    return session.exec(query.order_by(col(Ticket.id).desc()).limit(limit)).all()


def list_open_like(session: Session, categories: Sequence[str], area: str | None) -> Sequence[Ticket]:
    """Open tickets that may tell of the same trouble: of one of the categories, or in the same area."""
    alike = col(Ticket.category).in_(categories)
    query = select(Ticket).where(
        col(Ticket.status).in_(OPEN_TICKETS),
        col(Ticket.parent_id).is_(None),
        or_(alike, col(Ticket.area) == area) if area else alike,
    )
    return session.exec(query.order_by(col(Ticket.id).desc()).limit(_COMPARED)).all()


def list_done_like(session: Session, category: str, since: datetime) -> Sequence[Ticket]:
    """Tickets of a category that were reported as done since a moment."""
    query = select(Ticket).where(
        Ticket.category == category,
        col(Ticket.status).in_(_DONE),
        col(Ticket.parent_id).is_(None),
        col(Ticket.closed_at) >= since,
    )
    return session.exec(query.order_by(col(Ticket.id).desc()).limit(_COMPARED)).all()


def _find(session: Session, ticket_id: int, contact_id: int) -> TicketFollower | None:
    query = select(TicketFollower).where(
        TicketFollower.ticket_id == ticket_id, TicketFollower.contact_id == contact_id
    )
    return session.exec(query).first()


def _active(ticket_id: int) -> ColumnElement[bool]:
    return and_(col(TicketFollower.ticket_id) == ticket_id, col(TicketFollower.left_at).is_(None))
