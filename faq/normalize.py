"""Makes the many ways of typing one Vietnamese text comparable: Unicode forms, marks, tone places."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from core.masking import COVER, MASKED

MAX_MATCH_LENGTH: Final = 500
"""Longer input is cut before matching, so that nobody can stall the others with one long message."""

# Control characters, zero-width characters, bidirectional controls, soft hyphen and variation selectors.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_SPACES: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"[^\W_]+")
_MARKED: Final = re.compile("[à-ỹđ]")

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_LONGEST_SYLLABLE: Final = 7
_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"


def _strip_table() -> dict[int, str]:
    """One translation for every precomposed Vietnamese letter, so that stripping is a single pass."""
    table = {ord("đ"): "d", ord("Đ"): "D"}
    for code in (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA)):
        plain = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
        if plain != chr(code) and plain.isascii():
            table[code] = plain
    return table


def _tone_places() -> dict[str, str]:
    """Both habits of placing the tone (hoà, hòa) lead to one: on the first of the two vowels."""
    pairs = {}
    for first, second in ("oa", "oe", "uy"):
        for tone in _TONES:
            typed = unicodedata.normalize("NFC", first + second + tone)
            pairs[typed] = unicodedata.normalize("NFC", first + tone + second)
    return pairs


_STRIP: Final = _strip_table()
_PLACES: Final = _tone_places()
# After q the u belongs to the consonant: "quý" has only one right form.
_MISPLACED: Final = re.compile(rf"(?<!q)(?:{'|'.join(_PLACES)})\b")


def clean(text: str) -> str:
    """The text in NFC with full-width letters as ASCII and nothing invisible, in its original case."""
    if text.isascii():
        return _INVISIBLE.sub("", text)
    # Invisible characters go first: one between a letter and its mark would keep them from joining.
    seen = unicodedata.normalize("NFC", _INVISIBLE.sub("", text).translate(_FULL_WIDTH))
    return seen.replace(MASKED, COVER) if MASKED in seen else seen


def strip_marks(text: str) -> str:
    """The text without any Vietnamese mark, đ included; expects NFC."""
    if text.isascii():
        return text
    return _strip_syllable(text) if len(text) <= _LONGEST_SYLLABLE else text.translate(_STRIP)


@lru_cache(maxsize=1 << 15)
def _strip_syllable(text: str) -> str:
    """The language has some seven thousand syllables, and each is stripped hundreds of times."""
    return text.translate(_STRIP)


def fold(text: str) -> str:
    """Lower case, no marks, single spaces: the form in which two texts are compared."""
    return _SPACES.sub(" ", strip_marks(clean(text).lower())).strip()


def toned(text: str) -> str:
    """Lower case with marks, every tone in its one place."""
    lowered = clean(text).lower()
    return lowered if lowered.isascii() else _MISPLACED.sub(lambda hit: _PLACES[hit[0]], lowered)


def count_tones(word: str) -> int:
    """How many tones the letters carry; hats, hooks and bars are no tones."""
    return sum(char in _TONES for char in unicodedata.normalize("NFD", word))


def one_tone(word: str) -> str:
    """The word with ngã as hỏi: two tones that many regions speak, and write, as one."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).replace("\u0303", "\u0309"))


def syllables(text: str) -> list[str]:
    """The words of a text, lower case with the marks as typed; in Vietnamese a word between spaces is a syllable."""
    return _WORD.findall(toned(text[:MAX_MATCH_LENGTH]))


def has_marks(text: str) -> bool:
    """Whether a lower-case text carries any Vietnamese mark."""
    return _MARKED.search(text) is not None
