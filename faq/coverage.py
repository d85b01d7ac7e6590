"""How much of a message an entry knows, and how much of the entry's best phrasing the message has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import nlargest
from operator import attrgetter
from typing import Final, NamedTuple

from faq.concepts import Hit
from faq.index import STOP_MASS, Document, Index, concept_feature
from faq.slots import Query

_STRONGEST: Final = 5
_OTHER_MARKS: Final = 0.4
_PHRASING_PRIOR: Final = 0.43
"""As a share of the worth of the rarest word. Any message that has its one word covers a keyword fully;
that must not beat a real question."""


_NO_NAMES: Final = frozenset[str]()


class Mass(NamedTuple):
    """What one slot is worth, and what can match it: the typed word if it has marks, words, concepts."""

    value: float
    typed: str
    words: tuple[tuple[str, float], ...]
    concepts: frozenset[str]
    known: bool


def masses(index: Index, query: Query, hits: Sequence[Hit]) -> list[Mass]:
    """One a slot: the worth of its best word, or its share of the concept that covers it if that is more."""
    shares, names = [0.0] * len(query.slots), [_NO_NAMES] * len(query.slots)
    for hit in hits:
        share = index.concept_worth.get(hit.name, 0.0) / (hit.end - hit.start)
        for i in range(hit.start, hit.end):
            shares[i] = max(shares[i], share)
            names[i] = names[i] | {hit.name}
    worth, found = index.word_worth, []
    for slot, focus, share, concepts in zip(query.slots, query.focus, shares, names, strict=True):
        words = slot.words
        known = [worth[word] for word, _ in words if word in worth]
        if len(known) < len(words):
            # A word no entry has is worth much: it is what the message is about and we do not know.
            share = max(share, index.highest_worth * (STOP_MASS / 4 if words[0][0] in index.stop else 0.6))
        value = max(share, *known) if known else share
        typed = "" if slot.typed.isascii() else slot.typed
        found.append(Mass(value * focus, typed, words, concepts, bool(concepts or known)))
    return found


def covered(document: Document, asked: Sequence[Mass]) -> float:
    """The worth of the slots that the entry knows, by one of their words or concepts."""
    words, marks, concepts = document.words, document.marks, document.concepts
    total = 0.0
    for value, typed, readings, names, _ in asked:
        if names and not names.isdisjoint(concepts):
            total += value
            continue
        best = 0.0
        for word, weight in readings:
            if weight > best and word in words:
                best = weight
        if best:
            # The same letters under other marks are often another word: chiều, chiếu.
            total += value * (best * _OTHER_MARKS if typed and typed not in marks else best)
    return total


def strongest(document: Document, asked: Sequence[Mass]) -> float:
    """The share of the five weightiest slots that the entry knows."""
    weightiest = nlargest(_STRONGEST, asked, key=attrgetter("value"))
    total = sum(mass.value for mass in weightiest) or 1.0
    return covered(document, weightiest) / total


def gains(index: Index, asked: Sequence[Mass], hits: Sequence[Hit]) -> dict[str, float]:
    """What each word and concept of the message adds to what is covered of a phrasing that has it."""
    worth = index.word_worth
    found = {word: worth[word] * weight for mass in asked for word, weight in mass.words if word in worth}
    for hit in hits:
        if hit.name in index.concept_worth:
            found[concept_feature(hit.name)] = index.concept_worth[hit.name]
    return found


def is_said(document: Document, gained: Mapping[str, float]) -> bool:
    """Whether the message is one of the entry's phrasings, word for word in whatever order."""
    size = len(gained)
    return any(len(names) == size and gained.keys() >= set(names) for names, _ in document.phrasings)


def phrasing_covered(index: Index, document: Document, gained: Mapping[str, float]) -> float:
    """The share of the entry's best phrasing that the message has, 0..1."""
    prior, best = _PHRASING_PRIOR * index.highest_worth, 0.0
    for features, total in document.phrasings:
        found = 0.0
        for name in features:
            if name in gained:
                found += gained[name]
        share = found / (total + prior)
        if share > best:
            best = share
    return best
