"""What to do with a ranking: answer, offer three, stay silent or file a report, by calibrated chances.

The numbers are data, fitted from labelled questions (docs/matching.md); nothing here knows a threshold by heart.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import mul
from pathlib import Path
from typing import Any, Final

from faq.entry import ContentError
from faq.evidence import NAMES
from faq.library import CONTENT

_FILE: Final = "_decision.json"


class Decision(StrEnum):
    """What to do with the ranking."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    NONE = "none"


class Outcome(StrEnum):
    """How it may stand with a message, seen from the ranking."""

    FIRST = "first"
    """The first entry is what was asked."""
    THREE = "three"
    """The second or the third is."""
    LOWER = "lower"
    """The library knows it, further down."""
    VAGUE = "vague"
    """Several entries may be meant."""
    FOREIGN = "foreign"
    """No entry answers it."""
    REPORT = "report"
    """Nothing was asked: something is wrong in the neighbourhood."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, and the chances it rests on. `report`: the message is to be filed as a report."""

    decision: Decision
    report: bool
    chances: Mapping[Outcome, float]


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """A multinomial model on the evidence: each number, its hinges, and some products, times fitted weights."""

    hinges: tuple[tuple[int, float], ...]
    products: tuple[tuple[int, int], ...]
    weights: Mapping[Outcome, tuple[float, ...]]
    worth: Mapping[str, Mapping[Outcome, float]]
    report_from: float

    def expand(self, numbers: Sequence[float]) -> list[float]:
        """The numbers of the evidence with a one in front, their hinges and products behind."""
        found = [1.0, *numbers]
        found += [max(0.0, numbers[at] - knot) for at, knot in self.hinges]
        found += [numbers[a] * numbers[b] for a, b in self.products]
        return found

    def chances(self, numbers: Sequence[float]) -> dict[Outcome, float]:
        """The chance of each outcome; they add up to one."""
        expanded = self.expand(numbers)
        scores = {outcome: sum(map(mul, weights, expanded)) for outcome, weights in self.weights.items()}
        highest = max(scores.values())
        raised = {outcome: math.exp(score - highest) for outcome, score in scores.items()}
        total = sum(raised.values())
        return {outcome: value / total for outcome, value in raised.items()}

    def decide(self, numbers: Sequence[float]) -> Verdict:
        """The act whose expected worth to the person is highest."""
        chances = self.chances(numbers)
        expected = {
            act: sum(chances[outcome] * value for outcome, value in worth.items())
            for act, worth in self.worth.items()
        }
        decision = Decision(max(expected, key=expected.__getitem__))
        report = decision is Decision.NONE and chances[Outcome.REPORT] >= self.report_from
        return Verdict(decision, report, chances)


def load_decision(folder: Path = CONTENT) -> DecisionModel:
    """The fitted model. Raises ContentError if it does not fit the evidence that this program gathers."""
    try:
        raw: Any = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if raw["evidence"] != list(NAMES):
            raise ContentError(f"{_FILE}: được tính cho bộ dấu hiệu khác, hãy tính lại")
        return DecisionModel(
            hinges=tuple((NAMES.index(name), knot) for name, knot in raw["hinges"]),
            products=tuple((NAMES.index(a), NAMES.index(b)) for a, b in raw["products"]),
            weights={Outcome(name): tuple(row) for name, row in raw["weights"].items()},
            worth={act: {Outcome(o): value for o, value in row.items()} for act, row in raw["worth"].items()},
            report_from=raw["report_from"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ContentError(f"{_FILE}: không đọc được ({error})") from error
