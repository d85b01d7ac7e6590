"""A day as people write it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

_DATES: Final = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")


def read_date(text: str) -> date | None:
    """A day as people write it: day, month, year, or the other way round with hyphens."""
    for form in _DATES:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None
