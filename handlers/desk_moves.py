"""Where a ticket goes: to a colleague, to an agency outside the office, to the ticket of the same matter."""

from __future__ import annotations

from datetime import date

from core.calendar import local_date, spoken_date
from core.wards import fold
from handlers.desk_notices import conclude, send_card_to, tell_citizen
from handlers.desk_reading import is_called
from handlers.desk_rules import (
    Caller,
    Outcome,
    Refused,
    hold,
    may_handle,
    need_note,
    need_open,
    need_own_case,
    need_text,
    own_name,
    step,
    take_up,
)
from handlers.desk_terms import FURTHEST
from storage.contacts import get_contact
from storage.families import follow_apart, follow_together
from storage.families import merge as join_family
from storage.families import part as leave_family
from storage.held import hasten
from storage.models import Staff, Ticket
from storage.staff import get_staff, list_officers
from storage.statuses import EventKind, TicketStatus
from storage.tickets import find_ticket

MOST_AGENCY = 80


def hand_over(caller: Caller, ticket_id: int, staff_id: int, words: str, seen: int | None = None) -> Outcome:
    """Give the ticket to a colleague of the department, with a word that only colleagues read."""
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    need_own_case(caller, ticket)
    heir = get_staff(caller.session, staff_id)
    if not may_handle(heir, ticket):
        raise Refused("officer.no_colleague", name=heir.name)
    if ticket.officer_id == heir.id:
        raise Refused("officer.has_it", code=ticket.code, name=heir.name)
    said = f"{heir.name}: {need_note(words)}" if words.strip() else heir.name
    event = step(caller, ticket, None, EventKind.HANDED, said, citizen_sees=False)
    ticket.officer_id = heir.id
    head = caller.words("cards.head.handed", code=ticket.code, name=own_name(caller))
    if words.strip():
        head = "\n".join([head, caller.words("cards.comment", text=words.strip())])
    reached = get_contact(caller.session, heir.contact_id)
    send_card_to(caller, ticket, event, head, [reached])
    return conclude(caller, ticket, event, besides=[reached], to=heir.name)


def find_colleague(caller: Caller, ticket: Ticket, text: str) -> tuple[Staff | None, str]:
    """The officer of the ticket's department whom a text begins with, by full or last name, and what follows."""
    officers = [staff for staff, _ in list_officers(caller.session, ticket.department)]
    found = [staff for staff in officers if is_called(staff, text)]
    if len(found) != 1:
        return None, text
    full = f"{fold(text)} ".startswith(f"{fold(found[0].name)} ")
    words = text.split()[len(found[0].name.split()) if full else 1 :]
    return found[0], " ".join(words).lstrip(" :,;.-")


def send_outside(
    caller: Caller, ticket_id: int, agency: str, day: date, reason: str, seen: int | None = None
) -> Outcome:
    """Pass it to who is competent outside the office. It stays open here, is followed, and has a date.

    The citizen reads the name, the reason and the date: a ticket that was only «passed on» is a lost one.
    """
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    agency, reason, today = " ".join(agency.split()), need_text(reason), local_date(caller.now)
    if not 2 <= len(agency) <= MOST_AGENCY:
        raise Refused("officer.bad_agency", limit=MOST_AGENCY)
    if not today < day <= today + FURTHEST:
        raise Refused("officer.bad_day", code=ticket.code, day=spoken_date(day))
    said = f"{agency}, {spoken_date(day)}: {reason}"
    event = step(caller, ticket, TicketStatus.FORWARDED, EventKind.SENT_OUT, said)
    take_up(caller, ticket)
    ticket.outside_agency, ticket.outside_due_on = agency, day
    when = spoken_date(day)
    heard = tell_citizen(caller, ticket, event, "tickets.tell.sent_out", text=reason, agency=agency, day=when)
    return conclude(caller, ticket, event, heard=heard, agency=agency, day=when)


def merge(caller: Caller, ticket_id: int, code: str, seen: int | None = None) -> Outcome:
    """The same matter as another ticket: from now on it follows that one, and its author hears every answer."""
    ticket = hold(caller, ticket_id, seen)
    other = find_ticket(caller.session, code)
    if other is None or other.id == ticket.id:
        raise Refused("officer.no_ticket")
    parent = hold(caller, other.parent_id or other.id or 0)
    if ticket.parent_id is not None or parent.id == ticket.id:
        raise Refused("officer.merged_already", code=ticket.code)
    need_open(caller, ticket)
    need_open(caller, parent)
    # What was said to its author as long as it stood for itself is read first.
    hasten(caller.session, ticket.id or 0, caller.now)
    event = join_family(caller.session, ticket, parent, caller.actor, caller.now)
    follow_together(caller.session, ticket, parent, caller.now)
    heard = tell_citizen(caller, ticket, event, "tickets.tell.merged", parent=parent.code)
    return conclude(caller, ticket, event, heard=heard, parent=parent.code)


def part(caller: Caller, ticket_id: int) -> Outcome:
    """It was another matter after all: the ticket stands for itself again."""
    ticket = hold(caller, ticket_id)
    if ticket.parent_id is None:
        raise Refused("officer.not_merged", code=ticket.code)
    parent = caller.session.get_one(Ticket, ticket.parent_id)
    hasten(caller.session, parent.id or 0, caller.now)
    event = leave_family(caller.session, ticket, caller.actor, caller.now)
    follow_apart(caller.session, ticket, parent, caller.now)
    heard = tell_citizen(caller, ticket, event, "tickets.tell.parted")
    return conclude(caller, ticket, event, heard=heard)
