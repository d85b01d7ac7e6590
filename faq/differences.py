"""What differs between two entries, field by field, in words that can be shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from faq.entry import Entry

FIELDS: Final = (
    "topic",
    "question",
    "alternatives",
    "keywords",
    "steps",
    "bring",
    "fee",
    "time",
    "place",
    "links",
    "related",
    "owner",
    "legal_basis",
    "source",
    "confidence",
    "reviewed_on",
    "review_by",
    "answer",
)
"""In the order in which a change is told; the answer comes last."""
_ORDERED: Final = frozenset({"steps", "bring"})


def differences(old: Entry | None, new: Entry) -> list[tuple[str, str, str]]:
    """What changes: the field, what stood there, what shall stand there; the answer comes last."""
    found = []
    for name in FIELDS:
        before, after = (getattr(old, name) if old else None), getattr(new, name)
        if isinstance(after, tuple):
            gone, added = _list_difference(tuple(before or ()), after, numbered=name in _ORDERED)
        else:
            gone, added = _said(before), _said(after)
        if gone != added:
            found.append((name, gone, added))
    return found


def _list_difference(before: tuple[str, ...], after: tuple[str, ...], *, numbered: bool) -> tuple[str, str]:
    """Only what goes and what comes; where nothing but the order changes, the whole list."""
    gone = [*_missing(before, after, numbered=numbered)]
    added = [*_missing(after, before, numbered=numbered)]
    if numbered and not gone and not added and before != after:
        gone, added = [*_missing(before, (), numbered=True)], [*_missing(after, (), numbered=True)]
    between = "\n" if numbered else "; "
    return between.join(gone), between.join(added)


def _missing(items: tuple[str, ...], others: tuple[str, ...], *, numbered: bool) -> Iterator[str]:
    for number, item in enumerate(items, start=1):
        if item not in others:
            yield f"{number}. {item}" if numbered else item


def _said(value: object) -> str:
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value or "")
