"""The doors that the law keeps apart from a report: denunciation, complaint, danger, crime, a child, a secret.

Recognised by the same word odds as the category of a report, from sentences of core/wards/_doors.txt. A door is a
guess that costs the citizen a tap; each leans as far to one side as its mistakes are dear (bench.reports).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from core.categories_match import shipped_reports
from core.word_odds import WordOdds

_ORDINARY = "ordinary"
# Fewer known words are a keyword that somebody looks up, or an address on the web, not a story.
_LEAST_WORDS, _ENOUGH_WORDS = 5, 12
# In need nobody writes a story: «chết đuối kìa». No tuning question as short as that weighs so much.
_CRY_WORDS, _CRY = 3, 8.0
# Reports of these kinds are often crimes or harm to a child as well: they teach nothing about the other side.
_MIXED = frozenset({"ANTT", "GD", "AS"})


class Door(StrEnum):
    """Where a message belongs that must not become a report."""

    DENUNCIATION = "denunciation"
    COMPLAINT = "complaint"
    EMERGENCY = "emergency"
    CRIME = "crime"
    CHILD = "child"
    SECRET = "secret"


# Fire, robbery and a beaten child share the words of need («cứu», «máu», «đang»): only together do they outweigh
# a report, and which of them it is, is asked afterwards.
_DANGER = "danger"
DANGERS = (Door.EMERGENCY, Door.CRIME, Door.CHILD)

# How much more the words must speak for the door than for an ordinary report. Fitted by hand on the tuning half.
LEANS = {Door.DENUNCIATION: -1.0, Door.COMPLAINT: 0.0, _DANGER: 2.0, Door.SECRET: -3.0}

# With so much danger or so much of a secret in its words a message is no question, whatever is known to answer it.
GRAVE = 15.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The door of a message, None for an ordinary one, and how much its words speak for danger.

    `danger`: more than 0 for danger, less for an ordinary message; near 0 where few words are known. `lead`: the same
    for the door.
    """

    door: Door | None
    danger: float
    lead: float = 0.0

    @property
    def is_grave(self) -> bool:
        """True where an answer that is known would be the wrong one."""
        return self.door in (*DANGERS, Door.SECRET) and self.lead >= GRAVE


class DoorKeeper:
    """Tells the doors apart. `ordinary`: questions that are answered, so that none of them is taken for a case."""

    def __init__(self, ordinary: Iterable[str] = ()) -> None:
        lines = _shipped()
        pooled = [(_DANGER if door in DANGERS else door, said, worth) for door, said, worth in lines]
        pooled += [(_ORDINARY, said, 1) for key, said in shipped_reports() if key not in _MIXED]
        self._table = WordOdds([*pooled, *((_ORDINARY, said, 1) for said in ordinary)])
        self._kinds = WordOdds(line for line in lines if line[0] in DANGERS)

    def find(self, text: str) -> Door | None:
        """The door that a message belongs to, or None for an ordinary one."""
        return self.judge(text).door

    def judge(self, text: str) -> Verdict:
        """The door of a message and the weight of danger in it."""
        sums = self._table.sums(text)
        if not sums:
            return Verdict(None, 0.0)
        danger = sums[_DANGER] - sums[_ORDINARY]
        known = self._table.count_known(text)
        if known < _LEAST_WORDS:
            cries = known >= _CRY_WORDS and danger >= _CRY
            return Verdict(self._kind_of(text), danger, danger) if cries else Verdict(None, danger)
        best = max(LEANS, key=lambda door: sums[door] - _bar(door, known))
        if sums[best] <= sums[_ORDINARY] + _bar(best, known):
            return Verdict(None, danger)
        door = self._kind_of(text) if best == _DANGER else Door(best)
        return Verdict(door, danger, sums[best] - sums[_ORDINARY])

    def _kind_of(self, text: str) -> Door:
        sums = self._kinds.sums(text)
        return max(DANGERS, key=lambda door: sums.get(door, 0.0))


def _bar(door: str, known: int) -> float:
    """What leans towards a door needs words to lean on: of few, the sums are near each other by themselves.

    So a door that leans gets less of its lead with few words, and one that is to be proved needs more proof.
    """
    trust = min(1.0, known / _ENOUGH_WORDS)
    return LEANS[door] * trust if LEANS[door] < 0 else LEANS[door] / trust


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[str, str, int], ...]:
    text = files("core").joinpath("wards", "_doors.txt").read_text(encoding="utf-8")
    lines = (line.partition("|") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((door, said, 1) for door, _, said in lines)
