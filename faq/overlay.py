"""Shipped knowledge with what an office has changed laid over it; entries and words as rows of plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from faq.entry import ContentError, Entry, entry_row, parse_entry
from faq.lexicon import Lexicon
from faq.normalize import syllables

_DATES: Final = ("reviewed_on", "review_by")
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
    concepts = dict(lexicon.concepts)
    for name, forms in added.items():
        parsed = (tuple(syllables(form)) for form in forms)
        concepts[name] = tuple(dict.fromkeys((*concepts[name], *(words for words in parsed if words))))
    return replace(lexicon, concepts=concepts)
