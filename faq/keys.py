"""What was meant by telex or VNI keys that stayed in the text because the input method was off."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from faq.normalize import strip_marks, toned
from faq.syllables import is_syllable

_TELEX_LETTERS: Final = (
    ("dd", "đ"), ("aa", "â"), ("aw", "ă"), ("ee", "ê"), ("oo", "ô"), ("uow", "ươ"), ("uwow", "ươ"), ("ow", "ơ"),
    ("uw", "ư"), ("w", "ư"),
)  # fmt: skip
_TELEX_TONES: Final = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TELEX_TONE: Final = re.compile(r"(?<=[aeiouyâăêôơư])([a-zđâăêôơư]*?)([sfrxj])(?=[a-zđâăêôơư]*$)")
_VNI_LETTERS: Final = {
    ("a", "6"): "â",
    ("e", "6"): "ê",
    ("o", "6"): "ô",
    ("o", "7"): "ơ",
    ("u", "7"): "ư",
    ("a", "8"): "ă",
}
_VNI_TONES: Final = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VNI: Final = re.compile(r"[a-z]+[1-9][a-z0-9]*")
_VOWELS: Final = re.compile(r"[aeiouyâăêôơư]+")
_STOP_FINAL: Final = re.compile(r"(?:c|ch|p|t)$")


@lru_cache(maxsize=8192)
def from_telex(word: str) -> str | None:
    """The syllable, with its marks, that telex keys stand for ("hanj" is "hạn"); None if it is none or is plain."""
    plain = word
    for typed, meant in _TELEX_LETTERS:
        plain = plain.replace(typed, meant)
    tone = _TELEX_TONE.search(plain)
    if tone:
        plain = plain[: tone.start(2)] + plain[tone.end(2) :]
    if plain == word or not is_syllable(strip_marks(plain)):
        return None
    return _with_tone(plain, _TELEX_TONES[tone[2]] if tone else "")


@lru_cache(maxsize=8192)
def from_vni(word: str) -> str | None:
    """The syllable, with its marks, that VNI keys stand for ("tra5m"); form numbers ("ct07") are left alone."""
    if not _VNI.fullmatch(word):
        return None
    letters, tone = _vni_letters(word)
    if letters is None or not is_syllable(strip_marks(letters)):
        return None
    # A syllable that ends in a stop takes only two tones, so "muc2" is "mức 2" and not a tone key.
    if _STOP_FINAL.search(letters) and tone in ("2", "3", "4"):
        return None
    return _with_tone(letters, _VNI_TONES.get(tone, ""))


def _vni_letters(word: str) -> tuple[str | None, str]:
    """The letters with hats and hooks, and the tone key; None if a digit changes nothing that is there."""
    out: list[str] = []
    tone = ""
    for char in word:
        if not char.isdigit():
            out.append(char)
        elif char in _VNI_TONES and not tone:
            tone = char
        elif not _change(out, char):
            return None, ""
    return "".join(out), tone


def _change(out: list[str], digit: str) -> bool:
    """Lets a digit change the nearest letter before it that it can; 7 after "uo" changes both."""
    if digit == "9" and "d" in out:
        out[out.index("d")] = "đ"
        return True
    for at in range(len(out) - 1, -1, -1):
        changed = _VNI_LETTERS.get((out[at], digit))
        if changed:
            out[at] = changed
            if changed == "ơ" and at and out[at - 1] == "u":
                out[at - 1] = "ư"
            return True
    return False


def _with_tone(letters: str, tone: str) -> str:
    """The tone put where it belongs."""
    if not tone:
        return letters
    start = 2 if letters.startswith(("qu", "gi")) and len(_VOWELS.findall(letters[2:])) > 0 else 0
    vowels = _VOWELS.search(letters, start)
    if vowels is None:
        return letters
    at = _tone_place(vowels[0], open_end=vowels.end() == len(letters))
    place = vowels.start() + at
    marked = unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :])
    return toned(marked)


def _tone_place(vowels: str, open_end: bool) -> int:
    for marked in "ơâăêôư":
        if marked in vowels:
            return vowels.index(marked)
    if len(vowels) == 1:
        return 0
    return len(vowels) - 2 if open_end else len(vowels) - 1
