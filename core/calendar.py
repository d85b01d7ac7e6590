"""Working days and deadlines of a Vietnamese office, and dates written the way people say them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import holidays

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayRule:
    """One day that the general rule gets wrong, or that nobody has confirmed yet, and why."""

    on: date
    working: bool
    reason: str
    confirmed: bool = True


class WorkCalendar:
    """Which days the offices work: Monday to Friday without public holidays, then the listed days.

    Public holidays, days in lieu and Tết are computed by the `holidays` package; what the Government
    decides year by year (days swapped with a Saturday) stands in core/wards/_calendar.toml. What the office
    itself has set lies over both.
    """

    def __init__(self, overrides: Iterable[DayRule] = (), own: Iterable[DayRule] = ()) -> None:
        self._shipped = {rule.on: rule for rule in overrides}
        self._own = {rule.on: rule for rule in own}
        self._rules = {**self._shipped, **self._own}

    def with_own(self, rules: Iterable[DayRule]) -> WorkCalendar:
        """The same calendar with these days of the office in place of those that lay over it so far."""
        return WorkCalendar(self._shipped.values(), rules)

    def find_own(self, day: date) -> DayRule | None:
        """What the office itself has set for a day."""
        return self._own.get(day)

    def rule_of(self, day: date) -> DayRule:
        """Whether a day is worked, and why; the reason of an ordinary day is empty."""
        names, _ = _public_days(day.year)
        return self._rules.get(day) or DayRule(day, self.is_working_day(day), names.get(day, ""))

    def list_special(self, first: date, last: date) -> list[DayRule]:
        """The days from `first` to `last` that are not what their weekday says, and those set by the office."""
        days = (first + _ONE_DAY * step for step in range((last - first).days + 1))
        rules = (self.rule_of(day) for day in days)
        return [rule for rule in rules if rule.working != (rule.on.weekday() < 5) or rule.on in self._own]

    def carry_over(self, due: datetime, start: datetime, before: WorkCalendar) -> datetime:
        """Where a due date lies here that was `before` counted in working days from `start`; same hour, in UTC.

        As many working days after the day of `start`; without any, the day itself or the next working one.
        """
        first, local = _local(start).date(), _local(due)
        days = before.working_days_between(first, local.date())
        if days > 0:
            return at(self._walk(first, days, _ONE_DAY), local.time())
        works = self.is_working_day(local.date())
        return at(local.date() if works else self.next_working_day(local.date()), local.time())

    def is_working_day(self, day: date) -> bool:
        """True when offices are open on this local date."""
        rule = self._rules.get(day)
        if rule is not None:
            return rule.working
        off, worked = _public_days(day.year)
        return day in worked or (day.weekday() < 5 and day not in off)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self._walk(day, 1, _ONE_DAY)

    def previous_working_day(self, day: date) -> date:
        """The last working day before `day`."""
        return self._walk(day, 1, -_ONE_DAY)

    def add_working_days(self, moment: datetime, days: int, closes: time) -> datetime:
        """End of office hours `days` working days after the local date of `moment`, in UTC.

        The day of receipt does not count, whatever the hour, as in article 147 of the Civil Code. With 0
        days: the same day, or the next working day when that is a day off or already over.
        """
        local = _local(moment)
        if days < 0:
            raise ValueError("a deadline cannot lie before its start")
        if days == 0 and self.is_working_day(local.date()) and local.time() < closes:
            return at(local.date(), closes)
        return at(self._walk(local.date(), max(days, 1), _ONE_DAY), closes)

    def add_hours(self, moment: datetime, hours: float) -> datetime:
        """`moment` plus hours of the clock, in UTC: urgent matters do not wait for the office to open."""
        return _local(moment).astimezone(UTC) + timedelta(hours=hours)

    def working_time(self, start: datetime, end: datetime, opens: time, closes: time) -> timedelta:
        """How much of the time between two instants lies in office hours of working days; never negative."""
        first, last, spent = _local(start), _local(end), timedelta(0)
        day = first.date()
        while day <= last.date():
            if self.is_working_day(day):
                begins = max(first, datetime.combine(day, opens, tzinfo=LOCAL))
                spent += max(min(last, datetime.combine(day, closes, tzinfo=LOCAL)) - begins, timedelta(0))
            day += _ONE_DAY
        return spent

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        days = ((start + _ONE_DAY * step) for step in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def unconfirmed(self, year: int) -> tuple[DayRule, ...]:
        """The days of a year that the office should look up in the Government's notice, in order."""
        rules = (rule for day, rule in sorted(self._rules.items()) if day.year == year)
        return tuple(rule for rule in rules if not rule.confirmed)

    def _walk(self, day: date, steps: int, stride: timedelta) -> date:
        while steps:
            day += stride
            steps -= self.is_working_day(day)
        return day


def load_calendar() -> WorkCalendar:
    """The calendar with the days of core/wards/_calendar.toml."""
    text = files("core").joinpath("wards", "_calendar.toml").read_text(encoding="utf-8")
    return WorkCalendar(DayRule(**record) for record in tomllib.loads(text)["day"])


def at(day: date, hour: time) -> datetime:
    """The instant of a local date and hour, in UTC."""
    return datetime.combine(day, hour, tzinfo=LOCAL).astimezone(UTC)


def local_date(moment: datetime) -> date:
    """The date that people in Vietnam see on the wall. Raises ValueError for a naive datetime."""
    return _local(moment).date()


def spoken_date(day: date) -> str:
    """ "Thứ Sáu 5/2/2027": with the weekday, because people check a date by it."""
    if isinstance(day, datetime):
        raise TypeError("give a local date: local_date(moment)")
    return f"{WEEKDAYS[day.weekday()]} {day.day}/{day.month}/{day.year}"


def spoken_moment(moment: datetime) -> str:
    """ "08:15 Thứ Sáu 5/2/2027", local time. Raises ValueError for a naive datetime."""
    local = _local(moment)
    return f"{local:%H:%M} {spoken_date(local.date())}"


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone: two people would read it seven hours apart")
    return moment.astimezone(LOCAL)


@cache
def _public_days(year: int) -> tuple[dict[date, str], frozenset[date]]:
    """Days off with their names and worked weekend days of a year, as far as the package knows."""
    known = holidays.country_holidays("VN", years=year, language="vi")
    return dict(known), frozenset(day for day in known.weekend_workdays if day.year == year)
