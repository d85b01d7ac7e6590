"""What a citizen's step means for the office: the new ticket, more about it, taking it back, the mark."""

from __future__ import annotations

from collections.abc import Sequence

from core.messages import Content
from handlers.cards import card_choices
from handlers.desk_files import attach
from handlers.desk_notices import picture_of, send_cards, tell_desk
from handlers.desk_rules import (
    Caller,
    Outcome,
    Refused,
    hold_own,
    need_open,
    step,
)
from storage.families import keep_up, leave_with, part
from storage.files import attach_files, is_recording
from storage.followers import count_followers, join, leave, mute
from storage.held import hasten
from storage.models import StoredFile, Ticket
from storage.statuses import EventKind, Rating, TicketStatus
from storage.tickets import list_events, lock_ticket

# The second person is news, the fiftieth not: a flood of messages would hide what it tells.
_TOLD_AT = frozenset({2, 3, 5, 10, 20, 50, 100, 200, 500})


def publish_ticket(caller: Caller, ticket: Ticket) -> int:
    """Put a new ticket before the officers of its department; returns how many chats got the card.

    Call it when the photos are attached. With nobody there the leaders get it, else an alarm is raised.
    """
    caller.session.flush()
    filed = list_events(caller.session, ticket.id or 0)[0]
    return send_cards(caller, ticket, filed, caller.words("cards.head.new", code=ticket.code))


def join_ticket(caller: Caller, ticket: Ticket, text: str, files: Sequence[int] = ()) -> Outcome:
    """Somebody else has the same trouble: the colleagues hear how many, and read what the person adds.

    Raises Refused for a closed ticket, the person's own, or one that is followed already.
    """
    caller.session.flush()
    fresh = lock_ticket(caller.session, ticket.id or 0)
    if fresh is None:
        raise Refused("officer.no_ticket")
    if fresh.parent_id is not None:
        # Merged since it was offered: what is joined is the one case that it is now.
        return join_ticket(caller, caller.session.get_one(Ticket, fresh.parent_id), text, files)
    need_open(caller, fresh)
    if not join(caller.session, fresh, caller.contact.id or 0, caller.now):
        raise Refused("tickets.own.follows_already", code=fresh.code)
    event = step(caller, fresh, None, EventKind.JOINED, text.strip(), citizen_sees=False)
    attach_files(caller.session, files, caller.contact.id or 0, fresh.id or 0)
    people = count_followers(caller.session, fresh.id or 0) + 1
    if people in _TOLD_AT:
        content = Content(caller.words("officer.citizen.joined", code=fresh.code, people=people))
        tell_desk(caller, fresh, event, content)
    return Outcome(fresh, event, "tickets.own.joined", {"code": fresh.code})


def leave_ticket(caller: Caller, ticket: Ticket) -> Outcome:
    """Take the joining back. Raises Refused when the person does not follow the ticket."""
    caller.session.flush()
    fresh = lock_ticket(caller.session, ticket.id or 0)
    if fresh is None or not leave(caller.session, fresh, caller.contact.id or 0, caller.now):
        raise Refused("officer.no_right")
    leave_with(caller.session, fresh, caller.contact.id or 0, caller.now)
    event = step(caller, fresh, None, EventKind.LEFT, citizen_sees=False)
    return Outcome(fresh, event, "tickets.own.left", {"code": fresh.code})


def add_from_citizen(caller: Caller, ticket: Ticket, text: str, files: Sequence[StoredFile] = ()) -> Outcome:
    """The citizen tells more about an open ticket of their own; a question of the office is thereby answered.

    Raises Refused for somebody else's ticket and for a closed one, which must be reopened instead.
    """
    ticket = hold_own(caller, ticket)
    need_open(caller, ticket)
    asked = ticket.status == TicketStatus.NEEDS_INFO
    back = TicketStatus.NEW if ticket.officer_id is None else TicketStatus.IN_PROGRESS
    event = step(caller, ticket, back if asked else None, EventKind.ADDED, text.strip())
    photos = attach(caller, ticket, files)
    spoken = len([file for file in files if is_recording(file)])
    key = _added_key(text, photos, spoken)
    shown = caller.words(key, code=ticket.code, text=text.strip(), count=len(photos), spoken=spoken)
    content = Content(shown, card_choices(caller, ticket), picture_of(caller, photos))
    tell_desk(caller, ticket, event, content, urgent=True)
    key = "tickets.own.added_voice" if spoken else "tickets.own.added"
    return Outcome(ticket, event, key, {"code": ticket.code})


def withdraw(caller: Caller, ticket: Ticket, reason: str = "") -> Outcome:
    """The citizen takes the ticket back; it goes on for those who joined it. Raises Refused when it is closed."""
    ticket = hold_own(caller, ticket)
    need_open(caller, ticket)
    if ticket.parent_id is not None:
        hasten(caller.session, ticket.parent_id, caller.now)
        leave(caller.session, caller.session.get_one(Ticket, ticket.parent_id), ticket.contact_id, caller.now)
        part(caller.session, ticket, caller.actor, caller.now)
    if people := count_followers(caller.session, ticket.id or 0):
        mute(caller.session, ticket, caller.now)
        event = step(caller, ticket, None, EventKind.LEFT, citizen_sees=False)
        return Outcome(ticket, event, "tickets.own.left_to_others", {"code": ticket.code, "people": people})
    event = step(caller, ticket, TicketStatus.WITHDRAWN, EventKind.WITHDRAWN, reason.strip())
    content = Content(caller.words("officer.citizen.withdrawn", code=ticket.code))
    tell_desk(caller, ticket, event, content, urgent=True)
    return Outcome(ticket, event, "tickets.own.withdrawn", {"code": ticket.code})


def rate(caller: Caller, ticket: Ticket, rating: Rating) -> Outcome:
    """The author's mark, once. Raises Refused when the ticket is not done, or rated already."""
    ticket = hold_own(caller, ticket)
    if ticket.status not in (TicketStatus.RESOLVED, TicketStatus.COMPLETED) or ticket.rating is not None:
        raise Refused("lookup.not_now", code=ticket.code)
    ticket.rating = rating.value
    said = caller.words(f"lookup.rating.{rating}")
    event = step(caller, ticket, None, EventKind.RATED, said)
    return Outcome(ticket, event, "lookup.rated", {"code": ticket.code})


def give_reason(caller: Caller, ticket: Ticket, reason: str, said: str) -> Outcome:
    """Why the mark is bad, for whoever answered."""
    ticket = hold_own(caller, ticket)
    ticket.rating_reason = reason
    event = step(caller, ticket, None, EventKind.RATED, said)
    content = Content(caller.words("officer.citizen.rated_because", code=ticket.code, reason=said))
    tell_desk(caller, ticket, event, content)
    return Outcome(ticket, event, "lookup.rated_bad", {"code": ticket.code})


def complete(caller: Caller, ticket: Ticket) -> Outcome:
    """The author says that it is done: nothing more is owed. The moment of the answer stays the end of the work.

    Where others have joined, one who is content ends nothing for them: they have their say until the clock ends it.
    """
    ticket = hold_own(caller, ticket)
    shared = count_followers(caller.session, ticket.id or 0) > 0
    if ticket.parent_id is not None or (shared and ticket.status == TicketStatus.RESOLVED):
        return Outcome(
            ticket, list_events(caller.session, ticket.id or 0)[-1], "lookup.rated", {"code": ticket.code}
        )
    closed_at = ticket.closed_at
    event = step(caller, ticket, TicketStatus.COMPLETED, EventKind.COMPLETED)
    ticket.closed_at = closed_at
    keep_up(caller.session, ticket, caller.now)
    return Outcome(ticket, event, "lookup.rated", {"code": ticket.code})


def _added_key(text: str, photos: Sequence[StoredFile], spoken: int) -> str:
    if spoken:
        return "officer.citizen.added_voice_text" if text.strip() else "officer.citizen.added_voice"
    if not text.strip():
        return "officer.citizen.added_photos"
    return "officer.citizen.added" if photos else "officer.citizen.added_text"
