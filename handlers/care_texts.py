"""Reads what an officer writes for an entry."""

from __future__ import annotations

import re
from collections.abc import Sequence

from faq.normalize import clean, fold
from handlers.care_rights import CareRefused

MAX_ANSWER, MAX_QUESTION, MAX_SOURCE, MAX_WAYS, MAX_WORD = 1500, 200, 300, 30, 40
_MIN_ANSWER, _MIN_QUESTION, _MIN_WAY, _MIN_SOURCE = 20, 8, 4, 3
_BULLET = re.compile(r"^\s*(?:[-–•*+]|\d{1,2}[.)])\s*")
_BETWEEN = re.compile(r"[\n;]+")


def read_answer(text: str) -> str:
    """The words of an answer; lines stay as written. Raises CareRefused."""
    lines = (" ".join(line.split()) for line in clean(text).strip().split("\n"))
    return _sized("\n".join(lines), _MIN_ANSWER, MAX_ANSWER)


def read_question(text: str) -> str:
    """A question on one line. Raises CareRefused."""
    return _sized(_line(text), _MIN_QUESTION, MAX_QUESTION)


def read_source(text: str) -> str:
    """Where an answer comes from. Raises CareRefused."""
    return _sized(_line(text), _MIN_SOURCE, MAX_SOURCE)


def read_word(text: str) -> str:
    """A word or two of everyday language, in lower case. Raises CareRefused."""
    word = _line(text).strip(" .,;:!?\"“”'«»").lower()
    return _sized(word, 2, MAX_WORD)


def read_ways(text: str, known: Sequence[str]) -> list[str]:
    """Ways to ask, one a line or between semicolons, without those that are known. Raises CareRefused."""
    taken, ways = {_bare(one) for one in known}, []
    for part in _BETWEEN.split(clean(text)):
        way = " ".join(_BULLET.sub("", part).split())
        if way and _bare(way) not in taken:
            taken.add(_bare(way))
            ways.append(_sized(way, _MIN_WAY, MAX_QUESTION))
    if not ways:
        raise CareRefused("care.known_ways")
    if len(known) + len(ways) > MAX_WAYS:
        raise CareRefused("care.too_many_ways", limit=MAX_WAYS)
    return ways


def _bare(text: str) -> str:
    """Two ways that differ in marks and punctuation only are one."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _sized(text: str, least: int, most: int) -> str:
    if sum(letter.isalnum() for letter in text) < least:
        raise CareRefused("care.too_short")
    if len(text) > most:
        raise CareRefused("care.too_long", length=len(text), limit=most)
    return text
