"""What uploads that are still coming hold in memory: counted by bytes, so that a slow one takes nobody's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from bot.web.chat_guard import Refusal

_RETRY_SECONDS: Final = 5


class HeldBytes:
    """A count for all uploads of a kind together, up to `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0

    @property
    def room(self) -> int:
        """Bytes that may still come."""
        return self._most - self._size

    @contextmanager
    def one(self) -> Iterator[Callable[[int], None]]:
        """Count the pieces of one file until it is on disk. The counter raises Refusal(503) when all is full."""
        mine = 0

        def take(size: int) -> None:
            nonlocal mine
            if size > self.room:
                raise Refusal(503, "busy", _RETRY_SECONDS)
            self._size += size
            mine += size

        try:
            yield take
        finally:
            self._size -= mine
