"""How fast messages may leave: an even step for the whole account, and windows that never hold too many.

A provider counts what arrives in a window of time, and we only know when a message started and when its answer
came. So a message counts from its start until a whole window after its **answer**, less most of what the fastest
message was on the way: unequal ways do not squeeze too many into a window, and long ones cost hardly any of the rate.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from bot.channels.contract import Pace, Share

_FORGET_AFTER = 120.0
# When everything that fills a window is still on its way, nobody knows when it will be empty.
_ON_ITS_WAY = 0.05
# How many round trips are looked at for the fastest, and how much of that is surely the way and not work over there.
_TRIPS, _SURELY_WAY = 50, 0.8
# A window is a hundredth longer than the provider's: its clock and ours begin to count at different moments.
_LONGER = 1.01


class _Steps:
    """Tokens that come one by one; `size` of them may be saved up."""

    def __init__(self, rate: float, size: float, now: float) -> None:
        self._rate, self._size = rate, size
        self._tokens, self._at = size, now

    def fill(self, now: float) -> float:
        """The tokens there are."""
        self._tokens = min(self._size, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return self._tokens

    def wait(self, now: float) -> float:
        """Seconds until one token is there."""
        missing = 1.0 - self.fill(now)
        return 0.0 if missing <= 1e-9 else missing / self._rate

    def take(self, weight: int) -> None:
        """What weighs more than one is paid for afterwards, by those who come next."""
        self._tokens -= weight


class _Window:
    """At most so many messages within so many seconds."""

    def __init__(self, share: Share) -> None:
        self._most, self._seconds = share.messages, share.seconds * _LONGER
        self._answered: deque[float] = deque()
        self._under_way = 0

    def wait(self, now: float, weight: int = 1) -> float:
        """Seconds until there is room for that many."""
        self._forget(now)
        over = self._under_way + len(self._answered) + weight - max(self._most, weight)
        if over <= 0:
            return 0.0
        if over > len(self._answered):
            return _ON_ITS_WAY
        return self._answered[over - 1] + self._seconds - now

    def room(self, now: float) -> int:
        """For how many there is room."""
        self._forget(now)
        return self._most - self._under_way - len(self._answered)

    def leave(self, weight: int) -> None:
        """That many are on their way."""
        self._under_way += weight

    def arrive(self, at: float, weight: int) -> None:
        """That many came to the provider at that moment or before."""
        self._under_way -= weight
        self._answered.extend([at] * weight)

    def is_empty(self, now: float) -> bool:
        """Nothing is counted any more."""
        self._forget(now)
        return not self._answered and not self._under_way

    def _forget(self, now: float) -> None:
        while self._answered and self._answered[0] + self._seconds <= now:
            self._answered.popleft()


class Pacer:
    """The rate of one channel. Times are monotonic seconds, so that a jump of the clock changes nothing."""

    def __init__(self, pace: Pace, monotonic: Callable[[], float]) -> None:
        self._pace = pace
        self._monotonic = monotonic
        now = monotonic()
        self._steps = _Steps(pace.per_second, pace.burst, now)
        self._all = _Window(pace.account) if pace.account else None
        self._chats: dict[int, _Window] = {}
        self._trips: deque[float] = deque(maxlen=_TRIPS)
        self._shut_until = 0.0
        self._swept_at = now

    def shut(self, seconds: float) -> None:
        """The provider wants a pause of the whole channel."""
        self._shut_until = max(self._shut_until, self._monotonic() + seconds)

    def room(self) -> int:
        """How many messages may leave right now, by the account's own rate."""
        now = self._monotonic()
        if now < self._shut_until:
            return 0
        steps = int(self._steps.fill(now) + 1e-9)
        return max(steps if self._all is None else min(steps, self._all.room(now)), 0)

    def wait(self) -> float:
        """Seconds until one message may leave."""
        now = self._monotonic()
        window = self._all.wait(now) if self._all else 0.0
        return max(self._shut_until - now, self._steps.wait(now), window, 0.0)

    def take(self, chat: int, is_group: bool, weight: int = 1) -> float:
        """Take the right to send to a chat now: 0.0, or the seconds after which to ask again.

        Who was given the right says when it is over, by `answered`.
        """
        now = self._monotonic()
        self._sweep(now)
        windows = self._windows(chat, is_group)
        wait = max(
            [self._shut_until - now, self._steps.wait(now), *(window.wait(now, weight) for window in windows)]
        )
        if wait > 0:
            return wait
        self._steps.take(weight)
        for window in windows:
            window.leave(weight)
        return 0.0

    def answered(self, chat: int, is_group: bool, weight: int, took: float) -> None:
        """The provider has answered, `took` seconds after the start, or never will."""
        self._trips.append(took)
        arrived = self._monotonic() - _SURELY_WAY * min(self._trips)
        for window in self._windows(chat, is_group):
            window.arrive(arrived, weight)

    def _windows(self, chat: int, is_group: bool) -> list[_Window]:
        share = self._pace.group if is_group else self._pace.chat
        found = [] if self._all is None else [self._all]
        if share is not None:
            if chat not in self._chats:
                self._chats[chat] = _Window(share)
            found.append(self._chats[chat])
        return found

    def _sweep(self, now: float) -> None:
        """Forget chats that are at rest, so that memory does not grow with a broadcast."""
        if now - self._swept_at < _FORGET_AFTER:
            return
        self._swept_at = now
        for chat in [chat for chat, window in self._chats.items() if window.is_empty(now)]:
            del self._chats[chat]
