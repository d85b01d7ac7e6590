"""What heads, leaders and overseers are told at the beginning of a week or a month: how the last one went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from core.calendar import local_date
from core.messages import Choice, Content, Picture
from core.periods import Period, month_of
from handlers.figures import Report
from handlers.figures_chat import PREFIX, args_of
from handlers.figures_rights import Sight, sight_of
from handlers.figures_text import chart_of, report_text
from handlers.figures_trace import case_line
from handlers.house import House
from storage.digests import SlotKind
from storage.figures import Measure, trace
from storage.figures_book import open_book
from storage.models import Staff
from storage.statuses import StaffRole

_LATE_SHOWN: Final = 5
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """A week or month that is over. `told_on` is its first day behind, which names the slot."""

    kind: SlotKind
    period: Period
    before: Period
    told_on: date


def spans_of(now: datetime) -> list[Span]:
    """The last week and the last month."""
    today = local_date(now)
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    week = Period(monday - _WEEK, monday - timedelta(days=1))
    earlier = Period(week.first - _WEEK, week.last - _WEEK)
    month = _month_before(first)
    return [
        Span(SlotKind.WEEK, week, earlier, monday),
        Span(SlotKind.MONTH, month, _month_before(month.first), first),
    ]


def _month_before(first: date) -> Period:
    day = first - timedelta(days=1)
    return month_of(day.year, day.month)


def hears_of(staff: Staff, kind: SlotKind) -> Sight | None:
    """Heads hear of the week; leaders and overseers of week and month; nobody else."""
    sight = sight_of(staff)
    return None if kind is SlotKind.MONTH and staff.role == StaffRole.OFFICER else sight


def span_content(session: Session, house: House, span: Span, sight: Sight, now: datetime) -> Content | None:
    """The figures of the span beside those of the one before; None when there was nothing in it."""
    report = Report(house, open_book(session, span.period, now), sight.department, now)
    if not report.facts:
        return None
    before = Report(house, open_book(session, span.before, now), sight.department, now)
    lines = [house.words.text(f"digest.span.{span.kind}"), report_text(report)]
    lines += _compared(report, before)
    late = trace(report.facts, Measure.OPEN_LATE)
    if late:
        lines.append(house.words.text("digest.span.late", count=len(late)))
        lines += [f"• {case_line(report, fact)}" for fact in late[:_LATE_SHOWN]]
    chart = chart_of(report)
    pictures = (Picture.drawn(chart),) if chart is not None else ()
    return Content("\n".join(lines), _choices(house, report, span.period), pictures)


def _compared(report: Report, before: Report) -> list[str]:
    """Only where there is something to compare with."""
    if not before.facts:
        return []
    now, then = report.counts.total, before.counts.total
    words = report.house.words.text
    fields = {
        "filed": now[Measure.FILED],
        "filed_before": then[Measure.FILED],
        "done": now[Measure.DONE],
        "done_before": then[Measure.DONE],
        "late": now[Measure.OPEN_LATE],
        "late_before": then[Measure.OPEN_LATE],
    }
    return [words("digest.span.compared", **fields)]


def _choices(house: House, report: Report, period: Period) -> tuple[Choice, ...]:
    args = args_of(period, report.department)
    return (
        Choice(house.words.text("figures.button.files"), f"{PREFIX}files:{args}"),
        Choice(house.words.text("figures.button.list"), f"{PREFIX}list:{args}"),
    )
