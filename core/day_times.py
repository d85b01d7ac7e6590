"""Reads at which hour and on which days somebody wants something: "7h15, thứ hai đến thứ sáu", "6 rưỡi mỗi ngày"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from core.wards import fold
from core.weekdays import WEEKDAY_WORDS

MONDAY_TO_FRIDAY: Final = frozenset(range(5))
EVERY_DAY: Final = frozenset(range(7))
_DAYS: Final = {**WEEKDAY_WORDS, "cn": 6}
_DAY: Final = r"(?:(?:thu|t) ?(?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn)\b"
_NEXT: Final = r"(?:hai|ba|tu|nam|sau|bay|[2-7])\b(?! ?(?:h|gio)\b)"
_SPAN: Final = re.compile(rf"(?:tu )?({_DAY}) (?:den|toi) (?:het )?({_DAY}|{_NEXT})")
_ONE: Final = re.compile(_DAY)
# «thứ 2, 4, 6»: the word stands once.
_LIST: Final = re.compile(rf"({_DAY})((?: (?:va )?{_NEXT})+)")
_WORKING: Final = re.compile(r"(?:moi |cac |hang |hằng )?ngay (?:lam viec|thuong)")
_EVERY: Final = re.compile(r"(?:moi|hang|tat ca cac|ca) (?:ngay|tuan)|ngay nao cung|bay ngay")
_WEEKEND: Final = re.compile(r"cuoi tuan")
_TIME: Final = re.compile(
    r"(?:luc |vao |vao luc )?(\d{1,2}) ?(?:h|gio|g)(?: ?(\d{2}|ruoi))?(?: phut)?(?: (sang|chieu|toi|trua))?"
)
_COLON: Final = re.compile(r"(\d{1,2})[:.](\d{2})(?= |,|;|$)")
_HALF: Final = re.compile(r"(\d{1,2}) ruoi(?: (sang|chieu|toi))?")
_FILLERS: Final = frozenset(
    {"va", "vao", "luc", "cac", "gui", "nhan", "sang", "trong", "tuan", "nhe", "a", "ngay"}
)


@dataclass(frozen=True, slots=True)
class DayTimes:
    """What was said: `at` is None without an hour, `weekdays` None without days (Monday is 0)."""

    at: time | None = None
    weekdays: frozenset[int] | None = None


def read_day_times(text: str) -> DayTimes | None:
    """The hour and the days that the whole text names, with or without marks; None when something else is in it."""
    plain = " ".join(_COLON.sub(r"\1 gio \2", re.sub(r"\s*[-–—]\s*", " den ", text.lower())).split())
    rest, at = _take_time(fold(plain))
    rest, weekdays = _take_days(rest)
    if any(word not in _FILLERS for word in rest.split()) or (at is None and weekdays is None):
        return None
    return None if at is _WRONG else DayTimes(at, weekdays)


_WRONG: Final = time(23, 59, 59)


def _take_time(plain: str) -> tuple[str, time | None]:
    for pattern in (_TIME, _HALF):
        found = pattern.search(plain)
        if found is not None:
            rest = f"{plain[: found.start()]} {plain[found.end() :]}"
            if pattern is _HALF:
                return rest, _time(int(found[1]), 30, found[2])
            minute = 30 if found[2] == "ruoi" else int(found[2] or 0)
            return rest, _time(int(found[1]), minute, found[3])
    return plain, None


def _time(hour: int, minute: int, part: str | None) -> time:
    if part in ("chieu", "toi") and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else _WRONG


def _take_days(plain: str) -> tuple[str, frozenset[int] | None]:
    """Spans before single days: the end of a span may leave out its «thứ»."""
    found: set[int] = set()
    for pattern, days in ((_WORKING, MONDAY_TO_FRIDAY), (_EVERY, EVERY_DAY), (_WEEKEND, frozenset({5, 6}))):
        if pattern.search(plain):
            plain, found = pattern.sub(" ", plain), found | days
    for span in list(_SPAN.finditer(plain)):
        first, last = _day(span[1]), _day(span[2])
        found |= {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
    plain = _SPAN.sub(" ", plain)
    for listed in list(_LIST.finditer(plain)):
        found |= {_day(listed[1]), *(_day(word) for word in listed[2].split() if word != "va")}
    plain = _LIST.sub(" ", plain)
    found |= {_day(one.group()) for one in _ONE.finditer(plain)}
    return _ONE.sub(" ", plain), frozenset(found) or None


def _day(said: str) -> int:
    if said in ("cn", "chu nhat"):
        return 6
    return _DAYS[re.sub(r"^(?:thu|t) ?", "", said) or said]
