"""Reads the first and the last day of a rule: «từ 1/12 đến 15/12», «đến hết ngày 31/12/2026», «tháng này»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.recurrence.dates import month_start
from core.recurrence.line import Line, pattern
from core.recurrence.result import CannotRead, Trouble
from core.recurrence.vocabulary import DATE, RELATIVE, NotADay, read_date, read_relative

_HAS_YEAR: Final = re.compile(r"\d{4}|/\d{1,2}/\d{2}|nam (?:nay|sau|toi)")


@dataclass(frozen=True, slots=True)
class Limits:
    """The first and the last day that were said; `years`: at least one of them was written with its year."""

    first: date | None = None
    last: date | None = None
    years: bool = False
    part: str = ""
    months: int = 0
    """How long the period is that was named as near: «tháng này»."""


def read_limits(line: Line, today: date) -> Limits:
    """«từ 1/12 đến 15/12», «từ ngày 1/12», «đến hết ngày 31/12/2026»."""
    day = rf"(?:{DATE}|{RELATIVE})"
    both = line.take(rf"(?:(?:bat dau |ke )?tu )({day}) ?(?:-|den|toi)(?: het)? ({day})")
    both = both or line.take(rf"({DATE}) ?(?:-|den|toi)(?: het)? ?({DATE})")
    if both is not None:
        written = line.as_written(both).strip()
        return _between(both[1], both[2], written, today)
    first = line.take(rf"(?:bat dau )?(?:ke )?tu ({day})(?: tro di)?")
    last = line.take(rf"(?:cho )?(?:den|toi)(?: het)? ({day})")
    begins = _day(first[1], today) if first else None
    ends = _day(last[1], begins or today) if last else None
    part = line.as_written(first or last).strip() if first or last else ""  # type: ignore[arg-type]
    return Limits(begins, ends, part=part)


def _between(first: str, last: str, written: str, today: date) -> Limits:
    years = bool(_HAS_YEAR.search(first + " " + last))
    dates = [pattern(DATE).fullmatch(" ".join(text.split())) is not None for text in (first, last)]
    begins, ends = _day(first, today), _day(last, today)
    if all(dates) and _HAS_YEAR.search(last) and not _HAS_YEAR.search(first):
        # «từ 20/12 đến 5/1/2027»: the year stands once, at the end.
        begins = _in_year(begins, ends.year)
        begins = begins if begins <= ends else _in_year(begins, ends.year - 1)
    elif all(dates) and not years:
        # Without years a stretch that has begun is meant, else the next one.
        before = _in_year(begins, begins.year - 1)
        begins = before if before <= today <= _following(last, before) else begins
        ends = _following(last, begins)
    if ends < begins:
        raise CannotRead(Trouble.REVERSED, written)
    return Limits(begins, ends, years, written)


def _following(text: str, begins: date) -> date:
    return _day(text, begins)


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def read_near_period(line: Line, today: date) -> Limits | None:
    """«cuối tháng này», «ngày 20 tháng sau», «cuối năm nay»: the first and last day of that period."""
    edge = r"(?:dau|giua|cuoi|trong)"
    found = line.find(r"(?P<unit>thang|quy|qui) (?P<near>nay|sau|toi)") or line.find(
        rf"{edge} (?P<unit>nam) (?P<near>nay|sau|toi)"
    )
    if found is None:
        return None
    length = {"thang": 1, "nam": 12}.get(found["unit"], 3)
    month = today.year * 12 + today.month - 1
    month += (0 if found["near"] == "nay" else length) - month % length
    begins, ends = month_start(month), month_start(month + length) - timedelta(days=1)
    line.drop(found, "near")
    return Limits(begins, ends, True, line.as_written(found), length)


def _day(text: str, today: date) -> date:
    words = " ".join(text.split())
    if pattern(RELATIVE).fullmatch(words):
        return read_relative(words, today)
    try:
        return read_date(words, today).upcoming(today)
    except NotADay:
        raise CannotRead(Trouble.NO_SUCH_DAY, words) from None
