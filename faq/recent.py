"""Remembers what was worked out lately: bounded, and without the cycle of references that a cached method makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """The values of the keys that were asked for last, at most twice `size`.

    Two generations: when the younger one is full it becomes the older one, and the older one is forgotten. So whoever
    sends thousands of odd words never drives out the common ones, which are asked for in between. Threads may share
    it: the worst that can happen is that a value is made twice.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._young: dict[str, Value] = {}
        self._old: dict[str, Value] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: str, make: Callable[[str], Value]) -> Value:
        """The value of a key; `make` works it out if it is not remembered."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                found = make(key)
            if len(self._young) >= self._size:
                self._young, self._old = {}, self._young
            self._young[key] = found
        return found
