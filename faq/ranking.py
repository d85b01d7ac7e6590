"""Orders the entries for one message: summed feature weights, then how well each covers the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from faq.concepts import Hit
from faq.index import STOP_MASS, Document, Index, Postings
from faq.repair import Query, Slot

_CANDIDATES: Final = 24
_COVERED_QUERY: Final = 0.8
_COVERED_PHRASING: Final = 0.7
_OTHER_MARKS: Final = 0.6
_AGE_FITS: Final = 0.12
_PAIR_LOOSE: Final = 0.8
_PHRASING_PRIOR: Final = 0.43
"""As a share of the worth of the rarest word. Any message that has its one word covers a keyword fully;
that must not beat a real question."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry's place: its score, and how much of the message and of its best phrasing is covered."""

    id: str
    score: float
    of_query: float
    of_phrasing: float
    concepts: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Mass:
    """What one slot is worth, and what can match it."""

    value: float
    typed: str
    words: tuple[tuple[str, float], ...]
    concepts: tuple[str, ...]


def rank(index: Index, query: Query, hits: list[Hit], age: int | None) -> list[Ranked]:
    """The best entries first, at most 24."""
    scores = _sum(index, query, hits)
    best = sorted(scores.items(), key=lambda pair: -pair[1])[:_CANDIDATES]
    if not best:
        return []
    masses = _masses(index, query, hits)
    total = sum(mass.value for mass in masses) or 1.0
    present = {f"w{word}": weight for mass in masses for word, weight in mass.words}
    present |= {f"c{hit.name}": 1.0 for hit in hits}
    ranked = []
    for number, base in best:
        document = index.documents[number]
        of_query = _covered(document, masses) / total
        of_phrasing = _phrasing_covered(document, present, _PHRASING_PRIOR * index.highest_worth)
        score = base / best[0][1] + _COVERED_QUERY * of_query + _COVERED_PHRASING * of_phrasing
        score += _age_bonus(document, age)
        ranked.append(Ranked(document.id, score, of_query, of_phrasing, document.concepts))
    return sorted(ranked, key=lambda entry: -entry.score)


def _sum(index: Index, query: Query, hits: list[Hit]) -> dict[int, float]:
    scores: dict[int, float] = defaultdict(float)

    def add(posting: Postings | None, weight: float) -> None:
        if posting is None:
            return
        # A very common feature cannot bring in a new winner: look up the entries already there instead.
        if len(posting) > 64 and len(posting) > len(scores) > 40:
            for number in scores:
                if number in posting:
                    scores[number] += posting[number] * weight
            return
        for number, value in posting.items():
            scores[number] += value * weight

    for name in {hit.name for hit in hits}:
        add(index.concepts.get(name), 1.0)
    _add_pairs(index, query.slots, add)
    for word, weight in _words(query.slots).items():
        add(index.words.get(word), weight * (STOP_MASS if word in index.stop else 1.0))
    for slot in query.slots:
        if slot.typed and not slot.typed.isascii():
            add(index.marks.get(slot.typed), 1.0)
    return scores


def _words(slots: tuple[Slot, ...]) -> dict[str, float]:
    words: dict[str, float] = {}
    for slot in slots:
        for reading, weight in slot.readings:
            for word in reading:
                words[word] = max(weight, words.get(word, 0.0))
    return words


def _add_pairs(index: Index, slots: tuple[Slot, ...], add: Callable[[Postings | None, float], None]) -> None:
    pairs, seen = index.pairs, set[tuple[str, str]]()
    for i, slot in enumerate(slots):
        after = slots[i + 1] if i + 1 < len(slots) else None
        for reading, weight in slot.readings:
            for a, b in pairwise(reading):
                if (a, b) not in seen and a in pairs:
                    seen.add((a, b))
                    add(pairs[a].get(b), weight)
        if after is None:
            continue
        for a, wa in (*((r[-1], w) for r, w in slot.readings), *((w, _PAIR_LOOSE) for w in slot.loose)):
            below = pairs.get(a)
            if below is None:
                continue
            for b, wb in (*((r[0], w) for r, w in after.readings), *((w, _PAIR_LOOSE) for w in after.loose)):
                if b in below and (a, b) not in seen:
                    seen.add((a, b))
                    add(below[b], wa * wb)


def _masses(index: Index, query: Query, hits: list[Hit]) -> list[_Mass]:
    covering: list[list[tuple[str, float]]] = [[] for _ in query.slots]
    for hit in hits:
        share = index.concept_worth.get(hit.name, 0.0) / (hit.end - hit.start)
        for i in range(hit.start, hit.end):
            covering[i].append((hit.name, share))
    masses = []
    for slot, concepts in zip(query.slots, covering, strict=True):
        words = tuple((word, weight) for reading, weight in slot.readings for word in reading)
        # A word no entry has is worth much: it is what the message is about and we do not know.
        unknown = index.highest_worth * (STOP_MASS / 4 if words[0][0] in index.stop else 0.6)
        value = max((index.word_worth.get(word, unknown) for word, _ in words), default=0.0)
        value = max([value, *(share for _, share in concepts)])
        typed = "" if slot.typed.isascii() else slot.typed
        masses.append(_Mass(value, typed, words, tuple(name for name, _ in concepts)))
    return masses


def _covered(document: Document, masses: list[_Mass]) -> float:
    covered = 0.0
    for mass in masses:
        if any(name in document.concepts for name in mass.concepts):
            covered += mass.value
            continue
        best = 0.0
        for word, weight in mass.words:
            if weight > best and word in document.words:
                best = weight
        # The same letters under other marks are often another word: chiều, chiếu.
        if mass.typed and mass.typed not in document.marks:
            best *= _OTHER_MARKS
        covered += mass.value * best
    return covered


def _phrasing_covered(document: Document, present: dict[str, float], prior: float) -> float:
    best = 0.0
    for phrasing in document.phrasings:
        covered = 0.0
        for feature, value in phrasing.features:
            if feature in present:
                covered += value * present[feature]
        best = max(best, covered / (phrasing.total + prior))
    return best


def _age_bonus(document: Document, age: int | None) -> float:
    if age is None or not document.ages:
        return 0.0
    return _AGE_FITS if any(low <= age <= high for low, high in document.ages) else -_AGE_FITS
