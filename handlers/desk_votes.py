"""Is it done? Whoever filed a case opens it again by a word; of those who joined it takes two, or the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.calendar import local_date, spoken_date
from core.messages import Content
from handlers.cards import due_words
from handlers.desk_files import attach
from handlers.desk_notices import conclude, evidence_of, picture_of, send_cards, tell_citizen
from handlers.desk_reading import TICKET
from handlers.desk_rules import (
    Caller,
    Outcome,
    Refused,
    Speaker,
    department_name,
    hold,
    hold_shared,
    need_text,
    start_anew,
    step,
)
from storage.contacts import get_contact
from storage.families import keep_up, list_children
from storage.models import StoredFile, Ticket
from storage.persons import home_of
from storage.statuses import EventKind, TicketStatus
from storage.tickets import list_events
from storage.votes import ENDED, Votes, list_waiting_people, read_votes

# What was turned down is looked at again within this time; later it is a new report.
REVIEW_WITHIN = timedelta(days=30)
# So many of those who joined open a case again, whatever the others say: a lamp that shines for one is no proof that
# the next one shines, and silence is no vote at all (docs/decisions/0010-who-opens-a-case-again.md).
ENOUGH = 2
# Working days within which the office looks at what a single one of them says; the day itself does not count.
LOOK_WITHIN = 3


def decides(caller: Caller, ticket: Ticket) -> bool:
    """True for whoever filed the case, or a ticket that was merged into it: their word opens it again."""
    contact_id = caller.contact.id
    return ticket.contact_id == contact_id or any(
        child.contact_id == contact_id for child in list_children(caller.session, ticket.id or 0)
    )


def say_not_done(caller: Caller, ticket: Ticket, text: str, files: Sequence[StoredFile] = ()) -> Outcome:
    """Whoever filed or joined it says that it is not done. Raises Refused when the ticket cannot be reopened."""
    ticket = hold_shared(caller, ticket)
    if ticket.parent_id is not None:
        # The same matter is opened again as the one case that it is.
        return say_not_done(caller, caller.session.get_one(Ticket, ticket.parent_id), text, files)
    rejected = ticket.status == TicketStatus.REJECTED
    if rejected and ticket.closed_at and caller.now - ticket.closed_at > REVIEW_WITHIN:
        raise Refused("lookup.too_late", code=ticket.code)
    if not decides(caller, ticket):
        return _vote(caller, ticket, text.strip(), files)
    head = caller.words(f"cards.head.{'review' if rejected else 'reopened'}", code=ticket.code)
    return _reopen(caller, ticket, head, text.strip(), [text.strip()], files)


def say_done(caller: Caller, ticket: Ticket) -> Outcome:
    """Whoever joined it says that it is done: the office sees it, and no report calls it content.

    Raises Refused when nobody has said that it is.
    """
    ticket = hold_shared(caller, ticket)
    if ticket.status not in (TicketStatus.RESOLVED, TicketStatus.COMPLETED):
        raise Refused("lookup.not_now", code=ticket.code)
    votes = read_votes(caller.session, ticket)
    known = home_of(caller.session, caller.contact.id or 0) in votes.fixed
    if known or ticket.status == TicketStatus.COMPLETED or ticket.parent_id is not None:
        event = list_events(caller.session, ticket.id or 0)[-1]
    else:
        event = step(caller, ticket, None, EventKind.CONFIRMED, citizen_sees=False)
    return Outcome(ticket, event, "lookup.confirmed", {"code": ticket.code})


def uphold(
    caller: Caller, ticket_id: int, text: str, files: Sequence[StoredFile] = (), seen: int | None = None
) -> Outcome:
    """The office has looked and the end stands, for a reason that those read who said that it is not done.

    Photos of the look go with it. It takes no vote back: a second one of them still opens the case. Raises Refused
    when nothing waits.
    """
    ticket = hold(caller, ticket_id, seen)
    need_disputed(caller, ticket)
    text = need_text(text)
    votes = read_votes(caller.session, ticket)
    event = step(caller, ticket, None, EventKind.UPHELD, text)
    department = department_name(caller, ticket.department)
    said = caller.words("tickets.tell.upheld", code=ticket.code, department=department, text=text)
    shown = evidence_of(caller, attach(caller, ticket, files))
    choices = (
        caller.choice("tickets.button.fixed", f"lookup.fixed:{ticket.code}"),
        caller.choice("tickets.button.dispute", f"lookup.reopen:{ticket.code}"),
    )
    people = [get_contact(caller.session, one) for one in list_waiting_people(caller.session, ticket, votes)]
    for contact in people:
        caller.notify(contact, Content(said, choices, shown), TICKET, f"event:{event.id}:citizen", ticket.id)
    return conclude(caller, ticket, event, all(one.unreachable_at is None for one in people))


def need_disputed(caller: Speaker, ticket: Ticket) -> None:
    """Raises Refused when nobody says that the closed case is not done, or the office has looked at it already."""
    if not read_votes(caller.session, ticket).waiting:
        raise Refused("officer.not_disputed", code=ticket.code)


def look_until(caller: Speaker, votes: Votes) -> str:
    """The last day of the time within which the office looks at what waits."""
    since = votes.waits_since or caller.now
    until = caller.house.calendar.add_working_days(since, LOOK_WITHIN, caller.house.ward.closes)
    return spoken_date(local_date(until))


def _vote(caller: Caller, ticket: Ticket, text: str, files: Sequence[StoredFile]) -> Outcome:
    if TicketStatus(ticket.status) not in ENDED:
        raise Refused("lookup.not_now", code=ticket.code)
    before = read_votes(caller.session, ticket)
    if not (text or files) and any(one.contact_id == caller.contact.id for one in before.waiting):
        return _noted(caller, ticket, before)
    event = step(caller, ticket, None, EventKind.DISPUTED, text, citizen_sees=False)
    photos = attach(caller, ticket, files)
    votes = read_votes(caller.session, ticket)
    people = len(votes.not_fixed)
    if people >= ENOUGH:
        head = caller.words("cards.head.reopened_by", code=ticket.code, people=people)
        why = caller.words("cards.not_done", people=people)
        return _reopen(caller, ticket, head, why, [one.text for one in votes.waiting], photos)
    head = caller.words("cards.head.disputed", code=ticket.code)
    until = caller.words("cards.look_until", day=look_until(caller, votes))
    lines = [head, *_said(caller, [text]), until]
    send_cards(caller, ticket, event, "\n".join(lines), picture_of(caller, photos))
    return _noted(caller, ticket, votes)


def _noted(caller: Caller, ticket: Ticket, votes: Votes) -> Outcome:
    fields = {"code": ticket.code, "days": LOOK_WITHIN, "day": look_until(caller, votes)}
    return Outcome(ticket, list_events(caller.session, ticket.id or 0)[-1], "tickets.own.noted", fields)


def _reopen(
    caller: Caller,
    ticket: Ticket,
    head: str,
    why: str,
    said: Sequence[str],
    files: Sequence[StoredFile],
) -> Outcome:
    event = step(caller, ticket, TicketStatus.REOPENED, EventKind.REOPENED, why)
    start_anew(caller, ticket)
    keep_up(caller.session, ticket, caller.now)
    photos = attach(caller, ticket, files)
    send_cards(caller, ticket, event, "\n".join([head, *_said(caller, said)]), picture_of(caller, photos))
    tell_citizen(caller, ticket, event, "tickets.tell.opened_again", but=caller.contact)
    fields = {"code": ticket.code, "due": due_words(ticket)}
    return Outcome(ticket, event, "tickets.own.reopened", fields)


def _said(caller: Speaker, texts: Sequence[str]) -> list[str]:
    return [caller.words("cards.citizen_says", text=text) for text in texts if text]
