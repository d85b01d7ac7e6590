"""What the figures of a period are counted from: one fact a case, and the same facts behind every figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col

from storage.models import Contact, Ticket
from storage.statuses import Rating, Source, TicketStatus


class Outcome(StrEnum):
    """What had become of a case by the end of the period."""

    OPEN = "open"
    DONE = "done"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Measure(StrEnum):
    """The figures of a report, in their order. Each is a condition on facts, so each can be traced to its cases."""

    CARRIED = "carried"
    FILED = "filed"
    DONE = "done"
    ON_TIME = "on_time"
    DONE_LATE = "done_late"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    OPEN = "open"
    OPEN_IN_TIME = "open_in_time"
    OPEN_LATE = "open_late"
    RATED = "rated"
    SATISFIED = "satisfied"
    RECURRING = "recurring"


class By(StrEnum):
    """By what the figures are parted."""

    CATEGORY = "category"
    DEPARTMENT = "department"
    AREA = "area"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Fact:
    """A case in a period. `fresh`: filed in it, otherwise carried over. `late`: over its date when it ended, or at
    the end of the period. `rating` is empty without one."""

    ticket_id: int
    code: str
    category: str
    department: str
    area: str
    channel: str
    fresh: bool
    outcome: str
    late: bool
    rating: str
    recurring: bool

    def key(self, by: By) -> str:
        """Where it belongs when figures are parted."""
        return str(getattr(self, by.value))


_CONTENT: Final = frozenset({Rating.GREAT.value, Rating.GOOD.value})
_TESTS: Final[Mapping[Measure, Callable[[Fact], bool]]] = {
    Measure.CARRIED: lambda one: not one.fresh,
    Measure.FILED: lambda one: one.fresh,
    Measure.DONE: lambda one: one.outcome == Outcome.DONE,
    Measure.ON_TIME: lambda one: one.outcome == Outcome.DONE and not one.late,
    Measure.DONE_LATE: lambda one: one.outcome == Outcome.DONE and one.late,
    Measure.REJECTED: lambda one: one.outcome == Outcome.REJECTED,
    Measure.WITHDRAWN: lambda one: one.outcome == Outcome.WITHDRAWN,
    Measure.OPEN: lambda one: one.outcome == Outcome.OPEN,
    Measure.OPEN_IN_TIME: lambda one: one.outcome == Outcome.OPEN and not one.late,
    Measure.OPEN_LATE: lambda one: one.outcome == Outcome.OPEN and one.late,
    Measure.RATED: lambda one: one.outcome == Outcome.DONE and bool(one.rating),
    Measure.SATISFIED: lambda one: one.outcome == Outcome.DONE and one.rating in _CONTENT,
    Measure.RECURRING: lambda one: one.fresh and one.recurring,
}


@dataclass(frozen=True)
class Counts:
    """The figures of some facts, in all and parted."""

    total: Counter[Measure] = field(default_factory=Counter)
    parts: Mapping[By, Mapping[str, Counter[Measure]]] = field(default_factory=dict)

    def share(self, part: Measure, whole: Measure) -> float | None:
        """A share of the total in percent; None where there is no whole."""
        return 100 * self.total[part] / self.total[whole] if self.total[whole] else None


def count(facts: Iterable[Fact]) -> Counts:
    """All figures of these facts."""
    total: Counter[Measure] = Counter()
    parts: dict[By, dict[str, Counter[Measure]]] = {by: {} for by in By}
    for fact in facts:
        true = [figure for figure, test in _TESTS.items() if test(fact)]
        total.update(true)
        for by in By:
            parts[by].setdefault(fact.key(by), Counter()).update(true)
    return Counts(total, parts)


def trace(facts: Iterable[Fact], figure: Measure, by: By | None = None, key: str = "") -> list[Fact]:
    """The cases behind a figure, in all or of one part: as many as the figure says."""
    test = _TESTS[figure]
    return [fact for fact in facts if test(fact) and (by is None or fact.key(by) == key)]


def list_facts(session: Session, since: datetime, until: datetime, now: datetime) -> list[Fact]:
    """The cases of a period, oldest first: filed in it, or filed before and not over when it began.

    Merged tickets are no cases. What was still open is judged by the end of the period, or by `now` before that.
    """
    end = min(until, now)
    cases: dict[int, Fact] = {}
    for condition in _ranges(since, until):
        query = sa.select(*_COLUMNS).join(Contact, col(Contact.id) == Ticket.contact_id).where(condition)
        for row in session.execute(query):
            if row.created_at < until:
                cases[row.id] = _fact(row, since, until, end)
    return [fact for _, fact in sorted(cases.items())]


def _ranges(since: datetime, until: datetime) -> Sequence[ColumnElement[bool]]:
    """Three questions instead of one with OR, each with an index: what came, what went since, what is open.

    The later two do not ask when a case was filed: SQLite would then take the index of that, and read all the years.
    """
    alone = col(Ticket.parent_id).is_(None)
    filed, closed = col(Ticket.created_at), col(Ticket.closed_at)
    return (
        and_(alone, filed >= since, filed < until),
        and_(alone, closed >= since),
        and_(alone, closed.is_(None)),
    )


# Without the words of the tickets: a year of them is read at once.
_COLUMNS: Final[tuple[Any, ...]] = (
    *(Ticket.id, Ticket.code, Ticket.category, Ticket.department, Ticket.area, Ticket.source, Ticket.status),
    *(Ticket.created_at, Ticket.due_at, Ticket.closed_at, Ticket.rating, Ticket.recurs_of_id),
    Contact.channel,
)


def _fact(row: Any, since: datetime, until: datetime, end: datetime) -> Fact:
    closed = row.closed_at if row.closed_at is not None and row.closed_at < until else None
    return Fact(
        ticket_id=row.id,
        code=row.code,
        category=row.category,
        department=row.department,
        area=row.area or "",
        channel=row.channel if row.source == Source.CHAT else row.source,
        fresh=row.created_at >= since,
        outcome=(_ENDS.get(row.status, Outcome.DONE) if closed else Outcome.OPEN).value,
        late=(closed or end) > row.due_at,
        rating=row.rating or "" if closed else "",
        recurring=row.recurs_of_id is not None,
    )


_ENDS: Final[Mapping[str, Outcome]] = {
    TicketStatus.REJECTED.value: Outcome.REJECTED,
    TicketStatus.WITHDRAWN.value: Outcome.WITHDRAWN,
}


def fact_to_list(fact: Fact) -> list[Any]:
    """As a value of the book of a period."""
    return list(astuple(fact))


def fact_from_list(value: Sequence[Any]) -> Fact:
    """The inverse of `fact_to_list`."""
    return Fact(*value)
