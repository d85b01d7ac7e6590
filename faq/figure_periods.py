"""A figure over time: how a new value is set beside the old ones, and what is said of it on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from faq.figures import Figure, Figures


def add_period(periods: Iterable[Figure], new: Figure) -> tuple[Figure, ...]:
    """The rows of a figure with a new one: what held until then ends the day before, the same day is replaced."""
    kept = []
    for row in periods:
        if row.since == new.since:
            continue
        kept.append(_ended(row, new.since) if new.since is not None else row)
    return (*kept, new)


def _ended(row: Figure, day: date) -> Figure:
    begins_before = row.since is None or row.since < day
    reaches = row.until is None or row.until >= day
    return replace(row, until=day - timedelta(days=1)) if begins_before and reaches else row


def as_checked(periods: Iterable[Figure], today: date) -> tuple[Figure, ...]:
    """The rows with the one of today looked at today, so that what uses it is read once more."""
    rows = tuple(periods)
    current = Figures(rows).find(rows[0].key, today)
    return tuple(replace(row, checked_on=today) if row is current else row for row in rows)
