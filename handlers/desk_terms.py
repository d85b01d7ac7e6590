"""What the office does to the term of a ticket: more time with a reason, an interim word with a date, a pause."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from core.calendar import at, local_date, spoken_date
from core.ward import OTHER
from handlers.cards import due_words
from handlers.desk_notices import conclude, tell_citizen
from handlers.desk_rules import (
    Caller,
    Outcome,
    Refused,
    hold,
    need_open,
    need_own_case,
    need_text,
    step,
    take_up,
)
from storage.models import Ticket
from storage.promises import promise as promise_due
from storage.statuses import EventKind, TicketStatus

# A promise further away than this is none that a citizen can plan with.
FURTHEST = timedelta(days=120)


def extend(caller: Caller, ticket_id: int, day: date, reason: str, seen: int | None = None) -> Outcome:
    """Answer later than promised: a new date and the reason, both of which the citizen reads.

    Raises Refused for a day that is not after the present due date, too far away, or no working day.
    """
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    reason = need_text(reason)
    _need_day(caller, ticket, day)
    if day <= local_date(ticket.due_at):
        raise Refused("officer.not_later", code=ticket.code, due=due_words(ticket))
    if TicketStatus(ticket.status) not in (TicketStatus.IN_PROGRESS, TicketStatus.EXTENDED):
        step(caller, ticket, TicketStatus.IN_PROGRESS, EventKind.CLAIMED, citizen_sees=False)
    event = step(caller, ticket, TicketStatus.EXTENDED, EventKind.EXTENDED, _dated(day, reason))
    take_up(caller, ticket)
    promise_due(ticket, at(day, caller.house.ward.closes), caller.now)
    ticket.paused_at = None
    heard = tell_citizen(caller, ticket, event, "tickets.tell.extended", text=reason)
    return conclude(caller, ticket, event, heard)


def promise(caller: Caller, ticket_id: int, day: date, text: str, seen: int | None = None) -> Outcome:
    """An interim word: how it stands, and the day of the next word. The due date stays."""
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    need_own_case(caller, ticket)
    text = need_text(text)
    _need_day(caller, ticket, day)
    event = step(caller, ticket, _working(ticket), EventKind.PROMISED, _dated(day, text))
    take_up(caller, ticket)
    ticket.promised_on = day
    heard = tell_citizen(caller, ticket, event, "tickets.tell.promised", text=text, day=spoken_date(day))
    return conclude(caller, ticket, event, heard, day=spoken_date(day))


def pause(caller: Caller, ticket_id: int, reason: str, seen: int | None = None) -> Outcome:
    """Stop the clock of a ticket that cannot go on; only with a reason that the citizen reads."""
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    need_own_case(caller, ticket)
    reason = need_text(reason)
    if ticket.paused_at is not None:
        raise Refused("officer.paused_already", code=ticket.code)
    event = step(caller, ticket, _working(ticket), EventKind.PAUSED, reason)
    take_up(caller, ticket)
    ticket.paused_at = caller.now
    heard = tell_citizen(caller, ticket, event, "tickets.tell.paused", text=reason)
    return conclude(caller, ticket, event, heard)


def resume(caller: Caller, ticket_id: int, seen: int | None = None) -> Outcome:
    """Let the clock go on: the due date moves by the working days that the pause took."""
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    need_own_case(caller, ticket)
    if ticket.paused_at is None:
        raise Refused("officer.not_paused", code=ticket.code)
    promise_due(ticket, _moved(caller, ticket), caller.now)
    ticket.paused_at = None
    event = step(caller, ticket, None, EventKind.RESUMED)
    heard = tell_citizen(caller, ticket, event, "tickets.tell.resumed")
    return conclude(caller, ticket, event, heard)


def _moved(caller: Caller, ticket: Ticket) -> datetime:
    ward, calendar = caller.house.ward, caller.house.calendar
    since = ticket.paused_at or caller.now
    category = ward.find_category(ticket.category) or ward.get_category(OTHER)
    if category.deadline_working_days is None:
        return ticket.due_at + (caller.now - since)
    days = calendar.working_days_between(local_date(since), local_date(caller.now))
    return calendar.add_working_days(ticket.due_at, days, ward.closes) if days else ticket.due_at


def _working(ticket: Ticket) -> TicketStatus | None:
    """Whoever says how it stands is at work on it; a state that says more stays."""
    keeps = (TicketStatus.EXTENDED, TicketStatus.FORWARDED, TicketStatus.IN_PROGRESS, TicketStatus.NEEDS_INFO)
    return None if TicketStatus(ticket.status) in keeps else TicketStatus.IN_PROGRESS


def _need_day(caller: Caller, ticket: Ticket, day: date) -> None:
    today = local_date(caller.now)
    if not today < day <= today + FURTHEST:
        raise Refused("officer.bad_day", code=ticket.code, day=spoken_date(day))
    if not caller.house.calendar.is_working_day(day):
        better = spoken_date(caller.house.calendar.next_working_day(day))
        raise Refused("officer.free_day", code=ticket.code, day=spoken_date(day), better=better)


def _dated(day: date, text: str) -> str:
    return f"{spoken_date(day)}: {text}"
