"""When a reader's digest is due: the usual hour on working days, or what the person has chosen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from core.calendar import WorkCalendar, at, local_date
from storage.models import DigestPlan

USUAL: Final = time(7, 30)
# A morning that comes at noon is worth nothing: who was not reached by then hears on the next day.
LATEST: Final = timedelta(hours=4)
_FAR: Final = 366
_MADE_UP: Final = timedelta(days=2)


def moment_of(plan: DigestPlan | None, day: date) -> datetime:
    """The instant of the digest on a local day."""
    return at(day, USUAL if plan is None else time(plan.minute // 60, plan.minute % 60))


def is_wanted(plan: DigestPlan | None, day: date, calendar: WorkCalendar) -> bool:
    """On working days of the ward, swapped Saturdays too; with days of the own choice on those, but no holiday."""
    if plan is None or not plan.weekdays:
        return (plan is None or not plan.is_off) and calendar.is_working_day(day)
    is_holiday = day.weekday() < 5 and not calendar.is_working_day(day)
    return not plan.is_off and str(day.weekday()) in plan.weekdays and not is_holiday


def is_due(plan: DigestPlan | None, since: datetime, calendar: WorkCalendar, now: datetime) -> bool:
    """True from the hour of today on, for some hours; never for an hour before the duty began."""
    day = local_date(now)
    moment = moment_of(plan, day)
    return moment <= now < moment + LATEST and since <= moment and is_wanted(plan, day, calendar)


def is_begun(plan: DigestPlan | None, first: date, calendar: WorkCalendar, today: date) -> bool:
    """True on the reader's first wanted day from `first` on, and for two days more, which a machine may be down."""
    for step in range(_FAR):
        day = first + timedelta(days=step)
        if day > today:
            return False
        if is_wanted(plan, day, calendar):
            return today <= day + _MADE_UP
    return False


def next_day(
    plan: DigestPlan | None, calendar: WorkCalendar, now: datetime, *, had_today: bool
) -> date | None:
    """The day of the next digest; None for who wants none."""
    today = local_date(now)
    for step in range(_FAR):
        day = today + timedelta(days=step)
        passed = step == 0 and (had_today or moment_of(plan, day) <= now)
        if not passed and is_wanted(plan, day, calendar):
            return day
    return None
