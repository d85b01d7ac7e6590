"""A message after repair: one slot for each typed word, with what that word may have meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

from faq.lexicon import Words

Heard: TypeAlias = tuple[str, float]
"""A syllable without marks, and how likely it is what was meant, up to 1."""

_LOOSE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Slot:
    """One typed word: its readings (syllables without marks, weight), weaker neighbours, and the marks if typed.

    `words` are the syllables of all readings. `starts` and `ends` are those that can stand beside the next word, the
    weaker neighbours among them; `inside` are the pairs within a reading. They are worked out once, as one word is
    asked for in many messages.
    """

    readings: tuple[tuple[Words, float], ...]
    loose: Words = ()
    typed: str = ""
    known: bool = True
    words: tuple[Heard, ...] = field(init=False, repr=False, compare=False)
    starts: tuple[Heard, ...] = field(init=False, repr=False, compare=False)
    ends: tuple[Heard, ...] = field(init=False, repr=False, compare=False)
    inside: tuple[tuple[str, str, float], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        put, loose = object.__setattr__, [(word, _LOOSE) for word in self.loose]
        put(self, "words", tuple([(word, weight) for reading, weight in self.readings for word in reading]))
        put(self, "starts", tuple([(reading[0], weight) for reading, weight in self.readings] + loose))
        put(self, "ends", tuple([(reading[-1], weight) for reading, weight in self.readings] + loose))
        pairs = [(a, b, weight) for reading, weight in self.readings for a, b in pairwise(reading)]
        put(self, "inside", tuple(pairs))

    @property
    def first(self) -> Words:
        """The likeliest reading."""
        return self.readings[0][0]


@dataclass(frozen=True, slots=True)
class Query:
    """A message after repair. `marked` says whether its writer uses Vietnamese marks at all.

    `focus` is the weight of each slot: less for what the writer sets aside.
    """

    slots: tuple[Slot, ...]
    marked: bool
    focus: tuple[float, ...] = ()
