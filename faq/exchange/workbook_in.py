"""Reads a workbook that comes back: one Row for each entry, and a line for each cell that cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

from core.wording import Wording
from faq.entry import Entry
from faq.exchange.cells import CellRefused, cell_date, cell_flag, cell_lines, cell_order, cell_text
from faq.exchange.columns import (
    ENTRIES,
    ENTRY_COLUMNS,
    FIGURES,
    LIST_SHEETS,
    Column,
    Filling,
    Labels,
    heading,
    sheet_title,
)
from faq.exchange.figure_sheet import check_figure_sheet
from faq.exchange.kept import Problem, Reading, Row
from faq.exchange.opening import open_workbook
from faq.exchange.tables import Cells, Table, find_table
from faq.figures import Figures

ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ID: Final = 40
"""Letters: an id travels in the payload of buttons, which a channel limits to 64 bytes."""
_TEXTS: Final = ("question", "answer", "fee", "time", "place", "legal_basis", "source")


def read_workbook(path: Path, labels: Labels, words: Wording, figures: Figures) -> Reading:
    """All rows that can be read, and what is wrong with the rest. Raises Unreadable for what is no workbook."""
    book = open_workbook(path, words)
    return WorkbookReader(book, labels, words, figures).read()


@dataclass
class _Item:
    """One row of a sheet of lists."""

    row: int
    order: float
    text: str


@dataclass
class WorkbookReader:
    """Reads sheet by sheet; what is wrong is noted and the rest read on, so that all of it is told at once."""

    book: Workbook
    labels: Labels
    words: Wording
    figures: Figures
    problems: list[Problem] = field(default_factory=list)
    _bad: set[str] = field(default_factory=set)

    def read(self) -> Reading:
        """The rows without those in which anything is wrong, and the problems."""
        tables = {name: self._table(name) for name in (ENTRIES, *LIST_SHEETS)}
        if None in tables.values():
            return Reading((), tuple(self.problems))
        items = {
            name: self._items(name, table) for name, table in tables.items() if table and name != ENTRIES
        }
        first_seen: dict[str, int] = {}
        rows = []
        table = tables[ENTRIES]
        for number, cells in table.rows() if table else ():
            row = self._entry(number, cells, items, first_seen)
            rows += [row] if row else []
        self._check_strays(items, set(first_seen))
        overview, _ = find_table(self.book, FIGURES, self.words)
        self.problems += check_figure_sheet(overview, self.figures, self.words) if overview else ()
        return Reading(tuple(row for row in rows if row.entry.id not in self._bad), tuple(self.problems))

    def _table(self, name: str) -> Table | None:
        table, problems = find_table(self.book, name, self.words)
        self.problems += problems
        return table

    def _items(self, name: str, table: Table) -> dict[str, list[_Item]]:
        """The items of a list by entry, in their order: an open number follows the one above it."""
        found: dict[str, list[_Item]] = {}
        last: dict[str, float] = {}
        for number, cells in table.rows():
            entry_id = str(self._value(name, number, cells, "id", cell_text, "") or "")
            text = self._value(name, number, cells, "text", cell_text, entry_id)
            order = self._value(name, number, cells, "order", cell_order, entry_id)
            place = self._place(name, number, "id" if not entry_id else "text")
            if not entry_id:
                self._wrong(place, "no_id")
            elif text == "":
                self._wrong(place, "no_text", entry_id)
            elif text is not None:
                last[entry_id] = order if order is not None else last.get(entry_id, 0.0)
                found.setdefault(entry_id, []).append(_Item(number, last[entry_id], text))
        return {key: sorted(items, key=lambda one: one.order) for key, items in found.items()}

    def _entry(
        self,
        number: int,
        cells: Cells,
        items: Mapping[str, Mapping[str, list[_Item]]],
        first_seen: dict[str, int],
    ) -> Row | None:
        entry_id = self._id(number, cells, first_seen)
        if entry_id is None:
            return None
        values = {column.name: self._column(column, number, cells, entry_id) for column in ENTRY_COLUMNS[1:]}
        if not values["question"]:
            self._wrong(self._place(ENTRIES, number, "question"), "no_question", entry_id)
        if entry_id in self._bad:
            return None
        places = {column.name: self._place(ENTRIES, number, column.name) for column in ENTRY_COLUMNS}
        lists: dict[str, Any] = {}
        for name in LIST_SHEETS:
            own = items[name].get(entry_id, [])
            lists[name] = tuple(item.text for item in own)
            places[name] = self._span(name, own)
        version, retired = values.pop("version"), bool(values.pop("retired"))
        values |= {name: values[name] or None for name in _TEXTS if name != "question"}
        row_place = self.words.text("exchange.place.row", sheet=sheet_title(self.words, ENTRIES), row=number)
        return Row(Entry(id=entry_id, **values, **lists), version or "", retired, row_place, places)

    def _id(self, number: int, cells: Cells, first_seen: dict[str, int]) -> str | None:
        place = self._place(ENTRIES, number, "id")
        entry_id = self._value(ENTRIES, number, cells, "id", cell_text, "")
        if entry_id is None:
            return None
        if not entry_id:
            self._wrong(place, "no_id")
            return None
        if entry_id in first_seen:
            first = self.words.text(
                "exchange.place.row", sheet=sheet_title(self.words, ENTRIES), row=first_seen[entry_id]
            )
            self._wrong(place, "twice_id", entry_id, id=entry_id, first=first)
            return None
        first_seen[entry_id] = number
        if not ID.fullmatch(entry_id) or len(entry_id) > MAX_ID:
            self._wrong(place, "bad_id", entry_id, id=entry_id[:60])
        return str(entry_id)

    def _column(self, column: Column, number: int, cells: Cells, entry_id: str) -> Any:
        readers: dict[Filling, Callable[..., Any]] = {
            Filling.LINES: cell_lines,
            Filling.DATE: cell_date,
            Filling.FLAG: cell_flag,
        }
        reader = readers.get(column.filling, cell_text)
        value = self._value(ENTRIES, number, cells, column.name, reader, entry_id)
        if column.filling is Filling.LINES:
            return value or ()
        known = {
            Filling.TOPIC: (self.labels.find_topic, self.labels.topics),
            Filling.OWNER: (self.labels.find_owner, self.labels.owners),
            Filling.CONFIDENCE: (self.labels.find_confidence, self.labels.confidences),
        }
        if column.filling not in known:
            return value
        find, labels = known[column.filling]
        key = find(value) if value else None
        if value and key is None:
            place = self._place(ENTRIES, number, column.name)
            names = "; ".join(labels.values())
            self._wrong(place, f"unknown_{column.name}", entry_id, value=value[:40], known=names)
        return "" if key is None and column.filling is Filling.TOPIC else key

    def _value(
        self, sheet: str, number: int, cells: Cells, column: str, reader: Callable[..., Any], entry_id: str
    ) -> Any:
        """What a cell holds; None when it cannot be taken, which is noted."""
        if column not in cells:
            return None if reader in (cell_date, cell_order) else reader_default(reader)
        try:
            return reader(cells[column], self.words)
        except CellRefused as refused:
            self.problems.append(Problem(self._place(sheet, number, column), str(refused), entry_id))
            self._bad.add(entry_id)
            return None

    def _check_strays(self, items: Mapping[str, Mapping[str, list[_Item]]], known: set[str]) -> None:
        for name, by_entry in items.items():
            for entry_id, own in by_entry.items():
                if entry_id not in known:
                    place = self._place(name, own[0].row, "id")
                    self._wrong(
                        place, "stray_id", entry_id, id=entry_id, sheet=sheet_title(self.words, ENTRIES)
                    )

    def _span(self, name: str, items: list[_Item]) -> str:
        sheet, rows = sheet_title(self.words, name), [item.row for item in items]
        if not rows:
            return self.words.text("exchange.place.sheet", sheet=sheet)
        if len(rows) == 1:
            return self.words.text("exchange.place.row", sheet=sheet, row=rows[0])
        return self.words.text("exchange.place.rows", sheet=sheet, first=min(rows), last=max(rows))

    def _place(self, sheet: str, number: int, column: str) -> str:
        names = {"sheet": sheet_title(self.words, sheet), "column": heading(self.words, sheet, column)}
        return self.words.text("exchange.place.cell", row=number, **names)

    def _wrong(self, place: str, key: str, entry_id: str = "", **blanks: object) -> None:
        self.problems.append(Problem(place, self.words.text(f"exchange.wrong.{key}", **blanks), entry_id))
        self._bad.add(entry_id)


def reader_default(reader: Callable[..., Any]) -> Any:
    """What a row has that ends before a column."""
    return {cell_lines: (), cell_flag: False}.get(reader, "")
