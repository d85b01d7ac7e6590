"""The pace: never faster than the provider allows, for the account, a chat and a group."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.contract import Pace
from bot.pacing import Pacer

TELEGRAM = Pace(
    per_second=25, burst=6, per_chat_second=1, per_chat_burst=3, per_group_minute=20, concurrency=8
)


class Time:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _send_for(pacer: Pacer, time: Time, seconds: float, chats: list[tuple[int, bool]]) -> list[float]:
    """Try as fast as possible, round robin; returns the instants of the sends."""
    sent, end, turn = [], time.now + seconds, 0
    while time.now < end:
        chat, is_group = chats[turn % len(chats)]
        if pacer.take(chat, is_group) == 0.0:
            sent.append(time.now)
        turn += 1
        time.now += 0.004
    return sent


def test_whole_account_keeps_its_rate() -> None:
    time = Time()
    sent = _send_for(Pacer(TELEGRAM, time), time, 20, [(chat, False) for chat in range(500)])
    assert len(sent) <= 25 * 20 + 6
    assert len(sent) >= 25 * 20 * 0.9


def test_one_person_gets_a_short_burst_and_then_one_a_second() -> None:
    time = Time()
    sent = _send_for(Pacer(TELEGRAM, time), time, 10, [(7, False)])
    assert 12 <= len(sent) <= 13
    assert len([at for at in sent if at < 1000.5]) == 3


def test_group_never_gets_more_than_twenty_in_any_minute() -> None:
    time = Time()
    sent = _send_for(Pacer(TELEGRAM, time), time, 300, [(-5, True)])
    for start in sent:
        assert len([at for at in sent if start <= at < start + 60]) <= 20
    assert len(sent) >= 60


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
    time = Time()
    pacer = Pacer(TELEGRAM, time)
    for chat, pause in steps:
        time.now += pause
        if wait := pacer.take(chat, False):
            time.now += wait + 1e-6
            assert pacer.take(chat, False) == 0.0
