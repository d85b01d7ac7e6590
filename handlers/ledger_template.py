"""The empty tracking sheet to fill in: headings that are understood, lists to choose from, a page of words."""

from __future__ import annotations

from typing import IO, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from handlers.house import House
from handlers.ledger_columns import COLUMNS, heading
from storage.statuses import Source

_WIDTHS: Final = {"text": 60, "answer": 50, "place": 28, "category": 26, "department": 20, "source": 20}
_DATES: Final = ("received", "due", "closed")
_ROWS: Final = 2_000
_HEAD: Final = PatternFill("solid", fgColor="FF1F4E78")


def write_template(file: IO[bytes], house: House) -> None:
    """Raises OSError."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = house.words.text("ticket_import.sheet")
    sheet.freeze_panes = "A2"
    for at, name in enumerate(COLUMNS, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 16)
        cell = sheet.cell(1, at, heading(house.words, name))
        cell.font, cell.fill = Font(bold=True, color="FFFFFFFF"), _HEAD
        if name in _DATES:
            for row in range(2, _ROWS + 2):
                sheet.cell(row, at).number_format = "dd/mm/yyyy"
        _offer(book, sheet, f"{letter}2:{letter}{_ROWS + 1}", _choices(house, name))
    guide = book.create_sheet(house.words.text("ticket_import.guide_sheet"), 1)
    guide.column_dimensions["A"].width = 110
    for row, line in enumerate(house.words.text("ticket_import.guide.template").splitlines(), start=1):
        guide.cell(row, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
    book.save(file)


def _choices(house: House, name: str) -> list[str]:
    """What a column takes; other words are understood as well, so a list only helps."""
    if name == "category":
        return [one.name for one in house.ward.categories]
    if name == "department":
        return [one.short_name for one in house.ward.departments]
    if name == "source":
        return [house.words.text(f"entry.source.{one}") for one in Source if one is not Source.CHAT]
    if name == "status":
        keys = ("open", "closed", "rejected", "withdrawn")
        return [house.words.text(f"ticket_import.status.{key}").splitlines()[0] for key in keys]
    return []


def _offer(book: Workbook, sheet: Worksheet, cells: str, choices: list[str]) -> None:
    if not choices:
        return
    lists = book["_"] if "_" in book.sheetnames else book.create_sheet("_")
    lists.sheet_state = "hidden"
    column = (lists.max_column or 0) + 1 if lists.cell(1, 1).value else 1
    for row, choice in enumerate(choices, start=1):
        lists.cell(row, column, choice)
    letter = get_column_letter(column)
    rule = DataValidation("list", f"'_'!${letter}$1:${letter}${len(choices)}", allow_blank=True)
    rule.showErrorMessage = False
    sheet.add_data_validation(rule)
    rule.add(cells)
