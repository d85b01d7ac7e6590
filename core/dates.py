"""Reads a day as people in an office write it: "30/11", "thứ sáu tuần sau", "3 ngày nữa", "mai"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from core.wards import fold
from core.weekdays import WEEKDAY_WORDS

_NUMBERS = {
    **{"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10},
}
_SHORT = {"mai": (), "mot": ("mốt",), "kia": (), "nay": ()}
_MOST_DAYS = 400
_Reader = Callable[[re.Match[str], date], date | None]


def read_day(text: str, today: date) -> tuple[date | None, str]:
    """The day that a text begins with and what follows it; (None, text) when it begins with none.

    A day without a year is the next one of that date. A date that does not exist is none.
    """
    words = list(re.finditer(r"\S+", text))
    for count in range(min(6, len(words)), 0, -1):
        head = text[: words[count - 1].end()].rstrip(":,;.-–— ")
        day = _read(_plain(head), today) if _may_be_day(head) else None
        if day is not None:
            return day, text[words[count - 1].end() :].lstrip(" :,;.-–—").rstrip()
    return None, text


def _may_be_day(head: str) -> bool:
    """A single short word is a day only with its own marks: «mái tôn» is no tomorrow."""
    plain = fold(head)
    return plain not in _SHORT or head.lower() in (plain, *_SHORT[plain])


def _plain(text: str) -> str:
    """Without marks and capitals; dates keep their strokes."""
    return " ".join(fold(part) if not re.search(r"\d[/.-]\d", part) else part for part in text.split())


def _read(plain: str, today: date) -> date | None:
    for pattern, read in _FORMS:
        found = pattern.fullmatch(plain)
        if found is not None:
            return read(found, today)
    return None


def _written(found: re.Match[str], today: date) -> date | None:
    number, month = int(found["day"]), int(found["month"])
    year = int(found["year"]) if found["year"] else today.year
    if year < 100:
        year += 2000
    try:
        day = date(year, month, number)
        return day if found["year"] or day >= today else date(year + 1, month, number)
    except ValueError:
        return None


def _weekday(found: re.Match[str], today: date) -> date:
    wanted = 6 if found["day"] is None else WEEKDAY_WORDS[found["day"]]
    if found["next"]:
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=wanted)
    return today + timedelta(days=(wanted - today.weekday()) % 7)


def _later(found: re.Match[str], today: date) -> date | None:
    number = _NUMBERS.get(found["count"]) or int(found["count"])
    days = number * (7 if found["unit"] == "tuan" else 1)
    return today + timedelta(days=days) if 0 < days <= _MOST_DAYS else None


_COUNT = r"\d{1,3}|" + "|".join(_NUMBERS)
_FORMS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (
        re.compile(r"(?:ngay )?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>\d{2}|\d{4}))?"),
        _written,
    ),
    (
        re.compile(
            r"(?:(?:thu |t)(?P<day>hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn)(?P<next> tuan (?:sau|toi))?"
        ),
        _weekday,
    ),
    (re.compile(rf"(?P<count>{_COUNT}) (?P<unit>ngay|hom|tuan) (?:nua|toi|sau)"), _later),
    (re.compile(r"hom nay|nay"), lambda _found, today: today),
    (re.compile(r"(?:ngay )?mai|sang mai|chieu mai"), lambda _found, today: today + timedelta(days=1)),
    (re.compile(r"(?:ngay )?(?:mot|kia)|ngay kia"), lambda _found, today: today + timedelta(days=2)),
    (re.compile(r"tuan sau|tuan toi"), lambda _found, today: today + timedelta(days=7 - today.weekday())),
    (re.compile(r"cuoi tuan"), lambda _found, today: today + timedelta(days=(4 - today.weekday()) % 7)),
)
