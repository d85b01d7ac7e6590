"""One question with its answer: the value, and how it is read from YAML with errors that say where to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import yaml

Confidence = Literal["A", "B", "C", "D"]
CONFIDENCES: Final[tuple[Confidence, ...]] = ("A", "B", "C", "D")
_LISTS: Final = ("alternatives", "keywords", "steps", "bring", "links", "related")
_TEXTS: Final = ("answer", "fee", "time", "place", "owner", "legal_basis", "source")
_DATES: Final = ("reviewed_on", "review_by")
FIELDS: Final = ("id", "topic", "question", "confidence", *_LISTS, *_TEXTS, *_DATES)
"""Every field of an entry, as it is called in content files, tables and exports."""


class ContentError(ValueError):
    """A content file that cannot be used; the message names file, entry and field."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question people ask. Without an answer it is good for matching only (a scoring knowledge base).

    Where there is a procedure, `steps` leads through it one message at a time, `bring` lists the papers to take
    along, and `fee`, `time` and `place` say what people ask next. Texts may hold "{ward_hotline}" for a fact of
    the ward and "{figure:key}" for a figure of the table of figures.
    """

    id: str
    topic: str
    question: str
    alternatives: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    answer: str | None = None
    steps: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()
    fee: str | None = None
    time: str | None = None
    place: str | None = None
    links: tuple[str, ...] = ()
    owner: str | None = None
    legal_basis: str | None = None
    source: str | None = None
    confidence: Confidence | None = None
    reviewed_on: date | None = None
    review_by: date | None = None
    related: tuple[str, ...] = ()

    @property
    def phrasings(self) -> tuple[str, ...]:
        """Every way the question is asked, the question itself first."""
        return (self.question, *self.alternatives)

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Every text that people read after asking, each with the name of its field."""
        single = (("answer", self.answer), ("fee", self.fee), ("time", self.time), ("place", self.place))
        many = (*(("steps", step) for step in self.steps), *(("bring", item) for item in self.bring))
        return (*((name, text) for name, text in single if text), *many)

    def is_overdue(self, today: date) -> bool:
        """Whether the answer should have been reviewed before today."""
        return self.review_by is not None and self.review_by < today


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str | int | float) for item in value):
        raise ContentError(f"{where}: phải là một danh sách chữ")
    return tuple(str(item).strip() for item in value)


def _text(value: Any, where: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str | int):
        raise ContentError(f"{where}: phải là chữ")
    return str(value).strip() or None


def _required(row: Mapping[str, Any], field: str, where: str) -> str:
    value = _text(row.get(field), f"{where}, {field}")
    if value is None:
        raise ContentError(f"{where}, {field}: còn thiếu")
    return value


def parse_entry(row: object, file: str) -> Entry:
    """One row of a content file as an Entry.

    Raises ContentError naming the file, the entry and the field that is wrong.
    """
    if not isinstance(row, dict):
        raise ContentError(f"{file}: mỗi mục phải là một nhóm trường, gặp {row!r}")
    entry_id = _required(row, "id", file)
    where = f"{file}, mục {entry_id}"
    unknown = sorted(set(map(str, row)) - set(FIELDS))
    if unknown:
        raise ContentError(f"{where}: trường lạ {', '.join(unknown)}")
    confidence = row.get("confidence")
    if confidence is not None and confidence not in CONFIDENCES:
        raise ContentError(f"{where}, confidence: phải là A, B, C hoặc D")
    values: dict[str, Any] = {field: _texts(row.get(field), f"{where}, {field}") for field in _LISTS}
    values |= {field: _text(row.get(field), f"{where}, {field}") for field in _TEXTS}
    for field in _DATES:
        if row.get(field) is not None and type(row[field]) is not date:
            raise ContentError(f"{where}, {field}: phải là ngày, viết như 2026-11-20")
        values[field] = row.get(field)
    return Entry(
        id=entry_id,
        topic=_text(row.get("topic"), f"{where}, topic") or "",
        question=_required(row, "question", where),
        confidence=confidence,
        **values,
    )


def entry_row(entry: Entry) -> dict[str, Any]:
    """The entry as a row of a content file, empty fields left out: `parse_entry` reads it back."""
    values = ((field, getattr(entry, field)) for field in FIELDS)
    return {field: list(value) if isinstance(value, tuple) else value for field, value in values if value}


def read_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises ContentError with the file name if it cannot be read."""
    try:
        # The C loader is many times faster; the pure one is there wherever PyYAML is.
        return yaml.load(
            path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: không đọc được ({error})") from error


def read_entries(path: Path) -> tuple[Entry, ...]:
    """The entries of one file: a plain list, or `entries` with `defaults` that hold for all of them."""
    raw = read_yaml(path)
    defaults: Mapping[str, Any] = {}
    if isinstance(raw, dict):
        unknown = sorted(set(map(str, raw)) - {"defaults", "entries"})
        if unknown:
            raise ContentError(f"{path.name}: phần lạ {', '.join(unknown)}, chỉ có defaults và entries")
        defaults, raw = raw.get("defaults") or {}, raw.get("entries")
    if not isinstance(raw, list) or not isinstance(defaults, dict):
        raise ContentError(f"{path.name}: phải là một danh sách các mục")
    return tuple(parse_entry({**defaults, **row} if isinstance(row, dict) else row, path.name) for row in raw)
