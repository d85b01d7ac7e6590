"""The doors that the law keeps apart from a report: denunciation, complaint, danger, crime, a child, a secret.

Recognised by the same word odds as the category of a report, from sentences of core/wards/_doors.txt. A door is a
guess that costs the citizen a tap; each leans as far to one side as its mistakes are dear (bench.reports).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from core.categories_match import shipped_reports
from core.word_odds import WordOdds

_ORDINARY = "ordinary"
# Fewer known words are a keyword that somebody looks up, or an address on the web, not a story.
_LEAST_WORDS, _ENOUGH_WORDS = 5, 12
# Reports of these kinds are often crimes or harm to a child as well: they teach nothing about the other side.
_MIXED = frozenset({"ANTT", "GD", "AS", "-"})


class Door(StrEnum):
    """Where a message belongs that must not become a report."""

    DENUNCIATION = "denunciation"
    COMPLAINT = "complaint"
    EMERGENCY = "emergency"
    CRIME = "crime"
    CHILD = "child"
    SECRET = "secret"


# How much more the words must speak for the door than for an ordinary report. Fitted by hand on the tuning half.
LEANS = {
    Door.DENUNCIATION: -3.0,
    Door.COMPLAINT: 0.0,
    Door.EMERGENCY: -5.0,
    Door.CRIME: -5.0,
    Door.CHILD: -5.0,
    Door.SECRET: -4.0,
}


class DoorKeeper:
    """Tells the doors apart. `ordinary`: questions that are answered, so that none of them is taken for a case."""

    def __init__(self, ordinary: Iterable[str] = ()) -> None:
        lines = list(_shipped())
        lines += [(_ORDINARY, said, 1) for key, said in shipped_reports() if key not in _MIXED]
        self._table = WordOdds([*lines, *((_ORDINARY, said, 1) for said in ordinary)])

    def find(self, text: str) -> Door | None:
        """The door that a message belongs to, or None for an ordinary one."""
        known = self._table.count_known(text)
        if known < _LEAST_WORDS:
            return None
        sums = self._table.sums(text)
        # What leans towards a door needs words to lean on: of few, the sums are near each other by themselves.
        trust = min(1.0, known / _ENOUGH_WORDS)
        best = max(Door, key=lambda door: sums[door] - trust * LEANS[door])
        return best if sums[best] > sums[_ORDINARY] + trust * LEANS[best] else None


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[str, str, int], ...]:
    text = files("core").joinpath("wards", "_doors.txt").read_text(encoding="utf-8")
    lines = (line.partition("|") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((door, said, 1) for door, _, said in lines)
