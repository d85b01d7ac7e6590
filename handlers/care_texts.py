"""Reads what an officer writes for an entry."""

from __future__ import annotations

import re
from collections.abc import Sequence

from faq.library import CONTENT
from faq.lint import load_standards
from faq.lint.links import host_of, is_official
from faq.normalize import clean, fold
from handlers.care_rights import CareRefused

MAX_ANSWER, MAX_QUESTION, MAX_SOURCE, MAX_WAYS, MAX_WORD = 1500, 200, 300, 30, 40
MAX_ITEMS, MAX_LINKS, MAX_ITEM, MAX_STEP = 12, 4, 200, 400
_MIN_ANSWER, _MIN_QUESTION, _MIN_WAY, _MIN_SOURCE = 20, 8, 4, 3
_BULLET = re.compile(r"^\s*(?:[-–•*+]|\d{1,2}[.)])\s*")
_ONE_STEP = re.compile(r"bước\s+(\d{1,2})\s*[:.]\s*([^\n]+)", re.IGNORECASE)
_STEP_HEAD = re.compile(r"^\s*bước\s+\d{1,2}\s*[:./)]\s*", re.IGNORECASE | re.MULTILINE)
_BETWEEN = re.compile(r"[\n;]+")


def read_answer(text: str) -> str:
    """The words of an answer; lines stay as written. Raises CareRefused."""
    lines = (" ".join(line.split()) for line in clean(text).strip().split("\n"))
    return _sized("\n".join(lines), _MIN_ANSWER, MAX_ANSWER)


def read_question(text: str) -> str:
    """A question on one line. Raises CareRefused."""
    return _sized(_line(text), _MIN_QUESTION, MAX_QUESTION)


def read_part(step: str, text: str) -> str | list[str]:
    """Any part that is read by itself: a line, lines, or links. Raises CareRefused."""
    if step == "answer":
        return read_answer(text)
    if step == "question":
        return read_question(text)
    if step == "bring":
        return _lines(text, MAX_ITEMS, MAX_ITEM)
    if step == "links":
        return [_link(line) for line in _lines(text, MAX_LINKS, MAX_ITEM)]
    return _sized(_line(text), _MIN_SOURCE, MAX_SOURCE if step in ("source", "legal_basis") else MAX_ITEM)


def read_steps(text: str, known: Sequence[str]) -> list[str]:
    """The steps, one a line; "bước 3: …" by itself changes one of those that are known. Raises CareRefused."""
    alone = _ONE_STEP.fullmatch(clean(text).strip())
    if alone and 1 <= int(alone[1]) <= len(known):
        step = _sized(_line(alone[2]), _MIN_WAY, MAX_STEP)
        return [step if number == int(alone[1]) else old for number, old in enumerate(known, start=1)]
    return _lines(_STEP_HEAD.sub("", clean(text)), MAX_ITEMS, MAX_STEP)


def _lines(text: str, most: int, longest: int) -> list[str]:
    lines = [" ".join(_BULLET.sub("", line).split()) for line in clean(text).split("\n")]
    items = [_sized(line, _MIN_SOURCE, longest) for line in lines if line]
    if not items:
        raise CareRefused("care.too_short")
    if len(items) > most:
        raise CareRefused("care.too_many_lines", limit=most)
    return list(dict.fromkeys(items))


def _link(text: str) -> str:
    """An address of an official site; only those are shown to people."""
    link = text if "://" in text else f"https://{text}"
    host = host_of(link)
    if host is None:
        raise CareRefused("care.bad_link", link=text[:60])
    if not is_official(host, load_standards(CONTENT)):
        raise CareRefused("care.foreign_link", host=host)
    return link


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
