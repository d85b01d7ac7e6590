"""Finds the table in a tracking sheet, and which of its columns is which, by headings as offices write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet
from rapidfuzz import fuzz

from core.wording import Wording
from faq.normalize import fold

COLUMNS: Final = (
    *("received", "text", "place", "area", "category", "department", "due", "status", "closed"),
    *("answer", "source", "code"),
)
NEEDED: Final = ("received", "text")
MAX_ROWS: Final = 20_000
# Above its headings a sheet of an office has the name of the state, of the office, and a title.
_SEARCHED_ROWS, _SEARCHED_COLUMNS = 30, 60
_LEAST, _EXACT, _BEGINS = 86.0, 100.0, 92.0
# One filled cell is a heading or a sum, unless it tells a case whose date somebody forgot.
_SHORTEST_CASE = 15
_NUMBERING = re.compile(r"\(?\d{1,2}\)?")
Cells = Mapping[str, Cell | MergedCell]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a sheet: the row of its headings, the place of each known column, and what is not read."""

    sheet: Worksheet
    head_row: int
    columns: Mapping[str, int]
    headings: Mapping[str, str]
    unread: tuple[str, ...]

    @property
    def title(self) -> str:
        """The name of the sheet."""
        return str(self.sheet.title)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The rows that may tell of a case, each with its number as Excel shows it.

        Left out are empty rows, headings within the table and sums, which fill one column, and the numbers that
        many offices write below their headings.
        """
        for cells in self.sheet.iter_rows(min_row=self.head_row + 1):
            named = {name: cells[at] for name, at in self.columns.items() if at < len(cells)}
            filled = {name: text for name, cell in named.items() if (text := str(cell.value or "").strip())}
            alone = len(filled) < 2 and len(filled.get("text", "")) < _SHORTEST_CASE
            if alone or all(_NUMBERING.fullmatch(text) for text in filled.values()):
                continue
            yield int(cells[0].row or 0), named


def find_tables(book: Workbook, words: Wording) -> list[Table]:
    """A table of each sheet that has one, in order; years are often kept as one sheet a month."""
    found = (_find_table(sheet, words) for sheet in book.worksheets)
    return [table for table in found if table is not None]


def heading(words: Wording, column: str) -> str:
    """What a column is called in the template."""
    return words.text(f"ticket_import.heading.{column}").splitlines()[0]


def _find_table(sheet: Worksheet, words: Wording) -> Table | None:
    best: Table | None = None
    for cells in sheet.iter_rows(max_row=_SEARCHED_ROWS, max_col=_SEARCHED_COLUMNS):
        said = [" ".join(str(cell.value).split()) if cell.value is not None else "" for cell in cells]
        columns = _assign(said, words)
        if any(name not in columns for name in NEEDED) or (best and len(best.columns) >= len(columns)):
            continue
        unread = tuple(text for at, text in enumerate(said) if text and at not in columns.values())
        names = {name: said[at] for name, at in columns.items()}
        best = Table(sheet, int(cells[0].row or 0), columns, names, unread)
    return best


def _assign(said: list[str], words: Wording) -> dict[str, int]:
    """The best pairs of heading and column first; each of both once. What is about people is nobody's."""
    scores = []
    for at, text in enumerate(said):
        if not text or len(text) > 80:
            continue
        by_name = {name: _likeness(text, _names(words, name)) for name in (*COLUMNS, "private", "other")}
        for name in COLUMNS:
            rival = max(by_name["private"], by_name["other"])
            if by_name[name] >= _LEAST and by_name[name] > rival:
                scores.append((by_name[name], -at, name))
    found: dict[str, int] = {}
    for _, place, name in sorted(scores, reverse=True):
        if name not in found and -place not in found.values():
            found[name] = -place
    return found


def _likeness(text: str, names: tuple[str, ...]) -> float:
    plain = fold(re.sub(r"\(.*?\)|\[.*?\]", " ", text)) or fold(text)
    return max(_score(plain, name) for name in names)


def _score(plain: str, name: str) -> float:
    if plain == name:
        return _EXACT
    if " " in name and plain.startswith(f"{name} "):
        # A longer beginning says more: «địa chỉ người phản ánh» is about a person, «địa chỉ sự việc» is not.
        return _BEGINS + len(name) / 100
    return fuzz.ratio(plain, name) if len(name) > 4 else 0.0


@lru_cache(maxsize=64)
def _folded(lines: str) -> tuple[str, ...]:
    return tuple(fold(line) for line in lines.splitlines() if line.strip())


def _names(words: Wording, column: str) -> tuple[str, ...]:
    return _folded(words.text(f"ticket_import.heading.{column}"))
