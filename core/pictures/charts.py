"""What a chart says, as values: drawn only when it is sent, so that no file of it is ever kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Tone(StrEnum):
    """What a colour means. People who confuse red and green tell all of them apart (`tests/core`)."""

    LATE = "late"
    SOON = "soon"
    OPEN = "open"
    DONE = "done"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of figure, as the legend names it; a single one that the title names needs no label."""

    label: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the chart: one value for each series, in their order. `note` stands behind the total."""

    label: str
    values: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Lying bars, which leave room for long Vietnamese labels on a narrow screen."""

    title: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    subtitle: str = ""
    footer: str = ""

    @property
    def name(self) -> str:
        """A file name of its own: the same figures have the same name, others another."""
        told = json.dumps(chart_to_json(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:32] + ".png"

    @property
    def alt(self) -> str:
        """Everything that the chart shows, for those who cannot see it."""
        lines = [self._spoken(bar) for bar in self.bars]
        head = ". ".join(part.rstrip(".") for part in (self.title, self.subtitle) if part)
        return f"{head}. " + "; ".join(lines) + "."

    def _spoken(self, bar: Bar) -> str:
        if len(self.series) == 1 and not self.series[0].label:
            told = str(bar.values[0])
        else:
            pairs = zip(self.series, bar.values, strict=True)
            told = ", ".join(f"{one.label.lower()} {value}" for one, value in pairs if value) or "0"
        return f"{bar.label}: {told}" + (f" ({bar.note})" if bar.note else "")


def chart_to_json(chart: BarChart) -> dict[str, Any]:
    """As a value of the outbox."""
    value: dict[str, Any] = {
        "title": chart.title,
        "series": [[one.label, one.tone.value] for one in chart.series],
        "bars": [[one.label, list(one.values), one.note] for one in chart.bars],
    }
    if chart.subtitle:
        value["subtitle"] = chart.subtitle
    if chart.footer:
        value["footer"] = chart.footer
    return value


def chart_from_json(value: dict[str, Any]) -> BarChart:
    """The inverse of `chart_to_json`."""
    return BarChart(
        title=value["title"],
        series=tuple(Series(label, Tone(tone)) for label, tone in value["series"]),
        bars=tuple(Bar(label, tuple(values), note) for label, values, note in value["bars"]),
        subtitle=value.get("subtitle", ""),
        footer=value.get("footer", ""),
    )
