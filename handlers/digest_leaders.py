"""A leader's morning: how all departments stand, with a picture, and what nobody looks after."""

from __future__ import annotations

from dataclasses import fields

from sqlmodel import Session

from core.calendar import spoken_date
from core.messages import Choice, Content, Picture
from core.pictures import Bar, BarChart, Series, Tone
from core.wards import Department
from handlers.digest_morning import Morning
from storage.evidence import count_without
from storage.loads import Load, list_loads
from storage.staff import list_groups, list_officers


def leaders_text(session: Session, morning: Morning) -> Content | None:
    """The message; None when no department has anything and nothing waits to be looked through."""
    departments = morning.house.ward.departments
    keys = [one.key for one in departments]
    loads = list_loads(session, keys, morning.now, morning.ends, morning.since)
    busy = [(one, loads[one.key]) for one in departments if not loads[one.key].is_empty]
    reviews = sum(morning.reviews.values())
    if not busy and not reviews:
        return None
    total = Load(*(sum(getattr(load, field.name) for _, load in busy) for field in fields(Load)))
    head = morning.words("leaders.head", date=spoken_date(morning.today), **_numbers(total))
    lines = [
        morning.words(
            "leaders.nobody" if load.open and not _is_read(session, department.key) else "leaders.line",
            department=department.short_name,
            **_numbers(load),
        )
        for department, load in busy
    ]
    without = count_without(session, None, morning.since)
    lines += [morning.words("leaders.without_evidence", count=without)] if without else []
    lines += [morning.words("reviews", count=reviews)] if reviews else []
    chart = _chart(morning, [(one, load) for one, load in busy if load.open])
    choices = (Choice(morning.words("button.list", count=total.open), "officer.list"),) if total.open else ()
    return Content("\n".join([head, *lines]), choices, (Picture.drawn(chart),) if chart.bars else ())


def _is_read(session: Session, department: str) -> bool:
    people = [contact for _, contact in list_officers(session, department)]
    return any(one.unreachable_at is None for one in [*list_groups(session, department), *people])


def _numbers(load: Load) -> dict[str, object]:
    return {"open": load.open, "late": load.late, "unclaimed": load.unclaimed, "new": load.filed_since}


def _chart(morning: Morning, loads: list[tuple[Department, Load]]) -> BarChart:
    ordered = sorted(loads, key=lambda pair: (-pair[1].late, -pair[1].open))
    return BarChart(
        title=morning.words("chart.leaders"),
        subtitle=spoken_date(morning.today),
        series=(
            Series(morning.words("chart.late"), Tone.LATE),
            Series(morning.words("chart.today"), Tone.SOON),
            Series(morning.words("chart.rest"), Tone.OPEN),
        ),
        bars=tuple(
            Bar(one.short_name, (load.late, load.due_today, load.open - load.late - load.due_today))
            for one, load in ordered
        ),
    )
