"""The dates that a rule means, with days off and swapped working days from a calendar that is given."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final, Protocol

from core.lunar import list_months
from core.recurrence.quota import checkpoints
from core.recurrence.rule import (
    Daily,
    Expiry,
    Lead,
    LunarDays,
    OnDates,
    Periodic,
    Quota,
    Rule,
    Shift,
    Span,
    Spot,
    SpotKind,
    Weekly,
    WorkDaily,
    YearlySpan,
)

_ONE_DAY: Final = timedelta(days=1)
_LOOK: Final = timedelta(days=200)
_FURTHEST_YEARS: Final = 40
# The longest row of days off that anybody has seen, twice over: a shift never leads further.
_WIDEST_SHIFT: Final = timedelta(days=20)


class WorkDays(Protocol):
    """What a rule asks of a calendar."""

    def is_working_day(self, day: date) -> bool: ...

    def next_working_day(self, day: date) -> date: ...

    def previous_working_day(self, day: date) -> date: ...


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One reminder: told on `remind_on` of what is due on `due_on`. `opens`: a stretch begins on that day.

    `said_on` is the date as the rule has it, before a day off moved it.
    """

    remind_on: date
    due_on: date
    said_on: date
    opens: bool = False


def list_occurrences(rule: Rule, calendar: WorkDays, first: date, last: date) -> list[Occurrence]:
    """Every reminder told from `first` to `last`, both included, the earliest first; one for a date and day."""
    reach = timedelta(days=max(lead.days * (3 if lead.working else 1) for lead in rule.leads)) + _WIDEST_SHIFT
    if isinstance(rule.when, Quota):
        return _of_quota(rule, rule.when, calendar, first, last)
    found = {
        occurrence
        for day, opens in _nominal(rule, calendar, first - _WIDEST_SHIFT, last + reach)
        if (rule.starts is None or day >= rule.starts) and (rule.ends is None or day <= rule.ends)
        for occurrence in _told(rule, calendar, day, opens)
        if first <= occurrence.remind_on <= last
    }
    return sorted(found)


def next_occurrences(rule: Rule, calendar: WorkDays, first: date, count: int) -> list[Occurrence]:
    """The next reminders told on `first` or later; fewer when the rule ends, or none comes within forty years."""
    found: list[Occurrence] = []
    end = rule.is_over_after
    horizon = date(first.year + _FURTHEST_YEARS, 1, 1) if end is None else end + _WIDEST_SHIFT
    while len(found) < count and first <= horizon:
        last = min(first + _LOOK, horizon)
        found += list_occurrences(rule, calendar, first, last)
        first = last + _ONE_DAY
    return found[:count]


def _of_quota(rule: Rule, quota: Quota, calendar: WorkDays, first: date, last: date) -> list[Occurrence]:
    """Told at its checkpoints; due is the end of the part, also where that is a day off."""
    found = {
        Occurrence(told, due, due)
        for day, due in checkpoints(quota, calendar, first - _WIDEST_SHIFT, last + _WIDEST_SHIFT)
        if (rule.starts is None or due >= rule.starts) and (rule.ends is None or day <= rule.ends)
        for told in [occurrence.remind_on for occurrence in _told(rule, calendar, day, False)]
        if first <= told <= last
    }
    return sorted(found)


def _told(rule: Rule, calendar: WorkDays, day: date, opens: bool) -> Iterator[Occurrence]:
    due = day
    if rule.shift is Shift.AFTER or (opens and rule.shift is Shift.BEFORE):
        due = _moved(calendar, day, forward=True)
    for lead in rule.leads:
        told = _ahead(calendar, due, lead)
        if rule.shift is Shift.BEFORE:
            told = _moved(calendar, told, forward=False)
        elif rule.shift is Shift.AFTER:
            told = min(_moved(calendar, told, forward=True), due)
        yield Occurrence(told, due, day, opens)


def _ahead(calendar: WorkDays, due: date, lead: Lead) -> date:
    if not lead.working:
        return due - timedelta(days=lead.days)
    for _ in range(lead.days):
        due = calendar.previous_working_day(due)
    return due


def _moved(calendar: WorkDays, day: date, *, forward: bool) -> date:
    if calendar.is_working_day(day):
        return day
    return calendar.next_working_day(day) if forward else calendar.previous_working_day(day)


def _nominal(rule: Rule, calendar: WorkDays, first: date, last: date) -> Iterator[tuple[date, bool]]:
    """The dates as the rule has them, and whether each opens a stretch; also some beyond both ends."""
    match rule.when:
        case OnDates(days=days):
            yield from ((day, False) for day in days)
        case Expiry(on=day):
            yield day, False
        case Span(first=begins, last=ends):
            yield from _stretch(begins, ends)
        case YearlySpan() as span:
            for year in range(first.year - 1, last.year + 1):
                yield from _stretch(*_stretch_of(span, year))
        case LunarDays(days=days):
            yield from ((day, False) for day in lunar_days(days, first, last))
        case Periodic() as periodic:
            yield from ((day, False) for day in _periodic(rule, periodic, calendar, first, last))
        case _:
            yield from ((day, False) for day in _days(first, last) if _meets(rule, calendar, day))


def _stretch(first: date, last: date) -> Iterator[tuple[date, bool]]:
    if first < last:
        yield first, True
    yield last, False


def _stretch_of(span: YearlySpan, year: int) -> tuple[date, date]:
    later = span.last < span.first
    return day_of(year, *span.first), day_of(year + later, *span.last)


def _meets(rule: Rule, calendar: WorkDays, day: date) -> bool:
    start = rule.starts or day
    match rule.when:
        case Daily(every=every):
            return (day - start).days % every == 0
        case WorkDaily():
            return calendar.is_working_day(day)
        case Weekly(weekdays=weekdays, every=every):
            return day.weekday() in weekdays and (_monday(day) - _monday(start)).days // 7 % every == 0
    return False


def lunar_days(days: Iterable[tuple[int, int]], first: date, last: date) -> Iterator[date]:
    """The solar dates of days of the lunar calendar, in order of the months that touch the stretch."""
    for month in list_months(first, last):
        for wanted, number in days:
            if wanted == 0 or (wanted == month.month and not month.is_leap):
                yield month.day(number)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _periodic(rule: Rule, when: Periodic, calendar: WorkDays, first: date, last: date) -> Iterator[date]:
    anchor = 0 if when.is_calendar or rule.starts is None else when.anchor(rule.starts)
    month = first.year * 12 + first.month - 1
    month -= (month - anchor) % when.months
    while month <= last.year * 12 + last.month - 1:
        yield from (find_spot(spot, when.months, month, calendar) for spot in when.spots)
        month += when.months


def find_spot(spot: Spot, months: int, month: int, calendar: WorkDays) -> date:
    """The day of a spot in the period that begins with a month, given as year * 12 + month - 1."""
    if spot.kind is SpotKind.WORKDAY:
        begins, length = (month, months) if spot.month is None else (month + spot.month - 1, 1)
        return _workday(spot.number, begins, length, calendar)
    year, index = divmod(month + (spot.month or 1) - 1, 12)
    if spot.kind is SpotKind.DAY:
        return day_of(year, index + 1, spot.number)
    weekday = spot.weekday or 0
    end = monthrange(year, index + 1)[1]
    same = [
        date(year, index + 1, day)
        for day in range(1, end + 1)
        if date(year, index + 1, day).weekday() == weekday
    ]
    if spot.kind is SpotKind.NTH_WEEKDAY:
        return same[-1] if spot.number == -1 else same[min(spot.number, len(same)) - 1]
    row = _monday(date(year, index + 1, 1 if spot.number > 0 else end))
    row += timedelta(weeks=spot.number - 1 if spot.number > 0 else spot.number + 1)
    # A month may begin or end in the midst of a week that lacks the weekday: it still has one such day.
    return max(same[0], min(same[-1], row + timedelta(days=weekday)))


def _workday(number: int, month: int, months: int, calendar: WorkDays) -> date:
    """Counts from the first or the last day of a period; stays within it where it has fewer working days."""
    begins, ends = month_start(month), month_start(month + months) - _ONE_DAY
    days = _days(begins, ends) if number > 0 else reversed(list(_days(begins, ends)))
    working = list(islice((day for day in days if calendar.is_working_day(day)), abs(number)))
    return working[-1] if working else ends


def month_start(month: int) -> date:
    """The first day of a month that is given as year * 12 + month - 1."""
    year, index = divmod(month, 12)
    return date(year, index + 1, 1)


def day_of(year: int, month: int, day: int) -> date:
    """A day of a month; the last one where the month is shorter, or where -1 is asked for."""
    end = monthrange(year, month)[1]
    return date(year, month, end if day < 0 else min(day, end))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=step) for step in range((last - first).days + 1))
