"""Reminds once of a question to a citizen, and lets the ticket go on when no answer came: nothing waits for ever."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from core.calendar import local_date, spoken_date
from core.messages import Content
from handlers.cards import card_choices, due_words
from handlers.desk_rules import department_name
from handlers.house import House
from handlers.operator import Operator
from handlers.origin import for_whom
from scheduler.closings import CLOCK
from scheduler.deadlines import list_in_charge
from storage.contacts import get_contact
from storage.families import follow_parent
from storage.followers import is_muted
from storage.models import Contact, Ticket, TicketEvent
from storage.outbox import Draft, enqueue
from storage.questions import list_unanswered
from storage.staff import list_leaders
from storage.statuses import AfterDoubt, EventKind, TicketStatus
from storage.tickets import Actor, lock_ticket, move_ticket

REMIND_AFTER, GO_ON_AFTER = 2, 5
"""Working days; the day of the question does not count, as with every other term."""
_STALE = timedelta(days=2)


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """After two working days one reminder; after five the ticket is the office's again, and both sides hear it.

    It is not rejected by the clock, though it may be for want of an answer: a person decides that, with a reason.
    """
    counts = {"reminded": 0, "went_on": 0}
    if not house.calendar.is_working_day(local_date(now)):
        return counts
    closes = house.ward.closes
    for ticket, question in list_unanswered(session):
        if now > house.calendar.add_working_days(question.at, GO_ON_AFTER, closes):
            counts["went_on"] += _go_on(session, house, ticket, now)
        elif now > house.calendar.add_working_days(question.at, REMIND_AFTER, closes):
            counts["reminded"] += _remind(session, house, ticket, question, now)
    return counts


def _remind(session: Session, house: House, ticket: Ticket, question: TicketEvent, now: datetime) -> int:
    until = local_date(house.calendar.add_working_days(question.at, GO_ON_AFTER, house.ward.closes))
    text = house.words.text(
        "tickets.tell.asked_again", code=ticket.code, text=question.text, day=spoken_date(until)
    )
    return _tell_author(session, house, ticket, text, f"asked_again:{question.id}", now)


def _go_on(session: Session, house: House, found: Ticket, now: datetime) -> int:
    """To whoever has it, or among the new ones where nobody has: as after an answer."""
    ticket = lock_ticket(session, found.id or 0)
    if ticket is None or ticket.status != TicketStatus.NEEDS_INFO:
        return 0
    to = TicketStatus.NEW if ticket.officer_id is None else TicketStatus.IN_PROGRESS
    said, actor = house.words.text("tickets.went_on_by_clock"), Actor(CLOCK)
    event = move_ticket(session, ticket, to, EventKind.RESUMED, actor, now, said)
    follow_parent(session, ticket, event, actor)
    office = Operator(session, house, now)
    fields = {"code": ticket.code, "department": department_name(office, ticket.department)}
    text = house.words.text("tickets.tell.went_on", **fields)
    _tell_author(session, house, ticket, text, f"event:{event.id}:citizen", now)
    words = house.words.text("digest.went_on", code=ticket.code, due=due_words(ticket))
    content = Content(words, card_choices(office, ticket))
    in_charge = list_in_charge(session, ticket, now) or [one for _, one in list_leaders(session)]
    _tell(session, in_charge, content, "card", f"event:{event.id}:desk", ticket, now)
    return 1


def _tell_author(session: Session, house: House, ticket: Ticket, text: str, key: str, now: datetime) -> int:
    if is_muted(session, ticket):
        return 0
    add = Operator(session, house, now).choice("tickets.button.add", f"lookup.add:{ticket.code}")
    content = Content("\n".join([*for_whom(house.words.text, ticket), text]), (add,))
    return _tell(session, [get_contact(session, ticket.contact_id)], content, "ticket", key, ticket, now)


def _tell(
    session: Session,
    contacts: Iterable[Contact],
    content: Content,
    kind: str,
    key: str,
    ticket: Ticket,
    now: datetime,
) -> int:
    reached = {one.id: one for one in contacts if one.unreachable_at is None}
    queued = 0
    for contact in reached.values():
        draft = Draft(
            contact=contact,
            content=content,
            kind=kind,
            after_doubt=AfterDoubt.PARK,
            dedupe_key=f"{key}:{contact.id}",
            ticket_id=ticket.id,
            expires_at=now + _STALE,
        )
        queued += enqueue(session, draft, now) is not None
    return queued
