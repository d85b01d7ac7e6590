"""Fits the directions and the numbers of the decision from the tuning halves: `python -m bench.questions.fit`."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final, TypeAlias

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bench.questions.noise import nodia
from bench.questions.score import GROUPS, group_of
from bench.questions.sense import Lesson, learn, lesson
from bench.questions.sets import COMMUNE, WARDS, Question, QuestionSet, load_set
from faq.decision import Decision, DecisionModel, Outcome
from faq.evidence import NAMES
from faq.lexicon import Lexicon, Words, shipped_lexicon
from faq.library import CONTENT, Library
from faq.matcher import Matcher
from faq.sense import Sense, save_sense

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
    ("sense_1", (0.2, 0.4, 0.6, 0.75)),
    ("sense_lead", (-0.1, 0.0, 0.1, 0.25)),
    ("sense_best", (0.4, 0.6)),
    ("sums_lead", (0.0, 0.15, 0.35)),
    ("sense_report", (0.1, 0.3, 0.5)),
    ("sense_chat", (0.1, 0.3, 0.5)),
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
    ("sense_1", "of_query_1"),
    ("sense_1", "length"),
    ("sense_lead", "margin_2"),
    ("sense_lead", "sums_lead"),
    ("sense_lead", "length"),
    ("sense_report", "asks"),
    ("sense_report", "report"),
    ("sense_report", "sense_1"),
    ("sense_chat", "of_query_1"),
)
WORTH: Final = {
    "answer": {"first": 1.0, "three": -2.0, "lower": -2.0, "vague": 0.3, "foreign": -4.0, "report": -4.0},
    "suggest": {"first": 0.6, "three": 0.6, "lower": 0.0, "vague": 0.9, "foreign": 0.3, "report": 0.3},
    "none": {"first": 0.0, "three": 0.0, "lower": 0.0, "vague": 0.3, "foreign": 1.0, "report": 1.0},
}
"""As the headline has it (bench/questions/score.py), but for a wrong answer, which counts -1 there and -2 here.

A citizen loses a morning by a wrong answer, but only a tap by three choices. Where nothing answers it counts -4, as
nobody can write down all that people ask beside the lists: their share is greater out there than in the sets.
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
VAGUE: Final = 0.4
"""Beside what they weigh in the headline: there the vague weigh as much as all clear short questions together."""
FILED_BY_MISTAKE: Final = 0.009
"""The share of questions, as they were written, that may be filed as a report. The goal is 0.01."""
_REMOVED: Final = 0.25
_FOLDS: Final = 4
_PARTS: Final = 2
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
    plain: bool = False
    """Whether it was read as it will be: as it was written, to the whole list, with all words."""


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


def samples(
    given: QuestionSet, lexicon: Lexicon, senses: Sequence[Sense], weight: float = 1.0, *, plain: bool = False
) -> Iterator[Sample]:
    """Every question weighs what it weighs in the headline; each is read by the sense of its part."""
    library = Library.of(given.entries)
    matchers = [Matcher(library, lexicon, decision=_unfitted(), sense=sense) for sense in senses]
    slices: dict[str, int] = defaultdict(int)
    for question in given.questions:
        slices[question.slice] += 1
    groups: dict[str, int] = defaultdict(int)
    for name in slices:
        groups[group_of(name)] += 1
    for question in given.questions:
        seen = matchers[_part(question.key, len(matchers))].look(question.text)
        group = group_of(question.slice)
        share = weight * GROUPS[group] / groups[group] / slices[question.slice]
        share *= VAGUE if question.any else 1.0
        ranked = tuple(entry.id for entry in seen.ranking.entries[:3])
        settled = seen.signs.route is not None or seen.signs.stub is not None
        yield Sample(seen.evidence, outcome_of(question, ranked), share, question.key, settled, plain)


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
    with ProcessPoolExecutor() as pool:
        parts = pool.map(partial(_taken_for_reports, found=found), range(_FOLDS))
        asked = sorted(chain.from_iterable(parts), reverse=True)
    return replace(model, report_from=round(asked[int(FILED_BY_MISTAKE * len(asked))] + 0.001, 3))


def _taken_for_reports(fold: int, found: Sequence[Sample]) -> list[float]:
    """The chance of a report of each question of a fold, 0 if something is answered or offered anyway."""
    seen = fit([sample for sample in found if _fold(sample.key) != fold])
    chances = []
    for sample in found:
        if sample.plain and _fold(sample.key) == fold and sample.outcome in _ASKED:
            verdict = seen.decide(sample.numbers)
            stays = sample.settled or verdict.decision is not Decision.NONE
            chances.append(0.0 if stays else verdict.chances[Outcome.REPORT])
    return chances


def _fold(key: str) -> int:
    return _part(f"fold:{key}", _FOLDS)


def _part(key: str, parts: int) -> int:
    return hashlib.sha256(key.encode()).digest()[0] % parts


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


Lessons: TypeAlias = Mapping[str, Sequence[Lesson]]
"""What may be learnt of each list, each time with another half of the words forgotten."""


def all_lessons(halves: Sequence[QuestionSet]) -> Lessons:
    """What the tuning halves teach."""
    tables = [forgetful(shipped_lexicon(), seed) for seed in range(FORGETTINGS)]
    return {half.name: [lesson(half, table, half.questions) for table in tables] for half in halves}


def strangers(name: str, lessons: Lessons) -> list[Sense]:
    """What is learnt from the other lists alone, as many times as there are parts of the messages.

    Its own list, and the reports and the talk of the part, are as new to it as those of a ward that we never met.
    """
    others = [one for other, given in lessons.items() if other != name for one in given]
    found = []
    for part in range(_PARTS):
        kept = [one.without_talk(lambda key, part=part: _part(key, _PARTS) == part) for one in others]
        found.append(learn(kept, shipped_lexicon()))
    return found


def tuning_samples(half: QuestionSet, lessons: Lessons) -> list[Sample]:
    """All that may be learnt from one list, whole and thinned, each with two halves of the words forgotten.

    Once it is also seen with all words, for these give more to what has no answer as well.
    """
    senses = strangers(half.name, lessons)
    found = list(samples(half, shipped_lexicon(), senses, weight=REMEMBERED, plain=True))
    for seed in range(FORGETTINGS):
        lexicon = forgetful(shipped_lexicon(), seed)
        found += samples(half, lexicon, senses, weight=1 / FORGETTINGS)
        found += samples(thinned(half, seed), lexicon, senses, weight=THINNED)
        found += samples(bare(half), lexicon, senses, weight=BARE / FORGETTINGS)
    return found


def main() -> None:
    """Fit and write."""
    halves = [load_set(name).half(tune=True) for name in (*WARDS, COMMUNE)]
    lessons = all_lessons(halves)
    with ProcessPoolExecutor() as pool:
        sense = pool.submit(learn, [one for given in lessons.values() for one in given], shipped_lexicon())
        found = [*chain.from_iterable(pool.map(partial(tuning_samples, lessons=lessons), halves))]
        save_sense(sense.result())
    write(with_report_from(fit(found), found), CONTENT / "_decision.json")


if __name__ == "__main__":
    main()
