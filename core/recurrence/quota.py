"""When somebody is reminded of «at least so many times»: while there is still time to do it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Protocol

from core.recurrence.rule import Quota

_NEAR_END: Final = 3
"""Working days, the last one included: a session can still be held."""
_WEDNESDAY, _FRIDAY = 2, 4


class _WorkDays(Protocol):
    def is_working_day(self, day: date) -> bool: ...

    def previous_working_day(self, day: date) -> date: ...


def checkpoints(quota: Quota, calendar: _WorkDays, first: date, last: date) -> Iterator[tuple[date, date]]:
    """In each part of the period in which one time is due: its middle, and the third working day from its end.

    A year with two times has two parts of six months; where the count does not divide the months there is one part.
    For a week it is Wednesday and Friday. Each with the last day of its part, on which the time is due.
    """
    if not quota.months:
        yield from (
            (day, day + timedelta(days=6 - day.weekday()))
            for day in (first + timedelta(days=step) for step in range((last - first).days + 1))
            if day.weekday() in (_WEDNESDAY, _FRIDAY)
        )
        return
    length = quota.months // quota.count if quota.months % quota.count == 0 else quota.months
    month = first.year * 12 + first.month - 1
    month -= month % quota.months
    while month <= last.year * 12 + last.month - 1:
        ends = _start(month + length) - timedelta(days=1)
        yield _middle(month, length), ends
        yield _near_end(month + length, calendar), ends
        month += length


def _middle(month: int, length: int) -> date:
    """The fifteenth of the middle month; the last day of the first half where two months are in the middle."""
    if length % 2:
        return _start(month + length // 2).replace(day=15)
    return _start(month + length // 2) - timedelta(days=1)


def _near_end(next_month: int, calendar: _WorkDays) -> date:
    day = _start(next_month)
    for _ in range(_NEAR_END):
        day = calendar.previous_working_day(day)
    return day


def _start(month: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, 1)
