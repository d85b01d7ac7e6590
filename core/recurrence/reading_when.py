"""Reads the heart of a rule: how often, on which days, or on which dates."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.recurrence.line import Line, pattern
from core.recurrence.reading_limits import Limits
from core.recurrence.reading_spots import LENGTHS, UNIT, Spots, read_spots
from core.recurrence.reading_stretch import read_single, read_stretch
from core.recurrence.result import CannotRead, Doubt, Trouble
from core.recurrence.rule import (
    LAST,
    Daily,
    OnDates,
    Periodic,
    Quota,
    Spot,
    SpotKind,
    Weekly,
    When,
    WorkDaily,
)
from core.recurrence.vocabulary import (
    COUNT,
    DATE,
    RELATIVE,
    WEEKDAY,
    number_of,
    weekday_of,
    year_of,
)

_EACH: Final = r"(?:hang|moi mot|moi|tung|dinh ky|/)"
_TIMES: Final = r"(?:lan|buoi|cuoc|lop|dot|phien|ky|bai|tin|ca)"
_PERIOD: Final = rf"(?:tuan|{UNIT})"
_AREAS: Final = r"(?:khu pho|to dan pho|thon|xom|ap|to|dia ban|kp|tdp)"
_ONE: Final = r"(?:mot|1)"
_BARE_WEEKDAY: Final = r"(?:hai|ba|tu|nam|sau|bay|[2-7](?!\d))"
_WEEKDAYS: Final = (
    rf"{WEEKDAY}(?:(?:\s*(?:,\s*va|,|va|;|/|-|&|\+)\s*(?:{WEEKDAY}|{_BARE_WEEKDAY})|\s+{WEEKDAY}))*"
)


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways in which the heart of a rule can be read; with more than one, `doubt` says why."""

    whens: tuple[When, ...]
    doubt: Doubt | None = None
    limits: Limits | None = None
    """Of the first way where it is once or always, else of all."""


@dataclass(frozen=True, slots=True)
class _Pace:
    """How often: every `every` units; `length` in months, 0 for weeks, -1 for days."""

    length: int
    every: int = 1

    @property
    def months(self) -> int:
        return max(self.length, 0) * self.every


def read_when(line: Line, limits: Limits, today: date) -> Ways:
    """All ways to read the heart of the line. Raises CannotRead."""
    pace = _read_many(line)
    quota = _read_quota(line) if pace is None else None
    if line.take(rf"(?:{_EACH}|cac|tat ca cac) ngay lam viec(?! (?:dau|cuoi|thu|\d))(?:{_EACH} tuan)?"):
        return Ways((WorkDaily(),))
    pace = pace or _read_pace(line)
    months = pace.months if pace else quota.months if quota else limits.months
    # «6 tháng đầu năm» is a stretch, not the beginning of a year.
    half = line.find(r"(?:6|sau) thang (?:dau|cuoi) nam")
    spots = None if half else _read_dates_of_year(line, months) or read_spots(line, months)
    if limits.months:
        line.take(r"(?:thang|quy|qui|nam)")
    if spots is not None:
        return _with_spots(line, spots, months, today)
    if (pace is None or pace.length == 0) and (days := _read_weekdays(line, pace, quota)) is not None:
        return days
    if pace is not None and pace.length > 0 and (found := line.take(WEEKDAY)) is not None:
        return _which_weekday(weekday_of(found.group()), pace.months)
    if quota is not None:
        return Ways((quota,))
    return _without_days(line, pace, limits, today)


def _without_days(line: Line, pace: _Pace | None, limits: Limits, today: date) -> Ways:
    if pace is not None and pace.length == -1:
        return Ways((Daily(pace.every),))
    if pace is None and (days := read_single(line, today)) is not None:
        return Ways((OnDates(days),))
    if (stretch := read_stretch(line, pace is not None, pace == _Pace(12), limits, today)) is not None:
        return Ways((stretch,))
    if pace is not None:
        return _which_day(pace)
    if limits.last is not None:
        return Ways((OnDates((limits.last,)),))
    raise CannotRead(Trouble.ONLY_START if limits.first else Trouble.NO_DATE, limits.part or line.rest())


def _read_quota(line: Line) -> Quota | None:
    """«mỗi khu phố ít nhất 1 buổi/tháng», «một năm 2 lần», «mỗi quý một lần»."""
    least = r"(?:it nhat|toi thieu|khong duoi|phai co|co) "
    what = rf"(?P<count>{COUNT}) {_TIMES}(?: [a-z]+){{0,4}}?"
    by_area = line.take(rf"(?:(?:cho|o|tai) )?(?:moi|tung|tat ca cac|cac) {_AREAS}(?! [0-9])") is not None
    found = line.take(
        rf"(?:{least})?{what} ?(?:/|{_EACH}|trong|{_ONE}) ?(?:{_ONE} |moi )?(?P<unit>{_PERIOD})(?! {_PERIOD})"
    ) or line.take(rf"(?:{_EACH} |trong |{_ONE} )*(?P<unit>{_PERIOD})(?: phai)?(?: {least.strip()})? {what}")
    if found is None:
        return None
    unit = " ".join(found["unit"].split())
    return Quota(number_of(found["count"]), LENGTHS.get(unit, 0), by_area)


def _read_many(line: Line) -> _Pace | None:
    """«3 ngày một lần», «mỗi 2 tuần», «cách tuần»."""
    many = rf"(?P<count>{COUNT}) (?P<unit>ngay|tuan|thang|quy|qui|nam)"
    found = line.take(rf"(?:cu |moi )?{many}(?: {_ONE} lan| ?/ ?lan)") or line.take(
        rf"(?:cu|moi|sau moi) {many}(?! lan)"
    )
    if found is not None:
        return _paced(found["unit"], number_of(found["count"]))
    if (skipped := line.take(r"cach (ngay|tuan|thang|quy|nam)")) is not None:
        return _paced(skipped[1], 2)
    return None


def _read_pace(line: Line) -> _Pace | None:
    """«hằng tháng», «mỗi quý», «nửa năm một lần»."""
    if line.take(r"(?:moi |hang |cu )nua nam(?: mot lan| 1 lan)?") or line.take(r"nua nam (?:mot|1) lan"):
        return _Pace(6)
    found = line.take(rf"{_EACH} ?(?P<unit>ngay|tuan|thang|quy|qui|nam)(?: {_ONE} lan)?")
    return _paced(found["unit"], 1) if found is not None else None


def _paced(unit: str, every: int) -> _Pace:
    if unit == "thang" and every in (3, 6, 12):
        return _Pace(every)
    return _Pace({"ngay": -1, "tuan": 0}.get(unit, LENGTHS.get(unit, 1)), every)


def _read_dates_of_year(line: Line, months: int) -> Spots | None:
    """«10/10», «15/6 và 15/12» of every year, also of every half-year where there are two."""
    if months < 6:
        return None
    spots = []
    for found in line.take_all(r"(?:ngay )?(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![/\d])"):
        day, month = int(found["day"]), int(found["month"])
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(2028, month)[1]:
            raise CannotRead(Trouble.NO_SUCH_DAY, line.as_written(found).strip())
        spots.append(Spot(month, SpotKind.DAY, day))
    return Spots(tuple(sorted(spots)), 12) if spots else None


def _with_spots(line: Line, spots: Spots, months: int, today: date) -> Ways:
    if spots.length == 12 and not months and all(spot.month for spot in spots.days):
        return _of_a_month(line, spots, today)
    length = max(months, spots.length) if spots.length == 12 else months or spots.length
    if not length:
        return _once_or_monthly(spots, today)
    placed = spots.length or any(spot.month != 1 for spot in spots.days)
    if length in (3, 6, 9, 12) and not placed:
        return _which_month_of(spots, length)
    ways = [Periodic(length, days) for days in (spots.days, spots.rows) if days]
    return Ways(tuple(ways), Doubt.WEEK if len(ways) > 1 else None)


def _once_or_monthly(spots: Spots, today: date) -> Ways:
    """«ngày 25», nothing else: the next one, or every month."""
    days = []
    for spot in spots.days:
        month = today.year * 12 + today.month - 1
        for _ in range(12):
            year, index = divmod(month, 12)
            if spot.number <= monthrange(year, index + 1)[1] and date(year, index + 1, spot.number) >= today:
                days.append(date(year, index + 1, spot.number))
                break
            month += 1
    return Ways((OnDates(tuple(sorted(days))), Periodic(1, spots.days)), Doubt.ONCE_OR_ALWAYS)


def _of_a_month(line: Line, spots: Spots, today: date) -> Ways:
    """«ngày làm việc cuối tháng 6», without «hằng năm»: of the year that is named, else once or always."""
    found = line.take(r"(?:/ ?|nam )(?P<year>\d{4}|nay|sau)")
    month = max(spot.month or 1 for spot in spots.days)
    year = year_of(found["year"], today) if found else None
    limits = _year_limits(year or today.year + (month < today.month))
    ways = tuple(Periodic(12, days) for days in (spots.days, spots.rows) if days)
    if year is not None:
        return Ways(ways, Doubt.WEEK if len(ways) > 1 else None, limits)
    if len(ways) > 1:
        return Ways(ways, Doubt.WEEK)
    return Ways((ways[0], ways[0]), Doubt.ONCE_OR_ALWAYS, limits)


def _year_limits(year: int) -> Limits:
    return Limits(date(year, 1, 1), date(year, 12, 31), True)


def _which_month_of(spots: Spots, length: int) -> Ways:
    months = range(1, 4) if length == 3 else (1, length // 2, length)
    ways = tuple(
        Periodic(length, tuple(Spot(month, spot.kind, spot.number, spot.weekday) for spot in spots.days))
        for month in months
    )
    return Ways(ways, Doubt.WHICH_MONTH)


def _which_weekday(weekday: int, months: int) -> Ways:
    places = (1, 2, 3, 4, LAST)
    ways = tuple(Periodic(months, (Spot(1, SpotKind.NTH_WEEKDAY, nth, weekday),)) for nth in places)
    return Ways(ways, Doubt.WHICH_WEEKDAY)


def _which_day(pace: _Pace) -> Ways:
    """How often is said, the day is not."""
    if pace.length == 0:
        return Ways((Weekly((0,), pace.every), Weekly((4,), pace.every)), Doubt.WHICH_DAY)
    if pace.length == 12:
        raise CannotRead(Trouble.YEAR_DAY)
    spots = (
        Spot(None, SpotKind.WORKDAY, 1),
        Spot(pace.months, SpotKind.DAY, 15),
        Spot(None, SpotKind.WORKDAY, LAST),
    )
    return Ways(tuple(Periodic(pace.months, (spot,)) for spot in spots), Doubt.WHICH_DAY)


def _read_weekdays(line: Line, pace: _Pace | None, quota: Quota | None) -> Ways | None:
    if pace is None and (line.find(RELATIVE) or line.find(DATE)):
        return None
    every = pace.every if pace else 1
    between = line.take(rf"(?:tu )?({WEEKDAY}) (den|toi|-) ({WEEKDAY})(?: {_EACH} tuan)?")
    if between is not None:
        first, last = weekday_of(between[1]), weekday_of(between[3])
        if first >= last:
            raise CannotRead(Trouble.REVERSED, line.as_written(between).strip())
        whole = Weekly(tuple(range(first, last + 1)), every)
        if between[2] == "-" and last - first > 1:
            return Ways((whole, Weekly((first, last), every)), Doubt.LIST_OR_RANGE)
        return Ways((whole,))
    always = line.take(r"(?:moi|cac|hang|nhung)(?= (?:thu|t[2-7]|chu|cn))") is not None or pace is not None
    found = line.take_all(_WEEKDAYS)
    if not found:
        return None
    text = " ".join(one.group() for one in found)
    days = tuple(sorted({weekday_of(one) for one in _ONE_WEEKDAY.findall(text)}))
    if always or len(days) > 1 or (quota is not None and not quota.months):
        return Ways((Weekly(days, every),))
    return Ways((Weekly(days), _NEXT), Doubt.ONCE_OR_ALWAYS)


_ONE_WEEKDAY: Final = pattern(rf"(?:{WEEKDAY}|{_BARE_WEEKDAY})")
# Stands for «the next such day», which only the caller of `read_when` can date.
_NEXT: Final = OnDates(())
