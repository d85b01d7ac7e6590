"""What a citizen's step means for the office: the new ticket, more about it, taking it back, «not done yet»."""

from __future__ import annotations

from collections.abc import Sequence

from core.messages import Content, Picture
from handlers.cards import card_choices, due_words
from handlers.desk_notices import send_cards, tell_desk
from handlers.desk_rules import Caller, Outcome, hold_own, need_open, start_anew, step, stored
from storage.files import attach_files
from storage.models import StoredFile, Ticket
from storage.statuses import EventKind, TicketStatus
from storage.tickets import list_events


def publish_ticket(caller: Caller, ticket: Ticket) -> int:
    """Put a new ticket before the officers of its department; returns how many chats got the card.

    Call it when the photos are attached. With nobody there the leaders get it, else an alarm is raised.
    """
    caller.session.flush()
    filed = list_events(caller.session, ticket.id or 0)[0]
    return send_cards(caller, ticket, filed, caller.words("cards.head.new", code=ticket.code))


def add_from_citizen(caller: Caller, ticket: Ticket, text: str, files: Sequence[StoredFile] = ()) -> Outcome:
    """The citizen tells more about an open ticket of their own; a question of the office is thereby answered.

    Raises Refused for somebody else's ticket and for a closed one, which must be reopened instead.
    """
    ticket = hold_own(caller, ticket)
    need_open(caller, ticket)
    asked = ticket.status == TicketStatus.NEEDS_INFO
    back = TicketStatus.NEW if ticket.officer_id is None else TicketStatus.IN_PROGRESS
    event = step(caller, ticket, back if asked else None, EventKind.ADDED, text.strip())
    photos = _attach(caller, ticket, files)
    shown = caller.words(_added_key(text, photos), code=ticket.code, text=text.strip(), count=len(photos))
    content = Content(shown, card_choices(caller, ticket), _pictures(caller, photos))
    tell_desk(caller, ticket, event, content, urgent=True)
    return Outcome(ticket, event, "tickets.own.added", {"code": ticket.code})


def reopen_own(caller: Caller, ticket: Ticket, text: str, files: Sequence[StoredFile] = ()) -> Outcome:
    """The citizen says that it is not done. Raises Refused when the ticket is not closed or no longer open to it."""
    ticket = hold_own(caller, ticket)
    head = "cards.head.review" if ticket.status == TicketStatus.REJECTED else "cards.head.reopened"
    event = step(caller, ticket, TicketStatus.REOPENED, EventKind.REOPENED, text.strip())
    start_anew(caller, ticket)
    _attach(caller, ticket, files)
    said = [caller.words("cards.citizen_says", text=text.strip())] if text.strip() else []
    send_cards(caller, ticket, event, "\n".join([caller.words(head, code=ticket.code), *said]))
    return Outcome(ticket, event, "tickets.own.reopened", {"code": ticket.code, "due": due_words(ticket)})


def withdraw(caller: Caller, ticket: Ticket, reason: str = "") -> Outcome:
    """The citizen takes the ticket back. Raises Refused when it is closed already."""
    ticket = hold_own(caller, ticket)
    event = step(caller, ticket, TicketStatus.WITHDRAWN, EventKind.WITHDRAWN, reason.strip())
    content = Content(caller.words("officer.citizen.withdrawn", code=ticket.code))
    tell_desk(caller, ticket, event, content, urgent=True)
    return Outcome(ticket, event, "tickets.own.withdrawn", {"code": ticket.code})


def _added_key(text: str, photos: Sequence[StoredFile]) -> str:
    if not text.strip():
        return "officer.citizen.added_photos"
    return "officer.citizen.added" if photos else "officer.citizen.added_text"


def _attach(caller: Caller, ticket: Ticket, files: Sequence[StoredFile]) -> list[StoredFile]:
    kept = stored(files)
    attach_files(caller.session, [file.id or 0 for file in kept], caller.contact.id or 0, ticket.id or 0)
    return [file for file in kept if file.kind == "photo"]


def _pictures(caller: Caller, photos: Sequence[StoredFile]) -> tuple[Picture, ...]:
    alt = caller.words("cards.photo_alt")
    return tuple(Picture(photo.name, alt) for photo in photos if photo.name)
