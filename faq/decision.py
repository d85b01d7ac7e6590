"""Whether to answer, to offer a choice, or to say nothing: margins and coverage, never the absolute score."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from faq.ranking import Ranked


class Decision(StrEnum):
    """What to do with the ranking."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the first entry. All are shares or differences, so they mean the same for any library size."""

    margin_second: float
    margin_third: float
    of_query: float
    of_phrasing: float
    subject_missing: bool


@dataclass(frozen=True, slots=True)
class _Weights:
    bias: float
    margin_second: float
    margin_third: float
    of_query: float
    of_phrasing: float
    subject_missing: float


# Two small logistic models, fitted on the entries' own alternatives left out one at a time (right first) and on whole
# entries left out (known at all). Margins and coverage only, so they carry over to other libraries.
_RIGHT: Final = _Weights(-4.0, 1.0, 1.45, 2.2, 2.75, -0.8)
_KNOWN: Final = _Weights(-2.7, 0.0, 0.9, 1.95, 3.1, -1.1)

_ANSWER_FROM: Final = 0.63
_SUGGEST_FROM: Final = 0.36
_BARE: Final = 4
_BARE_MARGIN: Final = 0.2
"""A bare name ("hộ chiếu") is covered by every entry about it; unless one stands out, ask which is meant."""
_LONG: Final = 18
_SUGGEST_LONG_FROM: Final = 0.16
"""Of a long story no entry covers much, whatever it is about; three choices are a fair guess, an answer is not."""


def evidence(ranked: list[Ranked], *, subject_missing: bool) -> Evidence:
    """The evidence for the first of a ranking that is not empty."""
    scores = [entry.score for entry in ranked[:3]] + [0.0, 0.0]
    return Evidence(
        margin_second=scores[0] - scores[1],
        margin_third=scores[0] - scores[2],
        of_query=ranked[0].of_query,
        of_phrasing=ranked[0].of_phrasing,
        subject_missing=subject_missing,
    )


def decide(seen: Evidence, length: int) -> Decision:
    """Answer when the first is very likely right, offer three when it is likely that we know the matter at all.

    `length` is the number of words of the message.
    """
    bare = length <= _BARE and seen.margin_second < _BARE_MARGIN
    if _probability(_RIGHT, seen) >= _ANSWER_FROM and not bare:
        return Decision.ANSWER
    if _probability(_KNOWN, seen) >= (_SUGGEST_FROM if length < _LONG else _SUGGEST_LONG_FROM):
        return Decision.SUGGEST
    return Decision.NONE


def _probability(weights: _Weights, seen: Evidence) -> float:
    total = (
        weights.bias
        + weights.margin_second * min(seen.margin_second, 1.0)
        + weights.margin_third * min(seen.margin_third, 1.0)
        + weights.of_query * seen.of_query
        + weights.of_phrasing * seen.of_phrasing
        + weights.subject_missing * seen.subject_missing
    )
    return 1 / (1 + math.exp(-total))
