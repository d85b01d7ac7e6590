"""An officer's morning: how many of each kind, a picture by category, and the most urgent tickets, one tap away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from sqlmodel import Session

from core.calendar import at, spoken_date
from core.messages import Choice, Content, Picture
from core.pictures import Bar, BarChart, Series, Tone
from handlers.cards import category_name, time_left
from handlers.house import House
from handlers.operator import Operator
from storage.figures_morning import Desk, Scope, Section, read_desk
from storage.loads import get_load
from storage.models import Announcement, Ticket
from storage.votes import Disputed

HOUR: Final = time(7, 30)
# Seven lines and the way to the rest are eight buttons: what Telegram shows on one screen.
_MOST: Final = {
    **{Section.LATE: 4, Section.TODAY: 3, Section.NEW: 3, Section.WAITING: 2, Section.RECURRING: 2},
    Section.REST: 2,
}
_LINES: Final = 7
_TITLE: Final = 60
_BARS: Final = 8
_SHOWN: Final = (Section.LATE, Section.TODAY, Section.NEW, Section.WAITING, Section.RECURRING)
_TONES: Final = {
    Section.LATE: Tone.LATE,
    Section.TODAY: Tone.SOON,
    Section.REST: Tone.OPEN,
    Section.WAITING: Tone.QUIET,
}


@dataclass(frozen=True, slots=True)
class Morning:
    """The moments that a digest counts from and to, and what was found out once for all readers.

    `reviews`: answers that each department must look through. `approvals`: announcements that wait for somebody of
    the staff, by number. `doubts`: closed cases of the ward that somebody says are not done.
    """

    house: House
    now: datetime
    today: date
    last: date
    reviews: Mapping[str, int] = field(default_factory=dict)
    approvals: Mapping[int, Sequence[Announcement]] = field(default_factory=dict)
    doubts: Sequence[Disputed] = ()

    @property
    def ends(self) -> datetime:
        """The end of the day: what is due by then is due today, and the message is stale afterwards."""
        return at(self.today, time.max)

    @property
    def since(self) -> datetime:
        """From when on something is new: the usual hour of the last working day."""
        return at(self.last, HOUR)

    @property
    def begins_week(self) -> bool:
        """True on the first working morning of a week: once a week is often enough for what waits for months."""
        return self.last.isocalendar()[:2] != self.today.isocalendar()[:2]

    def words(self, key: str, /, **blanks: object) -> str:
        """A sentence of the digest."""
        return self.house.words.text(f"digest.{key}", **blanks)


def morning_of(
    session: Session, morning: Morning, scope: Scope, *, in_group: bool = False, above: int = 0
) -> Content | None:
    """The whole message; None when nothing is open, nothing happened and nothing waits to be looked through.

    `above`: as many buttons less, because others stand above them.
    """
    desk = read_desk(session, scope, morning.now, morning.ends, _MOST)
    load = get_load(session, scope.department, morning.now, morning.ends, morning.since)
    reviews = morning.reviews.get(scope.department, 0)
    happened = load.filed_since or load.closed_since
    if desk.is_empty and not reviews and (scope.staff_id is not None or not happened):
        return None
    department = morning.house.ward.get_department(scope.department)
    since = spoken_date(morning.last)
    lines = [morning.words("head", department=department.name, date=spoken_date(morning.today))]
    lines += [morning.words(one, count=desk.count(one)) for one in _SHOWN if desk.count(one)]
    numbers = (
        ("unrated", desk.unrated),
        ("open", desk.count()),
        ("others", desk.others),
        ("filed", load.filed_since),
        ("closed", load.closed_since),
        ("reviews", reviews),
    )
    lines += [
        morning.words(key, count=count, since=since) for key, count in numbers if count or key == "open"
    ]
    urgent = desk.urgent[: _LINES - above]
    if urgent:
        lines.append(morning.words("pick"))
    choices = _choices(session, morning, urgent, desk, with_category=not in_group)
    chart = _chart(morning, desk, department.name)
    return Content("\n".join(lines), choices, (Picture.drawn(chart),) if chart else ())


def _choices(
    session: Session,
    morning: Morning,
    urgent: Sequence[tuple[Section, Ticket]],
    desk: Desk,
    *,
    with_category: bool,
) -> tuple[Choice, ...]:
    """A button a ticket. In a group without the category: what a case is about is for the people of the desk."""
    caller = Operator(session, morning.house, morning.now)
    choices = []
    for section, ticket in urgent:
        state = time_left(caller, ticket)
        told = morning.words(f"mark.{section}", state=state) if section in _MARKED else state
        title = morning.words("line", code=ticket.code, state=told)
        if with_category:
            title = morning.words("line_about", line=title, category=category_name(caller, ticket))
        choices.append(Choice(_cut(title), f"officer.show:{ticket.id}"))
    if desk.count() > len(urgent):
        choices.append(Choice(morning.words("button.list", count=desk.count()), "officer.list"))
    return tuple(choices)


_MARKED: Final = frozenset({Section.NEW, Section.WAITING, Section.RECURRING})


def _cut(title: str) -> str:
    """A longer one would make every channel write all titles into the text as well."""
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"


def _chart(morning: Morning, desk: Desk, department: str) -> BarChart | None:
    """Open tickets by category, those with late ones first, then the most; those beyond the eighth together."""
    if desk.is_empty:
        return None
    totals: dict[str, int] = {}
    for (category, _), count in desk.counts.items():
        totals[category] = totals.get(category, 0) + count
    late = {key: _value(desk, key, Section.LATE) for key in totals}
    order = sorted(totals, key=lambda key: (-late[key], -totals[key], key))
    shown = order if len(order) <= _BARS else order[: _BARS - 1]
    used = [one for one in _TONES if any(_value(desk, key, one) for key in order)]
    bars = [Bar(_name(morning, key), tuple(_value(desk, key, one) for one in used)) for key in shown]
    if len(shown) < len(order):
        rest = order[len(shown) :]
        values = tuple(sum(_value(desk, key, one) for key in rest) for one in used)
        bars.append(Bar(morning.words("chart.other_categories", count=len(rest)), values))
    return BarChart(
        title=morning.words("chart.title"),
        subtitle=morning.words("chart.of", department=department, date=spoken_date(morning.today)),
        series=tuple(Series(morning.words(f"chart.{one}"), _TONES[one]) for one in used),
        bars=tuple(bars),
    )


def _value(desk: Desk, category: str, tone: Section) -> int:
    """New, recurring and the rest are of one colour: they have time."""
    kinds = (Section.NEW, Section.RECURRING, Section.REST) if tone is Section.REST else (tone,)
    return sum(desk.counts.get((category, one), 0) for one in kinds)


def _name(morning: Morning, key: str) -> str:
    found = morning.house.ward.find_category(key)
    return found.name if found else key
