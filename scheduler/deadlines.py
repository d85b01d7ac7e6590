"""Reminds officers of a ticket when most of its time is over, and once more when it is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from core.calendar import local_date, spoken_moment
from core.messages import Content
from handlers.turn import House
from storage.contacts import get_contact
from storage.models import Contact, Ticket
from storage.outbox import Draft, enqueue
from storage.staff import get_staff, list_groups, list_officers
from storage.statuses import AfterDoubt
from storage.tickets import list_open

_SOON = 0.8
# A reminder says what is the matter now; after this time the next digest says it better.
_STALE = timedelta(hours=12)
_ALL = 1_000


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Queue the reminders that are due and were not given yet; a changed deadline is reminded of anew."""
    counts = {"soon": 0, "late": 0}
    works = house.calendar.is_working_day(local_date(now))
    for department in house.ward.departments:
        for ticket in list_open(session, department.key, _ALL):
            stage = stage_of(ticket, now)
            if stage is not None and (works or _counts_hours(house, ticket)):
                counts[stage] += _remind(session, house, ticket, stage, now)
    return counts


def stage_of(ticket: Ticket, now: datetime) -> str | None:
    """ "late" after the deadline, "soon" when four fifths of the time are over, else None."""
    if now > ticket.due_at:
        return "late"
    whole = ticket.due_at - ticket.created_at
    return "soon" if now - ticket.created_at >= whole * _SOON else None


def _counts_hours(house: House, ticket: Ticket) -> bool:
    """On days off only those whose deadline runs on days off."""
    category = house.ward.find_category(ticket.category)
    return category is not None and category.deadline_hours is not None


def _remind(session: Session, house: House, ticket: Ticket, stage: str, now: datetime) -> int:
    due = spoken_moment(ticket.due_at)
    content = Content(house.words.text(f"digest.reminder.{stage}", code=ticket.code, due=due))
    queued = 0
    for contact in _who(session, ticket):
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


def _who(session: Session, ticket: Ticket) -> list[Contact]:
    """Whoever took the ticket; while nobody has, the department's groups and all its officers."""
    if ticket.officer_id is not None:
        owner = get_staff(session, ticket.officer_id)
        if owner.active and owner.department == ticket.department:
            return _reachable([get_contact(session, owner.contact_id)])
    officers = [contact for _, contact in list_officers(session, ticket.department)]
    return _reachable([*list_groups(session, ticket.department), *officers])


def _reachable(contacts: list[Contact]) -> list[Contact]:
    return [one for one in contacts if one.unreachable_at is None]
