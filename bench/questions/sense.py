"""Learns where texts point (faq/sense.py): a question towards its entry, away from all the others of its list.

The directions are learnt by gradient: the softmax over all entries of a list, of the matcher's own score plus the
cosine of question and entry, is to give the right entry. So the directions learn what the exact sums do not know.
Three kinds of pairs: a question and its entry; one way to ask for an entry and all its other ways; an everyday name
of the word table and its thing. Reports, and talk that no ward could answer, learn a direction of their own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy
from numpy.typing import NDArray
from scipy.sparse import csr_array

from bench.questions.sets import Question, QuestionSet
from faq.concepts import ConceptFinder
from faq.decision import DecisionModel
from faq.index import vocabulary
from faq.lexicon import Lexicon
from faq.library import Library
from faq.matcher import Matcher
from faq.normalize import strip_marks
from faq.repair import Repairer
from faq.sense import (
    CHAT,
    NOTHING,
    REPORT,
    Features,
    Sense,
    counted,
    features,
    packed,
    saturated,
    thing,
    together,
)

Table = NDArray[numpy.float32]

SIZE: Final = 32
ROUNDS: Final = 12
_RATE: Final = 0.004
_BATCH: Final = 256
_NAMES: Final = 256
_WAYS_AT_ONCE: Final = 128
_SCORE, _SHARPNESS, _NAME_SHARPNESS = 4.0, 14.0, 12.0
"""How much one point of the matcher's own score, and one of the cosine, count in the softmax."""
_NAMED: Final = 0.6
"""What the names of the word table weigh beside the questions."""
_DROPPED: Final = 0.2
"""The share of features that a question loses in each round, an entry half as many: no single word may carry it."""
_SEEN: Final = {"word": 4, "pair": 14, "thing": 1, "marked": 6}
"""How often a feature must occur to be learnt."""
_KIND: Final = {"word": 1.0, "pair": 0.5, "thing": 1.5, "marked": 0.4, "anchor": 1.0}
_STEP: Final = 127
_UNDECIDED: Final = DecisionModel((), (), {}, {}, 1.0)
_CHAT_SLICES: Final = ("neg_offtopic", "neg_smalltalk")


@dataclass
class Lesson:
    """One list of entries and the messages to it, as features and numbers of entries.

    The two numbers behind those of the entries are the directions of reports and of talk.
    """

    ways: list[list[Features]]
    keys: list[str] = field(default_factory=list)
    asked: list[Features] = field(default_factory=list)
    scores: list[dict[int, float]] = field(default_factory=list)
    right: list[frozenset[int]] = field(default_factory=list)

    def without_talk(self, left_out: Callable[[str], bool]) -> Lesson:
        """The same without some of the reports and the talk, by their keys."""
        stay = [
            at
            for at, key in enumerate(self.keys)
            if min(self.right[at]) < len(self.ways) or not left_out(key)
        ]
        rows = ([row[at] for at in stay] for row in (self.keys, self.asked, self.scores, self.right))
        return Lesson(self.ways, *rows)


def lesson(given: QuestionSet, lexicon: Lexicon, questions: Iterable[Question]) -> Lesson:
    """These questions to this list, with the scores that the matcher gives without any sense."""
    library = Library.of(given.entries)
    matcher = Matcher(library, lexicon, decision=_UNDECIDED, sense=NOTHING)
    finder = ConceptFinder(lexicon)
    repairer = Repairer(lexicon, vocabulary(library, lexicon))
    found = Lesson([])
    for entry in given.entries:
        read = [repairer.repair(text) for text in (*entry.phrasings, *entry.keywords)]
        found.ways.append([features(query, finder.find_exact(query)) for query in read])
    number = {
        entry_id: at for at, entry_id in enumerate((*(entry.id for entry in given.entries), REPORT, CHAT))
    }
    for question in questions:
        right = question.right or _anchor(question)
        if not right:
            continue
        seen = matcher.look(question.text)
        found.keys.append(question.key)
        found.asked.append(features(seen.query, seen.hits))
        found.scores.append({number[one.id]: one.score for one in seen.ranking.entries})
        found.right.append(frozenset(number[one] for one in right))
    return found


def _anchor(question: Question) -> frozenset[str]:
    if question.any or question.slice == "neg_hard":
        return frozenset()
    if question.complaint:
        return frozenset({REPORT})
    return frozenset({CHAT}) if question.slice in _CHAT_SLICES else frozenset()


class _Learner:
    """The directions while they are learnt: one row a feature, moved by Adam (Kingma and Ba, 2015)."""

    def __init__(self, names: Sequence[str], weights: Table, chance: numpy.random.Generator) -> None:
        self.at = {name: number for number, name in enumerate(names)}
        self.weights, self._chance = weights, chance
        self.rows = chance.normal(0, 0.02, (len(names), SIZE)).astype(numpy.float32)
        self._pull = numpy.zeros_like(self.rows)
        self._mean, self._square = numpy.zeros_like(self.rows), numpy.zeros_like(self.rows)
        self._steps = 0

    def matrix(self, texts: Sequence[Features]) -> csr_array:
        """Texts as rows of weighted features."""
        ends, columns, values = [0], [], []
        for text in texts:
            for name, weight in text.items():
                if name in self.at:
                    columns.append(self.at[name])
                    values.append(weight)
            ends.append(len(columns))
        shape = (len(texts), len(self.at))
        return csr_array((numpy.array(values, numpy.float32), columns, ends), shape=shape)

    def dropped(self, matrix: csr_array, share: float) -> csr_array:
        """The same texts without a share of their features."""
        kept = self._chance.random(len(matrix.data), numpy.float32) >= share
        return csr_array((matrix.data * kept, matrix.indices, matrix.indptr), shape=matrix.shape)

    def softmax(
        self, texts: csr_array, others: csr_array, right: Table, sharpness: float, score: Table | None = None
    ) -> None:
        """Pulls each text towards its right ones of the others, and from the rest, by the gradient of the softmax."""
        texts, others = self._weighted(texts), self._weighted(others)
        one, one_length = _unit(texts @ self.rows)
        other, other_length = _unit(others @ self.rows)
        raised = sharpness * one @ other.T + (0.0 if score is None else score)
        raised -= raised.max(axis=1, keepdims=True)
        chance = numpy.exp(raised)
        wanted = chance * right
        chance /= chance.sum(axis=1, keepdims=True)
        wanted /= numpy.maximum(wanted.sum(axis=1, keepdims=True), 1e-30)
        slope = sharpness * (chance - wanted) / len(chance)
        self._pull += texts.T @ _through_unit(slope @ other, one, one_length)
        self._pull += others.T @ _through_unit(slope.T @ one, other, other_length)

    def scale(self, factor: float) -> None:
        """What was pulled so far in this step counts by this factor."""
        self._pull *= factor

    def step(self, rate: float) -> None:
        """Moves every row by what was pulled since the last step."""
        self._steps += 1
        self._mean += 0.1 * (self._pull - self._mean)
        self._square += 0.001 * (self._pull**2 - self._square)
        mean = self._mean / (1 - 0.9**self._steps)
        square = self._square / (1 - 0.999**self._steps)
        self.rows -= rate * mean / (numpy.sqrt(square) + 1e-8)
        self._pull[:] = 0

    def _weighted(self, matrix: csr_array) -> csr_array:
        return csr_array(
            (matrix.data * self.weights[matrix.indices], matrix.indices, matrix.indptr), shape=matrix.shape
        )


def _unit(rows: Table) -> tuple[Table, Table]:
    length = numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows / length, length


def _through_unit(slope: Table, unit: Table, length: Table) -> Table:
    """The slope before the rows were made one long."""
    return (slope - (slope * unit).sum(axis=1, keepdims=True) * unit) / length


def learn(lessons: Sequence[Lesson], lexicon: Lexicon, seed: int = 0) -> Sense:
    """The directions for these lessons; the same ones give the same directions."""
    chance = numpy.random.default_rng(seed)
    named = list(_named(lexicon))
    names, weights = _vocabulary(lessons, named)
    learner = _Learner(names, weights, chance)
    ready, words = [_Ready.of(one, learner) for one in lessons], _Names.of(named, learner)
    steps = ROUNDS * sum(len(one.batches(chance)) for one in ready)
    done = 0
    for _ in range(ROUNDS):
        for number in chance.permutation(len(ready)):
            one = ready[number]
            for batch in one.batches(chance):
                words.apart(learner, chance)
                learner.scale(_NAMED)
                one.ways_apart(learner, chance)
                one.questions_apart(learner, batch)
                learner.step(_RATE * min(1.0, 2 * (1 - done / steps)))
                done += 1
    return _packed(names, learner.rows * weights[:, None])


@dataclass
class _Names:
    """The everyday names of the word table as matrices, and the number of the thing that each means."""

    texts: csr_array
    things: csr_array
    meant: NDArray[numpy.int64]

    @classmethod
    def of(cls, named: Sequence[tuple[str, Features]], learner: _Learner) -> _Names:
        things = {name: number for number, name in enumerate(sorted({name for name, _ in named}))}
        meant = numpy.array([things[name] for name, _ in named])
        texts = learner.matrix([text for _, text in named])
        return cls(texts, learner.matrix([{name: 1.0} for name in things]), meant)

    def apart(self, learner: _Learner, chance: numpy.random.Generator) -> None:
        """Some names, each towards its thing among theirs."""
        drawn = chance.choice(len(self.meant), _NAMES, replace=False)
        seen = numpy.unique(self.meant[drawn])
        right = (self.meant[drawn][:, None] == seen[None, :]).astype(numpy.float32)
        texts = learner.dropped(self.texts[drawn], _DROPPED / 2)
        learner.softmax(texts, self.things[seen], right, _NAME_SHARPNESS)


@dataclass
class _Ready:
    """A lesson as matrices. The two anchors are the last of the entries."""

    asked: csr_array
    scores: Table
    right: Table
    entries: csr_array
    ways: list[csr_array]
    sums: csr_array

    @classmethod
    def of(cls, one: Lesson, learner: _Learner) -> _Ready:
        shape = (len(one.asked), len(one.ways) + 2)
        scores, right = numpy.zeros(shape, numpy.float32), numpy.zeros(shape, numpy.float32)
        for row, (found, wanted) in enumerate(zip(one.scores, one.right, strict=True)):
            scores[row, list(found)] = list(found.values())
            right[row, list(wanted)] = 1
            # An anchor has no score of its own; what the best entry has would always win over it.
            if min(wanted) >= len(one.ways):
                scores[row] = 0
        ways = [learner.matrix(texts) for texts in one.ways]
        anchors: list[Features] = [{REPORT: 1.0}, {CHAT: 1.0}]
        counts = [counted(texts) for texts in one.ways]
        entries = learner.matrix([*map(together, one.ways), *anchors])
        return cls(learner.matrix(one.asked), scores, right, entries, ways, learner.matrix(counts))

    def batches(self, chance: numpy.random.Generator) -> list[NDArray[numpy.int64]]:
        """The messages in a new order, in parts."""
        count = self.asked.shape[0]
        return numpy.array_split(chance.permutation(count), math.ceil(count / _BATCH))

    def questions_apart(self, learner: _Learner, batch: NDArray[numpy.int64]) -> None:
        """Each of these messages towards what answers it."""
        texts = learner.dropped(self.asked[batch], _DROPPED)
        entries = learner.dropped(self.entries, _DROPPED / 2)
        learner.softmax(texts, entries, self.right[batch], _SHARPNESS, _SCORE * self.scores[batch])

    def ways_apart(self, learner: _Learner, chance: numpy.random.Generator) -> None:
        """One way to ask for each of some entries, towards the other ways of the same."""
        several = [number for number, way in enumerate(self.ways) if way.shape[0] > 1]
        chosen = chance.choice(several, min(_WAYS_AT_ONCE, len(several)), replace=False)
        texts: list[csr_array] = [self.ways[n][[chance.integers(self.ways[n].shape[0])]] for n in chosen]
        stacked = _stacked(texts)
        rest = csr_array(self.sums[chosen] - stacked)
        rest.data = numpy.maximum(rest.data, 0)
        rest.data = saturated(rest.data).astype(numpy.float32)
        right = numpy.eye(len(chosen), dtype=numpy.float32)
        learner.softmax(
            learner.dropped(stacked, _DROPPED), learner.dropped(rest, _DROPPED / 2), right, _NAME_SHARPNESS
        )


def _stacked(rows: Sequence[csr_array]) -> csr_array:
    ends = numpy.cumsum([0, *(row.nnz for row in rows)])
    data, columns = (numpy.concatenate([getattr(row, part) for row in rows]) for part in ("data", "indices"))
    return csr_array((data, columns, ends), shape=(len(rows), rows[0].shape[1]))


def _named(lexicon: Lexicon) -> Iterator[tuple[str, Features]]:
    """Every everyday name of the word table as a text without marks, with its thing."""
    for name, forms in lexicon.concepts.items():
        for form in forms:
            bare = [strip_marks(word) for word in form]
            yield thing(name), dict.fromkeys((*bare, *(f"{a} {b}" for a, b in pairwise(bare))), 1.0)


def _vocabulary(lessons: Iterable[Lesson], named: Iterable[tuple[str, Features]]) -> tuple[list[str], Table]:
    """Features that were seen twice, and how much each tells: the fewer entries have it, the more."""
    seen, spread, entries = Counter[str](), Counter[str](), 0
    for one in lessons:
        for text in (*one.asked, *(way for ways in one.ways for way in ways)):
            seen.update(text.keys())
        for ways in one.ways:
            spread.update({name for way in ways for name in way})
        entries += len(one.ways)
    for name, text in named:
        seen.update((name, *text))
    chosen = [REPORT, CHAT, *sorted(name for name, count in seen.items() if count >= _SEEN[_kind(name)])]
    told = [_KIND[_kind(name)] * math.log(1 + entries / (spread[name] + 0.5)) for name in chosen]
    return chosen, numpy.array(told, numpy.float32)


def _kind(name: str) -> str:
    if name in (REPORT, CHAT):
        return "anchor"
    if name.startswith(thing("")):
        return "thing"
    if " " in name:
        return "pair"
    return "word" if name.isascii() else "marked"


def _packed(names: Sequence[str], rows: Table) -> Sense:
    """As whole numbers of one byte; rows that are next to nothing are left out."""
    scale = _STEP / float(numpy.quantile(numpy.abs(rows), 0.9995))
    whole = numpy.clip(numpy.rint(rows * scale), -_STEP, _STEP).astype(int)
    kept = [at for at, name in enumerate(names) if name.startswith("=") or numpy.abs(whole[at]).max() > 1]
    return packed(whole[kept].tolist(), [names[at] for at in kept])
