"""Whether a person can be written to now, by the rules of the channel and the moment of the last word from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Reach(StrEnum):
    """How a message can go out to somebody. `template`: only in words that the provider has approved before."""

    FREE = "free"
    PAID = "paid"
    TEMPLATE = "template"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Window:
    """The provider's window: free for so long after the person's last word, then charged, then shut.

    Without `free` it never shuts. `pays` and `has_template` are what the operator of this installation set up.
    `rings` is False where a message only lies there until somebody opens the page.
    """

    free: timedelta | None = None
    paid: timedelta = timedelta()
    pays: bool = False
    has_template: bool = False
    rings: bool = True

    def reach(self, last: datetime | None, now: datetime, *, blocked: bool = False) -> Reach:
        """By the last word alone: what the provider itself tells when we send always goes over it."""
        if blocked:
            return Reach.UNREACHABLE
        if self.free is None:
            return Reach.FREE
        if last is None:
            return Reach.TEMPLATE
        since = now - last
        if since <= self.free:
            return Reach.FREE
        return Reach.PAID if since <= self.paid else Reach.TEMPLATE

    def leaves(self, reach: Reach) -> bool:
        """True when a message leaves now as it is; otherwise it waits for the person's next word."""
        return reach is Reach.FREE or (reach is Reach.PAID and self.pays)


ALWAYS_OPEN = Window()


@dataclass(frozen=True, slots=True)
class Reached:
    """How many people an audience is, by channel and way; `unasked` live there and chose something else."""

    counts: Mapping[tuple[str, Reach], int] = field(default_factory=dict)
    unasked: int = 0

    @property
    def total(self) -> int:
        """All who get it now or with their next word: everybody but those who shut the door."""
        return sum(self.counts.values()) - self.of(Reach.UNREACHABLE)

    def of(self, reach: Reach) -> int:
        """How many on all channels."""
        return sum(count for (_, one), count in self.counts.items() if one is reach)

    def by_channel(self, reach: Reach) -> dict[str, int]:
        """How many on each channel, the most first."""
        found = {channel: count for (channel, one), count in self.counts.items() if one is reach and count}
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))
