"""On the first working morning of a week: who looks after answers hears what was asked and not answered."""

from __future__ import annotations

from datetime import datetime, time

from sqlmodel import Session

from core.calendar import at, local_date
from core.messages import Choice, Content
from handlers.care_rights import list_doubted, may_change, owner_key
from handlers.house import House
from handlers.learning import departments_of, gather_unanswered
from storage.clusters import count_open, list_open
from storage.models import Contact, Staff
from storage.outbox import Draft, enqueue
from storage.staff import list_staff
from storage.statuses import AfterDoubt, StaffRole

_SHOWN = 5


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Put together what was asked in vain and tell everybody what lies with them; on other mornings nothing."""
    today = local_date(now)
    last = house.calendar.previous_working_day(today)
    if not house.calendar.is_working_day(today) or last.isocalendar()[:2] == today.isocalendar()[:2]:
        return {}
    counts = gather_unanswered(session, house, now)
    people = [one for one in list_staff(session) if one[0].role in (StaffRole.OFFICER, StaffRole.LEADER)]
    told = sum(_tell(session, house, staff, contact, now) for staff, contact in people)
    return {**counts, "told": told}


def _tell(session: Session, house: House, staff: Staff, contact: Contact, now: datetime) -> bool:
    """Private, never to a group: it holds what people wrote, though with numbers covered."""
    text = _text(session, house, staff, now)
    if not text or contact.unreachable_at is not None:
        return False
    words, today = house.words, local_date(now)
    choices = (
        Choice(words.text("learn.button.list"), "care.unanswered"),
        Choice(words.text("learn.button.asked"), "care.asked"),
    )
    draft = Draft(
        contact=contact,
        content=Content(text, choices),
        kind="digest",
        after_doubt=AfterDoubt.PARK,
        dedupe_key=f"unanswered:{today}:{contact.id}",
        expires_at=at(today, time.max),
    )
    return enqueue(session, draft, now) is not None


def _text(session: Session, house: House, staff: Staff, now: datetime) -> str:
    words, departments = house.words, departments_of(staff)
    waiting = list_open(session, departments, _SHOWN)
    doubted = [one for one in list_doubted(session, house, now) if may_change(staff, owner_key(house, one))]
    lines = []
    if waiting:
        lines.append(words.text("learn.weekly_head", clusters=count_open(session, departments)))
        lines += [
            words.text("learn.weekly_line", count=one.count, text=one.examples[0])
            for one in waiting
            if one.examples
        ]
        lines.append(words.text("learn.weekly_how"))
    if doubted:
        lines.append(words.text("learn.weekly_doubted", count=len(doubted)))
    return "\n".join(lines)
