"""Who hears of what happened to a ticket: the citizen, the colleagues, and the officers who must act on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.messages import Choice, Content, Picture
from handlers.cards import card, card_choices, due_words
from handlers.desk_reading import CARD, DESK, TICKET
from handlers.desk_rules import Caller, Outcome, Speaker, department_name, may_handle, own_name
from handlers.origin import for_whom
from storage.contacts import get_contact
from storage.families import keep_up, list_children
from storage.followers import is_muted, list_followers
from storage.machinery import raise_alarm
from storage.models import Contact, StoredFile, Ticket, TicketEvent
from storage.promises import note_told
from storage.staff import get_staff, list_groups, list_leaders, list_officers
from storage.statuses import EventKind


def tell_citizen(
    caller: Caller,
    ticket: Ticket,
    event: TicketEvent,
    key: str,
    *,
    choices: Sequence[Choice] = (),
    photos: Sequence[StoredFile] = (),
    ready_at: datetime | None = None,
    joined_choices: Sequence[Choice] | None = None,
    but: Contact | None = None,
    **fields: object,
) -> bool:
    """Tell whoever filed the ticket and whoever joined it, once per event, each where they wrote.

    A question goes to the author alone. Those who joined may have choices of their own; `but` hears it elsewhere.
    Before `ready_at` nothing leaves. False when the provider says that the author gets nothing: the officer should
    know before waiting.
    """
    contact = get_contact(caller.session, ticket.contact_id)
    if "due" in caller.house.words.fields_of(key):
        note_told(caller.session, ticket, caller.now)
    text = caller.words(
        key,
        code=ticket.code,
        department=department_name(caller, ticket.department),
        due=due_words(ticket),
        **fields,
    )
    pictures = evidence_of(caller, photos)
    content = Content(text, tuple(choices), pictures)
    theirs = content if joined_choices is None else Content(text, tuple(joined_choices), pictures)
    # Whoever filed a ticket that was merged into this one has the choices of an author.
    filed = {child.contact_id for child in list_children(caller.session, ticket.id or 0)}
    asked = event.kind == EventKind.ASKED
    author = [] if is_muted(caller.session, ticket) else [contact]
    joined = [] if asked else list_followers(caller.session, ticket.id or 0)
    left_out = but.id if but is not None else None
    for one in (one for one in author if one.id != left_out):
        # Whom it is for is said to whoever filed it alone.
        whole = Content("\n".join([*for_whom(caller.words, ticket), text]), tuple(choices), pictures)
        caller.notify(one, whole, TICKET, f"event:{event.id}:citizen", ticket.id, ready_at)
    for one in (one for one in joined if one.id != left_out):
        shown = content if one.id in filed else theirs
        caller.notify(one, shown, TICKET, f"event:{event.id}:citizen", ticket.id, ready_at)
    return contact.unreachable_at is None


def tell_desk(
    caller: Caller,
    ticket: Ticket,
    event: TicketEvent,
    content: Content,
    *,
    urgent: bool = False,
    besides: Sequence[Contact] = (),
) -> None:
    """Tell the colleagues what happened: in their group if they have one, else each; never the doer again.

    Whoever claimed the ticket hears of what others do to it. `urgent` means that somebody must act: the
    claimant, or everybody while there is none. `besides` get the card of the same event instead.
    """
    groups, people = _department(caller, ticket.department)
    owner = _owner(caller, ticket)
    told = list(groups)
    if owner is not None:
        told.append(owner)
    if (urgent and owner is None) or (not urgent and not groups):
        told += people
    for contact in _others(caller, told or _leaders(caller)):
        if contact.id in {one.id for one in besides}:
            continue
        caller.notify(contact, content, DESK, f"event:{event.id}:desk", ticket.id)


def conclude(
    caller: Caller,
    ticket: Ticket,
    event: TicketEvent,
    heard: bool = True,
    *,
    urgent: bool = False,
    besides: Sequence[Contact] = (),
    **fields: Any,
) -> Outcome:
    """The end of every verb: children are as their parent is now, and the colleagues hear what the doer gets."""
    keep_up(caller.session, ticket, caller.now)
    key = f"officer.done.{event.kind}"
    filled = {"code": ticket.code, "name": own_name(caller), "due": due_words(ticket), **fields}
    content = Content(caller.words(key, **filled), card_choices(caller, ticket) if urgent else ())
    tell_desk(caller, ticket, event, content, urgent=urgent, besides=besides)
    return Outcome(ticket, event, key, filled, heard)


def send_cards(
    caller: Speaker, ticket: Ticket, event: TicketEvent, head: str, pictures: Sequence[Picture] = ()
) -> int:
    """Put the card, under its first line `head`, before all who can act on it; returns how many chats got it.

    `pictures` come with this event and stand before those of the report.

    A department where nobody can be reached: the leaders get the card. Without leaders an alarm is raised,
    so that no ticket waits unseen.
    """
    told = card_readers(caller, ticket.department)
    content = card(caller, ticket, head)
    known = {picture.stored for picture in pictures}
    shown = (*pictures, *(one for one in content.pictures if one.stored not in known))
    content = Content(content.text, content.choices, shown)
    for contact in told:
        caller.notify(contact, content, CARD, f"card:{event.id}", ticket.id)
    if not told:
        # The department's key as subject: one open alarm, however many tickets wait there.
        raise_alarm(caller.session, "no_officer", ticket.department, ticket.code, caller.now)
    return len(told)


def card_readers(caller: Speaker, department: str) -> list[Contact]:
    """The chats before which a department's cards are put: its group and officers, else the leaders."""
    groups, people = _department(caller, department)
    return _reachable([*groups, *people]) or _reachable(_leaders(caller))


def tell_department(caller: Speaker, key: str, content: Content, occasion: str) -> None:
    """One message to all who would get a department's cards, with the same way out when nobody can be reached."""
    told = card_readers(caller, key)
    for contact in told:
        caller.notify(contact, content, "summary", occasion)
    if not told:
        raise_alarm(caller.session, "no_officer", key, "", caller.now)


def picture_of(caller: Speaker, photos: Sequence[StoredFile]) -> tuple[Picture, ...]:
    """Photos of citizens as officers are shown them."""
    alt = caller.words("cards.photo_alt")
    return tuple(Picture(photo.name, alt) for photo in photos if photo.name)


def evidence_of(caller: Speaker, photos: Sequence[StoredFile]) -> tuple[Picture, ...]:
    """Photos of the office as citizens are shown them."""
    alt = caller.words("cards.evidence_alt")
    return tuple(Picture(photo.name, alt) for photo in photos if photo.name)


def send_card_to(
    caller: Speaker, ticket: Ticket, event: TicketEvent, head: str, contacts: Sequence[Contact]
) -> None:
    """Put the card before certain people only."""
    content = card(caller, ticket, head)
    for contact in _reachable(contacts):
        caller.notify(contact, content, CARD, f"card:{event.id}", ticket.id)


def _owner(caller: Caller, ticket: Ticket) -> Contact | None:
    """Where whoever claimed the ticket is reached, while that person still may act on it."""
    owner = get_staff(caller.session, ticket.officer_id) if ticket.officer_id is not None else None
    return get_contact(caller.session, owner.contact_id) if owner and may_handle(owner, ticket) else None


def _department(caller: Speaker, key: str) -> tuple[list[Contact], list[Contact]]:
    people = [contact for _, contact in list_officers(caller.session, key)]
    return list(list_groups(caller.session, key)), people


def _leaders(caller: Speaker) -> list[Contact]:
    return [contact for _, contact in list_leaders(caller.session)]


def _reachable(contacts: Sequence[Contact]) -> list[Contact]:
    return [contact for contact in contacts if contact.unreachable_at is None]


def _others(caller: Caller, contacts: Sequence[Contact]) -> list[Contact]:
    """Each once, without the doer and the chat in which it was done: there the answer itself stands."""
    here = {caller.contact.id, caller.chat.id}
    unique = {contact.id: contact for contact in _reachable(contacts) if contact.id not in here}
    return list(unique.values())
