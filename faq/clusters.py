"""Puts questions together that are one, however they were typed: by what the matcher reads in them, and by looks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from rapidfuzz import fuzz

from core.masking import COVER
from faq.matcher import Matcher
from faq.normalize import fold

Features: TypeAlias = Mapping[str, float]
"""What is asked about: repaired words and "*things", each with what it is worth. A bag, no sentence."""

ALIKE: Final = 0.33
"""Share of their worth that a question and a cluster must have in common. Of 351 questions whose 50 entries were
taken out of the library, seven of eight pairs that are put together belong together (tests/faq/test_clusters.py);
less would find more, but a wrong neighbour hides a question from the office, and a second line does not."""

ALIKE_FIRST: Final = 0.46
"""The same for two questions that nothing else is known of: short ones share a common word by chance."""

_LOOKS_ALIKE: Final = 88.0
_COMMON: Final = 40
_MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Known:
    """A cluster of before: what it is about, and how many questions that is the mean of."""

    features: Features
    count: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that are one, by their places in what was given, the best example first.

    `known` is the place of the known cluster that they belong to, None for a new one.
    """

    known: int | None
    features: Features
    members: tuple[int, ...]


def gather(matcher: Matcher, texts: Sequence[str], known: Sequence[Known] = ()) -> list[Cluster]:
    """Each text in exactly one cluster, in the order of their first text. The same texts give the same clusters.

    A text that is like a known cluster joins it. Texts that differ in marks and capitals only are read once.
    """
    same: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        same[fold(text)].append(number)
    shelf = _Shelf()
    for place, one in enumerate(known):
        shelf.add(_Group(dict(one.features), "", place, one.count))
    # The most frequent first: what many typed alike is the heart of a cluster, not a rare way around it.
    for bare, members in sorted(same.items(), key=lambda pair: (-len(pair[1]), pair[1][0])):
        shelf.put(matcher.features(texts[members[0]]), bare, members)
    groups = sorted((group for group in shelf.groups if group.members), key=lambda one: min(one.members))
    return [
        Cluster(group.known, _trimmed(group.features), tuple(_best_first(group.members, texts)))
        for group in groups
    ]


def likeness(one: Features, other: Features) -> float:
    """How much two questions share, 0 to 1, by what each feature is worth."""
    return _shared(one, other, sum(one.values()) + sum(other.values()))


def _shared(one: Features, other: Features, total: float) -> float:
    shared = sum(min(value, other[feature]) for feature, value in one.items() if feature in other)
    return 2 * shared / total if total else 0.0


@dataclass(slots=True)
class _Group:
    """A cluster in the making: its features are the mean of its `count` questions."""

    features: dict[str, float]
    bare: str
    known: int | None = None
    count: int = 1
    members: list[int] = field(default_factory=list)
    total: float = 0.0


class _Shelf:
    """The groups so far, and in which of them each feature occurs."""

    def __init__(self) -> None:
        self.groups: list[_Group] = []
        self._having: dict[str, list[int]] = defaultdict(list)

    def add(self, group: _Group) -> None:
        group.total = sum(group.features.values())
        for feature in group.features:
            self._having[feature].append(len(self.groups))
        self.groups.append(group)

    def put(self, features: Features, bare: str, members: Sequence[int]) -> None:
        """Into the group that is most alike, or into a new one."""
        number = self._find(features, bare)
        if number is None:
            return self.add(_Group(dict(features), bare, None, len(members), list(members)))
        group = self.groups[number]
        group.members += members
        for feature in features:
            if feature not in group.features:
                self._having[feature].append(number)
        together = {**group.features, **features}
        size = group.count + len(members)
        group.features = {
            name: (group.features.get(name, 0.0) * group.count + features.get(name, 0.0) * len(members))
            / size
            for name in together
        }
        group.count, group.total = size, sum(group.features.values())
        return None

    def _find(self, features: Features, bare: str) -> int | None:
        """The oldest of the most alike; None where none is alike enough."""
        best, found, own = 0.0, None, sum(features.values())
        for number in self._candidates(features):
            group = self.groups[number]
            value = _shared(features, group.features, own + group.total)
            needed = ALIKE if group.count > 1 else ALIKE_FIRST
            if needed / 2 <= value < needed and fuzz.token_sort_ratio(bare, group.bare) >= _LOOKS_ALIKE:
                value = needed
            if value >= needed and value > best:
                best, found = value, number
        return found

    def _candidates(self, features: Features) -> list[int]:
        """Groups that share something; what very many have is not followed where something rarer is there."""
        found: set[int] = set()
        for feature in sorted(features, key=lambda one: (len(self._having.get(one, ())), one)):
            having = self._having.get(feature, [])
            if len(having) <= _COMMON or not found:
                found.update(having)
        return sorted(found)


def _trimmed(features: Features) -> dict[str, float]:
    """What the questions have most in common: a rare word of one of many is left out."""
    weightiest = sorted(features.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST]
    return {name: round(value, 2) for name, value in weightiest}


def _best_first(members: Sequence[int], texts: Sequence[str]) -> list[int]:
    """The way most people asked, with marks and nothing covered, then the others; each wording once, then again."""
    often = Counter(fold(texts[number]) for number in members)

    def place(number: int) -> tuple[bool, int, bool, int]:
        text = texts[number]
        return (COVER in text, -often[fold(text)], text.isascii(), number)

    return sorted(members, key=place)
