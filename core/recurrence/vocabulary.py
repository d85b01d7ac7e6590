"""The words of which rules are made, in plain letters: weekdays, ordinals, numbers, dates, hours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.recurrence.line import pattern
from core.recurrence.rule import LAST
from core.weekdays import WEEKDAY_WORDS

NUMBERS: Final[Mapping[str, int]] = {
    **{"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9},
    **{"muoi": 10, "muoi mot": 11, "muoi hai": 12, "gieng": 1},
}
_ORDINALS: Final[Mapping[str, int]] = {
    **{"nhat": 1, "dau tien": 1, "dau": 1, "cuoi cung": LAST, "cuoi": LAST, "ap chot": -2},
}
WEEKDAY: Final = r"(?:thu ?(?:hai|ba|tu|nam|sau|bay|[2-7])|t[2-7]|chu nhat|cn)"
# «đầu tiên» is «đầu» and «cuối cùng» is «cuối»; of two that begin alike the longer stands first.
ORDINAL: Final = r"(?:thu )?(?:nhat|dau tien|dau|hai|ba|tu|bon|nam|cuoi cung|cuoi|ap chot|[1-5])"
COUNT: Final = r"(?:\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi mot|muoi hai|muoi)"
MONTH: Final = r"(?:\d{1,2}|gieng|muoi mot|muoi hai|hai|ba|tu|nam|sau|bay|tam|chin|muoi)"
_YEAR: Final = r"(?:\d{4}|nay|sau|toi)"
# Written with its month, in digits or in words, with or without a year.
DATE: Final = (
    r"(?:ngay |mung |mong )?(?:\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})|\d{1,2}-\d{1,2}-\d{4}|\d{1,2}\.\d{1,2}\.\d{4}"
    rf"|\d{{1,2}}/\d{{1,2}}(?: nam {_YEAR})?|\d{{1,2}} thang {MONTH}(?:(?: nam |/){_YEAR})?)"
)
RELATIVE: Final = (
    rf"(?:{WEEKDAY} (?:nay|tuan (?:nay|sau|toi))|hom nay|ngay mai|sang mai|chieu mai|mai|ngay kia"
    rf"|{COUNT} (?:ngay|hom|tuan) nua|(?:ngay )?{WEEKDAY}? ?cuoi tuan (?:nay|sau))"
)
TIME: Final = r"\d{1,2} ?(?:h|g|gio|:) ?(?:\d{2}(?! ?/))?(?: ?(?:phut|ph|p))?(?: ruoi)?"
_WRITTEN: Final = re.compile(
    r"(?:\D*?)(?P<day>\d{1,2})(?:[/.-]|\s+thang\s+)(?P<month>[a-z0-9 ]+?)"
    r"(?:(?:[/.-]|\s+nam\s+|/)(?P<year>\d{4}|\d{2}|nay|sau|toi))?$"
)


class NotADay(ValueError):
    """A date that is in no calendar."""


@dataclass(frozen=True, slots=True)
class DayMonth:
    """A date as it was written: without a year it may come every year."""

    day: int
    month: int
    year: int | None = None

    def upcoming(self, today: date) -> date:
        """The date itself, or the next one where no year was written. Raises NotADay."""
        for year in (self.year,) if self.year else range(today.year, today.year + 9):
            try:
                found = date(year or 0, self.month, self.day)
            except ValueError:
                # The 29th of February without a year is a day of some year to come.
                if self.year is None and (self.day, self.month) == (29, 2):
                    continue
                raise NotADay(f"{self.day}/{self.month}") from None
            if self.year or found >= today:
                return found
        raise NotADay(f"{self.day}/{self.month}")


def weekday_of(text: str) -> int:
    """From «thu sau», «t6», «cn», or the bare word within a list."""
    word = re.sub(r"^(?:thu\s*|t(?=[2-7]))", "", text.strip())
    return 6 if word in ("cn", "chu nhat") or word.startswith("chu") else WEEKDAY_WORDS[word]


def number_of(text: str) -> int:
    """From digits or a number word."""
    word = " ".join(text.split())
    return NUMBERS[word] if word in NUMBERS else int(word)


def ordinal_of(text: str) -> int:
    """From «thứ tư», «đầu tiên», «cuối cùng»; the last is -1."""
    word = " ".join(re.sub(r"^thu\s+", "", text.strip()).split())
    return _ORDINALS[word] if word in _ORDINALS else number_of(word)


def read_date(text: str, today: date) -> DayMonth:
    """A date that `DATE` found. Raises NotADay for a month that is none."""
    found = _WRITTEN.match(" ".join(text.split()))
    if found is None:
        raise NotADay(text)
    try:
        month = number_of(found["month"].strip(" ./-"))
    except (KeyError, ValueError):
        raise NotADay(text) from None
    if not 1 <= month <= 12 or not 1 <= int(found["day"]) <= 31:
        raise NotADay(text)
    return DayMonth(int(found["day"]), month, year_of(found["year"], today))


def year_of(text: str | None, today: date) -> int | None:
    """From «2026», «26», «nay», «sau»."""
    if text is None:
        return None
    if text in ("nay", "sau", "toi"):
        return today.year + (text != "nay")
    return int(text) + (2000 if len(text) == 2 else 0)


def read_relative(text: str, today: date) -> date:
    """A day that `RELATIVE` found, as somebody says it today. Weeks begin on Monday."""
    words = " ".join(text.split())
    if words == "hom nay":
        return today
    if words.endswith("mai"):
        return today + timedelta(days=1)
    if words == "ngay kia":
        return today + timedelta(days=2)
    if words.endswith("nua"):
        count, unit = pattern(rf"({COUNT}) (ngay|hom|tuan) nua").fullmatch(words).groups()  # type: ignore[union-attr]
        return today + timedelta(days=number_of(count) * (7 if unit == "tuan" else 1))
    monday = today - timedelta(days=today.weekday())
    if words.endswith(("sau", "toi")) and "tuan" in words:
        monday += timedelta(days=7)
    named = pattern(WEEKDAY).match(words)
    return monday + timedelta(days=weekday_of(named.group()) if named else 4)
