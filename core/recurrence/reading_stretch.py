"""Reads stretches and single days: «tháng 8-9/2025», «quý 4», «từ 1/12 đến 15/12», «5/9/2026», «thứ Hai tuần sau»."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from core.recurrence.line import Line, pattern
from core.recurrence.reading_limits import Limits
from core.recurrence.result import CannotRead, Trouble
from core.recurrence.rule import Span, When, YearlySpan
from core.recurrence.vocabulary import (
    DATE,
    MONTH,
    RELATIVE,
    WEEKDAY,
    NotADay,
    number_of,
    read_date,
    read_relative,
    weekday_of,
    year_of,
)


def read_stretch(line: Line, paced: bool, yearly: bool, limits: Limits, today: date) -> When | None:
    """«tháng 8-9/2025», «quý 4», «6 tháng đầu năm 2026», «từ 1/12 đến 15/12», each also of every year.

    `paced`: how often was said, which but for «hằng năm» makes no stretch.
    """
    if (months := _months_said(line, today)) is not None:
        first, last, year = months
        if yearly:
            return YearlySpan((first, 1), (last, 31))
        begins, ends = year or today.year, (year or today.year) + (last < first)
        if year is None and date(ends, last, monthrange(ends, last)[1]) < today:
            begins, ends = begins + 1, ends + 1
        elif year is not None and last < first:
            begins, ends = begins - 1, ends - 1
        return Span(date(begins, first, 1), date(ends, last, monthrange(ends, last)[1]))
    if limits.first is None or limits.last is None or (paced and not yearly):
        return None
    if yearly and not limits.years:
        first_day, last_day = limits.first, limits.last
        return YearlySpan((first_day.month, first_day.day), (last_day.month, last_day.day))
    return None if yearly else Span(limits.first, limits.last)


def _months_said(line: Line, today: date) -> tuple[int, int, int | None] | None:
    year = r"(?:(?: ?/ ?| nam | )(?P<year>\d{4}|nay|sau)(?! ?tuan))?"
    found = line.take(
        rf"(?:tu )?(?:thang |t)(?P<first>{MONTH}) ?(?P<by>-|den|toi|,|va) ?"
        rf"(?:het )?(?:thang |t)?(?P<last>{MONTH}){year}"
    )
    if found is not None:
        first, last = _valid_months(line, found)
        # «tháng 8, 9» is a stretch; «tháng 6 và tháng 11» is not, and its days are not said.
        if found["by"] in (",", "va") and last - first != 1:
            raise CannotRead(Trouble.UNKNOWN, line.as_written(found).strip())
        return first, last, year_of(found["year"], today)
    found = line.take(rf"(?:trong )?(?:thang |t)(?P<first>(?P<last>{MONTH})){year}")
    if found is not None:
        return (*_valid_months(line, found), year_of(found["year"], today))
    found = line.take(rf"(?:trong )?(?:quy |qui |q)(?P<quarter>[1-4]|iii|ii|iv|i){year}")
    if found is not None:
        roman = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
        quarter = roman.get(found["quarter"]) or int(found["quarter"])
        return quarter * 3 - 2, quarter * 3, year_of(found["year"], today)
    found = line.take(r"(?:trong )?(?:6|sau) thang (?P<half>dau|cuoi) nam(?: (?P<year>\d{4}|nay|sau))?")
    if found is not None:
        first = 1 if found["half"] == "dau" else 7
        return first, first + 5, year_of(found["year"], today)
    found = line.take(r"(?:trong )?nam (?P<year>\d{4}|nay|sau)")
    return (1, 12, year_of(found["year"], today)) if found is not None else None


def _valid_months(line: Line, found: re.Match[str]) -> tuple[int, int]:
    first, last = (number_of(" ".join(found[name].split())) for name in ("first", "last"))
    if not (1 <= first <= 12 and 1 <= last <= 12):
        raise CannotRead(Trouble.NO_SUCH_DAY, line.as_written(found).strip())
    return first, last


def read_single(line: Line, today: date) -> tuple[date, ...] | None:
    found = line.take_all(rf"(?:(?P<weekday>{WEEKDAY}),? (?=(?:ngay )?\d))?(?P<day>{RELATIVE}|{DATE})")
    days = []
    for one in found:
        words = " ".join(one["day"].split())
        try:
            relative = pattern(RELATIVE).fullmatch(words)
            days.append(read_relative(words, today) if relative else read_date(words, today).upcoming(today))
        except NotADay:
            raise CannotRead(Trouble.NO_SUCH_DAY, line.as_written(one).strip()) from None
        # «thứ Ba ngày 2/12»: who writes both means both, and one of them is a slip.
        if one["weekday"] and weekday_of(one["weekday"]) != days[-1].weekday():
            raise CannotRead(Trouble.NO_SUCH_DAY, line.as_written(one).strip())
    return tuple(sorted(set(days))) or None
