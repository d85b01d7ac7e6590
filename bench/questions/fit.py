"""Fits the numbers of the decision from the tuning halves: `python -m bench.questions.fit`; prints calibration."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bench.questions.noise import nodia
from bench.questions.score import GROUPS, group_of
from bench.questions.sets import WARDS, Question, QuestionSet, load_set
from faq.decision import Decision, DecisionModel, Outcome
from faq.evidence import NAMES
from faq.lexicon import Lexicon, Words, shipped_lexicon
from faq.library import CONTENT, Library
from faq.matcher import Matcher

HINGES: Final = (
    ("margin_2", (0.05, 0.12, 0.25, 0.45)),
    ("margin_3", (0.08, 0.2, 0.4)),
    ("margin_4", (0.1, 0.3)),
    ("of_query_1", (0.3, 0.5, 0.7, 0.85)),
    ("of_query_2", (0.4, 0.7)),
    ("of_phrasing_1", (0.25, 0.45, 0.65)),
    ("of_phrasing_2", (0.4,)),
    ("strongest_1", (0.5, 0.8)),
    ("unknown", (0.1, 0.25, 0.5)),
    ("per_mass", (0.5, 1.0, 1.5)),
    ("pairs", (0.15, 0.4)),
    ("subject_spread", (0.3, 0.5)),
    ("nuisance", (0.2, 0.5)),
    ("chat", (0.3, 0.6)),
    ("length", (0.1, 0.2, 0.4, 0.6)),
    ("content", (0.05, 0.1, 0.2)),
)
PRODUCTS: Final = (
    ("margin_2", "of_query_1"),
    ("margin_2", "of_phrasing_1"),
    ("margin_2", "length"),
    ("margin_3", "of_query_1"),
    ("of_query_1", "of_phrasing_1"),
    ("of_query_1", "length"),
    ("of_phrasing_1", "length"),
    ("asks", "nuisance"),
    ("report", "of_query_1"),
    ("report", "asks"),
    ("report", "marked"),
    ("asks", "marked"),
    ("nuisance", "of_query_1"),
    ("asks", "of_phrasing_1"),
    ("bare", "margin_2"),
    ("bare", "subject_spread"),
    ("subject_missing", "of_query_1"),
    ("unknown", "length"),
    ("chat", "of_query_1"),
    ("stub", "of_query_1"),
    ("stub", "margin_2"),
)
WORTH: Final = {
    "answer": {"first": 1.0, "three": -2.0, "lower": -2.0, "vague": 0.3, "foreign": -2.0, "report": -2.0},
    "suggest": {"first": 0.6, "three": 0.6, "lower": 0.0, "vague": 0.9, "foreign": 0.3, "report": 0.3},
    "none": {"first": 0.0, "three": 0.0, "lower": 0.0, "vague": 0.3, "foreign": 1.0, "report": 1.0},
}
"""As the headline has it (bench/questions/score.py), but for a wrong answer, which counts -1 there and -2 here.

A citizen loses a morning by a wrong answer, but only a tap by three choices.
"""
STRENGTH: Final = 0.02
THINNED: Final = 0.5
FORGOTTEN: Final = 0.5
"""The share of ways to say a thing that are taken away while it is fitted.

The words were widened with an eye on the tuning halves, so that chances fitted there would flatter. Without half of
the longer forms the tuning halves find their entry as often as questions do that nobody looked at.
"""
FORGETTINGS: Final = 2
REMEMBERED: Final = 0.5
BARE: Final = 0.4
FILED_BY_MISTAKE: Final = 0.009
"""The share of questions that may be filed as a report. The goal is 0.01, a margin for people not met."""
_REMOVED: Final = 0.25
_FOLDS: Final = 4
_ASKED: Final = (Outcome.FIRST, Outcome.THREE, Outcome.LOWER)


@dataclass(frozen=True)
class Sample:
    """One message as the model sees it, what it was, and how much it counts."""

    numbers: tuple[float, ...]
    outcome: Outcome
    weight: float
    key: str
    settled: bool
    """Whether a route or a matter of another office decides, whatever the model says."""


def outcome_of(question: Question, ranked: tuple[str, ...]) -> Outcome:
    """What was right for a message, seen from the ranking it got."""
    if question.any:
        return Outcome.VAGUE
    if not question.right:
        return Outcome.REPORT if question.complaint else Outcome.FOREIGN
    if question.right & frozenset(ranked[:1]):
        return Outcome.FIRST
    return Outcome.THREE if question.right & frozenset(ranked[:3]) else Outcome.LOWER


def forgetful(lexicon: Lexicon, seed: int) -> Lexicon:
    """The tables without some of the ways to say each thing: its first one and single words always stay."""

    def is_kept(name: str, form: Words) -> bool:
        drawn = hashlib.sha256(f"{seed}:{name}:{' '.join(form)}".encode()).digest()[0]
        return len(form) == 1 or drawn >= FORGOTTEN * 256

    kept = {
        name: (forms[0], *(form for form in forms[1:] if is_kept(name, form)))
        for name, forms in lexicon.concepts.items()
    }
    return replace(lexicon, concepts=kept)


def samples(given: QuestionSet, lexicon: Lexicon, weight: float = 1.0) -> Iterator[Sample]:
    """Every question weighs what it weighs in the headline."""
    matcher = Matcher(Library.of(given.entries), lexicon, decision=_unfitted())
    slices: dict[str, int] = defaultdict(int)
    for question in given.questions:
        slices[question.slice] += 1
    groups: dict[str, int] = defaultdict(int)
    for name in slices:
        groups[group_of(name)] += 1
    for question in given.questions:
        seen = matcher.look(question.text)
        group = group_of(question.slice)
        share = weight * GROUPS[group] / groups[group] / slices[question.slice]
        ranked = tuple(entry.id for entry in seen.ranking.entries[:3])
        settled = seen.signs.route is not None or seen.signs.stub is not None
        yield Sample(seen.evidence, outcome_of(question, ranked), share, question.key, settled)


def thinned(given: QuestionSet, seed: int) -> QuestionSet:
    """The same questions to a library that lacks a quarter of its entries: what is gone is now foreign."""
    chance = random.Random(seed)
    kept = tuple(entry for entry in given.entries if chance.random() > _REMOVED)
    ids = frozenset(entry.id for entry in kept)
    gone = [
        Question(q.text, "neg_gone", key=q.key)
        for q in given.questions
        if q.right and not q.right & ids and group_of(q.slice) == "natural"
    ]
    stay = [q for q in given.questions if (q.right and q.right <= ids) or (not q.right and not q.any)]
    return QuestionSet(given.name, kept, (*stay, *gone))


def bare(given: QuestionSet) -> QuestionSet:
    """The same messages without any marks: half of all people write so, whatever they write."""
    natural = [q for q in given.questions if group_of(q.slice) != "noise"]
    return QuestionSet(given.name, given.entries, tuple(replace(q, text=nodia(q.text)) for q in natural))


def _unfitted(report_from: float = 1.0) -> DecisionModel:
    hinges = tuple((NAMES.index(name), knot) for name, knots in HINGES for knot in knots)
    products = tuple((NAMES.index(a), NAMES.index(b)) for a, b in PRODUCTS)
    worth = {act: {Outcome(o): value for o, value in row.items()} for act, row in WORTH.items()}
    return DecisionModel(hinges, products, {}, worth, report_from)


def fit(found: Sequence[Sample]) -> DecisionModel:
    """The model for these samples; it files nothing until `with_report_from` has told it from when on."""
    empty = _unfitted()
    inputs = numpy.array([empty.expand(sample.numbers)[1:] for sample in found])
    scaler = StandardScaler().fit(inputs)
    wanted = [sample.outcome.value for sample in found]
    weights = numpy.array([sample.weight for sample in found])
    weights *= len(found) / weights.sum()
    model = LogisticRegression(C=STRENGTH, solver="newton-cholesky", max_iter=100, tol=1e-6)
    model.fit(scaler.transform(inputs), wanted, sample_weight=weights)
    slopes = model.coef_ / scaler.scale_
    biases = model.intercept_ - slopes @ scaler.mean_
    rows = {
        Outcome(name): (round(float(bias), 5), *(round(float(value), 5) for value in row))
        for name, bias, row in zip(model.classes_, biases, slopes, strict=True)
    }
    # An outcome that never occurred gets no chance.
    never = (-20.0, *[0.0] * inputs.shape[1])
    return replace(empty, weights={one: rows.get(one, never) for one in Outcome})


def with_report_from(model: DecisionModel, found: Sequence[Sample]) -> DecisionModel:
    """The model with the lowest chance of a report that files no more questions by mistake than the goal allows.

    The chances are those of models that have not seen the question's entry.
    """
    asked: list[float] = []
    for number in range(_FOLDS):
        seen = fit([sample for sample in found if _fold(sample.key) != number])
        for sample in found:
            if _fold(sample.key) == number and sample.outcome in _ASKED:
                verdict = seen.decide(sample.numbers)
                stays = sample.settled or verdict.decision is not Decision.NONE
                asked.append(0.0 if stays else verdict.chances[Outcome.REPORT])
    allowed = int(FILED_BY_MISTAKE * len(asked))
    return replace(model, report_from=round(sorted(asked, reverse=True)[allowed] + 0.001, 3))


def _fold(key: str) -> int:
    return hashlib.sha256(f"fold:{key}".encode()).digest()[0] % _FOLDS


def write(model: DecisionModel, path: Path) -> None:
    """The model as the data that the matcher reads."""
    raw = {
        "about": "Made by python -m bench.questions.fit from the tuning halves of the question sets.",
        "evidence": list(NAMES),
        "hinges": [[NAMES[at], knot] for at, knot in model.hinges],
        "products": [[NAMES[a], NAMES[b]] for a, b in model.products],
        "worth": WORTH,
        "report_from": model.report_from,
        "weights": {outcome.value: list(row) for outcome, row in sorted(model.weights.items())},
    }
    path.write_text(json.dumps(raw, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def tuning_samples() -> list[Sample]:
    """All that may be learnt from: both wards, whole and thinned, each with two halves of the words forgotten.

    Once they are also seen with all words, for these give more to what has no answer as well.
    """
    halves = [load_set(name).half(tune=True) for name in WARDS]
    found = [sample for half in halves for sample in samples(half, shipped_lexicon(), weight=REMEMBERED)]
    for seed in range(FORGETTINGS):
        lexicon = forgetful(shipped_lexicon(), seed)
        for half in halves:
            found += samples(half, lexicon, weight=1 / FORGETTINGS)
            found += samples(thinned(half, seed), lexicon, weight=THINNED)
            found += samples(bare(half), lexicon, weight=BARE / FORGETTINGS)
    return found


def main() -> None:
    """Fit and write."""
    found = tuning_samples()
    write(with_report_from(fit(found), found), CONTENT / "_decision.json")


if __name__ == "__main__":
    main()
