"""Finds the place of the ward that somebody names in words: "gan nvh to 5", "cổng trường tiểu học Hoa Mai"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from core.ward import Landmark, Ward
from core.wards import fold

# Short forms as they are typed, both sides without marks; longest first where one begins another.
_SHORT: Final = {
    "nvh": "nha van hoa",
    "nhvh": "nha van hoa",
    "ubnd": "uy ban nhan dan",
    "uy ban nhan dan": "uy ban nhan dan",
    "ub": "uy ban nhan dan",
    "uy ban": "uy ban nhan dan",
    "thcs": "trung hoc co so",
    "cap 2": "trung hoc co so",
    "thpt": "trung hoc pho thong",
    "cap 3": "trung hoc pho thong",
    "th": "tieu hoc",
    "cap 1": "tieu hoc",
    "mn": "mam non",
    "mau giao": "mam non",
    "ql": "quoc lo",
    "tl": "tinh lo",
    "bv": "benh vien",
    "tyt": "tram y te",
    "tram xa": "tram y te",
    "svd": "san van dong",
    "cv": "cong vien",
    "tdp": "to",
    "to dan pho": "to",
    "kp": "khu pho",
    "phuong": "",
    "xa": "",
}
# What a name is without its own part; typed alone it is enough where the ward has but one of the kind.
_KINDS: Final = (
    *("nha van hoa", "uy ban nhan dan", "truong tieu hoc", "truong trung hoc co so", "truong mam non"),
    *(
        "truong trung hoc pho thong",
        "tram y te",
        "benh vien",
        "cong vien",
        "san van dong",
        "cho",
        "chua",
        "dinh",
    ),
)
# A kind of one syllable is an everyday word; behind one of these it is a place.
_BESIDE: Final = frozenset(
    {"gan", "canh", "truoc", "sau", "cong", "dau", "cuoi", "dien", "ben", "tai", "qua", "trong"}
)
_HEAD: Final = "truong "
_ENOUGH: Final = 0.86
_LEAST_WORD: Final = 0.6
# "ql14", "tổ5", "tổ số 5": the number is a word of its own, and the only one that counts.
_GLUED: Final = re.compile(r"\b(ql|tl|nvh|tdp|kp|tổ|to|khu|thôn|thon)\.?\s?(?:(?:số|so)\s?)?(?=\d)")


@dataclass(frozen=True, slots=True)
class Sight:
    """A landmark that a text probably names. `exact`: by its whole name as written, so nothing is to be asked."""

    landmark: Landmark
    exact: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    """A word in lower case without marks, and the marks it was typed with, in no order: "hóa" is "hoá"."""

    plain: str
    marks: str


def find_landmark(ward: Ward, text: str, *, by_kind: bool = False) -> Sight | None:
    """The one landmark that a text names; None for none, or for several alike.

    `by_kind` also takes "gần chợ" where the ward has one market. Numbers of a name must be there as they are.
    """
    said = _words(text)
    scored = [(_score(said, landmark), landmark) for landmark in ward.landmarks]
    best = max((score for score, _ in scored), default=0.0)
    if best >= _ENOUGH:
        found = [landmark for score, landmark in scored if score >= best - 0.02]
        if len(found) == 1:
            others = [score for score, landmark in scored if landmark is not found[0]]
            whole = f" {_line(found[0].name)} " in f" {_line(text)} "
            return Sight(found[0], exact=whole and max(others, default=0.0) < _ENOUGH)
        return None
    return _by_kind(ward, said) if by_kind else None


def _by_kind(ward: Ward, said: tuple[_Word, ...]) -> Sight | None:
    for kind in _KINDS:
        of_kind = [one for one in ward.landmarks if f"{_plain(one.name)} ".startswith(f"{kind} ")]
        wanted = tuple(_Word(word, "") for word in kind.split())
        if len(of_kind) == 1 and any(_is_kind(said, at, of_kind[0], wanted) for at in range(len(said))):
            return Sight(of_kind[0])
    return None


def _is_kind(said: tuple[_Word, ...], at: int, landmark: Landmark, kind: tuple[_Word, ...]) -> bool:
    """The kind stands there, spelled right if with marks, and nothing behind it tells another one of its kind."""
    named = _words(landmark.name)[: len(kind)]
    window = said[at : at + len(kind)]
    if len(window) < len(kind) or any(_likeness(a, b) < 1 for a, b in zip(window, named, strict=True)):
        return False
    behind = said[at + len(kind) : at + len(kind) + 1]
    numbered = bool(behind) and (behind[0].plain in ("to", "khu", "thon") or behind[0].plain.isdecimal())
    beside = at > 0 and said[at - 1].plain in _BESIDE
    return not numbered and (len(kind) > 1 or beside)


def _score(said: tuple[_Word, ...], landmark: Landmark) -> float:
    """The likeness of the best window of the text with the name or one of its other names, 0 to 1."""
    return max((_fit(said, name) for name in _names(landmark)), default=0.0)


def _fit(said: tuple[_Word, ...], name: tuple[_Word, ...]) -> float:
    size = len(name)
    letters = sum(len(word.plain) for word in name)
    best = 0.0
    for at in range(len(said) - size + 1):
        alike = [_likeness(typed, known) for typed, known in zip(said[at : at + size], name, strict=True)]
        if size and min(alike) >= _LEAST_WORD:
            weighed = sum(one * len(word.plain) for one, word in zip(alike, name, strict=True)) / letters
            best = max(best, weighed)
    return best


def _likeness(typed: _Word, known: _Word) -> float:
    """How much a typed word is the known one; typed without marks it may be any word of those letters."""
    if typed.plain.isdecimal() or known.plain.isdecimal():
        return float(typed.plain.lstrip("0") == known.plain.lstrip("0"))
    if typed.plain == known.plain:
        # With other marks it is another word: "chỗ" is no "chợ".
        return 1.0 if typed.marks in ("", known.marks) else 0.5
    if len(known.plain) < 3:
        return 0.0
    return fuzz.ratio(typed.plain, known.plain) / 100


@lru_cache(maxsize=512)
def _names(landmark: Landmark) -> tuple[tuple[_Word, ...], ...]:
    """Every name as words, also without the word for school in front: the next one says which kind of school."""
    found = []
    for name in (landmark.name, *landmark.aliases):
        found.append(_words(name))
        if fold(name).startswith(_HEAD):
            found.append(_words(name)[1:])
    return tuple(words for words in found if words)


def _words(text: str) -> tuple[_Word, ...]:
    """The words of a text with short forms written out; those written out have no marks of their own."""
    return tuple(_spelled(text))


def _spelled(text: str) -> Iterator[_Word]:
    written = _GLUED.sub(r"\1 ", unicodedata.normalize("NFC", text).lower())
    words = re.findall(r"[^\W_]+", written)
    at = 0
    while at < len(words):
        for size in (4, 3, 2, 1):
            long = _SHORT.get(fold(" ".join(words[at : at + size]))) if at + size <= len(words) else None
            if long is not None:
                yield from (_Word(word, "") for word in long.split())
                at += size
                break
        else:
            yield _Word(fold(words[at]), _marks(words[at]))
            at += 1


def _marks(word: str) -> str:
    parts = unicodedata.normalize("NFD", word.replace("đ", "d\u0335"))
    return "".join(sorted(sign for sign in parts if unicodedata.combining(sign)))


def _plain(text: str) -> str:
    return " ".join(word.plain for word in _words(text))


def _line(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower()))
