"""Whom an announcement reaches, in words: how many now, for money, only later, not at all, and why."""

from __future__ import annotations

from core.audience import Audience
from core.reach import ALWAYS_OPEN, Reach, Reached
from handlers.turn import Turn


def reach_lines(turn: Turn, audience: Audience, found: Reached) -> list[str]:
    """One line for each way that differs from «all at once»; nothing where there is nothing to think about."""
    lines = []
    free = found.by_channel(Reach.FREE)
    if len(free) > 1 or sum(free.values()) != found.total:
        lines.append(
            turn.words("announce.reach.free", count=sum(free.values()), channels=_channels(turn, free))
        )
    for reach in (Reach.PAID, Reach.TEMPLATE):
        for channel, count in found.by_channel(reach).items():
            lines.append(_shut(turn, channel, reach, count))
    if blocked := found.of(Reach.UNREACHABLE):
        lines.append(turn.words("announce.reach.blocked", count=blocked))
    if found.unasked:
        key = "announce.reach.no_urgent" if audience.urgent else "announce.reach.unasked"
        lines.append(turn.words(key, count=found.unasked))
    return lines


def _shut(turn: Turn, channel: str, reach: Reach, count: int) -> str:
    """What becomes of those whose channel is charged or shut: it goes out, as a template, or waits."""
    window = turn.house.windows.get(channel, ALWAYS_OPEN)
    name = turn.words(f"officer.channel.{channel}")
    if window.leaves(reach):
        key = "announce.reach.paid"
    elif window.has_template:
        key = "announce.reach.template"
    else:
        key = f"announce.reach.{reach}_waits"
    return turn.words(key, count=count, channel=name)


def _channels(turn: Turn, counts: dict[str, int]) -> str:
    if len(counts) < 2:
        return ""
    named = ", ".join(f"{turn.words(f'officer.channel.{name}')} {count}" for name, count in counts.items())
    return f" ({named})"
