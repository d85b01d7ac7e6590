"""Who may do what to a ticket, and how a verb takes hold of one: permission, lock, allowed move, event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlmodel import Session

from core.calendar import spoken_moment
from core.messages import Choice, Content, MessageKind
from core.replies import find_blank
from core.ward import OTHER
from handlers.house import House
from storage.families import follow_parent
from storage.followers import follows
from storage.held import hasten
from storage.models import Contact, Staff, StoredFile, Ticket, TicketEvent
from storage.promises import promise
from storage.staff import get_staff
from storage.statuses import (
    OPEN_TICKETS,
    TICKET_STATES,
    AttachmentStatus,
    EventKind,
    StaffRole,
    TicketStatus,
)
from storage.tickets import Actor, IllegalMove, list_events, lock_ticket, move_ticket, record_ticket_event

# Below this an «answer» is a slip of the thumb; above it nobody reads it on a phone.
MIN_TEXT, MAX_TEXT = 10, 1500


class Speaker(Protocol):
    """Whoever writes for the office: somebody in a chat, or the operator at the machine, who has no chat."""

    @property
    def session(self) -> Session: ...
    @property
    def now(self) -> datetime: ...
    @property
    def house(self) -> House: ...
    @property
    def staff(self) -> Staff | None: ...
    @property
    def actor(self) -> Actor: ...

    def words(self, key: str, /, **fields: object) -> str: ...
    def choice(self, key: str, action: str, /, **fields: object) -> Choice: ...
    def notify(
        self,
        contact: Contact,
        content: Content,
        kind: str,
        dedupe_key: str,
        ticket_id: int | None = None,
        ready_at: datetime | None = None,
    ) -> None: ...


class Caller(Speaker, Protocol):
    """What a verb needs of whoever calls it: a Turn in a chat, a request on the office's web page."""

    @property
    def contact(self) -> Contact: ...
    @property
    def chat(self) -> Contact: ...


class Refused(Exception):
    """The verb was not done and nothing changed; `key` and `fields` are the sentence for whoever tried."""

    def __init__(self, key: str, **fields: Any) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


class Changed(Refused):
    """Somebody did something to the ticket since the person looked at it; `version` is what it is now."""

    def __init__(self, version: int, **fields: Any) -> None:
        super().__init__("officer.changed", **fields)
        self.version = version


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done: the ticket, its event, and the sentence for whoever did it.

    `heard` is False when the provider says that the citizen gets no messages at present.
    """

    ticket: Ticket
    event: TicketEvent
    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    heard: bool = True


def may_handle(staff: Staff | None, ticket: Ticket) -> bool:
    """Active officers of the ticket's department, and leaders; nobody else, whatever they tap."""
    if staff is None or not staff.active:
        return False
    if staff.role == StaffRole.LEADER:
        return True
    return staff.role == StaffRole.OFFICER and staff.department == ticket.department


def need_leader(caller: Caller) -> None:
    """Raises Refused for everybody but an active leader."""
    staff = caller.staff
    if staff is None or not staff.active or staff.role != StaffRole.LEADER:
        raise Refused("officer.no_right")


def hold(caller: Caller, ticket_id: int, seen: int | None = None) -> Ticket:
    """The ticket, locked, for somebody who may handle it. Raises Refused, or Changed if not as `seen`."""
    caller.session.flush()
    staff = caller.staff
    if staff is None or not staff.active or staff.role == StaffRole.MEMBER:
        raise Refused("officer.no_right")
    ticket = lock_ticket(caller.session, ticket_id)
    if ticket is None:
        raise Refused("officer.no_ticket")
    if not may_handle(staff, ticket):
        name = department_name(caller, ticket.department)
        raise Refused("officer.other_department", code=ticket.code, department=name)
    if seen is not None and ticket.version != seen:
        raise Changed(ticket.version, **describe(caller, ticket))
    return ticket


def hold_own(caller: Caller, ticket: Ticket) -> Ticket:
    """The citizen's own ticket, locked. Raises Refused."""
    caller.session.flush()
    fresh = lock_ticket(caller.session, ticket.id or 0)
    if fresh is None or fresh.contact_id != caller.contact.id:
        raise Refused("officer.no_right")
    return fresh


def hold_shared(caller: Caller, ticket: Ticket) -> Ticket:
    """A ticket that the citizen filed or joined, locked. Raises Refused."""
    caller.session.flush()
    fresh = lock_ticket(caller.session, ticket.id or 0)
    contact_id = caller.contact.id or 0
    if fresh is None or not (
        fresh.contact_id == contact_id or follows(caller.session, fresh.id or 0, contact_id)
    ):
        raise Refused("officer.no_right")
    return fresh


def step(
    caller: Speaker,
    ticket: Ticket,
    to: TicketStatus | None,
    kind: EventKind,
    text: str = "",
    *,
    citizen_sees: bool = True,
) -> TicketEvent:
    """Move the held ticket, or with `to` None only write the event; its children go with it.

    Raises Refused for an illegal move, and for one that is its parent's to make.
    """
    if to is not None:
        need_own_case(caller, ticket)
    event = _write(caller, ticket, to, kind, text, citizen_sees)
    if to is not None:
        follow_parent(caller.session, ticket, event, caller.actor)
    return event


def take_up(caller: Caller, ticket: Ticket) -> None:
    """Whoever acts on a ticket that is nobody's has it; a colleague who stands in takes nothing away."""
    owner = get_staff(caller.session, ticket.officer_id) if ticket.officer_id is not None else None
    if caller.staff is not None and not may_handle(owner, ticket):
        ticket.officer_id = caller.staff.id
        caller.session.add(ticket)


def _write(
    caller: Speaker,
    ticket: Ticket,
    to: TicketStatus | None,
    kind: EventKind,
    text: str,
    citizen_sees: bool,
) -> TicketEvent:
    current = TicketStatus(ticket.status)
    if citizen_sees:
        hasten(caller.session, ticket.id or 0, caller.now)
    if to is None or (to is current and TICKET_STATES[current].again):
        # Also without a move: whoever looks at an older state must hear of this first.
        ticket.version += 1
        ticket.updated_at = caller.now
        caller.session.add(ticket)
        return record_ticket_event(
            caller.session, ticket, kind, caller.actor, caller.now, text=text, citizen_sees=citizen_sees
        )
    try:
        return move_ticket(
            caller.session, ticket, to, kind, caller.actor, caller.now, text, citizen_sees=citizen_sees
        )
    except IllegalMove:
        raise Refused("officer.illegal", **describe(caller, ticket, moves_only=True)) from None


def need_open(caller: Speaker, ticket: Ticket) -> None:
    """Raises Refused when the ticket is closed."""
    if TicketStatus(ticket.status) not in OPEN_TICKETS:
        raise Refused("officer.illegal", **describe(caller, ticket, moves_only=True))


def need_own_case(caller: Speaker, ticket: Ticket) -> None:
    """Raises Refused when the ticket was merged into another: what happens to it is its parent's."""
    if ticket.parent_id is not None:
        parent = caller.session.get_one(Ticket, ticket.parent_id)
        raise Refused("officer.follows_parent", code=ticket.code, parent=parent.code)


def need_text(text: str) -> str:
    """The text, trimmed. Raises Refused when it says too little or too much, or a blank in it was not filled."""
    text = text.strip()
    if sum(letter.isalnum() for letter in text) < MIN_TEXT:
        raise Refused("officer.too_short")
    if len(text) > MAX_TEXT:
        raise Refused("officer.too_long", limit=MAX_TEXT, length=len(text))
    blank = find_blank(text)
    if blank is not None:
        raise Refused("officer.unfilled", blank=blank)
    return text


def need_note(text: str) -> str:
    """A note for colleagues, trimmed: it may be short. Raises Refused when it is empty or too long."""
    if not any(letter.isalnum() for letter in text):
        raise Refused("officer.empty_note")
    if len(text) > MAX_TEXT:
        raise Refused("officer.too_long", limit=MAX_TEXT, length=len(text))
    return text.strip()


def start_anew(caller: Caller, ticket: Ticket) -> None:
    """A reopened ticket is nobody's, and due as if it had come today: its old date was kept or missed already."""
    ward = caller.house.ward
    category = ward.find_category(ticket.category) or ward.get_category(OTHER)
    promise(ticket, ward.due_at(category, caller.now, caller.house.calendar), caller.now)
    ticket.officer_id = None
    ticket.reopened += 1
    ticket.asked_at = ticket.rating = ticket.rating_reason = None
    ticket.evidence = ticket.evidence_kind = None
    caller.session.add(ticket)


def describe(caller: Speaker, ticket: Ticket, *, moves_only: bool = False) -> dict[str, Any]:
    """What the ticket is now, what happened last, who did it and when: the fields of «somebody was faster»."""
    events = list_events(caller.session, ticket.id or 0)
    last = [event for event in events if event.to_status or not moves_only][-1]
    return {
        "code": ticket.code,
        "status": caller.words(f"tickets.status.{ticket.status}"),
        "what": caller.words(f"tickets.event.{last.kind}"),
        "who": who_did(caller, last),
        "when": spoken_moment(last.at),
    }


def who_did(caller: Speaker, event: TicketEvent) -> str:
    """The author of an event as colleagues may read it: officers by name, citizens never."""
    ticket = caller.session.get_one(Ticket, event.ticket_id)
    for_other = ticket.filed_by is not None and ticket.filed_by == event.staff_id
    if event.staff_id is not None and (for_other or event.kind not in _CITIZENS_OWN):
        return get_staff(caller.session, event.staff_id).name
    return caller.words("cards.citizen" if event.contact_id is not None else "cards.system")


# An officer who files or withdraws a report of his own does it as a citizen.
_CITIZENS_OWN = frozenset(
    {
        *(EventKind.FILED, EventKind.ADDED, EventKind.WITHDRAWN, EventKind.JOINED, EventKind.LEFT),
        *(EventKind.RATED, EventKind.DISPUTED, EventKind.CONFIRMED),
    }
)


def department_name(caller: Speaker, key: str) -> str:
    """The full name of a department; the bare key for one that the ward no longer has."""
    found = next((one for one in caller.house.ward.departments if one.key == key), None)
    return found.name if found else key


def own_name(caller: Speaker) -> str:
    """The officer's name, as colleagues read it."""
    return caller.staff.name if caller.staff else ""


def stored(files: Sequence[StoredFile]) -> list[StoredFile]:
    """The photos and recordings that could be fetched and kept; a document goes with announcements alone."""
    kept = [file for file in files if file.status == AttachmentStatus.STORED and file.name]
    return [file for file in kept if file.kind != MessageKind.FILE]
