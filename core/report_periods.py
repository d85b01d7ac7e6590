"""Periods of reports: calendar ones, half-years, and the state's own («kỳ tháng 11» is 15/10 to 14/11)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from core.periods import Period, month_of, read_period
from core.wards import fold

_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_STATE: Final = re.compile(r"(?:theo )?ky(?: bao cao| so lieu)? (?P<rest>.+)")
_MONTH: Final = re.compile(r"(?:thang ?|t)?(?P<month>\d{1,2})(?: nam)?(?: (?P<year>\d{4}))?")
_QUARTER: Final = re.compile(r"(?:quy ?|q)(?P<quarter>[1-4]|iii|ii|iv|i)(?: nam)?(?: (?P<year>\d{4}))?")
_HALF: Final = re.compile(r"(?:6|sau) thang (?P<half>dau|cuoi) nam(?: nay)?(?: (?P<year>\d{4}))?")
_YEAR: Final = re.compile(r"nam (?:(?P<year>\d{4})|(?P<near>nay|truoc|ngoai))")
_NEAR: Final = re.compile(r"(?P<unit>nay|thang nay|thang truoc|truoc)")


def read_report_period(text: str, today: date) -> Period | None:
    """The period that the whole text names; None when it names none. Without a year the latest that has begun.

    After «kỳ» the periods of the state's reports (Decree 09/2019/NĐ-CP): a month from the 15th of the one before to
    its 14th; so the quarter, half-year and year end on the 14th of their last month.
    """
    plain = fold(text)
    found = _STATE.fullmatch(plain)
    if found is not None:
        return _state_period(found["rest"], today)
    half = _HALF.fullmatch(plain)
    if half is not None:
        return _half(half, today, state=False)
    return read_period(text, today)


def state_month(year: int, month: int) -> Period:
    """The month as the state's reports count it. Raises ValueError for a month that does not exist."""
    return _shifted(month_of(year, month))


def state_month_at(day: date) -> Period:
    """The reporting month that a day lies in."""
    first = day.replace(day=1)
    return state_month(first.year, first.month) if day.day < 15 else _next_month(first)


def _next_month(first: date) -> Period:
    later = (first + timedelta(days=31)).replace(day=1)
    return state_month(later.year, later.month)


def _shifted(calendar: Period) -> Period:
    """From the 15th of the month before the first to the 14th of the last."""
    before = (calendar.first - timedelta(days=1)).replace(day=15)
    return Period(before, calendar.last.replace(day=14))


def _state_period(rest: str, today: date) -> Period | None:
    for pattern, read in _STATE_FORMS:
        found = pattern.fullmatch(rest)
        if found is not None:
            try:
                return read(found, today)
            except ValueError:
                return None
    return None


def _state_half(found: re.Match[str], today: date) -> Period:
    return _half(found, today, state=True)


def _near(found: re.Match[str], today: date) -> Period:
    this = state_month_at(today)
    return this if found["unit"] in ("nay", "thang nay") else state_month_at(this.first - timedelta(days=1))


def _month(found: re.Match[str], today: date) -> Period:
    month = int(found["month"])
    if found["year"]:
        return state_month(_checked(int(found["year"])), month)
    this = state_month(today.year, month)
    return this if this.first <= today else state_month(today.year - 1, month)


def _quarter(found: re.Match[str], today: date) -> Period:
    quarter = _ROMAN.get(found["quarter"]) or int(found["quarter"])

    def of(year: int) -> Period:
        calendar = Period(month_of(year, quarter * 3 - 2).first, month_of(year, quarter * 3).last)
        return _shifted(calendar)

    return _latest(found["year"], today, of)


def _half(found: re.Match[str], today: date, *, state: bool) -> Period:
    first, last = (1, 6) if found["half"] == "dau" else (7, 12)

    def of(year: int) -> Period:
        calendar = Period(month_of(year, first).first, month_of(year, last).last)
        return _shifted(calendar) if state else calendar

    return _latest(found["year"], today, of)


def _year(found: re.Match[str], today: date) -> Period:
    year = int(found["year"]) if found["year"] else today.year - (found["near"] != "nay")
    return _shifted(Period(date(_checked(year), 1, 1), date(year, 12, 31)))


def _latest(said: str | None, today: date, of: Callable[[int], Period]) -> Period:
    if said:
        return of(_checked(int(said)))
    this = of(today.year)
    return this if this.first <= today else of(today.year - 1)


def _checked(year: int) -> int:
    if not 2000 <= year <= 2100:
        raise ValueError(year)
    return year


_Reader = Callable[[re.Match[str], date], Period]
_STATE_FORMS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = (
    (_HALF, _state_half),
    (_QUARTER, _quarter),
    (_YEAR, _year),
    (_NEAR, _near),
    (_MONTH, _month),
)
