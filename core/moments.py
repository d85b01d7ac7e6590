"""Reads a moment as people in an office write it: "8h sáng mai", "thứ hai tuần sau 7h30", "30/11 lúc 17 giờ"."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from core.calendar import at, local_date
from core.dates import read_day
from core.wards import fold

_ONE_DAY = timedelta(days=1)
# «8h», «7h30», «7 giờ 30», «7 giờ rưỡi», «14:30», «8h sáng», «2 giờ chiều»
_HOUR = re.compile(
    r"(?<![\d/.-])(?:luc |vao )?(?P<hour>\d{1,2}) ?(?:(?:h|gio|g)(?: ?(?P<past>\d{2}|ruoi)(?: phut)?)?"
    r"|:(?P<minute>\d{2}))(?![\d/])"
)
_PART = re.compile(r"\b(sang som|sang|trua|chieu|toi|dem)\b")
_SOON = re.compile(r"(?P<count>\d{1,3}|nua|mot) (?P<unit>phut|tieng|gio)(?P<half> ruoi)? (?:nua|sau)")
_WORD = re.compile(r"\S+")
# The hour that a part of the day begins with when no hour is said, and the hours that it may hold.
_PARTS = {
    "sang som": (time(7), 0),
    "sang": (time(8), 0),
    "trua": (time(11, 30), 0),
    "chieu": (time(14), 12),
    "toi": (time(19), 12),
    "dem": (time(20), 12),
}
_FURTHEST = timedelta(days=90)


def read_moment(text: str, now: datetime) -> datetime | None:
    """The moment that a whole text names, in UTC; None when it names none, or one that is past or too far.

    Without a day it is the next time of that hour; without an hour, the usual one of the part of the day.
    """
    plain = _plain(text)
    soon = _SOON.fullmatch(plain)
    found = now + _distance(soon) if soon else _of_day(text, plain, now)
    return found if found is not None and now < found <= now + _FURTHEST else None


def _distance(soon: re.Match[str]) -> timedelta:
    if soon["count"] == "nua":
        return timedelta(minutes=30)
    number = 1 if soon["count"] == "mot" else int(soon["count"])
    half = 30 if soon["half"] else 0
    return timedelta(minutes=number) if soon["unit"] == "phut" else timedelta(hours=number, minutes=half)


def _of_day(text: str, plain: str, now: datetime) -> datetime | None:
    hour, part = _HOUR.search(plain), _PART.search(plain)
    clock = _clock(hour, part[0] if part else None)
    if clock is None:
        return None
    rest = _without(text, plain, [one.span() for one in (hour, part) if one is not None])
    if not rest:
        today = at(local_date(now), clock)
        return today if today > now else at(local_date(now) + _ONE_DAY, clock)
    day, left = read_day(rest, local_date(now))
    return at(day, clock) if day is not None and not left else None


def _clock(hour: re.Match[str] | None, part: str | None) -> time | None:
    """The hour of the day: «2 giờ chiều» is 14:00, «12 giờ đêm» is none that anybody means to send at."""
    if hour is None:
        return _PARTS[part][0] if part else None
    past = hour["past"] or hour["minute"] or "0"
    number, minute = int(hour["hour"]), 30 if past == "ruoi" else int(past)
    if part is not None and number < 12:
        number += _PARTS[part][1]
        if part == "trua" and number < 10:
            number += 12
    return time(number, minute) if number < 24 and minute < 60 else None


def _without(text: str, plain: str, spans: list[tuple[int, int]]) -> str:
    """The words of the text as they were written that do not belong to the hour; «lúc», «ngày» and commas aside."""
    taken = "".join(
        "\0" if any(first <= at_ < last for first, last in spans) else letter
        for at_, letter in enumerate(plain)
    )
    kept = [
        written.strip(" ,.;")
        for written, left in zip(text.split(), _pieces(plain, taken), strict=True)
        if left.strip("\0") and fold(written) not in ("luc", "vao")
    ]
    return " ".join(word for word in kept if word)


def _pieces(plain: str, taken: str) -> list[str]:
    return [taken[word.start() : word.end()] for word in _WORD.finditer(plain)]


def _plain(text: str) -> str:
    """Word by word without marks and capitals, so that the words stay where they were; signs stay."""
    return " ".join(_bare(word) for word in text.split())


def _bare(word: str) -> str:
    if re.search(r"\d", word):
        # «7h30,» and «30/11»: letters lose their marks, digits and signs stay.
        return (
            "".join(letter if not letter.isalpha() else fold(letter) for letter in word).strip(",.;") or word
        )
    return fold(word) or word
