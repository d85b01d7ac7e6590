"""Reminds the office of what somebody who joined says against the end of a case: a promised look is not forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from core.calendar import local_date
from handlers.cards import card
from handlers.desk_votes import LOOK_WITHIN, look_until
from handlers.house import House
from handlers.operator import Operator
from scheduler.deadlines import list_in_charge
from storage.models import Contact, Ticket
from storage.outbox import Draft, enqueue
from storage.staff import list_heads, list_leaders
from storage.statuses import AfterDoubt
from storage.votes import Votes, list_disputed

_STALE = timedelta(days=2)


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """On the last promised working day whoever has it; afterwards, once, also the head and the leaders.

    The clock decides nothing: a case that is disputed is neither completed nor opened by it.
    """
    counts = {"reminded": 0, "escalated": 0}
    if not house.calendar.is_working_day(local_date(now)):
        return counts
    for doubt in list_disputed(session):
        since = doubt.votes.waits_since or now
        days = (LOOK_WITHIN - 1, LOOK_WITHIN)
        soon, late = (house.calendar.add_working_days(since, one, house.ward.closes) for one in days)
        if now > soon:
            stage = "escalated" if now > late else "reminded"
            counts[stage] += _remind(session, house, doubt.ticket, doubt.votes, stage, now)
    return counts


def _remind(session: Session, house: House, ticket: Ticket, votes: Votes, stage: str, now: datetime) -> int:
    office = Operator(session, house, now)
    head = house.words.text(f"digest.dispute.{stage}", code=ticket.code, day=look_until(office, votes))
    content = card(office, ticket, head)
    queued = 0
    for contact in _who(session, ticket, stage, now):
        draft = Draft(
            contact=contact,
            content=content,
            kind="card",
            after_doubt=AfterDoubt.PARK,
            dedupe_key=f"dispute:{votes.waiting[0].id}:{stage}:{contact.id}",
            ticket_id=ticket.id,
            expires_at=now + _STALE,
        )
        queued += enqueue(session, draft, now) is not None
    return queued


def _who(session: Session, ticket: Ticket, stage: str, now: datetime) -> Sequence[Contact]:
    told = list_in_charge(session, ticket, now)
    heads = [contact for _, contact in list_heads(session, ticket.department)]
    leaders = [contact for _, contact in list_leaders(session)]
    told += heads + leaders if stage == "escalated" else []
    reached = {contact.id: contact for contact in told if contact.unreachable_at is None}
    return list(reached.values()) or [one for one in leaders if one.unreachable_at is None]
