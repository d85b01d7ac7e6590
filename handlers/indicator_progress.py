"""How far each target of the ward's plan is: the same for the chat, the reports and the picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.indicators import Indicator
from core.pictures import Bar, BarChart, Series, Tone
from core.ward import Ward
from storage.indicators import Targets

_BARS: Final = 12
_NAME: Final = 70


@dataclass(frozen=True, slots=True)
class Progress:
    """A target, and the value of a day; without one nothing was told yet."""

    indicator: Indicator
    value: float | None = None
    day: date | None = None

    @property
    def state(self) -> str:
        """`met`, `unmet` or `unknown`: the end of a key of the wording."""
        if self.value is None:
            return "unknown"
        return "met" if self.indicator.is_met(self.value) else "unmet"

    @property
    def spoken(self) -> str:
        """The value as people write it; empty without one."""
        return "" if self.value is None else self.indicator.spoken(self.value)

    @property
    def name(self) -> str:
        """The name of the target, shortened where the plan needs a paragraph for it."""
        name = self.indicator.name
        return name if len(name) <= _NAME else f"{name[: _NAME - 1].rsplit(None, 1)[0]}…"

    @property
    def share(self) -> int:
        """How much of the target is reached, in percent: 100 where it is, never where it is not."""
        if self.value is None or self.state == "met":
            return 100 if self.value is not None else 0
        return min(99, max(0, int(100 * self.value / self.indicator.target))) if self.indicator.target else 0


def list_progress(ward: Ward, targets: Targets, last: date) -> tuple[Progress, ...]:
    """All targets of the ward's present plan, in its order, as they stood at the end of `last`."""
    told = {one.indicator: one for one in targets.readings if one.plan == ward.source}
    found = []
    for one in sorted(ward.indicators, key=lambda one: one.number):
        reading = told.get(one.key)
        if one.counts:
            share = round(100 * targets.answered / targets.cases, 1) if targets.cases else None
            found.append(Progress(one, share, last if targets.cases else None))
        else:
            found.append(Progress(one, reading.value, reading.day) if reading else Progress(one))
    return tuple(found)


def count_states(progress: Sequence[Progress]) -> dict[str, int]:
    """How many are reached, are not, and of how many nothing is known."""
    states = Counter(one.state for one in progress)
    return {state: states[state] for state in ("met", "unmet", "unknown")}


def chart_of_targets(words: Callable[..., str], progress: Sequence[Progress], plan: str) -> BarChart | None:
    """How much of each target is reached, those farthest from it first. None while nothing was told.

    Without the names of people or cases: the picture may be shown to anybody.
    """
    known = sorted((one for one in progress if one.value is not None), key=lambda one: one.share)
    if not known:
        return None
    shown, hidden = known[:_BARS], len(known) - len(known[:_BARS])
    used = [state for state in ("unmet", "met") if any(one.state == state for one in shown)]
    tones = {"unmet": Tone.SOON, "met": Tone.DONE}
    unknown = len(progress) - len(known)
    footer = [words("indicators.chart.hidden", count=hidden)] if hidden else []
    footer += [words("indicators.chart.unknown", count=unknown)] if unknown else []
    return BarChart(
        title=words("indicators.chart.title"),
        subtitle=plan,
        series=tuple(Series(words(f"indicators.chart.{state}"), tones[state]) for state in used),
        bars=tuple(
            Bar(
                words("indicators.chart.bar", number=one.indicator.number, name=one.name),
                tuple(one.share if one.state == state else 0 for state in used),
                words("indicators.chart.note", value=one.spoken, target=one.indicator.spoken_target),
            )
            for one in shown
        ),
        footer=" ".join(footer),
    )
