"""Mornings of working days: each department hears how its tickets stand, leaders hear of all departments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time

from sqlmodel import Session

from core.calendar import at, local_date, spoken_date, spoken_moment
from core.messages import Content
from core.wards import Department
from handlers.care_rights import list_due
from handlers.house import House
from storage.evidence import count_without
from storage.models import Contact, Ticket
from storage.outbox import Draft, enqueue
from storage.staff import list_groups, list_leaders, list_officers
from storage.statuses import AfterDoubt
from storage.tickets import Load, get_load, list_open

HOUR = time(7, 30)
_MOST_URGENT = 5


@dataclass(frozen=True, slots=True)
class Morning:
    """The moments that a digest counts from and to."""

    house: House
    now: datetime
    today: date
    last: date

    @property
    def ends(self) -> datetime:
        """The end of the day: what is due by then is due today, and the message is stale afterwards."""
        return at(self.today, time.max)

    @property
    def begins_week(self) -> bool:
        """True on the first working morning of a week: once a week is often enough for what waits for months."""
        return self.last.isocalendar()[:2] != self.today.isocalendar()[:2]

    def words(self, key: str, /, **blanks: object) -> str:
        """A sentence of the digest."""
        return self.house.words.text(f"digest.{key}", **blanks)


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Queue the digests of today. On days off nothing; to a department with nothing to say, nothing."""
    today = local_date(now)
    if not house.calendar.is_working_day(today):
        return {}
    morning = Morning(house, now, today, house.calendar.previous_working_day(today))
    loads = [(one, _load(session, one, morning)) for one in house.ward.departments]
    reviews = _reviews(session, morning)
    busy = [(department, load) for department, load in loads if not load.is_empty]
    told = [(one, load) for one, load in loads if not load.is_empty or reviews.get(one.key)]
    silent = {one.key for one, _ in busy if not _readers(session, one.key)}
    sent = sum(_tell_department(session, one, load, reviews.get(one.key, 0), morning) for one, load in told)
    leaders = _tell_leaders(session, busy, silent, sum(reviews.values()), morning)
    return {"digests": sent, "leaders": leaders}


def _reviews(session: Session, morning: Morning) -> dict[str, int]:
    """How many answers each department must look through again."""
    if not morning.begins_week:
        return {}
    due = list_due(session, morning.house, morning.now)
    return {department: len(entries) for department, entries in due.items()}


def _load(session: Session, department: Department, morning: Morning) -> Load:
    since = at(morning.last, HOUR)
    return get_load(session, department.key, morning.now, morning.ends, since)


def _readers(session: Session, department: str) -> list[Contact]:
    people = [contact for _, contact in list_officers(session, department)]
    readers = [*list_groups(session, department), *people]
    return [one for one in readers if one.unreachable_at is None]


def _tell_department(
    session: Session, department: Department, load: Load, reviews: int, morning: Morning
) -> int:
    urgent = list_open(session, department.key, _MOST_URGENT)
    due = [morning.words("reviews", count=reviews)] if reviews else []
    text = "\n".join([*_counts(department, load, morning), *due, *_urgent(urgent, morning)])
    readers = _readers(session, department.key)
    return sum(_queue(session, one, text, department.key, morning) for one in readers)


def _counts(department: Department, load: Load, morning: Morning) -> list[str]:
    since = spoken_date(morning.last)
    numbers = (
        ("new", load.filed_since),
        ("closed", load.closed_since),
        ("open", load.open),
        ("unclaimed", load.unclaimed),
        ("late", load.late),
        ("today", load.due_today),
    )
    head = morning.words("head", department=department.name, date=spoken_date(morning.today))
    lines = (morning.words(key, count=count, since=since) for key, count in numbers if count or key == "open")
    return [head, *lines]


def _urgent(tickets: Sequence[Ticket], morning: Morning) -> list[str]:
    """Codes and dates only: what a citizen wrote has no place in a group chat."""
    if not tickets:
        return []
    lines = [
        morning.words(
            "urgent_late" if ticket.due_at < morning.now else "urgent_due",
            number=number,
            code=ticket.code,
            due=spoken_moment(ticket.due_at),
        )
        for number, ticket in enumerate(tickets, start=1)
    ]
    return ["", morning.words("urgent_head"), *lines]


def _tell_leaders(
    session: Session,
    busy: Sequence[tuple[Department, Load]],
    silent: set[str],
    reviews: int,
    morning: Morning,
) -> int:
    if not busy and not reviews:
        return 0
    total = Load(*(sum(getattr(load, field.name) for _, load in busy) for field in fields(Load)))
    head = morning.words("leaders.head", date=spoken_date(morning.today), **_numbers(total))
    lines = [
        morning.words(
            "leaders.nobody" if department.key in silent and load.open else "leaders.line",
            department=department.short_name,
            **_numbers(load),
        )
        for department, load in busy
    ]
    without = count_without(session, None, at(morning.last, HOUR))
    lines += [morning.words("leaders.without_evidence", count=without)] if without else []
    lines += [morning.words("reviews", count=reviews)] if reviews else []
    leaders = [contact for _, contact in list_leaders(session) if contact.unreachable_at is None]
    return sum(_queue(session, one, "\n".join([head, *lines]), "leaders", morning) for one in leaders)


def _numbers(load: Load) -> dict[str, object]:
    return {"open": load.open, "late": load.late, "unclaimed": load.unclaimed, "new": load.filed_since}


def _queue(session: Session, to: Contact, text: str, about: str, morning: Morning) -> bool:
    draft = Draft(
        contact=to,
        content=Content(text),
        kind="digest",
        after_doubt=AfterDoubt.PARK,
        dedupe_key=f"digest:{morning.today}:{about}:{to.id}",
        expires_at=morning.ends,
    )
    return enqueue(session, draft, morning.now) is not None
