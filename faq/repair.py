"""Turns typed words into slots of what each may have meant: short forms, dialect, typing keys, typos."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq.keys import from_telex, from_vni
from faq.lexicon import Lexicon, Reading, Words
from faq.normalize import count_tones, has_marks, strip_marks, syllables
from faq.syllables import is_syllable, sound_key

_CUT_OFF: Final = 0.65
_MAX_NEIGHBOURS: Final = 6
_MIN_FUZZY: Final = 3
_MAX_SYLLABLE: Final = 7
_MAX_GLUED: Final = 40
_DOUBLED: Final = re.compile(r"(.)\1+")
_LETTERS_DIGITS: Final = re.compile(r"([a-z]+)(\d{1,4})|(\d{1,4})([a-z]+)")


@dataclass(frozen=True, slots=True)
class Slot:
    """One typed word: its readings (syllables without marks, weight), weaker neighbours, and the marks if typed."""

    readings: tuple[tuple[Words, float], ...]
    loose: Words = ()
    typed: str = ""
    known: bool = True

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


class Repairer:
    """Repairs words towards the vocabulary of one library. Neighbours of a word never change, so they are cached."""

    def __init__(self, lexicon: Lexicon, vocabulary: Iterable[str]) -> None:
        self._lexicon = lexicon
        self._vocabulary = frozenset(vocabulary)
        # Neighbours are looked for among syllables only: "vneid" must not attract every odd word.
        self._choices = sorted(word for word in self._vocabulary if len(word) > 1 and not word.isdigit())
        self._by_sound: dict[str, list[str]] = {}
        for word in self._choices:
            self._by_sound.setdefault(sound_key(word), []).append(word)
        self._neighbours: Callable[[str], tuple[tuple[str, float], ...]] = lru_cache(maxsize=8192)(self._near)
        self._split: Callable[[str], Words | None] = lru_cache(maxsize=2048)(self._split_glued)

    def repair(self, text: str) -> Query:
        """A text of one piece as slots."""
        return self.repair_clauses([(text, 1.0)])

    def repair_clauses(self, clauses: Sequence[tuple[str, float]]) -> Query:
        """The weighted clauses of a message as slots.

        Cost is bounded: the text is cut and glued words beyond a length are not split.
        """
        typed = [self._joined([self._typed(word) for word in syllables(text)]) for text, _ in clauses]
        words = [word for clause in typed for word in clause]
        marked = sum(map(has_marks, words)) * 3 >= len(words)
        slots: list[Slot] = []
        focus: list[float] = []
        for clause, (_, weight) in zip(typed, clauses, strict=True):
            slots += self._repair(clause, marked)
            focus += [weight] * (len(slots) - len(focus))
        return Query(tuple(slots), marked, tuple(focus))

    def _typed(self, word: str) -> str:
        """The word itself, or what its telex or VNI keys stand for if it is no word."""
        if (
            not word.isascii()
            or word in self._vocabulary
            or word in self._lexicon.short_forms
            or is_syllable(word)
        ):
            return word
        return from_vni(word) or from_telex(word) or word

    def _repair(self, typed: list[str], marked: bool) -> list[Slot]:
        plain = [strip_marks(word) for word in typed]
        slots: list[Slot] = []
        skip = False
        for i, word in enumerate(typed):
            if skip:
                skip = False
                continue
            pair = self._lexicon.short_pairs.get((word, typed[i + 1])) if i + 1 < len(typed) else None
            if pair is not None:
                slots.append(_slot(pair, word=""))
                skip = True
            else:
                slots.extend(self._slots(word, plain, i, marked))
        return slots

    def _slots(self, word: str, plain: list[str], i: int, marked: bool) -> list[Slot]:
        bare = plain[i]
        dialect = self._lexicon.dialect.get(word)
        if dialect is not None and has_marks(word):
            return [Slot(((_bare(dialect), 1.0), ((bare,), 0.7)), typed="")]
        readings = self._lexicon.short_forms.get(bare)
        # "a" may stand for a name, but "à" typed with its mark is just the word "à".
        if readings is not None and not has_marks(word.replace("đ", "d")):
            return [self._short(readings, bare, plain, i)]
        if bare in self._vocabulary:
            return [Slot((((bare,), 1.0),), self._alike(bare), word)]
        return self._unknown(bare, word, marked)

    def _short(self, readings: tuple[Reading, ...], bare: str, plain: list[str], i: int) -> Slot:
        around = {*plain[max(0, i - 2) : i], *plain[i + 1 : i + 3]}
        sure = [reading for reading in readings if reading.near & around]
        # Confirmed by a neighbour: that meaning alone. Otherwise all of them, for the context to choose.
        chosen = sure[:1] or [reading for reading in readings if not reading.near] or list(readings)
        weight = 1.0 if len(chosen) == 1 else 0.7
        meanings = tuple((_bare(reading.syllables), weight) for reading in chosen)
        own = (((bare,), 0.5),) if bare in self._vocabulary and len(bare) > 1 else ()
        return Slot(meanings + own)

    def _unknown(self, bare: str, word: str, marked: bool) -> list[Slot]:
        if is_syllable(bare):
            return [Slot((((bare,), 1.0),), self._alike(bare), word, known=False)]
        parts = _LETTERS_DIGITS.fullmatch(bare)
        if parts:
            pieces = [piece for piece in parts.groups() if piece]
            return [slot for j, piece in enumerate(pieces) for slot in self._slots(piece, pieces, j, marked)]
        single = _DOUBLED.sub(r"\1", word)
        if single != word and strip_marks(single) in self._vocabulary:
            return self._slots(single, [strip_marks(single)], 0, marked)
        glued = self._split(word)
        if glued is not None:
            return [self._part(part) for part in glued]
        near = self._neighbours(bare) if len(bare) >= _MIN_FUZZY else ()
        if near:
            return [Slot(tuple(((other,), weight) for other, weight in near), typed="")]
        return [Slot((((bare,), 1.0),), typed=word, known=False)]

    def _part(self, part: str) -> Slot:
        bare = strip_marks(part)
        return Slot((((bare,), 1.0),), self._alike(bare), part, known=bare in self._vocabulary)

    def _alike(self, bare: str) -> Words:
        """Syllables that sound the same to some: allowed inside word pairs and concepts only, "xin" is not "sinh"."""
        same = self._by_sound.get(sound_key(bare), ())
        return tuple(other for other in same if other != bare)[:_MAX_NEIGHBOURS]

    def _near(self, bare: str) -> tuple[tuple[str, float], ...]:
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

    def _joined(self, typed: list[str]) -> list[str]:
        """Puts torn short forms back together ("bh yt"): only where at least one piece makes no syllable."""
        out: list[str] = []
        for word in typed:
            if out:
                bare = strip_marks(out[-1] + word)
                whole = bare in self._lexicon.short_forms or bare in self._vocabulary
                torn = not (is_syllable(strip_marks(out[-1])) and is_syllable(strip_marks(word)))
                if whole and torn and len(bare) > 2 and not bare[-1].isdigit() and not bare[0].isdigit():
                    out[-1] += word
                    continue
            out.append(word)
        return out

    def _split_glued(self, word: str) -> Words | None:
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


def _slot(words: Words, word: str) -> Slot:
    return Slot(((_bare(words), 1.0),), typed=word)
