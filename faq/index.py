"""The library prepared for matching: the weight of every feature of every entry, computed once."""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Final, NamedTuple, TypeAlias

from faq.ages import Interval, intervals
from faq.concepts import ConceptFinder
from faq.entry import Entry
from faq.lexicon import Lexicon
from faq.normalize import fold, strip_marks, syllables
from faq.repair import Repairer
from faq.sums import Posting
from faq.syllables import is_syllable

Feature: TypeAlias = tuple[str, ...]

_SATURATION: Final = 1.2
_LENGTH_SHARE: Final = 0.6
_PAIR_WEIGHT: Final = 0.5
_CONCEPT_WEIGHT: Final = 1.5
_TONE_WEIGHT: Final = 0.6
_FOREIGN_WEIGHT: Final = 2.0
"""A word like VssID is one feature where "quên mật khẩu" is ten: it must weigh like several syllables."""
STOP_MASS: Final = 0.3


class Phrasing(NamedTuple):
    """One way an entry is asked: its words and concepts, and what they are worth together."""

    features: tuple[str, ...]
    total: float


@dataclass(frozen=True, slots=True)
class Document:
    """One entry as the ranking sees it; its phrasings in the order of what they are worth, the least first."""

    id: str
    topic: str
    words: frozenset[str]
    concepts: frozenset[str]
    marks: frozenset[str]
    phrasings: tuple[Phrasing, ...]
    ages: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Postings of words, pairs of words, concepts and marked words; worth of words and concepts; the documents."""

    documents: tuple[Document, ...]
    words: Mapping[str, Posting]
    pairs: Mapping[str, Mapping[str, Posting]]
    concepts: Mapping[str, Posting]
    marks: Mapping[str, Posting]
    word_worth: Mapping[str, float]
    concept_worth: Mapping[str, float]
    concept_spread: Mapping[str, int]
    highest_worth: float
    stop: frozenset[str]


def vocabulary(entries: Iterable[Entry], lexicon: Lexicon) -> frozenset[str]:
    """Every syllable, without marks, that the entries or the tables know."""
    texts = (text for entry in entries for text in (*entry.phrasings, *entry.keywords))
    known = {strip_marks(word) for text in texts for word in syllables(text)}
    tables = (*lexicon.concepts.values(), *lexicon.signals.values(), *(stub.words for stub in lexicon.stubs))
    known |= {strip_marks(word) for forms in tables for form in forms for word in form}
    known |= {
        strip_marks(w) for readings in lexicon.short_forms.values() for r in readings for w in r.syllables
    }
    return frozenset(known - set(lexicon.short_forms))


class IndexBuilder:
    """Collects the features of all entries, then weighs them. One builder builds one index."""

    def __init__(self, lexicon: Lexicon, repairer: Repairer, finder: ConceptFinder) -> None:
        self._repairer = repairer
        self._finder = finder
        self._stop = lexicon.signal_words("stop")

    def build(self, entries: Iterable[Entry]) -> Index:
        """The index of these entries."""
        entries = tuple(entries)
        parsed = [[self._parse(text) for text in (*entry.phrasings, *entry.keywords)] for entry in entries]
        bags = [sum(texts, Counter[Feature]()) for texts in parsed]
        frequency = Counter(feature for bag in bags for feature in bag)
        worth = {feature: _idf(len(entries), count) for feature, count in frequency.items()}
        highest = max(worth.values(), default=1.0)
        words = {key[1]: self._word_worth(key[1], value) for key, value in worth.items() if key[0] == "w"}
        concepts = {key[1]: value for key, value in worth.items() if key[0] == "c"}
        documents = tuple(
            self._document(entry, texts, words, concepts)
            for entry, texts in zip(entries, parsed, strict=True)
        )
        postings = _postings(bags, {key: self._weight(key, value) for key, value in worth.items()})
        pairs: dict[str, dict[str, Posting]] = defaultdict(dict)
        for key, posting in postings.items():
            if key[0] == "p":
                pairs[key[1]][key[2]] = posting
        return Index(
            documents=documents,
            words={key[1]: posting for key, posting in postings.items() if key[0] == "w"},
            pairs=pairs,
            concepts={key[1]: posting for key, posting in postings.items() if key[0] == "c"},
            marks={key[1]: posting for key, posting in postings.items() if key[0] == "m"},
            word_worth=words,
            concept_worth=concepts,
            concept_spread={key[1]: count for key, count in frequency.items() if key[0] == "c"},
            highest_worth=highest,
            stop=self._stop,
        )

    def _parse(self, text: str) -> Counter[Feature]:
        query = self._repairer.repair(text)
        chain = [word for slot in query.slots for word in slot.first]
        bag: Counter[Feature] = Counter(("w", word) for word in chain)
        bag.update(("p", a, b) for a, b in pairwise(chain))
        bag.update(("m", slot.typed) for slot in query.slots if slot.typed and not slot.typed.isascii())
        # In the order of the text, not of a set: sums must not depend on the process.
        bag.update(("c", name) for name in dict.fromkeys(hit.name for hit in self._finder.find_exact(query)))
        return bag

    def _weight(self, feature: Feature, worth: float) -> float:
        """What a feature adds to a sum before the length of the entry comes in."""
        stop = feature[0] == "w" and feature[1] in self._stop
        return worth * _kind_weight(feature) * (STOP_MASS if stop else 1.0)

    def _word_worth(self, word: str, worth: float) -> float:
        return worth * STOP_MASS if word in self._stop else worth

    def _document(
        self,
        entry: Entry,
        texts: list[Counter[Feature]],
        words: Mapping[str, float],
        concepts: Mapping[str, float],
    ) -> Document:
        phrasings = []
        for bag in texts:
            features = [key[1] for key in bag if key[0] == "w"]
            named = [key[1] for key in bag if key[0] == "c"]
            total = sum([words[word] for word in features] + [concepts[name] for name in named])
            phrasings.append(Phrasing((*features, *map(concept_feature, named)), total))
        phrasings.sort(key=attrgetter("total"))
        return Document(
            id=entry.id,
            topic=entry.topic,
            words=frozenset(key[1] for bag in texts for key in bag if key[0] == "w"),
            concepts=frozenset(key[1] for bag in texts for key in bag if key[0] == "c"),
            marks=frozenset(key[1] for bag in texts for key in bag if key[0] == "m"),
            phrasings=tuple(phrasings),
            ages=tuple(
                {span for text in (*entry.phrasings, *entry.keywords) for span in intervals(fold(text))}
            ),
        )


@lru_cache(maxsize=4096)
def concept_feature(name: str) -> str:
    """A concept as a feature of a phrasing: words have no such sign."""
    return sys.intern(f"#{name}")


def _idf(total: int, count: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def _kind_weight(feature: Feature) -> float:
    if feature[0] == "w":
        foreign = len(feature[1]) > 2 and not feature[1].isdigit() and not is_syllable(feature[1])
        return _FOREIGN_WEIGHT if foreign else 1.0
    return {"p": _PAIR_WEIGHT, "c": _CONCEPT_WEIGHT, "m": _TONE_WEIGHT}[feature[0]]


def _postings(bags: list[Counter[Feature]], weights: Mapping[Feature, float]) -> dict[Feature, Posting]:
    average = sum(sum(bag.values()) for bag in bags) / max(1, len(bags))
    postings: dict[Feature, dict[int, float]] = defaultdict(dict)
    for i, bag in enumerate(bags):
        norm = 1 - _LENGTH_SHARE + _LENGTH_SHARE * sum(bag.values()) / max(1.0, average)
        for feature, count in bag.items():
            strength = count * (1 + _SATURATION) / (count + _SATURATION * norm)
            postings[feature][i] = weights[feature] * strength
    return {feature: Posting.of(values) for feature, values in postings.items()}
