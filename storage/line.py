"""The line before the writer: works that somebody outside waits for go first, and no other waits for ever."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Generic, TypeVar

J = TypeVar("J")

GROUP = 50  # works per commit: beyond that a longer transaction only makes the first ones wait
_SLICE = 0.02  # seconds, for the same reason: a few works of the handlers take as long as fifty small ones


class LineClosed(Exception):
    """Nothing may be queued any more."""


class Line(Generic[J]):
    """Works in two rows. Threads put them in; one thread takes them out, a group for each commit."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._ahead: deque[J] = deque()
        self._others: deque[J] = deque()
        self._last_was_ahead = False
        self._until = 0.0
        self._closed = False

    def put(self, job: J, *, ahead: bool) -> None:
        """Queue at the end of its row. Raises LineClosed."""
        with self._news:
            if self._closed:
                raise LineClosed
            (self._ahead if ahead else self._others).append(job)
            self._news.notify()

    def close(self) -> None:
        """What is queued is still handed out."""
        with self._news:
            self._closed = True
            self._news.notify()

    def take(self) -> Sequence[J]:
        """Wait for the next group; empty when the line is closed and nothing is left.

        Where both rows have works they take turns, so that neither can starve the other.
        """
        with self._news:
            while not (self._ahead or self._others or self._closed):
                self._news.wait()
            self._last_was_ahead = bool(self._ahead) and not (self._last_was_ahead and self._others)
            row = self._ahead if self._last_was_ahead else self._others
            self._until = time.monotonic() + _SLICE
            return [row.popleft() for _ in range(min(GROUP, len(row)))]

    def is_long(self) -> bool:
        """True when the group taken last should be committed now: it took its time, or somebody outside waits."""
        return not self._last_was_ahead and (bool(self._ahead) or time.monotonic() > self._until)

    def put_back(self, group: Sequence[J]) -> None:
        """The rest of the group taken last is first again, also when the line was closed meanwhile."""
        with self._news:
            (self._ahead if self._last_was_ahead else self._others).extendleft(reversed(group))

    def __len__(self) -> int:
        """How many wait."""
        return len(self._ahead) + len(self._others)
