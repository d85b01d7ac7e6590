"""Asks once whether what was reported as done is done, and completes what nobody disputes after a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from core.messages import Choice, Content
from handlers.house import House
from handlers.origin import for_whom
from storage.closings import list_to_ask, list_to_complete
from storage.contacts import get_contact
from storage.followers import is_muted
from storage.models import Ticket
from storage.outbox import Draft, enqueue
from storage.statuses import AfterDoubt, EventKind, TicketStatus
from storage.tickets import Actor, lock_ticket, move_ticket
from storage.votes import is_disputed

ASK_AFTER = timedelta(days=3)
COMPLETE_AFTER = timedelta(days=7)
CLOCK = "clock"


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Ask after three days, complete after seven. Without an answer no opinion is counted, good or bad."""
    quiet = [_complete(session, house, one, now) for one in list_to_complete(session, now - COMPLETE_AFTER)]
    asked = [_ask(session, house, ticket, now) for ticket in list_to_ask(session, now - ASK_AFTER)]
    return {"asked": sum(asked), "completed": sum(quiet)}


def _complete(session: Session, house: House, quiet: Ticket, now: datetime) -> bool:
    # Freshly read: whoever opened it again a moment ago has been heard.
    ticket = lock_ticket(session, quiet.id or 0)
    if ticket is None or ticket.status != TicketStatus.RESOLVED or is_disputed(session, ticket):
        return False
    closed_at = ticket.closed_at
    said = house.words.text("tickets.completed_by_clock")
    move_ticket(session, ticket, TicketStatus.COMPLETED, EventKind.COMPLETED, Actor(CLOCK), now, said)
    # The work was over when it was reported as done; a week of silence is nobody's delay.
    ticket.closed_at = closed_at
    return True


def _ask(session: Session, house: House, ticket: Ticket, now: datetime) -> int:
    ticket.asked_at = now
    session.add(ticket)
    contact = get_contact(session, ticket.contact_id)
    if contact.unreachable_at is not None or is_muted(session, ticket):
        return 0
    text = house.words.text("tickets.tell.still_done", code=ticket.code)
    draft = Draft(
        contact=contact,
        content=Content("\n".join([*for_whom(house.words.text, ticket), text]), _choices(house, ticket)),
        kind="ticket",
        after_doubt=AfterDoubt.PARK,
        dedupe_key=f"still_done:{ticket.id}:{ticket.reopened}",
        ticket_id=ticket.id,
        expires_at=now + COMPLETE_AFTER - ASK_AFTER,
    )
    return int(enqueue(session, draft, now) is not None)


def _choices(house: House, ticket: Ticket) -> tuple[Choice, ...]:
    return (
        Choice(house.words.text("tickets.button.fixed"), f"lookup.fixed:{ticket.code}"),
        Choice(house.words.text("tickets.button.reopen"), f"lookup.reopen:{ticket.code}"),
    )
