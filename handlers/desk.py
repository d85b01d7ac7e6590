"""The officer verbs: what the office can do to a ticket. Chat and web call the same functions.

Every verb checks the right, holds the ticket, checks the move, writes the event, tells the citizen and the
colleagues, and returns an Outcome. It raises Refused before it has changed anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.cards import due_words, short_department
from handlers.desk_citizen import (
    add_from_citizen,
    complete,
    give_reason,
    join_ticket,
    leave_ticket,
    publish_ticket,
    rate,
    withdraw,
)
from handlers.desk_closing import reject, resolve
from handlers.desk_evidence import EvidenceNeeded
from handlers.desk_files import attach
from handlers.desk_moves import find_colleague, hand_over, merge, part, send_outside
from handlers.desk_notices import card_readers, conclude, send_cards, tell_citizen
from handlers.desk_rules import (
    Caller,
    Changed,
    Outcome,
    Refused,
    department_name,
    describe,
    hold,
    may_handle,
    need_note,
    need_open,
    need_own_case,
    need_text,
    start_anew,
    step,
    take_up,
)
from handlers.desk_terms import extend, pause, promise, resume
from handlers.desk_undo import hold_back, undo
from handlers.desk_votes import decides, look_until, say_done, say_not_done, uphold
from storage.families import keep_up
from storage.held import snapshot
from storage.models import StoredFile, Ticket
from storage.staff import get_staff
from storage.statuses import EventKind, StaffRole, TicketStatus

__all__ = [
    "Caller",
    "Changed",
    "EvidenceNeeded",
    "Outcome",
    "Refused",
    "add_from_citizen",
    "answer",
    "ask_citizen",
    "claim",
    "complete",
    "decides",
    "extend",
    "find_colleague",
    "forward",
    "give_reason",
    "hand_over",
    "join_ticket",
    "leave_ticket",
    "look_until",
    "may_handle",
    "merge",
    "note",
    "part",
    "pause",
    "promise",
    "publish_ticket",
    "rate",
    "reject",
    "release",
    "reopen",
    "resolve",
    "resume",
    "say_done",
    "say_not_done",
    "send_outside",
    "undo",
    "uphold",
    "withdraw",
]

# Who claims a ticket that is in work already takes it over as it is: the citizen has nothing new to hear.
_CLAIM_TO = {
    TicketStatus.NEW: TicketStatus.ACCEPTED,
    TicketStatus.FORWARDED: TicketStatus.ACCEPTED,
    TicketStatus.REOPENED: TicketStatus.IN_PROGRESS,
}


def claim(caller: Caller, ticket_id: int, seen: int | None = None) -> Outcome:
    """«I take care of it»: the citizen hears that somebody does, the colleagues hear who."""
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    need_own_case(caller, ticket)
    _need_unclaimed(caller, ticket)
    to = _CLAIM_TO.get(TicketStatus(ticket.status))
    event = step(caller, ticket, to, EventKind.CLAIMED, citizen_sees=to is not None)
    take_up(caller, ticket)
    heard = to is None or tell_citizen(caller, ticket, event, "tickets.tell.claimed")
    return conclude(caller, ticket, event, heard)


def release(caller: Caller, ticket_id: int, seen: int | None = None) -> Outcome:
    """Give a claimed ticket back: one's own, or a leader anybody's. Its state and due date stay."""
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    need_own_case(caller, ticket)
    if ticket.officer_id is None:
        raise Refused("officer.not_claimed", code=ticket.code)
    if caller.staff and ticket.officer_id != caller.staff.id and caller.staff.role != StaffRole.LEADER:
        name = get_staff(caller.session, ticket.officer_id).name
        raise Refused("officer.not_yours", code=ticket.code, name=name)
    event = step(caller, ticket, None, EventKind.RELEASED, citizen_sees=False)
    ticket.officer_id = None
    return conclude(caller, ticket, event, urgent=True)


def answer(
    caller: Caller, ticket_id: int, text: str, files: Sequence[StoredFile] = (), seen: int | None = None
) -> Outcome:
    """Tell the citizen something while the work goes on."""
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    text = need_text(text)
    before = snapshot(ticket)
    event = step(caller, ticket, TicketStatus.IN_PROGRESS, EventKind.ANSWERED, text)
    take_up(caller, ticket)
    photos = attach(caller, ticket, files)
    ready_at = hold_back(caller, event, before, photos)
    heard = tell_citizen(
        caller, ticket, event, "tickets.tell.answered", photos=photos, ready_at=ready_at, text=text
    )
    return conclude(caller, ticket, event, heard)


def ask_citizen(caller: Caller, ticket_id: int, text: str, seen: int | None = None) -> Outcome:
    """Ask the citizen for what is missing; the due date stays, for the office may still act without it."""
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    text = need_text(text)
    event = step(caller, ticket, TicketStatus.NEEDS_INFO, EventKind.ASKED, text)
    take_up(caller, ticket)
    choices = [caller.choice("tickets.button.add", f"lookup.add:{ticket.code}")]
    heard = tell_citizen(caller, ticket, event, "tickets.tell.asked", choices=choices, text=text)
    return conclude(caller, ticket, event, heard)


def forward(
    caller: Caller, ticket_id: int, department: str, comment: str = "", seen: int | None = None
) -> Outcome:
    """Hand the ticket to another department, with a comment that only colleagues read.

    The due date is kept: it was promised to the citizen, for whom the ward is one office.
    """
    ticket = hold(caller, ticket_id, seen)
    old = ticket.department
    if department not in {one.key for one in caller.house.ward.departments}:
        raise Refused("officer.unknown_department")
    if department == old:
        raise Refused("officer.same_department", code=ticket.code, department=department_name(caller, old))
    names = {"old": short_department(caller, old), "new": short_department(caller, department)}
    event = step(
        caller, ticket, TicketStatus.FORWARDED, EventKind.FORWARDED, caller.words("cards.forwarded", **names)
    )
    if comment.strip():
        step(caller, ticket, None, EventKind.NOTED, comment.strip(), citizen_sees=False)
    readers = card_readers(caller, department)
    outcome = conclude(caller, ticket, event, besides=readers, department=department_name(caller, department))
    ticket.department, ticket.officer_id = department, None
    keep_up(caller.session, ticket, caller.now)
    heard = tell_citizen(caller, ticket, event, "tickets.tell.forwarded", old=department_name(caller, old))
    said = [caller.words("cards.comment", text=comment.strip())] if comment.strip() else []
    head = caller.words("cards.head.forwarded", code=ticket.code, old=names["old"])
    send_cards(caller, ticket, event, "\n".join([head, *said]))
    return replace(outcome, heard=heard)


def reopen(caller: Caller, ticket_id: int, text: str, seen: int | None = None) -> Outcome:
    """Take up a closed ticket again: a new round of work, which somebody must claim, with a new due date."""
    ticket = hold(caller, ticket_id, seen)
    text = need_text(text)
    event = step(caller, ticket, TicketStatus.REOPENED, EventKind.REOPENED, text)
    start_anew(caller, ticket)
    heard = tell_citizen(caller, ticket, event, "tickets.tell.reopened", text=text)
    return conclude(caller, ticket, event, heard, urgent=True)


def note(caller: Caller, ticket_id: int, text: str, files: Sequence[StoredFile] = ()) -> Outcome:
    """Write something down for colleagues; never shown to the citizen, possible in every state."""
    ticket = hold(caller, ticket_id)
    text = need_note(text)
    event = step(caller, ticket, None, EventKind.NOTED, text, citizen_sees=False)
    attach(caller, ticket, files)
    return conclude(caller, ticket, event, text=text)


def _need_unclaimed(caller: Caller, ticket: Ticket) -> None:
    if ticket.officer_id is None or caller.staff is None:
        return
    if ticket.officer_id == caller.staff.id:
        raise Refused("officer.claimed_already", code=ticket.code, due=due_words(ticket))
    owner = get_staff(caller.session, ticket.officer_id)
    # A colleague who left, or moved to another department, holds nothing any more.
    if may_handle(owner, ticket):
        raise Refused("officer.claimed_by_other", **{**describe(caller, ticket), "name": owner.name})
