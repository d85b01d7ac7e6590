"""The sums that are found without adding up everything are those that adding up everything finds."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Never

import pytest

from faq.sums import Posting, Weighted, best_sums, weighted

ENTRIES, COUNT = 2_000, 10


def some_features(chance: random.Random) -> list[Weighted]:
    """As a message has them: rare ones that are worth much, and common ones that are worth little in each entry."""
    features = []
    for _ in range(chance.randint(1, 60)):
        often = min(ENTRIES, int(ENTRIES ** chance.random() * chance.choice((1, 1, 3))))
        rarity = 8.0 - often.bit_length() / 2 if often < ENTRIES else 0.1
        # Few different values, so that many entries have equal sums.
        worth = {
            number: rarity * chance.choice((0.5, 1.0, 1.5)) for number in chance.sample(range(ENTRIES), often)
        }
        features.append(weighted(Posting.of(worth), chance.choice((1.0, 1.0, 0.8, 0.3))))
    return features


def plain_sums(features: list[Weighted]) -> list[tuple[int, float]]:
    """Everything added up, the ten highest; of equal ones the first entry."""
    sums: dict[int, float] = defaultdict(float)
    for _, worth, weight in sorted(features, key=lambda one: -one[0]):
        for number, value in worth.items():
            sums[number] += value * weight
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:COUNT]


@pytest.mark.parametrize("seed", range(200))
def test_pruned_sums_are_the_plain_sums(seed: int) -> None:
    features = some_features(random.Random(seed))
    assert best_sums(features, ENTRIES, COUNT) == plain_sums(features)


def test_a_common_feature_alone_is_added_up() -> None:
    worth = {number: 0.1 + number / ENTRIES for number in range(ENTRIES)}
    best = best_sums([weighted(Posting.of(worth), 1.0)], ENTRIES, COUNT)
    assert [number for number, _ in best] == list(range(ENTRIES - 1, ENTRIES - 1 - COUNT, -1))


def test_many_common_features_beat_a_rare_one() -> None:
    """What each can add is little, but an entry that has them all must not be pruned away."""
    rare = weighted(Posting.of({number: 5.0 for number in range(12)}), 1.0)
    common = [weighted(Posting.of({number: 0.5 for number in range(100, 1_000)}), 1.0) for _ in range(40)]
    assert best_sums([rare, *common], ENTRIES, COUNT)[0] == (100, pytest.approx(20.0))


class NeverGoneThrough(dict[int, float]):
    """Worth that may be looked up entry by entry only."""

    def items(self) -> Never:  # type: ignore[override]
        raise AssertionError


def test_a_common_feature_is_not_gone_through_when_rare_ones_have_decided() -> None:
    rare = [weighted(Posting.of({number: 5.0 + number for number in range(12)}), 1.0)] * 2
    common = weighted(Posting.of(NeverGoneThrough.fromkeys(range(ENTRIES), 0.5)), 1.0)
    assert best_sums([*rare, common], ENTRIES, COUNT)[0] == (11, 32.5)


def test_nothing_is_found_by_nothing() -> None:
    assert best_sums([], ENTRIES, COUNT) == []
