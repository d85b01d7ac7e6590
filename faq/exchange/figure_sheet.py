"""The figures in a workbook are there to read: whoever changes one is told where figures are changed."""

from __future__ import annotations

from collections.abc import Iterator

from core.wording import Wording
from faq.exchange.cells import CellRefused, cell_date, cell_text
from faq.exchange.columns import FIGURES, heading
from faq.exchange.kept import Problem, tidy_text
from faq.exchange.tables import Table
from faq.figures import Figures


def check_figure_sheet(table: Table, figures: Figures, words: Wording) -> Iterator[Problem]:
    """The values that differ from the table of figures; rows of figures that are no longer there are old news."""
    known = {(row.key, row.since): row.value or "" for row in figures.rows}
    for number, cells in table.rows():
        place = words.text(
            "exchange.place.cell", sheet=table.title, row=number, column=heading(words, FIGURES, "value")
        )
        try:
            key, value = cell_text(cells["key"], words), cell_text(cells["value"], words)
            since = cell_date(cells["since"], words)
        except (CellRefused, KeyError):
            yield Problem(place, words.text("exchange.wrong.figure_changed"))
            continue
        if (key, since) in known and value != tidy_text(known[key, since]):
            yield Problem(place, words.text("exchange.wrong.figure_changed"))
