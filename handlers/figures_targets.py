"""The targets of the plan as lines of a table of a report."""

from __future__ import annotations

from typing import Final

from handlers.figures import Report, day
from handlers.indicator_progress import Progress

TARGETS: Final = ("number", "name", "lead", "target", "value", "unit", "day", "state")


def target_cells(report: Report, one: Progress, value: object) -> list[object]:
    """One target under the headings; `value` as the file writes it."""
    target, ward = one.indicator, report.house.ward
    found = ward.find_department(target.lead) if target.lead else None
    return [
        target.number,
        target.name,
        found.short_name if found else target.lead,
        target.spoken_target,
        value,
        target.unit,
        day(one.day) if one.day else "",
        report.house.words.text(f"indicators.state.{one.state}"),
    ]
