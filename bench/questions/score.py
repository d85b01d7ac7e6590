"""What a matcher's reactions are worth to the people who asked: figures per slice, and one headline figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from bench.questions.sets import Question

RIGHT, RIGHT_OF_THREE, WRONG = 1.0, 0.6, -1.0
LEFT_ALONE, BOTHERED, ANSWERED_ANYWAY = 1.0, 0.3, -1.0
FILED, NOT_FILED = 1.0, 0.5
TWO_MEANT, ONE_MEANT, ANSWERED_MEANT, SILENT = 1.0, 0.7, 0.5, 0.3
GROUPS: Final[Mapping[str, float]] = {"natural": 0.55, "noise": 0.20, "negative": 0.20, "ambiguous": 0.05}
"""What each group of slices counts in the headline."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a matcher made of one message: entries best first, answer, suggest or none, filed as a report or not."""

    ranked: tuple[str, ...]
    decision: str
    filed: bool = False


Judged: TypeAlias = list[tuple[Question, Reaction]]


def group_of(name: str) -> str:
    """The group a slice belongs to."""
    if name == "ambiguous":
        return name
    return {"noise": "noise", "neg": "negative"}.get(name.split("_")[0], "natural")


def worth(question: Question, reaction: Reaction) -> float:
    """From -1, a wrong answer, to 1, just what was needed."""
    first, three = reaction.ranked[:1], frozenset(reaction.ranked[:3])
    if question.any:
        if reaction.decision == "answer":
            return ANSWERED_MEANT if question.any & frozenset(first) else WRONG
        if reaction.decision == "none":
            return SILENT
        return {0: 0.0, 1: ONE_MEANT}.get(len(question.any & three), TWO_MEANT)
    if not question.right:
        if reaction.decision == "answer":
            return ANSWERED_ANYWAY
        if reaction.decision == "suggest":
            return BOTHERED
        return LEFT_ALONE if not question.complaint else (FILED if reaction.filed else NOT_FILED)
    if reaction.decision == "answer":
        return RIGHT if question.right & frozenset(first) else WRONG
    if reaction.decision == "suggest":
        return RIGHT_OF_THREE if question.right & three else 0.0
    return 0.0


def share(values: Iterable[bool | float]) -> float:
    """The mean, in percent; nan for none."""
    found = [float(value) for value in values]
    return 100 * sum(found) / len(found) if found else float("nan")


def _first(pair: tuple[Question, Reaction]) -> bool:
    return bool(pair[0].right & frozenset(pair[1].ranked[:1]))


def _three(pair: tuple[Question, Reaction]) -> bool:
    return bool(pair[0].right & frozenset(pair[1].ranked[:3]))


@dataclass(frozen=True)
class Score:
    """The figures of one matcher on one set, in percent."""

    judged: Mapping[str, Judged]

    @classmethod
    def of(cls, questions: Iterable[Question], react: Callable[[str], Reaction]) -> Score:
        """Ask everything and judge."""
        slices: dict[str, Judged] = defaultdict(list)
        for question in questions:
            slices[question.slice].append((question, react(question.text)))
        return cls(dict(sorted(slices.items())))

    @property
    def headline(self) -> float:
        """The mean worth of the slices of each group, weighted by group, times 100."""
        groups: dict[str, list[float]] = defaultdict(list)
        for name, pairs in self.judged.items():
            groups[group_of(name)].append(share(worth(*pair) for pair in pairs))
        weights = {name: GROUPS[name] for name in groups}
        means = {name: sum(values) / len(values) for name, values in groups.items()}
        return sum(weights[name] * means[name] for name in groups) / sum(weights.values())

    def top(self, group: str, how_many: int = 1) -> float:
        """The right entry first (or among three), as a mean over the slices of a group."""
        hit = _first if how_many == 1 else _three
        values = [share(map(hit, pairs)) for name, pairs in self.judged.items() if group_of(name) == group]
        return sum(values) / len(values) if values else float("nan")

    def slice_row(self, name: str) -> dict[str, float]:
        """The figures of one slice."""
        pairs = self.judged[name]
        row = {"n": float(len(pairs)), "worth": share(worth(*pair) for pair in pairs)}
        for decision in ("answer", "suggest"):
            row[decision] = share(reaction.decision == decision for _, reaction in pairs)
        if group_of(name) in ("natural", "noise"):
            row |= {"top1": share(map(_first, pairs)), "top3": share(map(_three, pairs))}
            row["wrong"] = share(r.decision == "answer" and not _first((q, r)) for q, r in pairs)
        if group_of(name) == "negative":
            row["filed"] = share(r.filed for _, r in pairs)
        return row

    def summary(self) -> dict[str, float]:
        """The figures that goals are set for."""
        everything = [pair for pairs in self.judged.values() for pair in pairs]
        asked = [pair for pair in everything if pair[0].right]
        negative = [pair for pair in everything if not pair[0].right and not pair[0].any]
        answered = [pair for pair in asked + negative if pair[1].decision == "answer"]
        complaints = [pair for pair in negative if pair[0].complaint]
        return {
            "headline": self.headline,
            "natural top-1": self.top("natural"),
            "natural top-3": self.top("natural", 3),
            "noise top-1": self.top("noise"),
            "noise top-3": self.top("noise", 3),
            "answer precision": share(map(_first, answered)),
            "answer recall": share(r.decision == "answer" and _first((q, r)) for q, r in asked),
            "wrong answers": share(r.decision == "answer" and not _first((q, r)) for q, r in asked),
            "helped": share(worth(*pair) > 0 for pair in asked),
            "negatives answered": share(r.decision == "answer" for _, r in negative),
            "complaints filed": share(r.filed and r.decision == "none" for _, r in complaints),
            "questions filed": share(r.filed for _, r in asked),
        }
