"""Working days and deadlines around Tết, swapped Saturdays and midnight, and dates as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import (
    LOCAL,
    DayRule,
    WorkCalendar,
    at,
    load_calendar,
    local_date,
    spoken_date,
    spoken_moment,
)

CALENDAR = load_calendar()
CLOSES = time(17)


def local(day: str, hour: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-01-01", False),
        ("2026-01-02", False),
        ("2026-01-05", True),
        ("2026-01-10", True),
        ("2026-01-17", False),
        ("2026-02-13", True),
        *[(f"2026-02-{day}", False) for day in range(14, 23)],
        ("2026-02-23", True),
        ("2026-04-26", False),
        ("2026-04-27", False),
        ("2026-04-28", True),
        ("2026-04-30", False),
        ("2026-05-01", False),
        ("2026-05-04", True),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-09-01", False),
        ("2026-09-02", False),
        ("2026-09-03", True),
        ("2026-10-10", False),
        ("2026-12-25", True),
        ("2027-01-01", False),
        ("2027-02-05", False),
        ("2027-02-08", False),
        ("2027-04-16", False),
        ("2027-05-03", False),
        ("2027-09-02", False),
    ],
)
def test_which_days_offices_work(day: str, working: bool) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is working


def test_the_law_alone_does_not_know_swapped_days() -> None:
    bare = WorkCalendar()
    assert bare.is_working_day(date(2026, 1, 2))
    assert not bare.is_working_day(date(2026, 1, 10))


def test_a_ward_can_add_its_own_day() -> None:
    storm = WorkCalendar([DayRule(date(2026, 6, 10), False, "Bão")])
    assert not storm.is_working_day(date(2026, 6, 10))


@pytest.mark.parametrize(
    ("taken", "days", "due"),
    [
        ("2026-06-08 09:00", 1, "2026-06-09"),
        ("2026-06-08 23:59", 1, "2026-06-09"),
        ("2026-06-09 00:01", 1, "2026-06-10"),
        ("2026-06-12 10:00", 1, "2026-06-15"),
        ("2026-06-13 10:00", 1, "2026-06-15"),
        ("2026-06-14 22:00", 3, "2026-06-17"),
        ("2026-02-13 16:00", 1, "2026-02-23"),
        ("2026-02-12 16:00", 3, "2026-02-24"),
        ("2026-02-17 08:00", 2, "2026-02-24"),
        ("2026-01-08 09:00", 2, "2026-01-10"),
        ("2026-01-09 09:00", 2, "2026-01-12"),
        ("2025-12-31 09:00", 1, "2026-01-05"),
        ("2026-08-21 09:00", 1, "2026-08-22"),
        ("2026-08-28 09:00", 1, "2026-09-03"),
        ("2026-04-24 09:00", 3, "2026-05-04"),
        ("2026-06-08 09:00", 0, "2026-06-08"),
        ("2026-06-08 17:00", 0, "2026-06-09"),
        ("2026-06-13 09:00", 0, "2026-06-15"),
    ],
)
def test_deadlines_end_with_the_office_day(taken: str, days: int, due: str) -> None:
    result = CALENDAR.add_working_days(local(*taken.split()), days, CLOSES)
    assert result == local(due, "17:00")
    assert result.tzinfo is UTC


def test_the_office_date_is_the_local_one() -> None:
    # 18:30 in UTC on Sunday is already Monday morning in Vietnam.
    moment = datetime(2026, 6, 7, 18, 30, tzinfo=UTC)
    assert local_date(moment) == date(2026, 6, 8)
    assert CALENDAR.add_working_days(moment, 1, CLOSES) == local("2026-06-09", "17:00")


def test_hours_run_by_the_clock() -> None:
    assert CALENDAR.add_hours(local("2026-02-17", "23:00"), 2) == local("2026-02-18", "01:00")
    assert CALENDAR.add_hours(local("2026-06-08"), 0.5).tzinfo is UTC


def test_naive_moments_and_negative_days_are_refused() -> None:
    naive = datetime(2026, 6, 8, 9)  # noqa: DTZ001
    for ask in (local_date, spoken_moment, lambda when: CALENDAR.add_hours(when, 1)):
        with pytest.raises(ValueError, match="time zone"):
            ask(naive)
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.add_working_days(naive, 1, CLOSES)
    with pytest.raises(ValueError, match="before its start"):
        CALENDAR.add_working_days(local("2026-06-08"), -1, CLOSES)


def test_neighbouring_working_days() -> None:
    assert CALENDAR.next_working_day(date(2026, 2, 13)) == date(2026, 2, 23)
    assert CALENDAR.previous_working_day(date(2026, 2, 23)) == date(2026, 2, 13)
    assert CALENDAR.working_days_between(date(2026, 2, 12), date(2026, 2, 24)) == 3
    assert CALENDAR.working_days_between(date(2026, 2, 24), date(2026, 2, 12)) == -3


@given(st.integers(0, 3 * 365 * 24 * 60), st.integers(0, 60))
def test_a_deadline_is_a_working_day_and_counts_right(minutes: int, days: int) -> None:
    taken = local("2026-01-01", "00:00") + timedelta(minutes=minutes)
    due = CALENDAR.add_working_days(taken, days, CLOSES)
    assert due > taken
    assert CALENDAR.is_working_day(local_date(due))
    if days:
        assert CALENDAR.working_days_between(taken.date(), local_date(due)) == days


def test_days_nobody_has_confirmed_are_listed() -> None:
    assert [rule.on for rule in CALENDAR.unconfirmed(2026)] == [date(2026, 11, 24)]
    assert date(2027, 2, 10) in {rule.on for rule in CALENDAR.unconfirmed(2027)}
    assert all(rule.reason for rule in CALENDAR.unconfirmed(2027))


def test_dates_as_people_read_them() -> None:
    assert spoken_date(date(2027, 2, 5)) == "Thứ Sáu 5/2/2027"
    assert spoken_date(date(2026, 2, 22)) == "Chủ nhật 22/2/2026"
    assert spoken_moment(datetime(2027, 2, 5, 1, 15, tzinfo=UTC)) == "08:15 Thứ Sáu 5/2/2027"
    assert spoken_moment(at(date(2026, 6, 8), CLOSES)) == "17:00 Thứ Hai 8/6/2026"
    with pytest.raises(TypeError):
        spoken_date(datetime(2026, 6, 8, 20, tzinfo=UTC))


def test_local_time_has_no_summer_time() -> None:
    assert {local(f"2026-{month:02}-01").utcoffset() for month in range(1, 13)} == {timedelta(hours=7)}
