"""The lunar calendar against printed ones (tests/core/lunar_days.txt), and that it has neither gaps nor doubles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from core.lunar import find_month, list_months, month_of_day
from core.recurrence.dates import lunar_days

TABLE = Path(__file__).with_name("lunar_days.txt")
KNOWN = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if " | " in line and line[0] != "#"]


def known() -> Iterator[tuple[int, int, bool, int, date]]:
    for line in KNOWN:
        lunar, solar = line.split(" | ")
        number, month, year = lunar.split("/")
        day, month_of_year, of = (int(part) for part in solar.split("/"))
        leap = month.endswith("n")
        yield int(year), int(month.removesuffix("n")), leap, int(number), date(of, month_of_year, day)


@pytest.mark.parametrize(("year", "month", "leap", "number", "day"), list(known()), ids=KNOWN)
def test_as_printed(year: int, month: int, leap: bool, number: int, day: date) -> None:
    found = find_month(year, month, leap=leap)
    assert found is not None
    assert found.day(number) == day
    assert month_of_day(day) == found


def test_the_table_is_as_long_as_it_must_be() -> None:
    assert len([day for *_, day in known() if 2024 <= day.year <= 2030]) >= 60


def test_leap_years_of_two_centuries() -> None:
    """As published for 2020 to 2050; and twelve or thirteen months of 29 or 30 days, one after the other."""
    months = list(list_months(date(1901, 1, 1), date(2099, 12, 31)))
    for one, following in pairwise(months):
        assert one.begins + timedelta(days=one.length) == following.begins
        assert one.length in (29, 30)
        assert following.is_leap == (following.month == one.month)
        assert following.is_leap or following.month == one.month % 12 + 1
    leap = {one.year: one.month for one in months if one.is_leap and 2020 <= one.year <= 2050}
    assert leap == {
        **{2020: 4, 2023: 2, 2025: 6, 2028: 5, 2031: 3, 2033: 11, 2036: 6},
        **{2039: 5, 2042: 2, 2044: 7, 2047: 5, 2050: 3},
    }


def test_a_month_that_comes_twice_is_kept_once_and_every_month_counts_it() -> None:
    year = date(2028, 1, 26), date(2029, 2, 12)
    assert find_month(2026, 5, leap=True) is None
    assert list(lunar_days([(5, 5)], *year)) == [date(2028, 5, 28)]
    assert len(list(lunar_days([(0, 15)], *year))) == 13
