"""What a rule of a reminder is: frozen values without a clock, a database or words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final, Literal

DEFAULT_AT: Final = time(8)
DEFAULT_CATCH_UP: Final = 3
"""Days in which a reminder that the machine slept through is still sent."""
NIGHT_BEGINS, NIGHT_ENDS = time(21), time(7)
"""Nobody is reminded from 21:00 to 7:00."""
LAST: Final = -1


class Shift(StrEnum):
    """What happens to a date on a day off. `before`: told on the working day before, the date itself stays."""

    BEFORE = "before"
    AFTER = "after"
    KEEP = "keep"


class SpotKind(StrEnum):
    """How a day within a month is meant."""

    DAY = "day"
    NTH_WEEKDAY = "nth_weekday"
    WEEK_ROW = "week_row"
    WORKDAY = "workday"


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A day within a period of months.

    `month` counts the months of the period from 1; None, for working days only, counts through the whole period.
    `number` is the day (1..31; a shorter month ends earlier), which one of the weekdays, which row of the month's
    calendar (weeks from Monday, the first one has day 1), or which working day. Negative numbers count from the end.
    """

    month: int | None
    kind: SpotKind
    number: int
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class OnDates:
    """Single days."""

    days: tuple[date, ...]
    kind: Literal["dates"] = "dates"


@dataclass(frozen=True, slots=True)
class Expiry:
    """Something runs out on a day; told ahead of it only."""

    on: date
    kind: Literal["expiry"] = "expiry"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch in which something is done: told at its beginning and at its end."""

    first: date
    last: date
    kind: Literal["span"] = "span"


@dataclass(frozen=True, slots=True)
class YearlySpan:
    """The same stretch every year, as (month, day); day 31 means the end of the month. It may cross New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    kind: Literal["yearly_span"] = "yearly_span"


@dataclass(frozen=True, slots=True)
class Daily:
    """Every `every` days, counted from the beginning of the rule."""

    every: int = 1
    kind: Literal["daily"] = "daily"


@dataclass(frozen=True, slots=True)
class WorkDaily:
    """Every day on which the office works."""

    kind: Literal["work_daily"] = "work_daily"


@dataclass(frozen=True, slots=True)
class Weekly:
    """Weekdays (Monday is 0) of every `every`-th week, counted from the week in which the rule begins."""

    weekdays: tuple[int, ...]
    every: int = 1
    kind: Literal["weekly"] = "weekly"


@dataclass(frozen=True, slots=True)
class Periodic:
    """Days of every period of `months` months.

    Months, quarters, half-years and years are those of the calendar; other lengths count from the month, several
    years from the year, in which the rule begins.
    """

    months: int
    spots: tuple[Spot, ...]
    kind: Literal["periodic"] = "periodic"

    @property
    def is_calendar(self) -> bool:
        """True when the periods are those that everybody knows."""
        return self.months in (1, 3, 6, 12)

    def anchor(self, starts: date) -> int:
        """The first month of the first period, as year * 12 + month - 1: whole years begin in January."""
        return starts.year * 12 + (0 if self.months % 12 == 0 else starts.month - 1)


@dataclass(frozen=True, slots=True)
class LunarDays:
    """Days of the lunar calendar, as (month, day), of every lunar year; month 0 is every month, the leap one too.

    What falls into a month that comes twice is done in the first of the two. Day 30 is the last of every month.
    """

    days: tuple[tuple[int, int], ...]
    kind: Literal["lunar_days"] = "lunar_days"


@dataclass(frozen=True, slots=True)
class Quota:
    """At least `count` times in every `months` months (0: in every week), `by_area`: in each area of the ward.

    Told in the middle and near the end of each part in which one time is due.
    """

    count: int
    months: int
    by_area: bool = False
    kind: Literal["quota"] = "quota"


When = OnDates | Expiry | Span | YearlySpan | Daily | WorkDaily | Weekly | Periodic | LunarDays | Quota


@dataclass(frozen=True, slots=True)
class Lead:
    """How long ahead somebody is told; 0 is the day itself. `working`: in working days."""

    days: int
    working: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """Local time from which on a reminder goes out, and until when on that day; without an end until the night."""

    at: time = DEFAULT_AT
    until: time | None = None


ON_THE_DAY: Final = (Lead(0),)


@dataclass(frozen=True, slots=True)
class Rule:
    """When somebody is reminded. `starts` and `ends` are the first and last date that count, both included."""

    when: When
    leads: tuple[Lead, ...] = ON_THE_DAY
    shift: Shift = Shift.BEFORE
    hours: Hours = Hours()
    starts: date | None = None
    ends: date | None = None
    catch_up_days: int = DEFAULT_CATCH_UP

    @property
    def is_over_after(self) -> date | None:
        """The last date that a rule without an end of its own knows; None when it goes on for ever."""
        if isinstance(self.when, OnDates):
            return max(self.when.days)
        if isinstance(self.when, Expiry):
            return self.when.on
        return self.when.last if isinstance(self.when, Span) else self.ends


def usual_shift(when: When) -> Shift:
    """Whoever names a Sunday, or every single day, means it; other dates are told on the working day before."""
    weekend = isinstance(when, Weekly) and any(day > 4 for day in when.weekdays)
    weekend = weekend or (
        isinstance(when, Periodic)
        and any(spot.weekday is not None and spot.weekday > 4 for spot in when.spots)
    )
    return Shift.KEEP if weekend or when == Daily() else Shift.BEFORE
