"""The pace: never more than the provider allows in any of its windows, whatever the ways cost, and hardly less."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.contract import Pace, Share
from bot.pacing import Pacer

TELEGRAM = Pace(29.7, 3, Share(30, 1.0), chat=Share(3, 3.0), group=Share(20, 60.0))


class Time:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Wire:
    """Messages on their way to a provider that counts them when they arrive."""

    pacer: Pacer
    time: Time
    there: Callable[[], float]
    back: Callable[[], float]
    arrivals: list[tuple[float, int]] = field(default_factory=list)
    answers: list[tuple[float, float, int, bool]] = field(default_factory=list)

    def try_to_send(self, chat: int, is_group: bool = False) -> float:
        wait = self.pacer.take(chat, is_group)
        if not wait:
            arrives = self.time.now + self.there()
            self.arrivals.append((arrives, chat))
            heapq.heappush(self.answers, (arrives + self.back(), self.time.now, chat, is_group))
        return wait

    def pass_time(self, seconds: float) -> None:
        end = self.time.now + seconds
        while self.answers and self.answers[0][0] <= end:
            self.time.now, started, chat, is_group = heapq.heappop(self.answers)
            self.pacer.answered(chat, is_group, 1, self.time.now - started)
        self.time.now = end


def _wire(there: Callable[[], float] = lambda: 0.01, back: Callable[[], float] = lambda: 0.01) -> Wire:
    time = Time()
    return Wire(Pacer(TELEGRAM, time), time, there, back)


def _most_in(arrivals: list[float], seconds: float) -> int:
    arrivals = sorted(arrivals)
    most = first = 0
    for last, at in enumerate(arrivals):
        while arrivals[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def _send_for(wire: Wire, seconds: float, chats: list[tuple[int, bool]]) -> list[float]:
    """Try every four milliseconds, round robin; returns when they arrived."""
    end, turn = wire.time.now + seconds, 0
    while wire.time.now < end:
        wire.try_to_send(*chats[turn % len(chats)])
        turn += 1
        wire.pass_time(0.004)
    return [at for at, _ in wire.arrivals]


def test_the_account_uses_its_rate_and_no_second_holds_more() -> None:
    arrivals = _send_for(_wire(), 20, [(chat, False) for chat in range(1000)])
    assert _most_in(arrivals, 1.0) <= 30
    assert len(arrivals) >= 0.95 * 30 * 20


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.floats(0.0, 0.2), st.floats(0.0, 0.4))
def test_unequal_ways_never_squeeze_too_many_into_a_second(seed: int, way: float, jitter: float) -> None:
    chance = random.Random(seed)
    wire = _wire(lambda: way + chance.uniform(0, jitter), lambda: way + chance.uniform(0, jitter))
    arrivals = _send_for(wire, 8, [(chat, False) for chat in range(1000)])
    assert _most_in(arrivals, 1.0) <= 30


def test_a_long_way_costs_little_of_the_rate() -> None:
    arrivals = _send_for(_wire(lambda: 0.08, lambda: 0.08), 20, [(chat, False) for chat in range(1000)])
    assert len(arrivals) >= 0.93 * 30 * 20


def test_one_person_gets_three_at_once_and_never_more_in_three_seconds() -> None:
    wire = _wire()
    arrivals = _send_for(wire, 12, [(7, False)])
    assert len([at for at in arrivals if at < 1000.5]) == 3
    assert _most_in(arrivals, 3.0) == 3
    assert len(arrivals) == 12


def test_group_never_gets_more_than_twenty_in_any_minute() -> None:
    arrivals = _send_for(_wire(), 300, [(-5, True)])
    assert _most_in(arrivals, 60) <= 20
    assert len(arrivals) >= 80


def test_an_album_counts_as_all_its_pictures() -> None:
    time = Time()
    pacer = Pacer(TELEGRAM, time)
    assert pacer.take(1, False, 10) == 0.0
    pacer.answered(1, False, 10, 0.0)
    sent = 0
    while time.now < 1001.0:
        chat = 100 + sent
        if pacer.take(chat, False) == 0.0:
            pacer.answered(chat, False, 1, 0.0)
            sent += 1
        time.now += 0.01
    assert sent <= 20


def test_pause_of_the_provider_stops_everything_until_it_is_over() -> None:
    time = Time()
    pacer = Pacer(TELEGRAM, time)
    pacer.shut(5)
    assert pacer.room() == 0
    assert pacer.take(1, False) >= 4.9
    time.now += 5
    assert pacer.take(1, False) == 0.0


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 2)), max_size=60))
def test_a_refusal_says_when_it_will_work(steps: list[tuple[int, float]]) -> None:
    wire = _wire(lambda: 0.0, lambda: 0.0)
    for chat, pause in steps:
        wire.pass_time(pause)
        if wait := wire.try_to_send(chat):
            wire.pass_time(wait + 1e-6)
            assert wire.try_to_send(chat) == 0.0


def test_chats_at_rest_are_forgotten() -> None:
    wire = _wire()
    _send_for(wire, 10, [(chat, False) for chat in range(200)])
    assert len(wire.pacer._chats) == 200
    wire.pass_time(130)
    wire.try_to_send(5000)
    assert len(wire.pacer._chats) == 1


@pytest.mark.parametrize(
    ("per_second", "hands"),
    [(1.0, 8), (29.7, 12), (65.0, 26), (1600.0, 32)],
    ids=["slow", "30", "65", "lifted"],
)
def test_as_many_hands_as_a_slow_provider_needs_at_the_rate(per_second: float, hands: int) -> None:
    """With eight hands and an answer after 0.4 s no more than twenty a second would leave."""
    assert Pace(per_second, 3).hands == hands
    assert Pace(per_second, 3, concurrency=4).hands == 4
