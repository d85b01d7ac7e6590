"""The library prepared for matching: the weight of every feature of every entry, computed once."""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from faq.ages import Interval, intervals
from faq.concepts import ConceptFinder
from faq.entry import Entry
from faq.lexicon import Lexicon
from faq.normalize import fold, strip_marks, syllables
from faq.repair import Repairer
from faq.sense import Direction, Features, Sense, features, together
from faq.sums import Posting
from faq.syllables import is_syllable

Feature: TypeAlias = tuple[str, ...]

_SATURATION: Final = 1.6
_LENGTH_SHARE: Final = 0.6
_PAIR_WEIGHT: Final = 0.5
_CONCEPT_WEIGHT: Final = 2.0
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
    """One entry as the ranking sees it."""

    id: str
    topic: str
    words: frozenset[str]
    concepts: frozenset[str]
    marks: frozenset[str]
    phrasings: tuple[Phrasing, ...]
    ages: tuple[Interval, ...]
    direction: Direction = ()


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
    sense: Sense

    def pieces(self) -> list[object]:
        """All that it holds, in pieces of which none takes long to free."""
        postings = (self.words, self.marks, self.concepts, self.pairs)
        return [*self.documents, *(piece for kind in postings for piece in kind.values())]


@dataclass(frozen=True, slots=True)
class _Parsed:
    """The features of an entry with their number, the words and concepts of each phrasing, and where it points."""

    bag: Counter[Feature]
    phrasings: tuple[tuple[str, ...], ...]
    direction: Direction


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

    def __init__(self, lexicon: Lexicon, repairer: Repairer, finder: ConceptFinder, sense: Sense) -> None:
        self._repairer = repairer
        self._finder = finder
        self._sense = sense
        self._stop = lexicon.signal_words("stop")
        self._known: dict[Feature, Feature] = {}

    def build(self, entries: Iterable[Entry]) -> Index:
        """The index of these entries."""
        entries = tuple(entries)
        parsed = [self._parse(entry) for entry in entries]
        frequency = Counter(feature for one in parsed for feature in one.bag)
        worth = {feature: _idf(len(entries), count) for feature, count in frequency.items()}
        words = {key[1]: self._word_worth(key[1], value) for key, value in worth.items() if key[0] == "w"}
        concepts = {key[1]: value for key, value in worth.items() if key[0] == "c"}
        named = words | {concept_feature(name): value for name, value in concepts.items()}
        documents = tuple([_document(entry, one, named) for entry, one in zip(entries, parsed, strict=True)])
        weights = {feature: self._weight(feature, value) for feature, value in worth.items()}
        postings = _postings([one.bag for one in parsed], weights)
        # One by one: freed together they would hold up all other threads for tens of milliseconds.
        while parsed:
            parsed.pop()
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
            highest_worth=max(worth.values(), default=1.0),
            stop=self._stop,
            sense=self._sense,
        )

    def _parse(self, entry: Entry) -> _Parsed:
        bag, phrasings, told = Counter[Feature](), [], list[Features]()
        for text in (*entry.phrasings, *entry.keywords):
            query = self._repairer.repair(text)
            chain = [word for slot in query.slots for word in slot.first]
            # In the order of the text, not of a set: sums must not depend on the process.
            hits = self._finder.find_exact(query)
            named = dict.fromkeys(hit.name for hit in hits)
            told.append(features(query, hits))
            found = [("w", word) for word in chain]
            found += [("m", slot.typed) for slot in query.slots if slot.typed and not slot.typed.isascii()]
            found += [("c", name) for name in named]
            counted: list[Feature] = [*found, *(("p", a, b) for a, b in pairwise(chain))]
            # One value for a feature however often it occurs: small ones by the hundred thousand cost time twice,
            # when they are made and when they are freed.
            bag.update([self._known.setdefault(feature, feature) for feature in counted])
            phrasings.append((*dict.fromkeys(chain), *map(concept_feature, named)))
        return _Parsed(bag, tuple(phrasings), self._sense.direction(together(told)))

    def _weight(self, feature: Feature, worth: float) -> float:
        """What a feature adds to a sum before the length of the entry comes in."""
        stop = feature[0] == "w" and feature[1] in self._stop
        return worth * _kind_weight(feature) * (STOP_MASS if stop else 1.0)

    def _word_worth(self, word: str, worth: float) -> float:
        return worth * STOP_MASS if word in self._stop else worth


def _document(entry: Entry, parsed: _Parsed, worth: Mapping[str, float]) -> Document:
    texts = (*entry.phrasings, *entry.keywords)
    return Document(
        id=entry.id,
        topic=entry.topic,
        words=frozenset([key[1] for key in parsed.bag if key[0] == "w"]),
        concepts=frozenset([key[1] for key in parsed.bag if key[0] == "c"]),
        marks=frozenset([key[1] for key in parsed.bag if key[0] == "m"]),
        phrasings=tuple([Phrasing(names, sum([worth[n] for n in names])) for names in parsed.phrasings]),
        ages=tuple({span for text in texts for span in intervals(fold(text))}),
        direction=parsed.direction,
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
