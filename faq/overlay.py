"""Shipped knowledge with what an office has changed laid over it; entries, words and figures as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from faq.entry import ContentError, Entry, entry_row, parse_entry
from faq.figures import FIGURE_FIELDS, Figure, Figures, parse_figure
from faq.lexicon import Lexicon
from faq.normalize import syllables

_DATES: Final = ("reviewed_on", "review_by")
_FIGURE_DATES: Final = ("since", "until", "checked_on")
_KEPT_AS: Final = "nội dung do cán bộ sửa"


def to_json(entry: Entry) -> dict[str, Any]:
    """The entry as JSON can hold it; `from_json` reads it back."""
    row = entry_row(entry)
    return row | {name: row[name].isoformat() for name in _DATES if name in row}


def from_json(row: object) -> Entry:
    """An entry that `to_json` wrote. Raises ContentError naming the entry and the field."""
    if not isinstance(row, Mapping):
        raise ContentError(f"{_KEPT_AS}: phải là một nhóm trường")
    values = dict(row)
    try:
        values |= {name: date.fromisoformat(values[name]) for name in _DATES if values.get(name) is not None}
    except (ValueError, TypeError) as error:
        raise ContentError(f"{_KEPT_AS}, mục {row.get('id')}: ngày không đọc được ({error})") from error
    return parse_entry(values, _KEPT_AS)


def lay_over(shipped: Iterable[Entry], changed: Mapping[str, Entry | None]) -> tuple[Entry, ...]:
    """The shipped entries in their order, changed ones in their place, retired ones (None) out, new ones last."""
    shipped = tuple(shipped)
    known = {entry.id for entry in shipped}
    present = [changed.get(entry.id, entry) for entry in shipped]
    present += [entry for entry_id, entry in changed.items() if entry_id not in known]
    return tuple(entry for entry in present if entry is not None)


def with_forms(lexicon: Lexicon, added: Mapping[str, Iterable[str]]) -> Lexicon:
    """The lexicon with more ways to call its things. Raises ContentError for a thing that it does not know."""
    unknown = sorted(set(added) - set(lexicon.concepts))
    if unknown:
        raise ContentError(f"{_KEPT_AS}: không có nhóm từ {', '.join(unknown)}")
    if not added:
        return lexicon
    concepts = dict(lexicon.concepts)
    for name, forms in added.items():
        parsed = (tuple(syllables(form)) for form in forms)
        concepts[name] = tuple(dict.fromkeys((*concepts[name], *(words for words in parsed if words))))
    return replace(lexicon, concepts=concepts)


def periods_to_json(periods: Iterable[Figure]) -> list[dict[str, Any]]:
    """The rows of one figure as JSON can hold them; `periods_from_json` reads them back."""
    rows = []
    for figure in periods:
        row = {name: getattr(figure, name) for name in FIGURE_FIELDS}
        rows.append(row | {name: row[name].isoformat() for name in _FIGURE_DATES if row[name] is not None})
    return rows


def periods_from_json(key: str, rows: object) -> tuple[Figure, ...]:
    """The rows of a figure that `periods_to_json` wrote. Raises ContentError naming figure and field."""
    where = f"{_KEPT_AS}, con số {key}"
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise ContentError(f"{where}: phải là một danh sách các mức")
    try:
        figures = [parse_figure(_dated(row), _KEPT_AS) for row in rows]
    except (ValueError, TypeError) as error:
        raise ContentError(f"{where}: không đọc được ({error})") from error
    if any(figure.key != key for figure in figures):
        raise ContentError(f"{where}: mang mã khác")
    Figures(tuple(figures))
    return tuple(figures)


def _dated(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row) | {n: date.fromisoformat(row[n]) for n in _FIGURE_DATES if row.get(n) is not None}


def with_figures(figures: Figures, changed: Mapping[str, tuple[Figure, ...]]) -> Figures:
    """The table with the periods of some figures replaced in their place, new figures last."""
    rows = [row for key in figures.keys for row in changed.get(key, figures.list_periods(key))]
    rows += [row for key, periods in changed.items() if key not in figures.keys for row in periods]
    return Figures(tuple(rows))
