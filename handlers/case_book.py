"""The workbook of cases; apart from its rows, because its library costs every start that needs no sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from core.wording import Wording
from handlers.case_sheet import COLUMNS, Value

_OTHER_WIDTH: Final = 22
_FORMULA_SIGNS: Final = ("=", "+", "-", "@")
_HEAD: Final = PatternFill("solid", fgColor="FF1F4E78")
_TOP: Final = Alignment(wrap_text=True, vertical="top")


def write_book(
    file: IO[bytes], words: Wording, rows: Sequence[Sequence[Value]], heads: Sequence[str] = ()
) -> None:
    """The workbook: headings that stay in sight, a filter, dates as dates, text that is never a formula.

    `heads` are the headings of another sheet than that of cases.
    Written row by row, so that years of cases fit into memory. Raises OSError.
    """
    book = Workbook(write_only=True)
    # The type hints of openpyxl know nothing of what a sheet that is only written can do.
    sheet: Any = book.create_sheet(words.text("ticket_export.sheet"))
    sheet.freeze_panes = "B2"
    titles = heads or [words.text(f"ticket_export.column.{name}") for name in COLUMNS]
    widths = [_OTHER_WIDTH] * len(heads) or list(COLUMNS.values())
    last = get_column_letter(len(titles))
    sheet.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    head = [_cell(sheet, title) for title in titles]
    for cell in head:
        cell.font, cell.fill = Font(bold=True, color="FFFFFFFF"), _HEAD
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    book.save(file)


def _cell(sheet: Any, value: Value) -> Any:
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        cell.alignment = _TOP
        if isinstance(value, datetime):
            cell.number_format = "dd/mm/yyyy hh:mm"
        return cell
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type, cell.number_format, cell.alignment = "s", "@", _TOP
    # The sign by which Excel keeps text as text also after somebody has edited the cell.
    cell.quotePrefix = value.startswith(_FORMULA_SIGNS)
    return cell
