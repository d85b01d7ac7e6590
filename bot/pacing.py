"""How fast messages may leave: a bucket for the whole account, one for each chat, one for each group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.contract import Pace

_FORGET_AFTER = 120.0


@dataclass
class _Bucket:
    """Fills with `rate` tokens a second up to `size`."""

    rate: float
    size: float
    tokens: float
    at: float

    def fill(self, now: float) -> float:
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return self.tokens

    def wait(self, now: float) -> float:
        """Seconds until one token is there."""
        missing = 1.0 - self.fill(now)
        return 0.0 if missing <= 1e-9 else missing / self.rate


class Pacer:
    """The rate of one channel. Times are monotonic seconds, so that a jump of the clock changes nothing."""

    def __init__(self, pace: Pace, monotonic: Callable[[], float]) -> None:
        self._pace = pace
        self._monotonic = monotonic
        now = monotonic()
        self._all = _Bucket(pace.per_second, pace.burst, pace.burst, now)
        self._chats: dict[int, _Bucket] = {}
        self._groups: dict[int, _Bucket] = {}
        self._shut_until = 0.0
        self._swept_at = now

    def shut(self, seconds: float) -> None:
        """The provider wants a pause of the whole channel."""
        self._shut_until = max(self._shut_until, self._monotonic() + seconds)

    def room(self) -> int:
        """How many messages may leave right now, by the account's own rate."""
        now = self._monotonic()
        return 0 if now < self._shut_until else int(self._all.fill(now) + 1e-9)

    def wait(self) -> float:
        """Seconds until one message may leave."""
        now = self._monotonic()
        return max(self._shut_until - now, self._all.wait(now), 0.0)

    def take(self, chat: int, is_group: bool) -> float:
        """Take the right to send to a chat now: 0.0, or the seconds after which to ask again."""
        now = self._monotonic()
        self._sweep(now)
        buckets = [self._all, *self._of_chat(chat, is_group, now)]
        wait = max([self._shut_until - now, *(bucket.wait(now) for bucket in buckets)])
        if wait > 0:
            return wait
        for bucket in buckets:
            bucket.tokens -= 1.0
        return 0.0

    def _of_chat(self, chat: int, is_group: bool, now: float) -> list[_Bucket]:
        pace, found = self._pace, []
        if pace.per_chat_second is not None:
            fresh = _Bucket(pace.per_chat_second, pace.per_chat_burst, pace.per_chat_burst, now)
            found.append(self._chats.setdefault(chat, fresh))
        if is_group and pace.per_group_minute is not None:
            # A third of the minute's share may leave at once: a full burst would be followed by silence.
            size = max(1.0, pace.per_group_minute / 3)
            fresh = _Bucket((pace.per_group_minute - size) / 60, size, size, now)
            found.append(self._groups.setdefault(chat, fresh))
        return found

    def _sweep(self, now: float) -> None:
        """Forget chats that are at rest, so that memory does not grow with a broadcast."""
        if now - self._swept_at < _FORGET_AFTER:
            return
        self._swept_at = now
        for buckets in (self._chats, self._groups):
            for chat in [c for c, bucket in buckets.items() if bucket.fill(now) >= bucket.size]:
                del buckets[chat]
