"""The sheets and columns of the workbook, in order: which field stands where, and how it is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from core.wording import Wording
from faq.normalize import fold


class Filling(Enum):
    """How a cell is filled in."""

    TEXT = auto()
    LINES = auto()
    DATE = auto()
    TOPIC = auto()
    OWNER = auto()
    CONFIDENCE = auto()
    FLAG = auto()
    NUMBER = auto()
    LOCKED = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field, how it is filled in, and its width in characters."""

    name: str
    filling: Filling
    width: int


ENTRIES: Final = "entries"
ENTRY_COLUMNS: Final = (
    Column("id", Filling.TEXT, 24),
    Column("version", Filling.LOCKED, 13),
    Column("question", Filling.TEXT, 40),
    Column("topic", Filling.TOPIC, 18),
    Column("alternatives", Filling.LINES, 44),
    Column("keywords", Filling.LINES, 26),
    Column("answer", Filling.TEXT, 60),
    Column("fee", Filling.TEXT, 26),
    Column("time", Filling.TEXT, 26),
    Column("place", Filling.TEXT, 30),
    Column("owner", Filling.OWNER, 26),
    Column("legal_basis", Filling.TEXT, 34),
    Column("source", Filling.TEXT, 34),
    Column("confidence", Filling.CONFIDENCE, 20),
    Column("reviewed_on", Filling.DATE, 14),
    Column("review_by", Filling.DATE, 14),
    Column("related", Filling.LINES, 26),
    Column("retired", Filling.FLAG, 12),
)
LIST_SHEETS: Final[Mapping[str, tuple[Column, ...]]] = {
    "steps": (
        Column("id", Filling.TEXT, 24),
        Column("order", Filling.NUMBER, 8),
        Column("text", Filling.TEXT, 90),
    ),
    "bring": (
        Column("id", Filling.TEXT, 24),
        Column("order", Filling.NUMBER, 8),
        Column("text", Filling.TEXT, 60),
    ),
    "links": (
        Column("id", Filling.TEXT, 24),
        Column("order", Filling.NUMBER, 8),
        Column("text", Filling.TEXT, 60),
    ),
}
"""Sheets with one row for each item of a list of an entry, by the name of the list."""
FIGURES: Final = "figures"
FIGURE_COLUMNS: Final = tuple(
    Column(name, Filling.LOCKED, width)
    for name, width in (
        ("key", 28), ("name", 44), ("value", 24), ("since", 12), ("until", 12), ("source", 40),
        ("confidence", 10), ("checked_on", 12),
    )
)  # fmt: skip
DATA_SHEETS: Final[Mapping[str, tuple[Column, ...]]] = {ENTRIES: ENTRY_COLUMNS, **LIST_SHEETS}
"""What an import needs; the others are there to read."""


def sheet_title(words: Wording, sheet: str) -> str:
    """What a sheet is called."""
    return words.text(f"exchange.sheet.{sheet}")


def heading(words: Wording, sheet: str, column: str) -> str:
    """What a column is called. Lists have their own words for their text, figures for theirs."""
    key = f"exchange.column.{sheet}_{column}"
    return words.text(key if words.has(key) else f"exchange.column.{column}")


def columns_of(sheet: str) -> tuple[Column, ...]:
    """The columns of a sheet, in order."""
    return FIGURE_COLUMNS if sheet == FIGURES else DATA_SHEETS[sheet]


class Labels:
    """Keys of topics, units and confidences, and how they are called in a file: both ways."""

    def __init__(self, words: Wording, topics: tuple[str, ...], owners: Mapping[str, str]) -> None:
        self.topics = {key: _topic(words, key) for key in topics}
        self.owners = dict(owners)
        self.confidences = {key: words.text(f"care.confidence.{key}") for key in "ABCD"}

    def find_topic(self, text: str) -> str | None:
        """The key of a topic by its name or key, marks and case aside."""
        return _find(self.topics, text)

    def find_owner(self, text: str) -> str | None:
        """The key of a unit by its name or key."""
        return _find(self.owners, text)

    def find_confidence(self, text: str) -> str | None:
        """A letter, by itself or with its explanation behind it."""
        letter = fold(text)[:1].upper()
        alone = not fold(text)[1:2].isalnum()
        return letter if alone and letter in self.confidences else None


def _topic(words: Wording, key: str) -> str:
    name = f"exchange.topic.{key}"
    return words.text(name) if words.has(name) else key


def _find(labels: Mapping[str, str], text: str) -> str | None:
    return next((key for key, label in labels.items() if fold(text) in _called(key, label)), None)


def _called(key: str, label: str) -> Iterator[str]:
    yield fold(key)
    yield fold(label)
