"""Ticket codes: impossible to guess, easy to read aloud, and a wrong or swapped character is always noticed."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass

# Digits and 17 capitals. Left out are I, L, O (read as 1 and 0), U (as V), D (heard as Đ), and A, E, Y, W:
# Vietnamese keyboards join a vowel and the key after it ("AF" or "A2" → "À") and turn W into Ư. Without
# vowels no code spells a word, and no ordinary Vietnamese text, a vowel in every syllable, looks like one.
ALPHABET = "0123456789BCFGHJKMNPQRSTVXZ"
# "7K3M-9Q2F-4XH": ten random characters and the check character. Every group mixes digits and letters, which
# telephone numbers, plates and document numbers do not; 45 bits of chance remain (tests count them).
GROUPS = (4, 4, 3)
# A prime above the number of characters: with the powers of 2 as weights, any one wrong character and any
# two swapped ones, neighbours or not, change the sum.
_PRIME = 29
_LOOKALIKE = str.maketrans("OIL", "011")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"_": " "})
_FIRST, _SECOND, _LAST = (f"([0-9A-Z]{{{size}}})" for size in GROUPS)
_SHAPED = re.compile(rf"(?<!\w){_FIRST}( ?- ?| ?\. ?| +|){_SECOND}( ?- ?| ?\. ?| +|){_LAST}(?!\w)")
_SPREAD = re.compile(rf"(?<!\w)(?=((?:[{ALPHABET}][ .-]{{0,3}}){{{sum(GROUPS) - 1}}}[{ALPHABET}])(?!\w))")
_BROKEN = re.compile(rf"(?<!\w){_FIRST}-{_SECOND}(?:-[0-9A-Z]*)?(?!\w)")
# fmt: off
_HINTS = {word[0]: word for word in (
    "Bình", "Cường", "Facebook", "Gà", "Hoa", "Jean", "Kim", "Minh", "Nam", "Phở", "Quê", "Rừng", "Sông",
    "Tết", "Vàng", "Xuân", "Zalo",
)}
# fmt: on


@dataclass(frozen=True, slots=True)
class CodeTypo:
    """Something that was meant as a code but is none: a character is wrong, missing, or two are swapped."""

    written: str


def new_code() -> str:
    """A fresh code from the operating system's randomness, as it is shown and stored: "7K3M-9Q2F-4XH"."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(sum(GROUPS) - 1))
        check = _check_value(body)
        if check < len(ALPHABET) and _mixed(code := body + ALPHABET[check]):
            return _grouped(code)


def parse_code(text: str) -> str | CodeTypo | None:
    """The first code in a free text, a CodeTypo if there is only a damaged one, None if there is neither.

    Case, blanks, dots, dashes and O/0, I/L/1 do not matter. The result is exactly what `new_code` gave.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).upper()
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    typo: CodeTypo | None = None
    for found in _SHAPED.finditer(plain):
        written = (found[1], found[3], found[5])
        code = "".join(written).translate(_LOOKALIKE)
        # "moto kilo soi" could become a code by its O and I alone, one time in 29.
        hyphens = "-" in found[2] + found[4]
        if is_valid(code) and (hyphens or any(map(_has_digit, written))):
            return _grouped(code)
        if _mixed(code) and _meant(written, hyphens):
            typo = typo or CodeTypo(found[0])
    for found in _SPREAD.finditer(plain):
        code = re.sub(r"[ .-]", "", found[1])
        if is_valid(code):
            return _grouped(code)
    return typo or _broken(plain)


def is_valid(code: str) -> bool:
    """True for the eleven characters of a code, without separators, in capitals."""
    right_size = len(code) == sum(GROUPS) and all(letter in ALPHABET for letter in code)
    return right_size and _mixed(code) and ALPHABET.index(code[-1]) == _check_value(code[:-1])


def spell(code: str) -> str:
    """A code for the telephone: "7, K như Kim, 3, M như Minh; 9, …"."""
    groups = code.split("-")
    return "; ".join(", ".join(_spelled(letter) for letter in group) for group in groups)


def _spelled(letter: str) -> str:
    return f"{letter} như {_HINTS[letter]}" if letter in _HINTS else letter


def _check_value(body: str) -> int:
    total = 0
    for letter in body:
        total = (total + ALPHABET.index(letter)) * 2 % _PRIME
    return -total % _PRIME


def _mixed(code: str) -> bool:
    return all(_mixes(group) for group in _grouped(code).split("-"))


def _mixes(group: str) -> bool:
    return _has_digit(group) and not group.isdigit()


def _has_digit(group: str) -> bool:
    return any(letter.isdigit() for letter in group)


def _grouped(code: str) -> str:
    first, second, _ = GROUPS
    return f"{code[:first]}-{code[first : first + second]}-{code[first + second :]}"


def _meant(groups: tuple[str, ...], hyphens: bool) -> bool:
    """Hyphens show the intention; otherwise every character must be one of ours, which no syllable is."""
    if hyphens:
        return all(map(_has_digit, groups))
    return all(letter in ALPHABET for group in groups for letter in group)


def _broken(plain: str) -> CodeTypo | None:
    """The start of a code with hyphens whose end is too short or too long."""
    for found in _BROKEN.finditer(plain):
        ours = all(letter in ALPHABET for letter in "".join(found.groups()).translate(_LOOKALIKE))
        if ours and all(map(_mixes, found.groups())):
            return CodeTypo(found[0])
    return None
