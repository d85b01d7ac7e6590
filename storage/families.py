"""Tickets that are the same matter: children follow their parent, and count as one case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.followers import is_muted, join, joined_since, leave, list_followers
from storage.models import Ticket, TicketEvent
from storage.statuses import EventKind
from storage.tickets import Actor, list_events, record_ticket_event


def list_children(session: Session, ticket_id: int) -> Sequence[Ticket]:
    """The tickets that were merged into this one, oldest first."""
    return session.exec(_children(ticket_id)).all()


def hold_children(session: Session, ticket_id: int) -> Sequence[Ticket]:
    """The same, held against others until the end of the transaction and freshly read."""
    session.flush()
    held = _children(ticket_id).with_for_update().execution_options(populate_existing=True)
    return session.exec(held).all()


def list_repeats(session: Session, event: TicketEvent) -> Sequence[TicketEvent]:
    """The lines in children's histories that tell this held step of their parent's, also of those parted since."""
    query = select(TicketEvent).where(
        col(TicketEvent.id) > event.id, TicketEvent.ticket_id != event.ticket_id
    )
    query = query.where(TicketEvent.kind == event.kind, TicketEvent.at == event.at)
    # Of several tickets answered together each has its own held step.
    return session.exec(query.where(col(TicketEvent.held_until).is_(None))).all()


def _children(ticket_id: int) -> SelectOfScalar[Ticket]:
    return select(Ticket).where(Ticket.parent_id == ticket_id).order_by(col(Ticket.id))


def merge(session: Session, child: Ticket, parent: Ticket, actor: Actor, now: datetime) -> TicketEvent:
    """From now on the child follows the parent. Its own children go with it: there are no grandchildren."""
    grandchildren = hold_children(session, child.id or 0)
    for one in (child, *grandchildren):
        one.parent_id = parent.id
        _follow(session, one, parent, now, anew=True)
    record_ticket_event(session, parent, EventKind.MERGED, actor, now, text=child.code, citizen_sees=False)
    return record_ticket_event(session, child, EventKind.MERGED, actor, now, text=parent.code)


def part(session: Session, child: Ticket, actor: Actor, now: datetime) -> TicketEvent:
    """The child stands for itself again, in the state that it shared last."""
    child.parent_id, child.version, child.updated_at = None, child.version + 1, now
    session.add(child)
    return record_ticket_event(session, child, EventKind.PARTED, actor, now)


def follow_parent(session: Session, parent: Ticket, event: TicketEvent, actor: Actor) -> None:
    """What happened to the parent happened to its children too: their state, and a line of history."""
    for child in hold_children(session, parent.id or 0):
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


def keep_up(session: Session, parent: Ticket, now: datetime) -> None:
    """At the end of a step: whatever it changed of the parent, dates and owner too, is so for its children."""
    for child in hold_children(session, parent.id or 0):
        _follow(session, child, parent, now)


def follow_together(session: Session, child: Ticket, parent: Ticket, now: datetime) -> None:
    """Whoever filed or joined the child hears from now on what is said to its parent."""
    for contact_id in _concerned(session, child):
        join(session, parent, contact_id, now)


def follow_apart(session: Session, child: Ticket, parent: Ticket, now: datetime) -> None:
    """Those who followed the parent for the sake of this child alone follow it no longer."""
    merged_at = _merged_at(session, child)
    others = {who for one in list_children(session, parent.id or 0) for who in _concerned(session, one)}
    for contact_id in _concerned(session, child):
        if contact_id not in others and joined_since(session, parent, contact_id, merged_at):
            leave(session, parent, contact_id, now)


def leave_with(session: Session, child: Ticket, contact_id: int, now: datetime) -> None:
    """Whoever leaves a merged ticket hears no more of its parent, unless another child of it is theirs."""
    parent = session.get(Ticket, child.parent_id) if child.parent_id is not None else None
    if parent is None:
        return
    if not any(contact_id in _concerned(session, one) for one in list_children(session, parent.id or 0)):
        leave(session, parent, contact_id, now)


def _concerned(session: Session, ticket: Ticket) -> list[int]:
    author = [] if is_muted(session, ticket) else [ticket.contact_id]
    return author + [contact.id or 0 for contact in list_followers(session, ticket.id or 0)]


def _merged_at(session: Session, child: Ticket) -> datetime:
    merged = [one for one in list_events(session, child.id or 0) if one.kind == EventKind.MERGED]
    return merged[-1].at if merged else child.created_at


# What a child shares with its parent. Whoever reads his own ticket must find what was said about the matter.
_SHARED = ("status", "closed_at", "answer", "due_at", "officer_id", "paused_at", "promised_on")
_SHARED_TOO = ("told_due_at", "outside_agency", "outside_due_on", "reopened", "evidence", "evidence_kind")


def _follow(session: Session, child: Ticket, parent: Ticket, now: datetime, *, anew: bool = False) -> None:
    shared = {name: getattr(parent, name) for name in _SHARED + _SHARED_TOO}
    # The date of the parent was told when the parent was filed, not when the child was.
    shared["told_at"] = parent.told_at or parent.created_at
    changed = {name: value for name, value in shared.items() if getattr(child, name) != value}
    if not (changed or anew):
        return
    if child.reopened < parent.reopened:
        # A new round: its answer may be judged anew.
        child.asked_at = child.rating = child.rating_reason = None
    for name, value in changed.items():
        setattr(child, name, value)
    child.version, child.updated_at = child.version + 1, now
    session.add(child)
