"""What a reader of the digest is told at a moment: the job sends it at the own hour, the chat shows it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from core.calendar import local_date
from core.messages import Content
from handlers.care_rights import list_due
from handlers.digest_approvals import approvals_lead, list_to_approve
from handlers.digest_doubts import doubts_lead
from handlers.digest_lead import Lead, led
from handlers.digest_leaders import leaders_text
from handlers.digest_morning import Morning, morning_of
from handlers.house import House
from storage.figures_morning import Scope
from storage.models import Contact, Staff
from storage.statuses import StaffRole
from storage.votes import list_disputed


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
    morning = Morning(
        house,
        now,
        today,
        last,
        approvals=list_to_approve(session, house, now),
        doubts=list_disputed(session),
    )
    if not morning.begins_week:
        return morning
    due = list_due(session, house, now)
    return replace(morning, reviews={department: len(entries) for department, entries in due.items()})


def morning_content(session: Session, morning: Morning, reader: Reader) -> Content | None:
    """The whole message; None when there is nothing to say."""
    ward, staff = morning.house.ward, reader.staff
    if staff is not None and reader.leads:
        leads = _leads(session, morning, staff, None)
        return led(morning, leaders_text(session, morning), leads, ward.unit_words["Ward"])
    if staff is not None and (staff.role != StaffRole.OFFICER or not staff.department):
        return None
    department = (reader.department if staff is None else staff.department) or ""
    scope = Scope(department, None if staff is None or staff.is_head else staff.id)
    leads = _leads(session, morning, staff, scope)
    above = sum(len(one.choices) for one in leads)
    content = morning_of(session, morning, scope, in_group=staff is None, above=above)
    return led(morning, content, leads, ward.get_department(department).name)


def _leads(session: Session, morning: Morning, staff: Staff | None, scope: Scope | None) -> list[Lead]:
    """What keeps others waiting: announcements for this person's yes, people who were promised a look."""
    waiting = morning.approvals.get(staff.id or 0, ()) if staff is not None else ()
    found = (approvals_lead(morning, waiting), doubts_lead(session, morning, scope))
    return [one for one in found if one is not None]
