"""Guesses the category and the area of a report from a citizen's own words; the person always confirms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from core.ward import OTHER, Area, Category, Ward
from core.wards import AREA_WORDS, fold

# A longer phrase says more about the subject than a single word.
_WEIGHTS = (0.0, 2.0, 4.0, 5.5)
# How far a word with the same letters but other marks counts: "den" for "đèn" is how many people type,
# "đen" for "đèn" is another word as often as a slip.
_PLAIN, _OTHER_MARKS = 0.75, 0.4
_FUZZY_FROM, _FUZZY_CUTOFF, _FUZZY_WORTH = 6, 90.0, 0.6
_SCATTERED_WORTH, _GAP, _TELLING = 0.6, 2, 7
# A report says its subject early, and the cost grows with every word.
_WORDS_READ = 150
_MORE_HITS, _LEAST, _LEAST_SHARE = 0.3, 1.0, 0.3
# "Ổ gà to 3 mét" written without marks is not tổ 3.
_MEASURES = r"m|met|cm|km|kg|tan|lit|nguoi|cai|con|lan|gio|ngay|tuan|thang|nam|tang|chiec|xe|x|ha"
_SEATS = re.compile(r"\bo to \d+ cho\b")


@dataclass(frozen=True, slots=True)
class _Phrase:
    marked: tuple[str, ...]
    folded: tuple[str, ...]
    exact: bool = False


def suggest_categories(ward: Ward, text: str, limit: int = 3) -> tuple[Category, ...]:
    """At most `limit` likely categories, the likeliest first, and after them always KHAC ("something else").

    Equal scores keep the order of the ward's list. A text without any hint gives only KHAC.
    """
    said = _phrase(_composed(text), _WORDS_READ)
    windows = _windows(said.folded)
    scored = [(_score(category, said, windows), category) for category in ward.categories]
    best = max((score for score, _ in scored), default=0.0)
    likely = [pair for pair in scored if pair[0] >= max(_LEAST, best * _LEAST_SHARE) and pair[1].key != OTHER]
    likely.sort(key=lambda pair: -pair[0])
    return (*(category for _, category in likely[:limit]), ward.get_category(OTHER))


def suggest_area(ward: Ward, text: str) -> Area | None:
    """The one area that a text names ("tổ 12", "khu pho 3", "tdp số 5"); None for none or for several."""
    plain = fold(text)
    found = {area for area in (ward.find_area(number) for number in _numbers(ward, text, plain)) if area}
    named = [area for area in ward.areas if f" {fold(area.name)} " in f" {plain} "]
    # "Thôn Đông" stands inside "Thôn Đông Hạ": only the longest name was meant.
    found |= {one for one in named if not any(_within(one, other) for other in named)}
    return found.pop() if len(found) == 1 else None


def _numbers(ward: Ward, text: str, plain: str) -> list[str]:
    words = AREA_WORDS[ward.area_word]
    written = _composed(text)
    # Whoever types marks writes "tổ"; their "to" and "tô" are other words.
    if not written.isascii() and not re.search(r"\btổ", written):
        words = tuple(word for word in words if word != "to")
    pattern = rf"\b(?:{'|'.join(words)})\s?(?:so\s)?0*(\d{{1,3}})\b(?!\s(?:{_MEASURES})\b)"
    return re.findall(pattern, _SEATS.sub(" ", plain))


def _within(one: Area, other: Area) -> bool:
    return one != other and f" {fold(one.name)} " in f" {fold(other.name)} "


def _score(category: Category, said: _Phrase, windows: Sequence[str]) -> float:
    """How strongly a text speaks of a category: its best keyword, and a little for each further one."""
    worths = sorted((_worth(_keyword(word), said, windows) for word in category.keywords), reverse=True)
    return worths[0] + _MORE_HITS * sum(worths[1:]) if worths else 0.0


def _worth(keyword: _Phrase, said: _Phrase, windows: Sequence[str]) -> float:
    size = len(keyword.folded)
    weight = _WEIGHTS[min(size, len(_WEIGHTS) - 1)]
    starts = range(len(said.folded) - size + 1)
    hits = [
        _agreement(keyword, said.marked[start : start + size])
        for start in starts
        if said.folded[start : start + size] == keyword.folded
    ]
    if hits or keyword.exact:
        return weight * max(hits, default=0.0)
    if size > 1 and set(keyword.folded) <= set(said.folded) and _scattered(keyword, said):
        return weight * _SCATTERED_WORTH
    joined = "".join(keyword.folded)
    if len(joined) < _FUZZY_FROM:
        return 0.0
    near = process.extractOne(joined, windows, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUTOFF)
    return weight * _FUZZY_WORTH * near[1] / 100 if near else 0.0


def _agreement(keyword: _Phrase, said: Sequence[str]) -> float:
    wrong = [word for word, meant in zip(said, keyword.marked, strict=True) if word != meant]
    if not wrong or keyword.exact:
        return 0.0 if wrong else 1.0
    return _PLAIN if all(word.isascii() for word in wrong) else _OTHER_MARKS


def _scattered(keyword: _Phrase, said: _Phrase) -> bool:
    """All words of a phrase close together, in any order and with a few others between: "đèn nhà tôi hỏng"."""
    words = list(zip(said.marked, said.folded, strict=True))
    span = len(keyword.folded) + _GAP
    # Without marks and apart, short words prove nothing: "cho tôi gặp cán bộ" is no "chó cắn".
    telling = len("".join(keyword.folded)) >= _TELLING
    for start in range(max(1, len(words) - span + 1)):
        near = words[start : start + span]
        if all(
            any(
                marked == meant or (telling and folded == plain and marked.isascii())
                for marked, folded in near
            )
            for meant, plain in zip(keyword.marked, keyword.folded, strict=True)
        ):
            return True
    return False


def _windows(words: tuple[str, ...]) -> list[str]:
    """All runs of one to five words without blanks, so that "denduong" and "kara oke" are near too."""
    runs = ("".join(words[at : at + size]) for size in range(1, 6) for at in range(len(words) - size + 1))
    return sorted({run for run in runs if len(run) >= _FUZZY_FROM - 1})


@lru_cache(maxsize=2048)
def _keyword(text: str) -> _Phrase:
    """Only keywords are remembered, never what a person wrote."""
    phrase = _phrase(_composed(text))
    return replace(phrase, exact=text.startswith("="))


def _phrase(text: str, most: int | None = None) -> _Phrase:
    marked = tuple(re.findall(r"[^\W_]+", text))[:most]
    return _Phrase(marked, tuple(fold(word) for word in marked))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()
