"""Orders the entries for one message: summed feature weights, then how well each covers the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import Final

from faq.concepts import Hit
from faq.index import STOP_MASS, Document, Index, Postings
from faq.repair import Query

_CANDIDATES: Final = 10
_COMMON: Final = 160
_COVERED_QUERY: Final = 1.3
_COVERED_PHRASING: Final = 0.4
_STRONGEST: Final = 5
_OTHER_MARKS: Final = 0.4
_AGE_FITS: Final = 0.12
_PAIR_LOOSE: Final = 0.8
_PHRASING_PRIOR: Final = 0.43
"""As a share of the worth of the rarest word. Any message that has its one word covers a keyword fully;
that must not beat a real question."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry's place: its score, and how much of the message and of its best phrasing is covered."""

    document: Document
    score: float
    base: float
    of_query: float
    of_phrasing: float

    @property
    def id(self) -> str:
        """The id of the entry."""
        return self.document.id


@dataclass(frozen=True, slots=True)
class Mass:
    """What one slot is worth, and what can match it."""

    value: float
    typed: str
    words: tuple[tuple[str, float], ...]
    concepts: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """The entries for one message, best first, at most 10; and what the words of the message are worth together.

    `unknown` is the share of that worth in words that no entry has, `strongest` how much of the five weightiest
    words the first entry knows, `pairs` the share of the neighbouring words that it has side by side, `masses` what
    each slot is worth.
    """

    entries: tuple[Ranked, ...]
    mass: float = 0.0
    unknown: float = 1.0
    strongest: float = 0.0
    pairs: float = 0.0
    masses: tuple[Mass, ...] = ()


def rank(index: Index, query: Query, hits: list[Hit], age: int | None) -> Ranking:
    """Orders the entries for a repaired message and its concepts; `age` is the age it speaks of, if any."""
    scores = _sum(index, query, hits)
    best = nlargest(_CANDIDATES, scores.items(), key=itemgetter(1))
    if not best:
        return Ranking(())
    masses = _masses(index, query, hits)
    total = sum(mass.value for mass in masses) or 1.0
    present = {f"w{word}": weight for mass in masses for word, weight in mass.words}
    present |= {f"c{hit.name}": 1.0 for hit in hits}
    ranked = []
    for number, base in best:
        document = index.documents[number]
        of_query = covered(document, masses) / total
        of_phrasing = _phrasing_covered(document, present, _PHRASING_PRIOR * index.highest_worth)
        score = base / best[0][1] + _COVERED_QUERY * of_query + _COVERED_PHRASING * of_phrasing
        score += _age_bonus(document, age)
        ranked.append((number, Ranked(document, score, base, of_query, of_phrasing)))
    ranked.sort(key=_score, reverse=True)
    number, first = ranked[0][0], ranked[0][1].document
    return Ranking(
        tuple(entry for _, entry in ranked),
        mass=total,
        unknown=sum(mass.value for mass in masses if not mass.known) / total,
        strongest=_strongest(first, masses),
        pairs=_pairs_in(index, number, query),
        masses=tuple(masses),
    )


def _score(found: tuple[int, Ranked]) -> float:
    return found[1].score


def _sum(index: Index, query: Query, hits: list[Hit]) -> dict[int, float]:
    scores: dict[int, float] = defaultdict(float)

    def add(posting: Postings | None, weight: float) -> None:
        if posting is None:
            return
        # A very common feature cannot bring in a new winner: look up the entries already there instead.
        if len(posting) > _COMMON and len(posting) > len(scores) >= _CANDIDATES:
            for number in scores.keys() & posting.keys():
                scores[number] += posting[number] * weight
            return
        for number, value in posting.items():
            scores[number] += value * weight

    named: dict[str, float] = {}
    for hit in hits:
        named[hit.name] = max(query.focus[hit.start], named.get(hit.name, 0.0))
    for name, weight in named.items():
        add(index.concepts.get(name), weight)
    _add_pairs(index, query, add)
    known = [
        (index.words[word], word, weight) for word, weight in _words(query).items() if word in index.words
    ]
    known.sort(key=_rarest_first)
    for posting, word, weight in known:
        add(posting, weight * (STOP_MASS if word in index.stop else 1.0))
    for slot, focus in zip(query.slots, query.focus, strict=True):
        if slot.typed and not slot.typed.isascii():
            add(index.marks.get(slot.typed), focus)
    return scores


def _rarest_first(found: tuple[Postings, str, float]) -> int:
    return len(found[0])


def _words(query: Query) -> dict[str, float]:
    words: dict[str, float] = {}
    for slot, focus in zip(query.slots, query.focus, strict=True):
        for reading, weight in slot.readings:
            for word in reading:
                words[word] = max(weight * focus, words.get(word, 0.0))
    return words


def _add_pairs(index: Index, query: Query, add: Callable[[Postings | None, float], None]) -> None:
    pairs, seen, slots = index.pairs, set[tuple[str, str]](), query.slots
    for i, slot in enumerate(slots):
        focus = query.focus[i]
        after = slots[i + 1] if i + 1 < len(slots) else None
        for reading, weight in slot.readings:
            for a, b in pairwise(reading):
                if (a, b) not in seen and a in pairs:
                    seen.add((a, b))
                    add(pairs[a].get(b), weight * focus)
        if after is None:
            continue
        for a, wa in (*((r[-1], w) for r, w in slot.readings), *((w, _PAIR_LOOSE) for w in slot.loose)):
            below = pairs.get(a)
            if below is None:
                continue
            for b, wb in (*((r[0], w) for r, w in after.readings), *((w, _PAIR_LOOSE) for w in after.loose)):
                if b in below and (a, b) not in seen:
                    seen.add((a, b))
                    add(below[b], wa * wb * focus)


def _masses(index: Index, query: Query, hits: list[Hit]) -> list[Mass]:
    covering: list[list[tuple[str, float]]] = [[] for _ in query.slots]
    for hit in hits:
        share = index.concept_worth.get(hit.name, 0.0) / (hit.end - hit.start)
        for i in range(hit.start, hit.end):
            covering[i].append((hit.name, share))
    masses = []
    for slot, concepts, focus in zip(query.slots, covering, query.focus, strict=True):
        words = tuple((word, weight) for reading, weight in slot.readings for word in reading)
        # A word no entry has is worth much: it is what the message is about and we do not know.
        unknown = index.highest_worth * (STOP_MASS / 4 if words[0][0] in index.stop else 0.6)
        value = max((index.word_worth.get(word, unknown) for word, _ in words), default=0.0)
        value = max([value, *(share for _, share in concepts)])
        typed = "" if slot.typed.isascii() else slot.typed
        known = bool(concepts) or any(word in index.word_worth for word, _ in words)
        masses.append(Mass(value * focus, typed, words, tuple(name for name, _ in concepts), known))
    return masses


def covered(document: Document, masses: Iterable[Mass]) -> float:
    """The worth of the slots that the entry knows, by one of their words or concepts."""
    found = 0.0
    for mass in masses:
        found += mass.value * _knows(document, mass)
    return found


def _knows(document: Document, mass: Mass) -> float:
    for name in mass.concepts:
        if name in document.concepts:
            return 1.0
    best = 0.0
    for word, weight in mass.words:
        if weight > best and word in document.words:
            best = weight
    # The same letters under other marks are often another word: chiều, chiếu.
    return best * _OTHER_MARKS if mass.typed and mass.typed not in document.marks else best


def _strongest(document: Document, masses: list[Mass]) -> float:
    weightiest = nlargest(_STRONGEST, masses, key=attrgetter("value"))
    total = sum(mass.value for mass in weightiest) or 1.0
    return covered(document, weightiest) / total


def _pairs_in(index: Index, number: int, query: Query) -> float:
    """The share of neighbouring words, both of them no mere link words, that stand side by side in the entry."""
    found = there = 0
    for one, other in pairwise(query.slots):
        a, b = one.first[-1], other.first[0]
        if a in index.stop and b in index.stop:
            continue
        there += 1
        found += number in index.pairs.get(a, {}).get(b, ())
    return found / there if there else 0.0


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
