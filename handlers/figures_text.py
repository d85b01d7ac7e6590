"""A report in the chat and as JSON: a screen of figures with a picture, and the same figures for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from core.pictures import Bar, BarChart, Series, Tone
from handlers.figures import Report, Row, in_words, moment, percent
from handlers.indicator_progress import Progress, count_states
from storage.figures import By, Measure

_LISTED: Final = (
    *(Measure.CARRIED, Measure.FILED, Measure.DONE, Measure.DONE_LATE, Measure.REJECTED, Measure.WITHDRAWN),
    *(Measure.OPEN, Measure.OPEN_LATE, Measure.RECURRING),
)
_ALWAYS: Final = frozenset({Measure.FILED, Measure.DONE, Measure.OPEN})
_SERIES: Final = (
    ("open_late", Tone.LATE),
    ("done_late", Tone.SOON),
    ("open_in_time", Tone.OPEN),
    ("on_time", Tone.DONE),
    ("other", Tone.QUIET),
)
_BARS: Final = 9


def report_text(report: Report) -> str:
    """One screen: what came, what was done and how, what is left; and whether the figures can still change."""
    words, total = report.words, report.counts.total
    if not report.facts and not has_reach(report) and not has_targets(report):
        return words("empty", name=report.name, place=report.place)
    lines = [words("head", name=report.name, place=report.place)]
    for figure in _LISTED:
        if total[figure] or figure in _ALWAYS:
            lines.append(words("line", figure=words(f"figure.{figure}"), count=in_words(total[figure])))
        if figure is Measure.DONE and total[Measure.DONE]:
            lines.append(_share(report, "share", Measure.ON_TIME, Measure.DONE))
    if total[Measure.DONE]:
        rated = total[Measure.RATED]
        lines.append(
            _share(report, "satisfied", Measure.SATISFIED, Measure.RATED) if rated else words("not_rated")
        )
    if has_reach(report):
        lines.append(words("reach", **spelled(report.book.reach)))
    if has_targets(report):
        lines.append(words("targets", **count_states(report.targets)))
    lines.append(words("closed" if report.book.closed_at else "running", at=moment(report.taken_at)))
    return "\n".join(lines)


def _share(report: Report, key: str, part: Measure, whole: Measure) -> str:
    total = report.counts.total
    share = percent(total[part], total[whole])
    return report.words(key, share=share, part=in_words(total[part]), whole=in_words(total[whole]))


def spelled(counts: Mapping[str, int]) -> dict[str, str]:
    """Counts as people write them."""
    return {name: in_words(count) for name, count in counts.items()}


def has_reach(report: Report) -> bool:
    """Announcements are the ward's: the report of a department does not tell of them."""
    return report.department is None and bool(report.book.reach.get("announcements"))


def has_targets(report: Report) -> bool:
    """Something was told, or counted itself, of the targets of the plan."""
    return any(one.value is not None for one in report.targets)


def chart_of(report: Report, most: int = _BARS) -> BarChart | None:
    """How the cases of each department went; of one department, by category. None without any case.

    What is beyond the `most` bars is put together in the last one.
    """
    rows = report.rows(By.CATEGORY if report.department else By.DEPARTMENT)
    if not rows:
        return None
    shown = rows if len(rows) <= most else rows[: most - 1]
    bars = [Bar(row.name, _values(row)) for row in shown]
    if len(shown) < len(rows):
        values = [_values(row) for row in rows[len(shown) :]]
        rest = tuple(sum(one) for one in zip(*values, strict=True))
        bars.append(Bar(report.words("chart.rest", count=len(values)), rest))
    used = [place for place in range(len(_SERIES)) if any(bar.values[place] for bar in bars)]
    return BarChart(
        title=report.words("chart.title", name=report.name),
        subtitle=report.place,
        series=tuple(Series(report.words(f"chart.{_SERIES[n][0]}"), _SERIES[n][1]) for n in used),
        bars=tuple(Bar(bar.label, tuple(bar.values[n] for n in used)) for bar in bars),
    )


def _values(row: Row) -> tuple[int, ...]:
    counts = row.counts
    other = counts[Measure.REJECTED] + counts[Measure.WITHDRAWN]
    figures = (Measure.OPEN_LATE, Measure.DONE_LATE, Measure.OPEN_IN_TIME, Measure.ON_TIME)
    return (*(counts[figure] for figure in figures), other)


def report_as_json(report: Report) -> str:
    """One line: what the command prints and what the link opens."""
    return json.dumps(report_to_json(report), ensure_ascii=False) + "\n"


def report_to_json(report: Report) -> dict[str, Any]:
    """The same figures for programs: keys in English, names as people read them."""
    period = report.book.period
    return {
        "period": {"first": period.first.isoformat(), "last": period.last.isoformat(), "name": report.name},
        "department": report.department,
        "taken_at": report.taken_at.isoformat(),
        "closed": report.book.closed_at is not None,
        "total": {figure.value: report.counts.total[figure] for figure in Measure},
        **{
            f"by_{by}": [
                {"key": row.key, "name": row.name, **{one.value: row.counts[one] for one in Measure}}
                for row in report.rows(by)
            ]
            for by in By
        },
        "announcements": dict(report.book.reach) if report.department is None else None,
        "targets": [_target_to_json(one) for one in report.targets],
    }


def _target_to_json(one: Progress) -> dict[str, Any]:
    target = one.indicator
    return {
        "number": target.number,
        "name": target.name,
        "comparator": target.comparator,
        "target": target.target,
        "unit": target.unit,
        "department": target.lead or None,
        "value": one.value,
        "as_of": one.day.isoformat() if one.day else None,
        "state": one.state,
    }
