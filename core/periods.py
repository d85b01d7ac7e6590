"""Reads a period as people in an office write it: "11/2026", "tuần này", "quý IV", "1/11 đến 15/11"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_ONE_DAY: Final = timedelta(days=1)
_EARLIEST, _LATEST = 2000, 2100
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, the first and the last included."""

    first: date
    last: date


def read_period(text: str, today: date) -> Period | None:
    """The period that the whole text names, with or without marks; None when it names none.

    What has no year is the latest that has begun: «tháng 12», said in November, is last year's.
    """
    plain = " ".join(_plain(text).split())
    for pattern, read in _FORMS:
        found = pattern.fullmatch(plain)
        if found is not None:
            try:
                return read(found, today)
            except (ValueError, OverflowError):
                return None
    return None


def month_of(year: int, month: int) -> Period:
    """A calendar month. Raises ValueError for a month that does not exist."""
    first = date(year, month, 1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - _ONE_DAY)


def _plain(text: str) -> str:
    """Lower case without marks; the strokes of dates and the hyphen between two days stay."""
    folded = text.lower().translate(_FOLDED)
    return re.sub(r"\s*[–—-]\s*", " - ", re.sub(r"\s*/\s*", "/", re.sub(r"[^0-9a-z/–—-]+", " ", folded)))


def _folding() -> dict[int, str]:
    groups = {
        "a": "àáảãạăằắẳẵặâầấẩẫậ",
        "e": "èéẻẽẹêềếểễệ",
        "i": "ìíỉĩị",
        "o": "òóỏõọôồốổỗộơờớởỡợ",
        "u": "ùúủũụưừứửữự",
        "y": "ỳýỷỹỵ",
        "d": "đ",
    }
    return {ord(letter): plain for plain, letters in groups.items() for letter in letters}


_FOLDED: Final = _folding()


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    year = int(text) + (2000 if len(text) == 2 else 0)
    if not _EARLIEST <= year <= _LATEST:
        raise ValueError(text)
    return year


def _month(found: re.Match[str], today: date) -> Period:
    month, year = int(found["month"]), _year(found["year"])
    if year is None:
        year = today.year if month <= today.month else today.year - 1
    return month_of(year, month)


def _quarter_of(year: int, quarter: int) -> Period:
    return Period(month_of(year, quarter * 3 - 2).first, month_of(year, quarter * 3).last)


def _quarter(found: re.Match[str], today: date) -> Period:
    said = found["quarter"]
    quarter, year = _ROMAN.get(said) or int(said), _year(found["year"])
    if year is None:
        year = today.year if quarter * 3 - 2 <= today.month else today.year - 1
    return _quarter_of(year, quarter)


def _whole_year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def _day(day: str, month: str, year: int | None, today: date) -> date:
    found = date(year or today.year, int(month), int(day))
    return found if year or found <= today else found.replace(year=found.year - 1)


def _single(found: re.Match[str], today: date) -> Period:
    day = _day(found["d1"], found["m1"], _year(found["y1"]), today)
    return Period(day, day)


def _between(found: re.Match[str], today: date) -> Period | None:
    last = _day(found["d2"], found["m2"], _year(found["y2"]), today)
    year = _year(found["y1"])
    first = date(year or last.year, int(found["m1"]), int(found["d1"]))
    if year is None and first > last:
        first = first.replace(year=first.year - 1)
    return Period(first, last) if first <= last else None


def _last_days(found: re.Match[str], today: date) -> Period | None:
    count = int(found["count"]) * (7 if found["unit"] == "tuan" else 1)
    return Period(today - timedelta(days=count - 1), today) if count else None


def _week(found: re.Match[str], today: date) -> Period:
    monday = today - timedelta(days=today.weekday() + (0 if found["which"] == "nay" else 7))
    return Period(monday, monday + timedelta(days=6))


def _near_month(found: re.Match[str], today: date) -> Period:
    this = month_of(today.year, today.month)
    before = this.first - _ONE_DAY
    return this if found["which"] == "nay" else month_of(before.year, before.month)


def _near_quarter(found: re.Match[str], today: date) -> Period:
    this = _quarter_of(today.year, (today.month + 2) // 3)
    before = this.first - _ONE_DAY
    return this if found["which"] == "nay" else _quarter_of(before.year, (before.month + 2) // 3)


def _near_year(found: re.Match[str], today: date) -> Period:
    return _whole_year(today.year if found["which"] == "nay" else today.year - 1)


_Reader = Callable[[re.Match[str], date], Period | None]
_NEAR = r"(?P<which>nay|truoc|vua roi|roi|qua|ngoai)"
_OF_YEAR = r"(?:(?:/| nam | )(?P<year>\d{4}|\d{2}))?"
_FROM = r"(?P<d1>\d{1,2})/(?P<m1>\d{1,2})(?:/(?P<y1>\d{4}|\d{2}))?"
_UNTIL = r"(?P<d2>\d{1,2})/(?P<m2>\d{1,2})(?:/(?P<y2>\d{4}|\d{2}))?"
_FORMS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = (
    (re.compile(rf"(?:tu )?(?:ngay )?{_FROM} (?:-|den|toi)(?: het)?(?: ngay)? {_UNTIL}"), _between),
    (re.compile(r"(?P<month>\d{1,2})/(?P<year>\d{4})"), _month),
    (re.compile(rf"(?:ngay )?{_FROM}"), _single),
    (re.compile(rf"(?:thang ?|t)(?P<month>\d{{1,2}}){_OF_YEAR}"), _month),
    (re.compile(rf"(?:quy ?|q)(?P<quarter>[1-4]|iii|ii|iv|i){_OF_YEAR}"), _quarter),
    (re.compile(r"(?:nam )?(?P<year>\d{4})"), lambda found, _: _whole_year(_year(found["year"]) or 0)),
    (re.compile(r"hom nay"), lambda _, today: Period(today, today)),
    (re.compile(r"hom qua"), lambda _, today: Period(today - _ONE_DAY, today - _ONE_DAY)),
    (re.compile(rf"tuan {_NEAR}"), _week),
    (re.compile(rf"thang {_NEAR}"), _near_month),
    (re.compile(rf"quy {_NEAR}"), _near_quarter),
    (re.compile(rf"nam {_NEAR}"), _near_year),
    (re.compile(r"(?P<count>\d{1,3}) (?P<unit>ngay|tuan) (?:qua|gan day|vua qua|roi)"), _last_days),
)
