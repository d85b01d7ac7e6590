"""The lunar calendar of Vietnam: on which day mùng 1, rằm and 23 tháng Chạp fall, reckoned from moon and sun.

A month begins on the day, in Vietnam, of its new moon. The eleventh month holds the winter solstice. Where thirteen
months lie between two solstices, the first of them in which the sun enters no new twelfth of its way is the leap
month and bears the number of the one before. This is the calendar of Vietnam since 1968, by the time of UTC+7, which
now and then differs by a day from that of China: Tết 2030 is on the 2nd of February here, on the 3rd there.

Positions by the short series of J. Meeus («Astronomical Formulae for Calculators», «Astronomical Algorithms»), right
to a few minutes, as in the method that Hồ Ngọc Đức has published. For the years 1900 to 2199.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import floor, radians, sin
from typing import Final

FIRST_YEAR, LAST_YEAR = 1900, 2199
_ZONE: Final = 7 / 24
# From the number of a day in Python's calendar to the Julian date of its midnight at Greenwich.
_JULIAN: Final = 1_721_424.5
_MONTH: Final = 29.530588853
# New moon number 0 is that of January 1900.
_FIRST_NEW_MOON: Final = 2_415_021.077
_SOLSTICE: Final = 9
"""The twelfth of the sun's way, counted from the spring equinox, that begins with the winter solstice."""


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """A month of 29 or 30 days; `year` is the lunar year, which begins with Tết."""

    year: int
    month: int
    is_leap: bool
    begins: date
    length: int

    def day(self, number: int) -> date:
        """A day of the month; the last one where it has only 29: «30 Tết» is then the 29th."""
        return self.begins + timedelta(days=min(number, self.length) - 1)


def list_months(first: date, last: date) -> Iterator[LunarMonth]:
    """The months that have a day from `first` to `last`, both included, in order."""
    for year in range(first.year, last.year + 2):
        for month in _between_solstices(year):
            if month.begins <= last and month.day(month.length) >= first:
                yield month


def month_of_day(day: date) -> LunarMonth:
    """The month in which a day lies."""
    return next(list_months(day, day))


def find_month(year: int, month: int, *, leap: bool = False) -> LunarMonth | None:
    """A month of a lunar year; None for a leap month that the year does not have."""
    halves = (*_between_solstices(year), *_between_solstices(year + 1))
    wanted = (year, month, leap)
    return next((one for one in halves if (one.year, one.month, one.is_leap) == wanted), None)


@cache
def _between_solstices(year: int) -> tuple[LunarMonth, ...]:
    """From the eleventh month that began in the year before up to the tenth of this one."""
    first, after = _eleventh(year - 1), _eleventh(year)
    begins = [_new_moon_day(number) for number in range(first, after + 1)]
    twelfths = [_twelfth(day) for day in begins]
    leap = len(begins)
    if after - first == 13:
        leap = next(at for at in range(1, 13) if twelfths[at] == twelfths[at + 1])
    months = []
    for at in range(after - first):
        number = (at + 10 - (at >= leap)) % 12 + 1
        whole = begins[at + 1] - begins[at]
        of = year - 1 if number > 10 else year
        months.append(LunarMonth(of, number, at == leap, date.fromordinal(begins[at]), whole))
    return tuple(months)


def _eleventh(year: int) -> int:
    """The number of the new moon that begins the month with the winter solstice of a year."""
    end = date(year, 12, 31).toordinal()
    number = floor((end + _JULIAN - _FIRST_NEW_MOON) / _MONTH) + 1
    while _new_moon_day(number) > end or _twelfth(_new_moon_day(number)) >= _SOLSTICE:
        number -= 1
    return number


@cache
def _new_moon_day(number: int) -> int:
    """The day in Vietnam of a new moon, as Python numbers days."""
    return floor(_new_moon(number) + _ZONE - _JULIAN)


def _new_moon(number: int) -> float:
    """The moment of a new moon as a Julian date, universal time."""
    t = number / 1236.85
    mean = 2_415_020.75933 + 29.53058868 * number + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * _sin(166.56 + 132.87 * t - 0.009173 * t**2)
    # Mean anomalies of sun and moon, and the moon's distance from its node.
    sun = 359.2242 + 29.10535608 * number - 0.0000333 * t**2 - 0.00000347 * t**3
    moon = 306.0253 + 385.81691806 * number + 0.0107306 * t**2 + 0.00001236 * t**3
    node = 21.2964 + 390.67050646 * number - 0.0016528 * t**2 - 0.00000239 * t**3
    terms = (
        (0.1734 - 0.000393 * t, sun),
        (0.0021, 2 * sun),
        (-0.4068, moon),
        (0.0161, 2 * moon),
        (-0.0004, 3 * moon),
        (0.0104, 2 * node),
        (-0.0051, sun + moon),
        (-0.0074, sun - moon),
        (0.0004, 2 * node + sun),
        (-0.0004, 2 * node - sun),
        (-0.0006, 2 * node + moon),
        (0.0010, 2 * node - moon),
        (0.0005, 2 * moon + sun),
    )
    # The earth turns unevenly: what the series call time runs ahead of the clocks.
    ahead = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return mean + sum(size * _sin(angle) for size, angle in terms) - ahead


def _twelfth(day: int) -> int:
    """In which twelfth of its way, 0 to 11, the sun stands when the day begins in Vietnam."""
    t = (day + _JULIAN - _ZONE - 2_451_545.0) / 36525
    anomaly = 357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3
    centre = (1.914600 - 0.004817 * t - 0.000014 * t**2) * _sin(anomaly)
    centre += (0.019993 - 0.000101 * t) * _sin(2 * anomaly) + 0.000290 * _sin(3 * anomaly)
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2 + centre
    return floor(longitude % 360 / 30)


def _sin(degrees: float) -> float:
    return sin(radians(degrees))
