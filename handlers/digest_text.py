"""What a reader of the digest is told at a moment: the job sends it at the own hour, the chat shows it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from core.calendar import local_date
from core.messages import Content
from handlers.care_rights import list_due
from handlers.digest_approvals import approval_choices, list_to_approve, with_approvals
from handlers.digest_leaders import leaders_text
from handlers.digest_morning import Morning, morning_of
from handlers.house import House
from storage.figures_morning import Scope
from storage.models import Contact, Staff
from storage.statuses import StaffRole


@dataclass(frozen=True, slots=True)
class Reader:
    """A person or a group that a digest may go to. `since` is when the duty, or the link of the group, began."""

    contact: Contact
    since: datetime
    staff: Staff | None = None
    department: str | None = None

    @property
    def leads(self) -> bool:
        """True for a leader, who hears of all departments."""
        return self.staff is not None and self.staff.role == StaffRole.LEADER


def open_morning(session: Session, house: House, now: datetime) -> Morning:
    """The morning of the local day; once a week with the answers that must be looked through."""
    today = local_date(now)
    last = house.calendar.previous_working_day(today)
    morning = Morning(house, now, today, last, approvals=list_to_approve(session, house, now))
    if not morning.begins_week:
        return morning
    due = list_due(session, house, now)
    return replace(morning, reviews={department: len(entries) for department, entries in due.items()})


def morning_content(session: Session, morning: Morning, reader: Reader) -> Content | None:
    """The whole message; None when there is nothing to say."""
    if reader.staff is None:
        return morning_of(session, morning, Scope(reader.department or ""), in_group=True)
    ward, waiting = morning.house.ward, morning.approvals.get(reader.staff.id or 0, ())
    if reader.leads:
        return with_approvals(morning, leaders_text(session, morning), waiting, ward.unit_words["Ward"])
    if reader.staff.role != StaffRole.OFFICER or not reader.staff.department:
        return None
    own = None if reader.staff.is_head else reader.staff.id
    above = len(approval_choices(morning, waiting))
    content = morning_of(session, morning, Scope(reader.staff.department, own), above=above)
    return with_approvals(morning, content, waiting, ward.get_department(reader.staff.department).name)
