"""Whose case a ticket is that somebody of the office entered: for cards, the handling officer, answers."""

from __future__ import annotations

from collections.abc import Callable

from handlers.desk_rules import Caller, Speaker
from storage.models import Ticket
from storage.staff import get_staff
from storage.statuses import Privacy, Source

_HEAD, _TAIL = 3, 2


def card_lines(caller: Speaker, ticket: Ticket) -> list[str]:
    """Where the case came from and who entered it. No name stands here and no whole number: cards go to groups."""
    lines = []
    if ticket.source == Source.CHAT:
        if ticket.filed_by is None:
            return []
        by = get_staff(caller.session, ticket.filed_by).name
        lines.append(caller.words("cards.behalf", name=by))
    else:
        lines.append(caller.words("cards.source", source=source_words(caller.words, ticket)))
    if ticket.reach and ticket.privacy != Privacy.HIDDEN_UNIT:
        lines.append(caller.words("cards.reach", number=covered(ticket.reach)))
    return lines


def private_lines(caller: Caller, ticket: Ticket) -> list[str]:
    """Name and number in full, for the officer who handles the ticket, in that officer's private chat alone."""
    mine = caller.staff is not None and ticket.officer_id == caller.staff.id
    if not mine or caller.chat.is_group or ticket.privacy == Privacy.HIDDEN_UNIT:
        return []
    parts = [part for part in (ticket.on_behalf_of, ticket.reach) if part]
    return [caller.words("cards.person", person=", ".join(parts))] if parts else []


def for_whom(words: Callable[..., str], ticket: Ticket) -> list[str]:
    """Said before an answer in the chat of whoever entered the case: whom to tell."""
    if ticket.filed_by is None:
        return []
    if ticket.source != Source.CHAT:
        return [words("tickets.entered_for", source=source_words(words, ticket))]
    if ticket.on_behalf_of:
        return [words("tickets.filed_for", name=ticket.on_behalf_of)]
    return [words("tickets.filed_for_somebody")]


def source_words(words: Callable[..., str], ticket: Ticket) -> str:
    """The source in words, with the code that the case has there."""
    name = words(f"entry.source.{ticket.source}")
    return words("entry.coded", source=name, code=ticket.outside_code) if ticket.outside_code else name


def covered(number: str) -> str:
    """A telephone number of which only beginning and end are seen."""
    return f"{number[:_HEAD]}***{number[-_TAIL:]}"
