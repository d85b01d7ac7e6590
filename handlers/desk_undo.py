"""Taking an answer back before the citizen is told: the minute in which an officer reads the own words once more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.cards import status_name
from handlers.desk_notices import conclude
from handlers.desk_rules import Caller, Outcome, Refused, describe, hold
from storage.families import follow_parent, hold_children, list_repeats
from storage.files import detach_files
from storage.held import Before, cancel_held, restore
from storage.models import StoredFile, Ticket, TicketEvent
from storage.statuses import EventKind, TicketStatus
from storage.tickets import list_events, record_ticket_event

# What others may do in the meantime without making the answer a settled thing.
_HARMLESS = frozenset(
    {EventKind.NOTED, EventKind.JOINED, EventKind.LEFT, EventKind.DISPUTED, EventKind.CONFIRMED}
)

# In what an event keeps: the events of all tickets that were answered with it.
_TOGETHER = "together"


def hold_back(
    caller: Caller, event: TicketEvent, before: Before, photos: Sequence[StoredFile]
) -> datetime | None:
    """Note what the ticket was before this answer; returns when the citizen may be told, None for at once.

    Call it in the transaction that wrote the event.
    """
    seconds = caller.house.ward.undo_seconds
    if not seconds:
        return None
    event.held_until = caller.now + timedelta(seconds=seconds)
    event.before = {**before, "photos": [photo.id for photo in photos]}
    caller.session.add(event)
    return event.held_until


def bind(caller: Caller, events: Sequence[TicketEvent]) -> None:
    """Make one answer of several: people were told of all of them at once, so that they go back together."""
    for event in events:
        if event.before is not None:
            event.before = {**event.before, _TOGETHER: [one.id for one in events]}
            caller.session.add(event)


def count_together(event: TicketEvent) -> int:
    """How many tickets an answer was for."""
    return len((event.before or {}).get(_TOGETHER, (event.id,)))


def undo(caller: Caller, event_id: int) -> Outcome:
    """Take back an answer that has not left: nobody is told of it, and the ticket is what it was.

    An answer for several tickets goes back for all of them or for none. Raises Refused when the time is over, when
    a sender has it already, or when a ticket went on since.
    """
    event = caller.session.get(TicketEvent, event_id)
    ticket = hold(caller, event.ticket_id if event is not None else 0)
    if event is None or event.before is None or event.held_until is None:
        raise Refused("officer.undo.gone", code=ticket.code)
    together = [caller.session.get_one(TicketEvent, one) for one in event.before.get(_TOGETHER, (event.id,))]
    held = [(hold(caller, one.ticket_id), one) for one in sorted(together, key=lambda one: one.ticket_id)]
    for one_ticket, one in held:
        _need_last(caller, one_ticket, one)
    if caller.now >= event.held_until or not cancel_held(caller.session, together, "undone"):
        raise Refused("officer.undo.gone", code=ticket.code)
    outcomes = {one.id: _take_back(caller, one_ticket, one) for one_ticket, one in held}
    return outcomes[event.id]


def _take_back(caller: Caller, ticket: Ticket, event: TicketEvent) -> Outcome:
    before = event.before or {}
    current = TicketStatus(ticket.status)
    restore(ticket, before)
    ticket.version, ticket.updated_at = ticket.version + 1, caller.now
    caller.session.add(ticket)
    detach_files(caller.session, before["photos"], ticket.id or 0)
    undone = record_ticket_event(
        caller.session,
        ticket,
        EventKind.UNDONE,
        caller.actor,
        caller.now,
        came_from=current,
        to=TicketStatus(ticket.status),
        citizen_sees=False,
    )
    follow_parent(caller.session, ticket, undone, caller.actor)
    return conclude(caller, ticket, undone, status=status_name(caller, ticket))


def _need_last(caller: Caller, ticket: Ticket, event: TicketEvent) -> None:
    """Raises Refused when something happened since that stands on this answer, to the ticket or to a merged one."""
    later = _list_later(caller, event)
    if any(one.kind == EventKind.UNDONE for one in later):
        raise Refused("officer.undo.before", **describe(caller, ticket))
    if any(one.kind not in _HARMLESS for one in later):
        raise Refused("officer.undo.changed", **describe(caller, ticket))
    hold_children(caller.session, ticket.id or 0)
    for line in list_repeats(caller.session, event):
        if any(one.kind not in _HARMLESS for one in _list_later(caller, line)):
            child = caller.session.get_one(Ticket, line.ticket_id)
            raise Refused("officer.undo.changed", **describe(caller, child))


def _list_later(caller: Caller, event: TicketEvent) -> list[TicketEvent]:
    return [one for one in list_events(caller.session, event.ticket_id) if (one.id or 0) > (event.id or 0)]
