"""What days off make of promised due dates: later or as told, never earlier, and no trace when taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core.calendar import LOCAL, DayRule, WorkCalendar, load_calendar, local_date
from storage.calendar_days import add_days, list_days, rules_of
from storage.database import Database
from storage.models import CalendarDay, Ticket
from storage.promises import list_moved, move, note_told, promise
from storage.staff import Duty, enlist
from storage.statuses import StaffRole
from storage.tickets import Actor, add_ticket
from tests.examples import examples
from tests.storage.rows import contact

FILED = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
CALENDAR = load_calendar()
CLOSES = time(17)
MINUTE = timedelta(minutes=1)
DAYS = st.dates(date(2026, 12, 2), date(2026, 12, 31))
CHANGES = st.lists(st.tuples(DAYS, st.sampled_from([True, False, None])), max_size=8)


class _Enough(Exception):
    """The play is over."""


def due_after(days: int, calendar: WorkCalendar = CALENDAR) -> datetime:
    return calendar.add_working_days(FILED, days, CLOSES)


def file(session: Session, number: int, days: int, category: str = "RAC") -> Ticket:
    citizen = contact(session, "lan")
    row = Ticket(
        code=f"PA-{number}",
        contact_id=citizen.id or 0,
        category=category,
        department="KT",
        text="Rác ở tổ 4",
        created_at=FILED,
        due_at=due_after(days),
        updated_at=FILED,
    )
    return add_ticket(session, row, Actor("telegram", citizen.id))


def set_day(session: Session, day: date, working: bool | None, at: datetime) -> None:
    """As `/lich` does it: the day is kept, the open tickets move."""
    leader = enlist(session, contact(session, "minh"), Duty(StaffRole.LEADER), "Minh", FILED)
    row = CalendarDay(day_on=day, working=working, reason="Bão", author_id=leader.id or 0, created_at=at)
    add_days(session, [row])
    move(session, list_moved(session, CALENDAR, list_days(session), ["ANTT"], at))
    session.flush()


@given(changes=CHANGES, days=st.integers(1, 15))
@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_due_date_follows_the_days_whatever_their_order_and_is_never_earlier_than_told(
    database: Database, changes: list[tuple[date, bool | None]], days: int
) -> None:
    def work(session: Session) -> None:
        ticket, told = file(session, 1, days), due_after(days)
        for number, (day, working) in enumerate(changes, start=1):
            set_day(session, day, working, FILED + number * MINUTE)
            assert ticket.due_at >= told
        newest = {day: working for day, working in changes}
        own = [DayRule(day, working, "Bão") for day, working in newest.items() if working is not None]
        assert ticket.due_at == max(told, due_after(days, CALENDAR.with_own(own)))
        later = FILED + 60 * MINUTE
        for number, day in enumerate(newest):
            set_day(session, day, None, later + number * MINUTE)
        assert ticket.due_at == told, "taking everything back leaves no trace"
        assert ticket.told_due_at is None
        raise _Enough

    # Nothing is kept: the next example begins with empty books.
    with pytest.raises(_Enough):
        database.run_now(work)


def test_what_the_citizen_has_read_is_what_holds(database: Database) -> None:
    def work(session: Session) -> None:
        ticket = file(session, 1, 3)
        set_day(session, date(2026, 12, 3), False, FILED + MINUTE)
        assert local_date(ticket.due_at) == date(2026, 12, 7)
        note_told(session, ticket, FILED + 2 * MINUTE)
        set_day(session, date(2026, 12, 3), None, FILED + 3 * MINUTE)
        assert local_date(ticket.due_at) == date(2026, 12, 7)
        # Told on a calendar without the 3rd: one more day off moves it by one more day.
        set_day(session, date(2026, 12, 4), False, FILED + 4 * MINUTE)
        assert local_date(ticket.due_at) == date(2026, 12, 7), "the 3rd is worked again in its place"
        set_day(session, date(2026, 12, 7), False, FILED + 5 * MINUTE)
        assert local_date(ticket.due_at) == date(2026, 12, 8)

    database.run_now(work)


def test_a_new_promise_is_counted_from_its_own_day(database: Database) -> None:
    def work(session: Session) -> None:
        ticket = file(session, 1, 3)
        set_day(session, date(2026, 12, 3), False, FILED + MINUTE)
        promise(ticket, datetime(2026, 12, 11, 17, tzinfo=LOCAL), FILED + 2 * MINUTE)
        set_day(session, date(2026, 12, 3), None, FILED + 3 * MINUTE)
        assert local_date(ticket.due_at) == date(2026, 12, 11)
        set_day(session, date(2026, 12, 3), False, FILED + 4 * MINUTE)
        set_day(session, date(2026, 12, 10), False, FILED + 5 * MINUTE)
        assert local_date(ticket.due_at) == date(2026, 12, 14)

    database.run_now(work)


@pytest.mark.parametrize("case", ["late", "closed", "hourly"])
def test_what_is_late_closed_or_runs_by_the_clock_stays(database: Database, case: str) -> None:
    def work(session: Session) -> None:
        ticket = file(session, 1, 3, "ANTT" if case == "hourly" else "RAC")
        now = due_after(3) + MINUTE if case == "late" else FILED + MINUTE
        ticket.closed_at = FILED if case == "closed" else None
        set_day(session, date(2026, 12, 3), False, now)
        assert ticket.due_at == due_after(3)

    database.run_now(work)


def test_one_rule_a_date_and_none_where_it_was_taken_back(database: Database) -> None:
    def work(session: Session) -> None:
        first, second = date(2026, 12, 3), date(2026, 12, 5)
        for number, (day, working) in enumerate([(first, False), (second, True), (first, None)]):
            set_day(session, day, working, FILED + number * MINUTE)
        assert rules_of(list_days(session)) == [DayRule(second, True, "Bão")]

    database.run_now(work)
