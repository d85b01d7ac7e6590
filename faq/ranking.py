"""Orders the entries for one message: summed feature weights, then how well each covers the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple

from faq.concepts import Hit
from faq.coverage import Mass, covered, gains, is_said, masses, phrasing_covered, strongest
from faq.index import Document, Index
from faq.sense import Direction, features, likeness
from faq.slots import Query
from faq.sums import Weighted, best_sums, weighted

_CANDIDATES: Final = 10
_COVERED_QUERY: Final = 1.5
_COVERED_PHRASING: Final = 0.4
_AGE_FITS: Final = 0.12
_SENSE: Final = 1.5
_SAID: Final = 1.0
"""Whoever adds a way to ask may count on it, whatever else its words point to."""


class Ranked(NamedTuple):
    """An entry's place: its score, how much of the message and of its best phrasing it covers, how alike in sense."""

    document: Document
    score: float
    base: float
    of_query: float
    of_phrasing: float
    sense: float

    @property
    def id(self) -> str:
        """The id of the entry."""
        return self.document.id


@dataclass(frozen=True, slots=True)
class Ranking:
    """The entries for one message, best first, at most 10; and what the words of the message are worth together.

    `unknown` is the share of that worth in words that no entry has, `strongest` how much of the five weightiest
    words the first entry knows, `pairs` the share of the neighbouring words that it has side by side, `masses` what
    each slot is worth, `direction` where the message points.
    """

    entries: tuple[Ranked, ...]
    mass: float = 0.0
    unknown: float = 1.0
    strongest: float = 0.0
    pairs: float = 0.0
    masses: tuple[Mass, ...] = ()
    direction: Direction = ()


def rank(index: Index, query: Query, hits: list[Hit], age: int | None) -> Ranking:
    """Orders the entries for a repaired message and its concepts; `age` is the age it speaks of, if any."""
    best = best_sums(_features(index, query, hits), len(index.documents), _CANDIDATES)
    direction = index.sense.direction(features(query, hits))
    if not best:
        return Ranking((), direction=direction)
    asked = masses(index, query, hits)
    gained = gains(index, asked, hits)
    total = sum([mass.value for mass in asked]) or 1.0
    ranked = []
    for number, base in best:
        document = index.documents[number]
        of_query = covered(document, asked) / total
        of_phrasing = phrasing_covered(index, document, gained)
        sense = likeness(direction, document.direction)
        score = base / best[0][1] + _COVERED_QUERY * of_query + _COVERED_PHRASING * of_phrasing
        score += _SENSE * sense + _age_bonus(document, age)
        if is_said(document, gained):
            score += _SAID
        ranked.append((number, Ranked(document, score, base, of_query, of_phrasing, sense)))
    ranked.sort(key=_score, reverse=True)
    number, first = ranked[0][0], ranked[0][1].document
    return Ranking(
        tuple([entry for _, entry in ranked]),
        mass=total,
        unknown=sum([mass.value for mass in asked if not mass.known]) / total,
        strongest=strongest(first, asked),
        pairs=_pairs_in(index, number, query),
        masses=tuple(asked),
        direction=direction,
    )


def _score(found: tuple[int, Ranked]) -> float:
    return found[1].score


def _features(index: Index, query: Query, hits: list[Hit]) -> list[Weighted]:
    """Everything of the message that any entry has: its concepts, pairs of words, words and marked words."""
    named: dict[str, float] = {}
    for hit in hits:
        named[hit.name] = max(query.focus[hit.start], named.get(hit.name, 0.0))
    found = [
        weighted(index.concepts[name], weight) for name, weight in named.items() if name in index.concepts
    ]
    found += _pairs(index, query)
    words, marks = index.words, index.marks
    found += [weighted(words[word], weight) for word, weight in _words(query).items() if word in words]
    for slot, focus in zip(query.slots, query.focus, strict=True):
        if slot.typed in marks:
            found.append(weighted(marks[slot.typed], focus))
    return found


def _words(query: Query) -> dict[str, float]:
    words: dict[str, float] = {}
    for slot, focus in zip(query.slots, query.focus, strict=True):
        for word, weight in slot.words:
            if words.get(word, 0.0) < weight * focus:
                words[word] = weight * focus
    return words


def _pairs(index: Index, query: Query) -> list[Weighted]:
    """The neighbouring words that some entry has side by side, each pair once."""
    pairs, found = index.pairs, dict[int, Weighted]()
    for slot, after, focus in zip_longest(query.slots, query.slots[1:], query.focus):
        for a, b, weight in slot.inside:
            posting = pairs[a].get(b) if a in pairs else None
            if posting is not None and id(posting) not in found:
                found[id(posting)] = weighted(posting, weight * focus)
        for a, one in slot.ends if after is not None else ():
            if a not in pairs:
                continue
            below = pairs[a]
            for b, other in after.starts:
                if b in below and id(below[b]) not in found:
                    found[id(below[b])] = weighted(below[b], one * other * focus)
    return list(found.values())


def _pairs_in(index: Index, number: int, query: Query) -> float:
    """The share of neighbouring words, both of them no mere link words, that stand side by side in the entry."""
    found = there = 0
    for one, other in pairwise(query.slots):
        a, b = one.first[-1], other.first[0]
        if a in index.stop and b in index.stop:
            continue
        there += 1
        posting = index.pairs[a].get(b) if a in index.pairs else None
        found += posting is not None and number in posting.worth
    return found / there if there else 0.0


def _age_bonus(document: Document, age: int | None) -> float:
    if age is None or not document.ages:
        return 0.0
    return _AGE_FITS if any(low <= age <= high for low, high in document.ages) else -_AGE_FITS
