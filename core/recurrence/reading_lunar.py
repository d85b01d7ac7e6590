"""Reads days of the lunar calendar: «rằm tháng Giêng», «mùng 10 tháng 3 âm lịch», «mùng 1 và rằm hằng tháng»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.lunar import FIRST_YEAR, LAST_YEAR, find_month, month_of_day
from core.recurrence.dates import lunar_days
from core.recurrence.line import Line
from core.recurrence.reading_when import Ways
from core.recurrence.result import CannotRead, Doubt, Trouble
from core.recurrence.rule import LunarDays, OnDates
from core.recurrence.vocabulary import MONTH, NUMBERS, number_of

_CALENDAR: Final = r"(?:(?:theo|lich|ngay|tinh theo) )*(?:am lich|lich am|al)"
_MUNG: Final = r"(?:mung|mong) (?:\d{1,2}|mot|hai|ba|bon|tu|nam|sau|bay|tam|chin|muoi)"
_DAY: Final = rf"(?:{_MUNG}|\d{{1,2}})"
# «tháng Giêng» with its day, «tháng Chạp» and «rằm» are lunar without saying so; «mùng 5 tháng 3» is not.
_MENTION: Final = (
    rf"(?:{_CALENDAR}|ram(?: thang [a-z0-9]+(?: nhuan)?)?"
    rf"|(?:{_DAY} )?thang chap|{_DAY} thang gieng|{_DAY} tet)"
)
_MONTHS: Final = {**NUMBERS, "chap": 12, "tet": 1}
_NO_MORE: Final = r"(?!\d|[/.:-]\d| ?[hg](?![a-z])| (?:ngay|tuan|lan|buoi)(?! \d))"
_TOKEN: Final = (
    rf"(?:(?:ngay|dem|hom|chinh) )?(?:(?P<of>ram|{_DAY})"
    rf"(?: ?/ ?(?P<digits>\d{{1,2}})(?:/(?P<year>\d{{4}}))?| thang (?P<month>{MONTH}|chap)(?! nhuan)| (?P<tet>tet))"
    rf"|(?P<alone>ram|{_MUNG}|ngay {_DAY}|(?:va|,|;) ?\d{{1,2}})(?! ?/| thang)){_NO_MORE}"
)
_BEYOND: Final = timedelta(days=800)


@dataclass(frozen=True, slots=True)
class _Said:
    """A day as it stands in the line; without a month it is one of the month that is named behind it, or of all."""

    day: int
    month: int | None


def mentions_lunar(line: Line) -> str | None:
    """The words by which a line speaks of the lunar calendar, as they were written; None when it does not."""
    found = line.find(_MENTION)
    return None if found is None else line.as_written(found).strip()


def read_lunar(line: Line, today: date) -> Ways:
    """All ways to read the days. Raises CannotRead."""
    mentioned = mentions_lunar(line) or ""
    line.take_all(_CALENDAR)
    found = line.take_all(_TOKEN)
    if not found:
        raise CannotRead(Trouble.LUNAR, mentioned)
    said = [_said(line, one) for one in found]
    year = _read_year(line, found, today)
    often = line.take(r"(?:hang|moi|cac|tung) ?(?P<unit>thang|nam)")
    line.take_all(_CALENDAR)
    monthly = all(one.month is None for one in said)
    if often is not None and (often["unit"] == "thang") != monthly:
        raise CannotRead(Trouble.LUNAR, mentioned)
    days = tuple(sorted(set(_placed(said, monthly, mentioned))))
    always = LunarDays(days)
    if year is not None and not monthly:
        return Ways((OnDates(_of_year(days, year)),))
    if often is not None:
        return Ways((always,))
    return Ways((OnDates(_next(days, today)), always), Doubt.ONCE_OR_ALWAYS)


def _said(line: Line, found: re.Match[str]) -> _Said:
    words = found["of"] or found["alone"]
    day = 15 if words.endswith("ram") else number_of(words.split()[-1].lstrip(",;"))
    name = found["digits"] or found["month"] or found["tet"]
    month = None
    if name is not None:
        word = " ".join(name.split())
        month = _MONTHS[word] if word in _MONTHS else int(word)
        # «30 Tết» is the eve, in the month before.
        month = 12 if word == "tet" and day > 20 else month
    if not 1 <= day <= 30 or (month is not None and not 1 <= month <= 12):
        raise CannotRead(Trouble.NO_SUCH_DAY, line.as_written(found).strip())
    return _Said(day, month)


def _placed(said: list[_Said], monthly: bool, mentioned: str) -> list[tuple[int, int]]:
    """«rằm và 30 tháng Chạp»: both of that month."""
    if monthly:
        return [(0, one.day) for one in said]
    placed, month = [], None
    for one in reversed(said):
        month = one.month or month
        if month is None:
            raise CannotRead(Trouble.LUNAR, mentioned)
        placed.append((month, one.day))
    return placed


def _read_year(line: Line, found: list[re.Match[str]], today: date) -> int | None:
    """The lunar year: it is still the old one until Tết."""
    written = line.take(r"nam (?P<year>\d{4}|nay|sau|toi)")
    year = written["year"] if written else next((one["year"] for one in found if one["year"]), None)
    if year is None:
        return None
    number = int(year) if year.isdigit() else month_of_day(today).year + (year != "nay")
    if not FIRST_YEAR <= number < LAST_YEAR:
        raise CannotRead(Trouble.NO_SUCH_DAY, year)
    return number


def _of_year(days: tuple[tuple[int, int], ...], year: int) -> tuple[date, ...]:
    months = [(find_month(year, month), day) for month, day in days]
    return tuple(sorted(month.day(day) for month, day in months if month is not None))


def _next(days: tuple[tuple[int, int], ...], today: date) -> tuple[date, ...]:
    """The next one of each."""
    found = (min(day for day in lunar_days([one], today, today + _BEYOND) if day >= today) for one in days)
    return tuple(sorted(found))
