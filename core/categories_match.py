"""Guesses the category of a report from a citizen's own words; the person always confirms.

A naive Bayes of the Bernoulli kind: each word and each pair of words speaks for or against a category by how
often it stands in sentences of that category. The sentences are data (core/wards/_reports.txt, and the names,
examples and keywords of the ward's own categories), so a ward teaches a new category by its keywords alone.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from rapidfuzz import fuzz, process

from core.ward import OTHER, Category, Ward
from core.wards import fold

# Sentences that are no report: small talk, thanks, questions. What looks most like them suggests nothing.
_NOTHING = "-"
# A keyword was chosen for what it says; one sentence is one chance among many.
_KEYWORD_WORTH = 3
_SMOOTHING = 0.5
# Sums of many dependent words are too sure of themselves: divided, their shares come true (bench.reports).
_COOL = 3.0
_LEAST_SHARE = 0.01
# How far the words must lean away from small talk; a few words prove less than a story.
_FEW_WORDS, _FEW_LEAN = 5, 8.0
# A report says its subject early, and the cost grows with every word.
_WORDS_READ = 150
_SLIP_FROM, _SLIP_CUTOFF = 5, 84.0
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """A category and the share of belief in it, 0 to 1."""

    category: Category
    share: float


def suggest_categories(ward: Ward, text: str, limit: int = 3) -> tuple[Category, ...]:
    """At most `limit` likely categories, the likeliest first, and after them always KHAC ("something else").

    A text without any hint gives only KHAC.
    """
    likely = (guess.category for guess in guess_categories(ward, text)[:limit])
    return (*likely, ward.get_category(OTHER))


def guess_categories(ward: Ward, text: str) -> tuple[Guess, ...]:
    """The categories that a text speaks of, the likeliest first; without KHAC, and nothing without a hint."""
    table = _table(ward.categories)
    sums = table.sums(text)
    known = {one.key: one for one in ward.categories if one.key != OTHER}
    best = max((value for key, value in sums.items() if key in known), default=0.0)
    idle = max(sums.get(_NOTHING, 0.0), sums.get(OTHER, 0.0))
    few = len(_marked(text)) <= _FEW_WORDS and not table.names(text)
    if not sums or best <= idle + (_FEW_LEAN if few else 0.0):
        return ()
    powers = {key: math.exp((value - best) / _COOL) for key, value in sums.items()}
    whole = sum(powers.values())
    ranked = sorted(((power / whole, key) for key, power in powers.items() if key in known), reverse=True)
    return tuple(Guess(known[key], share) for share, key in ranked if share >= _LEAST_SHARE)


class _Table:
    """For each word or pair of words, what it says for each category: the logarithm of its odds there."""

    def __init__(self, sentences: Iterable[tuple[str, str, int]], keywords: Iterable[str]) -> None:
        counts: dict[str, Counter[str]] = {}
        for key, text, worth in sentences:
            counts.setdefault(key, Counter()).update(dict.fromkeys(_signs(_marked(text)), worth))
        whole: Counter[str] = Counter()
        for count in counts.values():
            whole.update(count)
        self._keys = tuple(counts)
        self._keywords = frozenset(keywords)
        self._odds = _odds(counts, whole)
        self._syllables = sorted({sign for sign in whole if " " not in sign and ":" not in sign})
        self._known = frozenset(self._syllables)
        self._joined = {
            sign.replace(" ", ""): tuple(sign.split()) for sign in whole if " " in sign and sign.isascii()
        }

    def sums(self, text: str) -> dict[str, float]:
        """How much the words speak for each category; empty when no word of the text is known."""
        signs = [sign for sign in _signs(tuple(self._mend(_marked(text)))) if sign in self._odds]
        if not signs:
            return {}
        columns = zip(*(self._odds[sign] for sign in signs), strict=True)
        return {key: sum(column) for key, column in zip(self._keys, columns, strict=True)}

    def names(self, text: str) -> bool:
        """True when the text has one of the keywords that the ward wrote for its categories."""
        plain = f" {' '.join(fold(word) for word in self._mend(_marked(text)))} "
        return any(f" {keyword} " in plain for keyword in self._keywords)

    def _mend(self, words: Sequence[str]) -> Iterator[str]:
        """Glued words taken apart, and a long unknown word read as its nearest known one."""
        for word in words:
            plain = fold(word)
            if plain in self._known or len(plain) < _SLIP_FROM:
                yield word
            elif plain in self._joined:
                yield from self._joined[plain]
            else:
                near = process.extractOne(
                    plain, self._syllables, scorer=fuzz.ratio, score_cutoff=_SLIP_CUTOFF
                )
                yield near[0] if near else word


def _odds(counts: dict[str, Counter[str]], whole: Counter[str]) -> dict[str, tuple[float, ...]]:
    kinds, total = len(whole), sum(whole.values())
    sizes = [sum(count.values()) for count in counts.values()]
    found = {}
    for sign, times in whole.items():
        row = []
        for count, size in zip(counts.values(), sizes, strict=True):
            here = (count[sign] + _SMOOTHING) / (size + _SMOOTHING * kinds)
            there = (times - count[sign] + _SMOOTHING) / (total - size + _SMOOTHING * kinds)
            row.append(math.log(here / there))
        found[sign] = tuple(row)
    return found


def _signs(words: Sequence[str]) -> set[str]:
    """What is counted: words and pairs without marks, and words with the marks that were typed."""
    plain = [fold(word) for word in words]
    pairs = {f"{one} {next_one}" for one, next_one in pairwise(plain)}
    return {*plain, *pairs, *(f"m:{word}" for word in words if not word.isascii())}


def _marked(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text).lower()))[:_WORDS_READ]


@lru_cache(maxsize=8)
def _table(categories: tuple[Category, ...]) -> _Table:
    """Only what the ward and the product wrote is remembered, never what a person wrote."""
    # Without its marks a word behind "=" is another one.
    keywords = (fold(word) for one in categories for word in one.keywords if not word.startswith("="))
    return _Table(_sentences(categories), keywords)


def _sentences(categories: tuple[Category, ...]) -> Iterator[tuple[str, str, int]]:
    known = {one.key for one in categories}
    for key, text in shipped_reports():
        if key in known or key == _NOTHING:
            yield key, text, 1
    for one in categories:
        yield from ((one.key, keyword.removeprefix("="), _KEYWORD_WORTH) for keyword in one.keywords)
        yield from ((one.key, example, 1) for example in one.examples)


@lru_cache(maxsize=1)
def shipped_reports() -> tuple[tuple[str, str], ...]:
    """The sentences of core/wards/_reports.txt with their categories, as (key, text)."""
    text = files("core").joinpath("wards", "_reports.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((key, said) for key, _, said in (line.partition("|") for line in lines))
