"""One answer for several tickets: each gets its own event, each person reads it once, however many are theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.messages import Choice, Content
from handlers import desk
from handlers.cards import category_name, is_open
from handlers.desk_reading import TICKET
from handlers.desk_rules import Caller, Outcome, Refused, own_name
from handlers.desk_undo import bind
from handlers.house import House
from handlers.origin import for_whom
from storage.contacts import get_contact
from storage.followers import is_muted, list_followers
from storage.models import Contact, Staff, Ticket
from storage.tickets import Actor

# More buttons than these no channel shows, and nobody reads.
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Pick:
    """A ticket as the officer has seen it."""

    ticket_id: int
    seen: int


@dataclass
class Answered:
    """What became of the tickets: those that were answered, and of the others why not, as the officer reads it."""

    done: list[Outcome] = field(default_factory=list)
    skipped: list[tuple[Ticket, Refused]] = field(default_factory=list)
    people: int = 0
    unheard: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Note:
    contact: Contact
    content: Content
    kind: str
    dedupe_key: str
    ticket_id: int | None
    ready_at: datetime | None


@dataclass
class _Gathering:
    """A Caller that keeps what would be told, until it is known who hears how much."""

    caller: Caller
    notes: list[_Note] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return self.caller.session

    @property
    def now(self) -> datetime:
        return self.caller.now

    @property
    def house(self) -> House:
        return self.caller.house

    @property
    def staff(self) -> Staff | None:
        return self.caller.staff

    @property
    def actor(self) -> Actor:
        return self.caller.actor

    @property
    def contact(self) -> Contact:
        return self.caller.contact

    @property
    def chat(self) -> Contact:
        return self.caller.chat

    def words(self, key: str, /, **fields: object) -> str:
        return self.caller.words(key, **fields)

    def choice(self, key: str, action: str, /, **fields: object) -> Choice:
        return self.caller.choice(key, action, **fields)

    def notify(
        self,
        contact: Contact,
        content: Content,
        kind: str,
        dedupe_key: str,
        ticket_id: int | None = None,
        ready_at: datetime | None = None,
    ) -> None:
        self.notes.append(_Note(contact, content, kind, dedupe_key, ticket_id, ready_at))


def answer_many(caller: Caller, picks: Sequence[Pick], text: str, *, resolve: bool) -> Answered:
    """Answer each ticket that is still as it was seen; with `resolve` that also ends it.

    A ticket that was changed meanwhile, or may not be answered, is passed over. Raises Refused for words that say
    too little or too much.
    """
    gathering, found = _Gathering(caller), Answered()
    # Nobody photographs twenty places for one text; leaders see that none was.
    why = {"said": caller.words("officer.many.without_evidence")} if resolve else {}
    verb: Callable[..., Outcome] = desk.resolve if resolve else desk.answer
    for pick in picks:
        try:
            outcome = verb(gathering, pick.ticket_id, text, seen=pick.seen, **why)
        except Refused as refused:
            if refused.key in ("officer.too_short", "officer.too_long"):
                raise
            found.skipped.append((caller.session.get_one(Ticket, pick.ticket_id), refused))
        else:
            found.done.append(outcome)
            if not outcome.heard:
                found.unheard.append(outcome.ticket.code)
    bind(caller, [outcome.event for outcome in found.done])
    found.people = _tell(gathering, "resolved" if resolve else "answered", text)
    return found


def take_back(caller: Caller, event_id: int) -> None:
    """Take one answer back from all the tickets that it was for; colleagues hear it once. Raises Refused."""
    gathering = _Gathering(caller)
    desk.undo(gathering, event_id)
    _tell(gathering, "undone")


def count_people(session: Session, tickets: Sequence[Ticket]) -> int:
    """How many people would read an answer to these tickets, each once; those who get no messages do not count."""
    heard: set[int] = set()
    for ticket in tickets:
        author = [] if is_muted(session, ticket) else [get_contact(session, ticket.contact_id)]
        people = [*author, *list_followers(session, ticket.id or 0)]
        heard |= {one.id or 0 for one in people if one.unreachable_at is None}
    return len(heard)


def _tell(gathering: _Gathering, deed: str, text: str = "") -> int:
    """One message a person; returns how many citizens are told who can be reached."""
    by_person: defaultdict[tuple[int, bool], list[_Note]] = defaultdict(list)
    for note in gathering.notes:
        by_person[(note.contact.id or 0, note.kind == TICKET)].append(note)
    people = 0
    for (_, is_citizen), notes in by_person.items():
        first = notes[0]
        content = first.content
        if len(notes) > 1:
            make = _for_citizen if is_citizen else _for_colleague
            content = make(gathering.caller, notes, text, deed)
        gathering.caller.notify(
            first.contact, content, first.kind, first.dedupe_key, first.ticket_id, first.ready_at
        )
        people += is_citizen and first.contact.unreachable_at is None
    return people


def _for_citizen(caller: Caller, notes: Sequence[_Note], text: str, deed: str) -> Content:
    tickets = [caller.session.get_one(Ticket, note.ticket_id) for note in notes]
    lines = []
    for ticket in tickets:
        about = category_name(caller, ticket)
        lines.append(caller.words("tickets.tell.one_of_many", code=ticket.code, category=about))
        if ticket.contact_id == notes[0].contact.id:
            lines += for_whom(caller.words, ticket)
    said = caller.words(f"tickets.tell.{deed}_many", tickets="\n".join(lines), text=text.strip())
    choices = [
        caller.choice("tickets.button.show_one", f"lookup.show:{ticket.code}", code=ticket.code)
        for ticket in tickets[:_SHOWN]
    ]
    return Content(said, tuple(choices))


def _for_colleague(caller: Caller, notes: Sequence[_Note], _text: str, deed: str) -> Content:
    codes = [caller.session.get_one(Ticket, note.ticket_id).code for note in notes]
    return Content(
        caller.words(
            f"officer.many.told_{deed}", name=own_name(caller), count=len(codes), codes=", ".join(codes)
        )
    )


def is_answerable(staff: Staff | None, ticket: Ticket) -> bool:
    """True for an open ticket of this person's desk that is no part of another."""
    return is_open(ticket) and ticket.parent_id is None and desk.may_handle(staff, ticket)
