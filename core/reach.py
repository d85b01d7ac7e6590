"""Whether a person can be written to now, by the rules of the channel and the moment of the last word from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

# Who has not opened the page for so long does not see what lies there.
_STILL_VISITS = timedelta(days=7)


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


@dataclass(frozen=True, slots=True)
class Door:
    """One channel of a person: whose contact it is, when the last word came from there, whether it is blocked."""

    contact_id: int
    channel: str
    last: datetime | None
    blocked: bool = False

    def reach(self, windows: Mapping[str, Window], now: datetime) -> Reach:
        """How a message can go out here."""
        return windows.get(self.channel, ALWAYS_OPEN).reach(self.last, now, blocked=self.blocked)


def best_door(doors: Sequence[Door], windows: Mapping[str, Window], now: datetime) -> Door:
    """Where one message to a person goes, who has several channels: a telephone that rings now, before all.

    A page that must be opened comes next while the person still visits it, then an approved template, then the
    page anyhow, then waiting for the next word. Equal ones: where the last word came from.
    """

    def rank(door: Door) -> tuple[int, float, int]:
        window, reach = windows.get(door.channel, ALWAYS_OPEN), door.reach(windows, now)
        visits = door.last is not None and now - door.last <= _STILL_VISITS
        if reach is Reach.UNREACHABLE:
            place = 5
        elif window.leaves(reach):
            place = 0 if window.rings else 1 if visits else 3
        else:
            place = 2 if window.has_template else 4
        return place, -(door.last.timestamp() if door.last else 0.0), door.contact_id

    return min(doors, key=rank)
