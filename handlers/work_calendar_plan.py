"""Reads which days somebody wants to set as free or worked, and says kindly what cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from core.calendar import DayRule, WorkCalendar, spoken_date
from core.dates import read_day

FURTHEST: Final = timedelta(days=731)
"""Nobody decides on days off further ahead; a later date is a slip of the year."""
MOST_DAYS: Final = 31
"""The longest days off of a year are nine days; a longer span is a slip of the month."""
MOST_LETTERS: Final = 100
_DATE: Final = r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?"
# "28/1-3/2/2027": the stroke between two dates, not one within a date written with strokes.
_SPAN: Final = re.compile(r"(?<=\d)\s*(?:[-–—]+>?|→)\s*(?=\d{1,2}[/.])|(?<=\d)\s+[-–—]\s+(?=\d)")
_UNTIL: Final = re.compile(r"(?:đến|tới|den|toi)(?:\s+(?:hết|het))?(?:\s+(?:ngày|ngay))?\s+", re.IGNORECASE)
_FROM: Final = re.compile(
    r"(?:từ|tu)\s+(?=\S*\d|ngày|ngay)|(?:từ|tu)?\s*(?:ngày|ngay)\s+(?=\d)", re.IGNORECASE
)
_SEVERAL: Final = re.compile(rf"{_DATE}\s*(?:[,;+&]|và|va)\s*(?:ngày\s+)?\d{{1,2}}[/.-]\d", re.IGNORECASE)


class Wish(StrEnum):
    """What becomes of the days."""

    OFF = "off"
    WORK = "work"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Plan:
    """The days as asked for, and those of them that change."""

    wish: Wish
    first: date
    last: date
    reason: str
    days: tuple[date, ...] = ()

    def stored(self) -> dict[str, str]:
        """For the memory of a conversation."""
        return {
            "wish": self.wish.value,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "reason": self.reason,
        }


class PlanRefused(Exception):
    """Nothing can be set like this; `key` and `fields` are the sentence for whoever tried."""

    def __init__(self, key: str, **fields: Any) -> None:
        super().__init__(key)
        self.key, self.fields = key, fields


def restored(data: Mapping[str, Any]) -> Plan:
    """What `Plan.stored` gave. Raises KeyError or ValueError for anything else."""
    first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
    return Plan(Wish(data["wish"]), first, last, data["reason"])


def read_plan(wish: Wish, text: str, today: date) -> Plan:
    """Day or span, then the reason: "28/1/2027-3/2/2027 Nghỉ Tết". Raises PlanRefused."""
    if _SEVERAL.match(text):
        raise PlanRefused("calendar.one_at_a_time")
    text = _FROM.sub("", _SPAN.sub(" đến ", text), count=1)
    first, rest = _day(text, today)
    until = _UNTIL.match(rest)
    rest = rest[until.end() :] if until else rest
    last = first
    if until is not None or re.match(_DATE, rest):
        last, rest = _day(rest, max(first, today))
    if last < first:
        raise PlanRefused("calendar.reversed", first=spoken_date(first), last=spoken_date(last))
    return Plan(wish, first, last, " ".join(rest.split())[:MOST_LETTERS].strip(" .,;:-"))


def checked(plan: Plan, calendar: WorkCalendar, today: date) -> Plan:
    """The plan with the days that it changes. Raises PlanRefused when there are none, or none that may change."""
    if plan.first < today:
        raise PlanRefused("calendar.past", day=spoken_date(plan.first))
    if plan.last > today + FURTHEST:
        raise PlanRefused("calendar.too_far", day=spoken_date(plan.last))
    count = (plan.last - plan.first).days + 1
    if count > MOST_DAYS:
        raise PlanRefused("calendar.too_many", count=count, limit=MOST_DAYS)
    span = (plan.first + timedelta(days=step) for step in range(count))
    days = tuple(day for day in span if _changes(plan.wish, calendar, day))
    if not days:
        rule = calendar.rule_of(plan.first)
        reason = f" ({rule.reason})" if rule.reason else ""
        raise PlanRefused(f"calendar.already_{plan.wish}", days=span_words(plan), reason=reason)
    return replace(plan, days=days)


def span_words(plan: Plan) -> str:
    """ "Thứ Năm 28/1/2027" or "Thứ Năm 28/1/2027 đến Thứ Tư 3/2/2027"."""
    return between_words(plan.first, plan.last)


def between_words(first: date, last: date) -> str:
    """One day, or the first and the last of a span."""
    return spoken_date(first) if first == last else f"{spoken_date(first)} đến {spoken_date(last)}"


def grouped(rules: list[DayRule]) -> list[list[DayRule]]:
    """Days that follow each other and are off or worked for the same reason; weekends in between part nothing."""
    groups: list[list[DayRule]] = []
    for rule in rules:
        last = groups[-1][-1] if groups else None
        same = last is not None and _alike(last) == _alike(rule)
        if last is not None and same and not _workdays_between(last.on, rule.on):
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _alike(rule: DayRule) -> tuple[bool, str, bool]:
    return rule.working, rule.reason, rule.confirmed


def _workdays_between(first: date, last: date) -> bool:
    days = (first + timedelta(days=step) for step in range(1, (last - first).days))
    return any(day.weekday() < 5 for day in days)


def _changes(wish: Wish, calendar: WorkCalendar, day: date) -> bool:
    """A day that nobody had confirmed is confirmed by saying the same."""
    if wish is Wish.DROP:
        return calendar.find_own(day) is not None
    rule = calendar.rule_of(day)
    return rule.working != (wish is Wish.WORK) or not rule.confirmed


def _day(text: str, today: date) -> tuple[date, str]:
    day, rest = read_day(text, today)
    if day is not None:
        return day, rest
    written = re.match(_DATE, text)
    if written:
        raise PlanRefused("calendar.no_such_day", written=written.group())
    raise PlanRefused("calendar.how")
