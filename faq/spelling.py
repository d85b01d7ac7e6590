"""What one typed word may stand for: short forms, dialect, typing keys, slips; remembered, as it never changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq.keys import from_telex, from_vni
from faq.lexicon import Lexicon, Reading, Words
from faq.normalize import count_tones, has_marks, strip_marks
from faq.recent import Recent
from faq.slots import Heard, Slot
from faq.syllables import is_syllable, sound_key

_REMEMBERED: Final = 4096
_CUT_OFF: Final = 0.65
_MAX_NEIGHBOURS: Final = 6
_MIN_FUZZY: Final = 3
_MAX_SYLLABLE: Final = 7
_MAX_GLUED: Final = 40
_DOUBLED: Final = re.compile(r"(.)\1+")
_LETTERS_DIGITS: Final = re.compile(r"([a-z]+)(\d{1,4})|(\d{1,4})([a-z]+)")


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word: without its marks, whether it has any, whether it can be a syllable, and its slots.

    A short form with several readings also has those that a neighbouring word confirms: with each the words without
    marks that do. `slots` then holds all others, for the context to choose.
    """

    typed: str
    bare: str
    marked: bool
    is_syllable: bool
    slots: tuple[Slot, ...]
    confirmed: tuple[tuple[frozenset[str], Slot], ...] = ()


class Speller:
    """Reads words towards the vocabulary of one library."""

    def __init__(self, lexicon: Lexicon, vocabulary: Iterable[str]) -> None:
        self._lexicon = lexicon
        self._vocabulary = frozenset(vocabulary)
        # Neighbours are looked for among syllables only: "vneid" must not attract every odd word.
        self._choices = sorted(word for word in self._vocabulary if len(word) > 1 and not word.isdigit())
        self._by_sound: dict[str, list[str]] = {}
        for word in self._choices:
            self._by_sound.setdefault(sound_key(word), []).append(word)
        self._words = Recent[Word](_REMEMBERED)
        self._joined = Recent[Word](_REMEMBERED)
        self._neighbours = Recent[tuple[Heard, ...]](_REMEMBERED)

    def word(self, typed: str) -> Word:
        """A word as typed, or what its telex or VNI keys stand for if it is no word."""
        return self._words.get(typed, self._with_keys)

    def as_written(self, word: str) -> Word:
        """A word that is not the work of typing keys."""
        return self._joined.get(word, self._read)

    def is_whole(self, bare: str) -> bool:
        """Whether letters without marks are a word of the library or a short form."""
        return bare in self._lexicon.short_forms or bare in self._vocabulary

    def slots(self, words: Sequence[Word], at: int) -> tuple[Slot, ...]:
        """The slots of one of several words that stand side by side."""
        word = words[at]
        if word.confirmed:
            around = [one.bare for one in (*words[max(0, at - 2) : at], *words[at + 1 : at + 3])]
            for near, slot in word.confirmed:
                if not near.isdisjoint(around):
                    return (slot,)
        return word.slots

    def _with_keys(self, typed: str) -> Word:
        plain = typed.isascii() and not (self.is_whole(typed) or is_syllable(typed))
        return self._read((from_vni(typed) or from_telex(typed) or typed) if plain else typed)

    def _read(self, word: str) -> Word:
        bare, marked = strip_marks(word), has_marks(word)
        dialect = self._lexicon.dialect.get(word)
        readings = self._lexicon.short_forms.get(bare)
        confirmed: tuple[tuple[frozenset[str], Slot], ...] = ()
        if dialect is not None and marked:
            slots: tuple[Slot, ...] = (Slot(((_bare(dialect), 1.0), ((bare,), 0.7))),)
        # "a" may stand for a name, but "à" typed with its mark is just the word "à".
        elif readings is not None and not has_marks(word.replace("đ", "d")):
            confirmed = tuple((one.near, self._short([one], bare)) for one in readings if one.near)
            slots = (self._short([one for one in readings if not one.near] or readings, bare),)
        elif bare in self._vocabulary:
            slots = (Slot((((bare,), 1.0),), self._alike(bare), word),)
        else:
            slots = self._unknown(bare, word)
        return Word(word, bare, marked, is_syllable(bare), slots, confirmed)

    def _short(self, chosen: Sequence[Reading], bare: str) -> Slot:
        weight = 1.0 if len(chosen) == 1 else 0.7
        meanings = tuple((_bare(reading.syllables), weight) for reading in chosen)
        own = (((bare,), 0.5),) if bare in self._vocabulary and len(bare) > 1 else ()
        return Slot(meanings + own)

    def _unknown(self, bare: str, word: str) -> tuple[Slot, ...]:
        if is_syllable(bare):
            return (Slot((((bare,), 1.0),), self._alike(bare), word, known=False),)
        parts = _LETTERS_DIGITS.fullmatch(bare)
        if parts:
            pieces = [self.as_written(piece) for piece in parts.groups() if piece]
            return tuple(slot for at in range(len(pieces)) for slot in self.slots(pieces, at))
        single = _DOUBLED.sub(r"\1", word)
        if single != word and strip_marks(single) in self._vocabulary:
            return self.as_written(single).slots
        glued = self._split(word)
        if glued is not None:
            return tuple(self._part(part) for part in glued)
        near = self._neighbours.get(bare, self._near) if len(bare) >= _MIN_FUZZY else ()
        if near:
            return (Slot(tuple(((other,), weight) for other, weight in near)),)
        return (Slot((((bare,), 1.0),), typed=word, known=False),)

    def _part(self, part: str) -> Slot:
        bare = strip_marks(part)
        return Slot((((bare,), 1.0),), self._alike(bare), part, known=bare in self._vocabulary)

    def _alike(self, bare: str) -> Words:
        """Syllables that sound the same to some: allowed inside word pairs and concepts only, "xin" is not "sinh"."""
        same = self._by_sound.get(sound_key(bare), ())
        return tuple(other for other in same if other != bare)[:_MAX_NEIGHBOURS]

    def _near(self, bare: str) -> tuple[Heard, ...]:
        found = process.extract(
            bare,
            self._choices,
            scorer=OSA.normalized_similarity,
            score_cutoff=_CUT_OFF,
            limit=_MAX_NEIGHBOURS,
        )
        weights = {other: 0.9 * score for other, score, _ in found}
        for other in self._by_sound.get(sound_key(bare), ())[:_MAX_NEIGHBOURS]:
            weights[other] = max(weights.get(other, 0.0), 0.8)
        return tuple(sorted(weights.items(), key=lambda pair: -pair[1])[:_MAX_NEIGHBOURS])

    def _split(self, word: str) -> Words | None:
        """The cheapest way to cut a glued word into syllables, those of the library first; None if it has none."""
        if not 4 <= len(word) <= _MAX_GLUED or not word.isalpha():
            return None
        best: list[tuple[float, Words] | None] = [(0.0, ())] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - _MAX_SYLLABLE), end):
                before, cost = best[start], self._part_cost(word[start:end])
                if before is None or cost is None:
                    continue
                current = best[end]
                if current is None or before[0] + cost < current[0]:
                    best[end] = (before[0] + cost, (*before[1], word[start:end]))
        whole = best[-1]
        return whole[1] if whole is not None and whole[0] <= 2.0 * len(whole[1]) else None

    def _part_cost(self, part: str) -> float | None:
        """What it costs to take these letters for one syllable; a syllable has one tone at most."""
        bare = strip_marks(part)
        known = bare in self._vocabulary
        if not (known or is_syllable(bare)) or (part != bare and count_tones(part) > 1):
            return None
        return (1.0 if known else 2.5) + (2.0 if len(part) == 1 else 0.0)


def _bare(words: Iterable[str]) -> Words:
    return tuple(strip_marks(word) for word in words)
