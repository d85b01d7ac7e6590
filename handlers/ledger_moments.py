"""Reads the moments of a tracking sheet: dates of Excel, their bare numbers, and days as people write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Final

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.datetime import from_excel

from core.calendar import LOCAL
from core.wording import Wording
from faq.days import read_date
from faq.exchange.cells import CellRefused, cell_text

NO_HOUR: Final = time(0)
"""A day without an hour begins: whatever the hour of the import, the same row is the same case again."""
# The days that a cell without a date format may mean: 2000 to 2099.
_SERIALS: Final = range(36_526, 73_051)
_SHORT_YEAR: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})")
_HOUR: Final = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:giờ|[:hg])\s*(\d{2})?(?:\s*(?:phút|p))?(?::\d{2})?(?!\d)", re.I
)


def read_moment(cell: Cell | MergedCell, words: Wording) -> datetime | None:
    """A date of Excel, with or without hour, or one in words. Raises CellRefused with what stands there."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if int(value) not in _SERIALS:
            raise CellRefused(str(value))
        value = from_excel(value)
    if isinstance(value, datetime):
        return _instant(value.date(), value.time())
    if isinstance(value, date):
        return _instant(value, NO_HOUR)
    text = cell_text(cell, words)
    if not text:
        return None
    hour = _HOUR.search(text)
    rest = (text[: hour.start()] + " " + text[hour.end() :]) if hour else text
    rest = re.sub(r"(?i)ngày|lúc|,", " ", rest).strip()
    short = _SHORT_YEAR.fullmatch(rest)
    day = read_date(f"{short[1]}/{short[2]}/20{short[3]}" if short else rest)
    if day is None:
        raise CellRefused(text)
    try:
        return _instant(day, time(int(hour[1]), int(hour[2] or 0)) if hour else NO_HOUR)
    except ValueError:
        raise CellRefused(text) from None


def _instant(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour.replace(microsecond=0, tzinfo=None), LOCAL).astimezone(UTC)


def day_words(moment: datetime) -> str:
    """A day as the sheet would have it: 5/3/2026."""
    local = moment.astimezone(LOCAL)
    return f"{local.day}/{local.month}/{local.year}"
