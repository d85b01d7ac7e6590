"""Replies that are written again and again: those that the product ships, and the blanks in their words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import ClassVar, Final

from pydantic import ConfigDict

from core.wards import STRICT, build, fold, packaged, read

_FILE: Final = "_replies.toml"
# Long enough for "địa điểm nhận kết quả", too short for a sentence that merely stands in braces.
_BLANK: Final = re.compile(r"\{([^{}\n]{1,40})\}")
_BRACES: Final = re.compile(r"[{}]")


class Act(StrEnum):
    """The step that a reply is for; the values are those of the officers' verbs."""

    ANSWER = "answer"
    RESOLVE = "resolve"
    REJECT = "reject"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Reply:
    """Words with blanks in braces, for one act; without a category they fit every ticket."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    act: Act
    title: str
    text: str
    category: str | None = None

    @property
    def mark(self) -> str:
        """Short and the same for replies that stand for each other: same act, category and title."""
        name = f"{self.act}|{self.category or ''}|{fold(self.title)}"
        return sha256(name.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _File:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    reply: tuple[Reply, ...]


@cache
def shipped_replies() -> tuple[Reply, ...]:
    """Those of core/wards/_replies.toml, in the order of the file. Raises ValueError for a fault in it."""
    return build(_File, read(packaged(_FILE))).reply


def find_blank(text: str) -> str | None:
    """The name of the first blank in a text, as it is written."""
    found = _BLANK.search(text)
    return found[1].strip() if found else None


def list_blanks(text: str) -> list[str]:
    """The names of all blanks, each once, in their order."""
    return list(dict.fromkeys(name.strip() for name in _BLANK.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every blank filled that has a value; names count without marks and capitals."""
    known = {fold(name): value for name, value in values.items()}
    return _BLANK.sub(lambda blank: known.get(fold(blank[1]), blank[0]), text)


def is_day(blank: str) -> bool:
    """True for a blank that takes a day: «ngày», «ngày xong»."""
    return fold(blank).split()[:1] == ["ngay"]


def is_sound(text: str) -> bool:
    """False where braces are left that make no blank, or a blank has no name: «{», «{{ngày}}», «{ }»."""
    named = all(fold(name) for name in _BLANK.findall(text))
    return named and not _BRACES.search(_BLANK.sub("", text))
