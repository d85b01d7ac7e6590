"""Guesses the category of a report from a citizen's own words; the person always confirms.

Each word and each pair of words speaks for or against a category by how often it stands in its sentences. The
sentences are data (core/wards/_reports.txt, and the names, examples and keywords of the ward's own categories),
so a ward teaches a new category by its keywords alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from core.ward import OTHER, Category, Ward
from core.wards import fold
from core.word_odds import WordOdds, marked

# Sentences that are no report: small talk, thanks, questions. What looks most like them suggests nothing.
_NOTHING = "-"
# A keyword was chosen for what it says; one sentence is one chance among many.
_KEYWORD_WORTH = 3
# Sums of many dependent words are too sure of themselves: divided, their shares come true (bench.reports).
_COOL = 3.0
_LEAST_SHARE = 0.01
# How far the words must lean away from small talk; a few words prove less than a story.
_FEW_WORDS, _FEW_LEAN = 5, 8.0


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
    few = len(marked(text)) <= _FEW_WORDS and not table.names(text)
    if not sums or best <= idle + (_FEW_LEAN if few else 0.0):
        return ()
    powers = {key: math.exp((value - best) / _COOL) for key, value in sums.items()}
    whole = sum(powers.values())
    ranked = sorted(((power / whole, key) for key, power in powers.items() if key in known), reverse=True)
    return tuple(Guess(known[key], share) for share, key in ranked if share >= _LEAST_SHARE)


@lru_cache(maxsize=8)
def _table(categories: tuple[Category, ...]) -> WordOdds:
    """Only what the ward and the product wrote is remembered, never what a person wrote."""
    # Without its marks a word behind "=" is another one.
    keywords = (fold(word) for one in categories for word in one.keywords if not word.startswith("="))
    return WordOdds(_sentences(categories), keywords)


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
