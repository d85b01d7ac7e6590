"""The book of a period: open while the period lasts, closed by whoever asks first when it is over, and then kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from core.calendar import at, local_date
from core.periods import Period
from storage.figures import Fact, fact_from_list, fact_to_list, list_facts
from storage.indicators import Reading, list_readings
from storage.insertion import insert_into
from storage.models import Announcement, Delivery, ReportBook
from storage.statuses import AnnouncementStatus, DeliveryStatus


@dataclass(frozen=True, slots=True)
class Book:
    """The facts of a period. `closed_at` is when they were kept for good; None while the period lasts.

    `readings`: how far the targets of plans were by its end; None in a book of before they were kept.
    """

    period: Period
    facts: tuple[Fact, ...]
    reach: Mapping[str, int]
    closed_at: datetime | None = None
    readings: tuple[Reading, ...] | None = None

    def of(self, department: str | None) -> tuple[Fact, ...]:
        """The facts of a department, or all."""
        return tuple(fact for fact in self.facts if department is None or fact.department == department)


def open_book(session: Session, period: Period, now: datetime) -> Book:
    """The period as it was first reported; one that is over is kept now, so that it stays what is reported."""
    kept = session.get(ReportBook, (period.first, period.last))
    if kept is not None:
        return _from_row(kept)
    return (
        close_book(session, period, now) if period.last < local_date(now) else read_book(session, period, now)
    )


def read_book(session: Session, period: Period, now: datetime) -> Book:
    """The period as the tickets tell it now; only reads."""
    since, until = span_of(period)
    facts = tuple(list_facts(session, since, until, now))
    return Book(period, facts, _reach(session, since, until), readings=list_readings(session, period.last))


def find_book(session: Session, period: Period) -> Book | None:
    """The kept book of a period; only reads."""
    kept = session.get(ReportBook, (period.first, period.last))
    return None if kept is None else _from_row(kept)


def close_book(session: Session, period: Period, now: datetime) -> Book:
    """Keep the period as it is now. Who comes second gets what the first has kept."""
    book = read_book(session, period, now)
    values = {
        "first_on": period.first,
        "last_on": period.last,
        "facts": [fact_to_list(fact) for fact in book.facts],
        "others": {**book.reach, "readings": _readings_to_json(book.readings or ())},
        "closed_at": now,
    }
    session.execute(insert_into(session, ReportBook).values(**values).on_conflict_do_nothing())
    return _from_row(session.get_one(ReportBook, (period.first, period.last), populate_existing=True))


def reopen_book(session: Session, period: Period) -> bool:
    """Forget what was kept, so that the next look counts anew. False when nothing was."""
    mine = (col(ReportBook.first_on) == period.first) & (col(ReportBook.last_on) == period.last)
    done = session.execute(delete(ReportBook).where(mine))
    session.expire_all()
    return bool(done.rowcount)  # type: ignore[attr-defined]


def span_of(period: Period) -> tuple[datetime, datetime]:
    """From the first midnight in Vietnam to the one behind the last day."""
    return at(period.first, time.min), at(period.last + timedelta(days=1), time.min)


def _from_row(row: ReportBook) -> Book:
    facts = tuple(fact_from_list(value) for value in row.facts)
    reach = {name: row.others[name] for name in _REACH}
    return Book(Period(row.first_on, row.last_on), facts, reach, row.closed_at, _readings_of(row.others))


_REACH: Final = ("announcements", "recipients", "sent", "seen")


def _readings_to_json(readings: Iterable[Reading]) -> list[list[Any]]:
    return [[one.plan, one.indicator, one.value, one.day.isoformat()] for one in readings]


def _readings_of(others: Mapping[str, Any]) -> tuple[Reading, ...] | None:
    kept = others.get("readings")
    if kept is None:
        return None
    return tuple(Reading(plan, key, value, date.fromisoformat(day)) for plan, key, value, day in kept)


def _reach(session: Session, since: datetime, until: datetime) -> dict[str, int]:
    """Announcements that began in the period: how many, for how many people, how many were sent and seen."""
    begun = (col(Announcement.confirmed_at) >= since) & (col(Announcement.confirmed_at) < until)
    real = col(Announcement.status) != AnnouncementStatus.DRAFT
    query = select(func.count(), func.coalesce(func.sum(Announcement.recipients), 0)).where(begun, real)
    number, people = session.exec(query).one()
    ids: Sequence[int | None] = session.exec(select(Announcement.id).where(begun, real)).all()
    sent = select(func.count(), func.count(col(Delivery.seen_at))).where(
        col(Delivery.announcement_id).in_(ids), Delivery.status == DeliveryStatus.SENT
    )
    reached, seen = session.exec(sent).one()
    return dict(zip(_REACH, (number, int(people), reached, seen), strict=True))
