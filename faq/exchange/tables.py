"""One sheet as rows of cells by column, wherever the columns stand now; and what is wrong with the sheet itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from core.wording import Wording
from faq.exchange.columns import columns_of, heading, sheet_title
from faq.exchange.kept import Problem, tidy_text
from faq.normalize import fold

MAX_ROWS: Final = 20_000
Cells = Mapping[str, Cell | MergedCell]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that has all its columns."""

    title: str
    sheet: Worksheet
    columns: Mapping[str, int]

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The rows that hold anything, each with its number as Excel shows it."""
        for cells in self.sheet.iter_rows(min_row=2):
            named = {name: cells[at] for name, at in self.columns.items() if at < len(cells)}
            number = cells[0].row
            if number is not None and any(
                cell.value is not None and str(cell.value).strip() for cell in named.values()
            ):
                yield number, named


def find_table(book: Workbook, name: str, words: Wording) -> tuple[Table | None, list[Problem]]:
    """A sheet by its title, marks and case aside, or what keeps it from being read."""
    title = sheet_title(words, name)
    sheet = next((one for one in book.worksheets if fold(one.title) == fold(title)), None)
    where = words.text("exchange.place.sheet", sheet=title)
    if sheet is None:
        return None, [Problem(where, words.text("exchange.wrong.no_sheet"))]
    if sheet.max_row > MAX_ROWS:
        return None, [Problem(where, words.text("exchange.wrong.too_many_rows", limit=MAX_ROWS))]
    columns, problems = _find_columns(sheet, name, where, words)
    problems += [
        Problem(
            words.text("exchange.place.area", sheet=title, cells=area.coord),
            words.text("exchange.wrong.merged"),
        )
        for area in sheet.merged_cells.ranges
    ]
    return (None if problems else Table(title, sheet, columns)), problems


def _find_columns(
    sheet: Worksheet, name: str, where: str, words: Wording
) -> tuple[dict[str, int], list[Problem]]:
    """Which column stands where; columns of an officer's own are left alone."""
    headings = [tidy_text(str(cell.value)) if cell.value is not None else "" for cell in sheet[1]]
    known = {column.name: heading(words, name, column.name) for column in columns_of(name)}
    places = {
        key: [at for at, said in enumerate(headings) if fold(said) == fold(text)]
        for key, text in known.items()
    }
    named = {fold(text) for text in known.values()}
    strange = ", ".join(f"«{said}»" for said in headings if said and fold(said) not in named)
    hint = words.text("exchange.wrong.strange", headings=strange) if strange else ""
    problems = []
    for key, found in places.items():
        if not found:
            text = words.text(
                "exchange.wrong.no_column", column=known[key], strange=f" {hint}" if hint else ""
            )
            problems.append(Problem(where, text))
        elif len(found) > 1:
            problems.append(Problem(where, words.text("exchange.wrong.twice_column", column=known[key])))
    return {key: found[0] for key, found in places.items() if found}, problems
