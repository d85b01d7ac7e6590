"""Recognises fixed phrases in what people write, with all, some or none of the tone marks."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# Phrases stand at the start of what matters; beyond this a text is a story, and matching it only costs time.
_LONGEST = 3000
_BREAK = re.compile(r"[,.;:!?\n]+")
# A syllable that no phrase has.
_STOP = " 0stop0 "


@dataclass(frozen=True, slots=True)
class _Syllable:
    """A written syllable twice: as typed (tone at its end, so that "hòa" is "hoà") and without any mark."""

    marked: str
    bare: str


@dataclass(frozen=True, slots=True)
class _Text:
    """A text taken apart, and where each of its syllables stands: most phrases are ruled out by one look."""

    words: tuple[_Syllable, ...]
    places: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase taken apart; a strict one needs its marks."""

    syllables: tuple[_Syllable, ...]
    strict: bool


def says(text: str, phrases: str) -> bool:
    """True when one of the phrases (one a line) occurs in the text as whole words.

    A syllable typed without marks stands for any marking of it, unless the phrase ends with "!": then the
    marks must be there, because without them it is a different everyday word ("đang cháy!", "đang chạy").
    """
    taken = _taken_apart(text[:_LONGEST])
    return any(any(_places(phrase, taken, phrase.strict)) for phrase in _parsed(phrases))


def find_spans(text: str, phrases: Sequence[str]) -> list[tuple[int, int]]:
    """Where the phrases stand in the text, as (first, behind the last) syllable, in the order of the text.

    A phrase never reaches over a comma or a full stop: "nắp cống bị mất, xe máy ngã" is no lost motorbike.
    """
    taken = _taken_apart(_BREAK.sub(_STOP, text[:_LONGEST]))
    parsed = _parsed("\n".join(phrases))
    return sorted({span for phrase in parsed for span in _places(phrase, taken, strict=False)})


def is_said(text: str, phrases: str) -> bool:
    """True when the whole text is one of the phrases, apart from punctuation and capitals."""
    words = _taken_apart(text[:200]).words
    return any(_same(phrase.syllables, words, phrase.strict) for phrase in _parsed(phrases))


def is_only(text: str, phrases: str) -> bool:
    """True when the text consists of nothing but these phrases, in any order and number."""
    rest = _taken_apart(text[:200]).words
    known = sorted((phrase.syllables for phrase in _parsed(phrases)), key=len, reverse=True)
    while rest:
        found = next((phrase for phrase in known if _same(phrase, rest[: len(phrase)], False)), None)
        if found is None:
            return False
        rest = rest[len(found) :]
    return has_letters(text)


def has_letters(text: str) -> bool:
    """False for a text of nothing but signs, such as "?" or a row of emoji."""
    return any(letter.isalnum() for letter in text)


def count_words(text: str) -> int:
    """How many syllables a text has."""
    return len(_taken_apart(text[:_LONGEST]).words)


# The lists of the wording never change while we run, and each message is compared with dozens of them.
@lru_cache(maxsize=256)
def _parsed(phrases: str) -> tuple[_Phrase, ...]:
    lines = (line.strip() for line in phrases.splitlines())
    return tuple(_Phrase(tuple(_syllables(line)), line.endswith("!")) for line in lines if line)


# One message is compared with dozens of lists. Few are kept: they are people's words.
@lru_cache(maxsize=4)
def _taken_apart(text: str) -> _Text:
    words = tuple(_syllables(text))
    places: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(words):
        places[word.bare].append(at)
    return _Text(words, dict(places))


def _places(phrase: _Phrase, taken: _Text, strict: bool) -> Iterator[tuple[int, int]]:
    """Where a phrase stands. What is the same with its marks is the same without them."""
    size = len(phrase.syllables)
    if any(syllable.bare not in taken.places for syllable in phrase.syllables):
        return
    for at in taken.places[phrase.syllables[0].bare] if size else ():
        if _same(phrase.syllables, taken.words[at : at + size], strict):
            yield at, at + size


def _same(wanted: Sequence[_Syllable], written: Sequence[_Syllable], strict: bool) -> bool:
    if len(wanted) != len(written) or not wanted:
        return False
    for meant, typed in zip(wanted, written, strict=True):
        unmarked = typed.marked == typed.bare
        if typed.marked != meant.marked and (strict or not unmarked or typed.bare != meant.bare):
            return False
    return True


def _syllables(text: str) -> list[_Syllable]:
    plain = unicodedata.normalize("NFC", text.lower())
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return [_syllable(word) for word in words]


def _syllable(word: str) -> _Syllable:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in letters if letter in _TONES)
    shape = "".join(letter for letter in letters if letter not in _TONES)
    bare = "".join(letter for letter in shape if not unicodedata.combining(letter)).replace("đ", "d")
    return _Syllable(unicodedata.normalize("NFC", shape) + tones, bare)
