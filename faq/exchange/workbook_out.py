"""Writes the workbook: a sheet for the entries, one for each of their lists, the figures, and how to fill it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.wording import Wording
from faq.entry import Entry
from faq.exchange.columns import (
    DATA_SHEETS,
    ENTRIES,
    FIGURES,
    LIST_SHEETS,
    Column,
    Filling,
    Labels,
    columns_of,
    heading,
    sheet_title,
)
from faq.exchange.kept import Kept, tidy
from faq.exchange.opening import FORMAT, VERSION
from faq.figures import Figures

FLAG: Final = "x"
_FORMULA_SIGNS: Final = ("=", "+", "-", "@")
_HEAD: Final = PatternFill("solid", fgColor="FF1F4E78")
_LOCKED: Final = PatternFill("solid", fgColor="FFE7E6E6")
_TOP: Final = Alignment(wrap_text=True, vertical="top")
_SPARE_ROWS: Final = 500
"""Rows below the last entry in which the lists of values are offered too."""
_LIST_COLUMNS: Final = {Filling.TOPIC: "A", Filling.OWNER: "B", Filling.CONFIDENCE: "C"}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes workbooks in the words of one ward."""

    labels: Labels
    words: Wording

    def write(self, path: Path, kept: Sequence[Kept], figures: Figures, made: str) -> None:
        """A workbook of these entries; `made` is the moment in words. Raises OSError."""
        book = Workbook()
        guide = book.active
        assert isinstance(guide, Worksheet)
        self._guide(guide, len(kept), made)
        self._rows(book, ENTRIES, (self._entry_row(one) for one in kept))
        for name in LIST_SHEETS:
            self._rows(book, name, _list_rows(name, kept))
        self._rows(book, FIGURES, _figure_rows(figures))
        self._lists(book)
        for name in DATA_SHEETS:
            self._validate(book[sheet_title(self.words, name)], name)
        book.properties.keywords, book.properties.creator = (
            f"{FORMAT} {VERSION}",
            self.words.text("exchange.creator"),
        )
        book.active = 1
        book.save(path)

    def _guide(self, sheet: Worksheet, count: int, made: str) -> None:
        sheet.title = sheet_title(self.words, "guide")
        sheet.column_dimensions["A"].width = 110
        lines = [self.words.text("exchange.guide.title").upper()]
        lines += [self.words.text("exchange.guide.made", when=made, count=count), ""]
        lines += self.words.text("exchange.guide.text").splitlines()
        for number, line in enumerate(lines, start=1):
            cell = put_text(sheet, number, 1, line)
            cell.font = Font(bold=number == 1, size=14 if number == 1 else 12)

    def _rows(self, book: Workbook, name: str, rows: Iterable[Sequence[Any]]) -> None:
        sheet = book.create_sheet(sheet_title(self.words, name))
        columns = columns_of(name)
        for at, column in enumerate(columns, start=1):
            cell = put_text(sheet, 1, at, heading(self.words, name, column.name))
            cell.font, cell.fill = Font(bold=True, color="FFFFFFFF"), _HEAD
            sheet.column_dimensions[get_column_letter(at)].width = column.width
        for number, row in enumerate(rows, start=2):
            for at, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
                _put(sheet, number, at, column, value)
        sheet.freeze_panes = "D2" if name == ENTRIES else "B2"
        sheet.auto_filter.ref = sheet.dimensions
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def _entry_row(self, kept: Kept) -> list[Any]:
        entry, labels = tidy(kept.entry), self.labels
        said: dict[str, Any] = {
            "version": kept.version,
            "topic": labels.topics.get(entry.topic, entry.topic),
            "owner": labels.owners.get(entry.owner or "", entry.owner),
            "confidence": labels.confidences.get(entry.confidence or "", entry.confidence),
            "retired": FLAG if kept.retired else None,
        }
        return [
            _cell_value(said[one.name] if one.name in said else getattr(entry, one.name))
            for one in DATA_SHEETS[ENTRIES]
        ]

    def _lists(self, book: Workbook) -> None:
        """What may be chosen, on a sheet of its own: a list inside a cell's rule holds 255 letters only."""
        sheet = book.create_sheet(sheet_title(self.words, "lists"))
        for filling, letter in _LIST_COLUMNS.items():
            for number, label in enumerate(self._choices(filling), start=1):
                put_text(sheet, number, ord(letter) - ord("A") + 1, label)
        sheet.sheet_state = "hidden"

    def _choices(self, filling: Filling) -> list[str]:
        labels = self.labels
        table = {
            Filling.TOPIC: labels.topics,
            Filling.OWNER: labels.owners,
            Filling.CONFIDENCE: labels.confidences,
        }
        return list(table[filling].values())

    def _validate(self, sheet: Worksheet, name: str) -> None:
        last = sheet.max_row + _SPARE_ROWS
        for at, column in enumerate(columns_of(name), start=1):
            rule = self._rule(column)
            if rule is not None:
                letter = get_column_letter(at)
                rule.add(f"{letter}2:{letter}{last}")
                sheet.add_data_validation(rule)

    def _rule(self, column: Column) -> DataValidation | None:
        filling = column.filling
        if filling in _LIST_COLUMNS:
            letter, title = _LIST_COLUMNS[filling], sheet_title(self.words, "lists")
            source = f"'{title}'!${letter}$1:${letter}${len(self._choices(filling))}"
            return self._told(DataValidation("list", formula1=source, allow_blank=True), "list")
        if filling is Filling.FLAG:
            return self._told(DataValidation("list", formula1=f'"{FLAG}"', allow_blank=True), "flag")
        if filling is Filling.LOCKED:
            return self._told(DataValidation("custom", formula1="FALSE", allow_blank=True), "locked")
        if filling is Filling.DATE:
            rule = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
            return self._told(rule, "date")
        return None

    def _told(self, rule: DataValidation, key: str) -> DataValidation:
        rule.error = rule.prompt = self.words.text(f"exchange.prompt.{key}")
        rule.showErrorMessage = rule.showInputMessage = True
        return rule


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Text that stays text: neither a formula nor a link, also after somebody has edited the cell."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type, cell.number_format, cell.alignment = "s", "@", _TOP
    if text.startswith(_FORMULA_SIGNS):
        # The sign by which Excel knows that a leading "=" was meant as a letter.
        cell.quotePrefix = True
    return cell


def _put(sheet: Worksheet, row: int, at: int, column: Column, value: Any) -> None:
    if isinstance(value, str):
        cell = put_text(sheet, row, at, value)
    else:
        found = sheet.cell(row, at)
        assert isinstance(found, Cell)
        cell, cell.value, cell.alignment = found, value, _TOP
        if column.filling is Filling.DATE or isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
        elif column.filling is not Filling.NUMBER:
            cell.number_format = "@"
    if column.filling is Filling.LOCKED:
        cell.fill = _LOCKED


def _cell_value(value: Any) -> Any:
    return "\n".join(value) or None if isinstance(value, tuple) else value or None


def _list_rows(name: str, kept: Iterable[Kept]) -> Iterator[tuple[str, int, str]]:
    for one in kept:
        entry: Entry = tidy(one.entry)
        for number, text in enumerate(getattr(entry, name), start=1):
            yield entry.id, number, text


def _figure_rows(figures: Figures) -> Iterator[list[Any]]:
    for row in figures.rows:
        yield [getattr(row, column.name) for column in columns_of(FIGURES)]
