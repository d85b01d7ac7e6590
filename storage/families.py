"""Tickets that are the same matter: children follow their parent, and count as one case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.models import Ticket, TicketEvent
from storage.statuses import EventKind
from storage.tickets import Actor, record_ticket_event


def list_children(session: Session, ticket_id: int) -> Sequence[Ticket]:
    """The tickets that were merged into this one, oldest first."""
    return session.exec(select(Ticket).where(Ticket.parent_id == ticket_id).order_by(col(Ticket.id))).all()


def merge(session: Session, child: Ticket, parent: Ticket, actor: Actor, now: datetime) -> TicketEvent:
    """From now on the child follows the parent. Its own children go with it: there are no grandchildren."""
    for grandchild in list_children(session, child.id or 0):
        grandchild.parent_id = parent.id
        session.add(grandchild)
    child.parent_id, child.officer_id = parent.id, parent.officer_id
    _follow(session, child, parent, now)
    record_ticket_event(session, parent, EventKind.MERGED, actor, now, text=child.code, citizen_sees=False)
    return record_ticket_event(session, child, EventKind.MERGED, actor, now, text=parent.code)


def part(session: Session, child: Ticket, actor: Actor, now: datetime) -> TicketEvent:
    """The child stands for itself again, in the state that it shared last."""
    child.parent_id, child.version, child.updated_at = None, child.version + 1, now
    session.add(child)
    return record_ticket_event(session, child, EventKind.PARTED, actor, now)


def follow_parent(session: Session, parent: Ticket, event: TicketEvent, actor: Actor) -> None:
    """What happened to the parent happened to its children too: state, dates, answer, and a line of history."""
    for child in list_children(session, parent.id or 0):
        before = child.status
        _follow(session, child, parent, event.at)
        if before != child.status:
            record_ticket_event(
                session,
                child,
                EventKind(event.kind),
                actor,
                event.at,
                text=event.text,
                citizen_sees=event.citizen_sees,
            )


def _follow(session: Session, child: Ticket, parent: Ticket, now: datetime) -> None:
    child.status, child.closed_at, child.answer = parent.status, parent.closed_at, parent.answer
    child.due_at, child.told_due_at = parent.due_at, parent.told_due_at
    child.told_at = parent.told_at or parent.created_at
    child.evidence, child.evidence_kind = parent.evidence, parent.evidence_kind
    child.version, child.updated_at = child.version + 1, now
    session.add(child)
