"""The entries with the highest sums of weights, found exactly without adding up every weight of every entry.

A word like "giấy" stands in half of all entries and is worth little in each. Adding it up everywhere is where the
time of a large library would go, and it can hardly bring in an entry that no rarer word has brought in. The pruning
below is known as MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import itemgetter
from typing import Final, TypeAlias

_LONG: Final = 200
"""Adding up fewer weights takes less time than finding out whether it is needed."""
_SLACK: Final = 1 - 1e-9
"""Sums of the same weights in another order differ by rounding: what is that close stays in."""


@dataclass(frozen=True, slots=True)
class Posting:
    """The entries that have one feature, by number, with what it is worth in each; `highest` is the most of these."""

    worth: Mapping[int, float]
    highest: float

    @classmethod
    def of(cls, worth: Mapping[int, float]) -> Posting:
        """A posting of one entry or more, no worth below nothing."""
        return cls(worth, max(worth.values()))


Weighted: TypeAlias = tuple[float, Mapping[int, float], float]
"""The most that a feature can add to any entry, its worth in each, and its weight in the message."""


def weighted(posting: Posting, weight: float) -> Weighted:
    """A feature that has this weight in a message."""
    return posting.highest * weight, posting.worth, weight


def best_sums(features: Iterable[Weighted], entries: int, count: int) -> list[tuple[int, float]]:
    """The numbers of `count` of so many entries with the highest sums, and these, best first.

    Of equal ones the first entry comes first.

    Features come in the order of what they can add. As soon as the rest together cannot lift a new entry as high as
    the last of the best already is, they are looked up for the entries that can still be among the best, and no more.
    """
    ordered = sorted(features, key=itemgetter(0), reverse=True)
    left = sum([bound for bound, _, _ in ordered])
    sums, ask_below = [0.0] * entries, left / 2
    for done, (bound, worth, weight) in enumerate(ordered):
        # The leading entries have no more than what is done, so there is no use in asking before half of it is.
        if len(worth) > _LONG and left < ask_below:
            found, rest = _by_sum(sums, ordered[:done]), ordered[done:]
            needed = min([_full_sum(sums, number, rest) for number in found[:count]]) * _SLACK
            if left < needed and len(found) >= count:
                return _best(_finish(sums, found, rest, left, needed), count)
            ask_below = left / 2
        _add(sums, worth, weight)
        left -= bound
    return _best({number: sums[number] for number in _found(ordered)}, count)


def _add(sums: list[float], worth: Mapping[int, float], weight: float) -> None:
    if weight == 1.0:
        for number, value in worth.items():
            sums[number] += value
    else:
        for number, value in worth.items():
            sums[number] += value * weight


def _found(features: Sequence[Weighted]) -> set[int]:
    return set().union(*[worth for _, worth, _ in features])


def _by_sum(sums: list[float], features: Sequence[Weighted]) -> list[int]:
    """The entries that have any of the features, the highest sum first."""
    return sorted(_found(features), key=sums.__getitem__, reverse=True)


def _full_sum(sums: list[float], number: int, rest: Sequence[Weighted]) -> float:
    return sums[number] + sum([worth[number] * weight for _, worth, weight in rest if number in worth])


def _finish(
    sums: list[float], found: Iterable[int], rest: Sequence[Weighted], left: float, needed: float
) -> dict[int, float]:
    """Adds the rest to the entries that can still reach what is needed; no other entry can come in any more."""
    able = {number: sums[number] for number in takewhile(lambda one: sums[one] + left >= needed, found)}
    for bound, worth, weight in rest:
        left -= bound
        for number in able:
            if number in worth:
                able[number] += worth[number] * weight
        able = {number: value for number, value in able.items() if value + left >= needed}
    return able


def _best(sums: Mapping[int, float], count: int) -> list[tuple[int, float]]:
    lowest = sorted(sums.values())[-count:][:1]
    best = [(-value, number) for number, value in sums.items() if value >= lowest[0]]
    return [(number, -value) for value, number in sorted(best)[:count]]
