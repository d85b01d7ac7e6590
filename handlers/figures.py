"""A report: the figures of a period, of the whole ward or a department, with the names that people read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

from core.calendar import LOCAL, local_date
from core.periods import Period, month_of
from core.report_periods import state_month
from handlers.house import House
from handlers.indicator_progress import Progress, list_progress
from storage.figures import By, Counts, Fact, Measure, count
from storage.figures_book import Book
from storage.indicators import Targets

# What the tables have beside each other; with the withdrawn ones the first two make up all the others.
COLUMNS: Final = (
    *(
        Measure.CARRIED,
        Measure.FILED,
        Measure.ON_TIME,
        Measure.DONE_LATE,
        Measure.REJECTED,
        Measure.WITHDRAWN,
    ),
    *(Measure.OPEN_IN_TIME, Measure.OPEN_LATE),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: a name and the figures under it."""

    key: str
    name: str
    counts: Counter[Measure]

    @property
    def share(self) -> str:
        """How many of what was finished was in time."""
        return percent(self.counts[Measure.ON_TIME], self.counts[Measure.DONE])


@dataclass(frozen=True)
class Report:
    """What chat, Word, Excel and JSON all tell."""

    house: House
    book: Book
    department: str | None
    now: datetime

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The cases that it counts."""
        return self.book.of(self.department)

    @cached_property
    def counts(self) -> Counts:
        """All figures."""
        return count(self.facts)

    @property
    def name(self) -> str:
        """The period as people call it."""
        return period_name(self.house, self.book.period)

    @property
    def short_name(self) -> str:
        """The period without the days, in the midst of a sentence."""
        name = period_name(self.house, self.book.period, short=True)
        return name[:1].lower() + name[1:]

    @property
    def place(self) -> str:
        """Whose figures they are."""
        found = self.house.ward.find_department(self.department or "")
        return found.name if found else self.house.ward.name

    @cached_property
    def targets(self) -> tuple[Progress, ...]:
        """How far those of the plan were: all, or those that the department is in charge of; none in an old book.

        What counts itself is of the cases that came in the period.
        """
        if self.book.readings is None:
            return ()
        last = min(self.book.period.last, local_date(self.taken_at))
        total = count(fact for fact in self.book.facts if fact.fresh).total
        answered = total[Measure.DONE] + total[Measure.REJECTED]
        targets = Targets(self.book.readings, answered, total[Measure.FILED] - total[Measure.WITHDRAWN])
        found = list_progress(self.house.ward, targets, last)
        return tuple(one for one in found if self.department in (None, one.indicator.lead))

    @property
    def author(self) -> str:
        """Who reports, in the midst of a sentence."""
        if self.department:
            return self.place
        return self.words("word.author", ward=self.house.ward.name)

    @property
    def taken_at(self) -> datetime:
        """The moment whose state it tells."""
        return self.book.closed_at or self.now

    def words(self, key: str, /, **fields: object) -> str:
        """A sentence of reports."""
        return self.house.words.text(f"figures.{key}", **fields)

    def rows(self, by: By) -> list[Row]:
        """The lines of a table, those with the most cases first; departments and areas in the ward's order."""
        parts = self.counts.parts[by]
        rows = [Row(key, self.name_of(by, key), counts) for key, counts in parts.items()]
        if by in (By.DEPARTMENT, By.AREA):
            ward = self.house.ward
            keys = [one.key for one in (ward.departments if by is By.DEPARTMENT else ward.areas)]
            return sorted(rows, key=lambda row: (keys.index(row.key) if row.key in keys else 999, row.name))
        return sorted(rows, key=lambda row: (-_all(row.counts), row.name))

    def name_of(self, by: By, key: str) -> str:
        """What people call a category, department, area or channel; the bare key of one that is no more."""
        ward = self.house.ward
        if by is By.CHANNEL:
            known = f"figures.channel.{key}"
            return self.house.words.text(known) if self.house.words.has(known) else key
        if by is By.AREA:
            area = ward.find_area(key) if key else None
            return area.name if area else key or self.words("by.no_area")
        found = ward.find_category(key) if by is By.CATEGORY else ward.find_department(key)
        return found.name if found else key


def _all(counts: Counter[Measure]) -> int:
    return counts[Measure.CARRIED] + counts[Measure.FILED]


def percent(part: int, whole: int) -> str:
    """ "92,5 %", or a dash where there is no whole."""
    if not whole:
        return "–"
    share = f"{100 * part / whole:.1f}".replace(".", ",").removesuffix(",0")
    return f"{share} %"


def in_words(value: int) -> str:
    """As it is written in Vietnam: 12.345."""
    return f"{value:,}".replace(",", ".")


def moment(at: datetime) -> str:
    """ "08:15 ngày 26/11/2026"."""
    local = at.astimezone(LOCAL)
    return f"{local:%H:%M} ngày {day(local.date())}"


def day(on: date) -> str:
    """ "5/2/2027"."""
    return f"{on.day}/{on.month}/{on.year}"


def period_name(house: House, period: Period, *, short: bool = False) -> str:
    """What people call it: a month, quarter, half-year, year, the state's month, or its days.

    `short`: where the days stand beside it anyhow.
    """

    def words(key: str, /, **fields: object) -> str:
        return house.words.text(f"figures.period.{key}", **fields)

    first, last = period.first, period.last
    spoken = {"first": day(first), "last": day(last), "year": last.year, "month": last.month}
    if period == month_of(last.year, last.month):
        return words("month", **spoken)
    if period == state_month(last.year, last.month):
        return words("state_month_short" if short else "state_month", **spoken)
    if first.day == 1 and (first.year == last.year) and period.last == month_of(last.year, last.month).last:
        length = last.month - first.month + 1
        if length == 12:
            return words("year", **spoken)
        if length == 6 and first.month in (1, 7):
            return words("half", half=words("first_half" if first.month == 1 else "second_half"), **spoken)
        if length == 3 and first.month % 3 == 1:
            return words("quarter", quarter=(last.month // 3), **spoken)
    return words("day" if first == last else "span", **spoken)
