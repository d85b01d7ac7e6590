"""Reminds of tickets: at half of the time, at four fifths, when late, and a working day later to the leaders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from core.calendar import local_date, spoken_moment
from core.messages import Content
from handlers.house import House
from storage.absences import list_stand_ins
from storage.contacts import get_contact
from storage.models import Contact, Ticket
from storage.outbox import Draft, enqueue
from storage.staff import get_staff, list_groups, list_heads, list_leaders, list_officers
from storage.statuses import AfterDoubt, Source
from storage.tickets import list_events, list_open

# Shares of the working time between the report and its due date.
_HALF, _SOON = 0.5, 0.8
STAGES = ("half", "soon", "late", "escalated")
# A reminder says what is the matter now; after this time the next digest says it better.
_STALE = timedelta(hours=12)
_ALL = 1_000


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Queue the reminders that are due and were not given yet; a changed deadline is reminded of anew."""
    counts = dict.fromkeys(STAGES, 0)
    works = house.calendar.is_working_day(local_date(now))
    for department in house.ward.departments:
        for ticket in list_open(session, department.key, _ALL):
            stage = stage_of(house, ticket, now)
            if stage is not None and _was_so_when_entered(session, house, ticket, stage):
                continue
            if stage is not None and (works or _counts_hours(house, ticket)):
                counts[stage] += _remind(session, house, ticket, stage, now)
    return counts


def _was_so_when_entered(session: Session, house: House, ticket: Ticket, stage: str) -> bool:
    """A case that was late already when it came from an old list: the list told so, hundreds of reminders would not.

    What it reaches afterwards is reminded of like any other.
    """
    if ticket.source == Source.CHAT:
        return False
    entered = list_events(session, ticket.id or 0)[0].at
    before = stage_of(house, ticket, entered) if entered > ticket.created_at else None
    return before == stage or before == "late"


def stage_of(house: House, ticket: Ticket, now: datetime) -> str | None:
    """The latest stage that a ticket has reached; None before half of its time, and while it is paused."""
    if ticket.paused_at is not None:
        return None
    if now > ticket.due_at:
        next_day = house.calendar.next_working_day(local_date(ticket.due_at))
        return "escalated" if local_date(now) > next_day else "late"
    share = _share(house, ticket, now)
    return "soon" if share >= _SOON else "half" if share >= _HALF else None


def _share(house: House, ticket: Ticket, now: datetime) -> float:
    """How much of the time is over: of working hours, or of the clock where the deadline is in hours."""
    if _counts_hours(house, ticket):
        return (now - ticket.created_at) / max(ticket.due_at - ticket.created_at, timedelta(seconds=1))
    opens, closes = house.ward.opens, house.ward.closes
    whole = house.calendar.working_time(ticket.created_at, ticket.due_at, opens, closes)
    spent = house.calendar.working_time(ticket.created_at, now, opens, closes)
    return spent / whole if whole else 1.0


def _counts_hours(house: House, ticket: Ticket) -> bool:
    """On days off only those whose deadline runs on days off."""
    category = house.ward.find_category(ticket.category)
    return category is not None and category.deadline_hours is not None


def _remind(session: Session, house: House, ticket: Ticket, stage: str, now: datetime) -> int:
    due = spoken_moment(ticket.due_at)
    content = Content(house.words.text(f"digest.reminder.{stage}", code=ticket.code, due=due))
    queued = 0
    for contact in _who(session, ticket, stage, now):
        draft = Draft(
            contact=contact,
            content=content,
            kind="reminder",
            after_doubt=AfterDoubt.PARK,
            dedupe_key=f"reminder:{ticket.id}:{ticket.due_at:%Y%m%d%H%M}:{stage}:{contact.id}",
            ticket_id=ticket.id,
            expires_at=now + _STALE,
        )
        queued += enqueue(session, draft, now) is not None
    return queued


def _who(session: Session, ticket: Ticket, stage: str, now: datetime) -> list[Contact]:
    """The ladder: whoever took it; from four fifths on also the head; when late for a day also the leaders.

    A department without a head goes to the leaders one step earlier, so that lateness is never seen by one alone.
    """
    told = list_in_charge(session, ticket, now)
    heads = [contact for _, contact in list_heads(session, ticket.department)]
    leaders = [contact for _, contact in list_leaders(session)]
    if stage in ("soon", "late", "escalated"):
        told += heads
    if stage == "escalated" or (stage == "late" and not heads):
        told += leaders
    unique = {contact.id: contact for contact in told if contact.unreachable_at is None}
    return list(unique.values())


def list_in_charge(session: Session, ticket: Ticket, now: datetime) -> list[Contact]:
    """Whoever took the ticket and who stands in; while nobody has, the department's groups and all officers."""
    if ticket.officer_id is not None:
        owner = get_staff(session, ticket.officer_id)
        if owner.active and owner.department == ticket.department:
            return [get_contact(session, owner.contact_id), *_stand_ins(session, ticket.officer_id, now)]
    officers = [contact for _, contact in list_officers(session, ticket.department)]
    return [*list_groups(session, ticket.department), *officers]


def _stand_ins(session: Session, staff_id: int, now: datetime) -> Sequence[Contact]:
    return [contact for _, contact in list_stand_ins(session, staff_id, local_date(now))]
