"""What a cell holds, whatever a spreadsheet program made of it: text, a list of lines, a date, a mark."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

from openpyxl.cell.cell import Cell, MergedCell

from core.wording import Wording
from faq.days import read_date
from faq.exchange.kept import tidy_text
from faq.normalize import fold

_MARKS: Final = frozenset({"x", "co", "1"})
_BETWEEN: Final = re.compile(r"\n+")


class CellRefused(ValueError):
    """A cell that cannot be taken; the message says what to do."""


def cell_text(cell: Cell | MergedCell, words: Wording) -> str:
    """The text of a cell, tidied; "" for an empty one. Raises CellRefused for formulas and Excel's own errors."""
    value: Any = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise CellRefused(words.text("exchange.wrong.formula"))
    if cell.data_type == "e":
        raise CellRefused(words.text("exchange.wrong.error_cell", value=value))
    if isinstance(value, bool):
        raise CellRefused(words.text("exchange.wrong.not_text"))
    if isinstance(value, int | float):
        return _number_text(value, str(cell.number_format))
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if not isinstance(value, str):
        raise CellRefused(words.text("exchange.wrong.not_text"))
    return tidy_text(value)


def _number_text(value: int | float, number_format: str) -> str:
    """A number as it is seen: "0.5" shown as a percentage is read "50%"."""
    if "%" in number_format:
        return f"{value * 100:.10g}%".replace(".", ",")
    return f"{value:.15g}"


def cell_lines(cell: Cell | MergedCell, words: Wording) -> tuple[str, ...]:
    """One thing a line. Raises CellRefused."""
    return tuple(line for line in _BETWEEN.split(cell_text(cell, words)) if line)


def cell_date(cell: Cell | MergedCell, words: Wording) -> date | None:
    """A real date, or one in words as 31/12/2026. Raises CellRefused."""
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    text = cell_text(cell, words)
    if not text:
        return None
    found = read_date(text)
    if found is None:
        raise CellRefused(words.text("exchange.wrong.not_date", value=text[:30]))
    return found


def cell_order(cell: Cell | MergedCell, words: Wording) -> float | None:
    """A place in an order, None where it is left open. Raises CellRefused."""
    text = cell_text(cell, words)
    if not text:
        return None
    try:
        number = float(text.replace(",", ".").rstrip("."))
    except ValueError:
        raise CellRefused(words.text("exchange.wrong.not_number", value=text[:30])) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise CellRefused(words.text("exchange.wrong.not_number", value=text[:30]))
    return number


def cell_flag(cell: Cell | MergedCell, words: Wording) -> bool:
    """A mark. Raises CellRefused for anything else."""
    text = cell_text(cell, words)
    if text and fold(text) not in _MARKS:
        raise CellRefused(words.text("exchange.wrong.not_flag", value=text[:30]))
    return bool(text)
