"""The table of figures that change: fees, wages, limits, fines and terms, each kept once for all entries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from faq.entry import CONFIDENCES, Confidence, ContentError, Entry, read_yaml

FIGURE_FIELDS: Final = ("key", "name", "value", "since", "until", "source", "confidence", "checked_on")
"""Every field of a figure, as it is called in the table and in exports."""
REFERENCE: Final = re.compile(r"\{figure:([^{}]*)\}")
_KEY: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")
_NUMBER: Final = r"(?<![\d/])\d[\d.,]*\s*"
_MONEY: Final = rf"{_NUMBER}(?:(?:trăm|nghìn|ngàn|triệu|tỷ|tỉ)\b|(?:đồng|đ|vnđ|vnd)(?!\w))"
_PERCENT: Final = rf"{_NUMBER}(?:%|phần trăm\b)"
_TIME: Final = rf"{_NUMBER}(?:phút|giờ|tiếng|ngày|tuần|tháng|quý|năm)\b"
RATE: Final = re.compile(f"{_MONEY}|{_PERCENT}", re.IGNORECASE)
"""Money or a share of something: what changes most, and always belongs into the table."""
TERM: Final = re.compile(_TIME, re.IGNORECASE)
"""A length or hour of time."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure over one period. `value` is said as it stands; without one, or when unsure, a stand-in is said.

    `since` and `until` are the first and the last day it holds; None means that no such day is known.
    """

    key: str
    name: str
    value: str | None
    source: str
    confidence: Confidence
    checked_on: date
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in its period."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def may_be_said(self, day: date) -> bool:
        """Whether people may read the value on that day: it is known, holds, and its confidence is A or B."""
        return self.value is not None and self.confidence in ("A", "B") and self.holds_on(day)

    @property
    def is_term(self) -> bool:
        """Whether it is a length of time and not money."""
        return self.value is not None and not RATE.search(self.value) and TERM.search(self.value) is not None


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures, immutable. A key may have several rows, one for each period: the next may be entered early."""

    rows: tuple[Figure, ...] = ()
    _by_key: Mapping[str, tuple[Figure, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key: dict[str, tuple[Figure, ...]] = {}
        for row in self.rows:
            earlier = by_key.get(row.key, ())
            if any(row.since == other.since for other in earlier):
                raise ContentError(f"_figures.yaml, {row.key}: hai dòng cùng ngày bắt đầu")
            by_key[row.key] = (*earlier, row)
        object.__setattr__(self, "_by_key", by_key)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key once, in the order of the table."""
        return tuple(self._by_key)

    def list_periods(self, key: str) -> tuple[Figure, ...]:
        """The rows of a key, in the order of the table."""
        return self._by_key.get(key, ())

    def find(self, key: str, day: date) -> Figure | None:
        """The row that holds on a day, the latest to begin if there are more; else the last that has begun."""
        begun = [row for row in self.list_periods(key) if row.since is None or row.since <= day]
        return max(begun, key=lambda row: (row.holds_on(day), row.since or date.min), default=None)

    def changed_on(self, key: str, today: date) -> date | None:
        """The last day until today on which the figure was checked or became another one; None if unknown."""
        row = self.find(key, today)
        if row is None:
            return None
        return max(row.checked_on, row.since or date.min)


def figure_keys(entry: Entry) -> tuple[str, ...]:
    """The figures an entry refers to, each once."""
    return tuple(dict.fromkeys(key for _, text in entry.texts for key in REFERENCE.findall(text)))


def list_outdated(entry: Entry, figures: Figures, today: date) -> tuple[str, ...]:
    """The figures of an entry that were checked or changed after the entry was last reviewed."""
    if entry.reviewed_on is None:
        return ()
    changes = ((key, figures.changed_on(key, today)) for key in figure_keys(entry))
    return tuple(key for key, day in changes if day is not None and day > entry.reviewed_on)


def parse_figure(row: object, file: str) -> Figure:
    """One row of the table as a Figure. Raises ContentError naming the file, the key and the field."""
    if not isinstance(row, dict):
        raise ContentError(f"{file}: mỗi dòng phải là một nhóm trường, gặp {row!r}")
    where = f"{file}, {row.get('key')}"
    unknown = sorted(set(map(str, row)) - set(FIGURE_FIELDS))
    if unknown:
        raise ContentError(f"{where}: trường lạ {', '.join(unknown)}")
    for name in ("key", "name", "source", "confidence", "checked_on"):
        if not row.get(name):
            raise ContentError(f"{where}, {name}: còn thiếu")
    for name in ("key", "name", "value", "source"):
        if row.get(name) is not None and not isinstance(row[name], str):
            raise ContentError(f"{where}, {name}: phải là chữ, đặt trong ngoặc kép")
    if not _KEY.fullmatch(row["key"]):
        raise ContentError(f"{where}, key: chỉ dùng chữ thường không dấu và gạch nối, không dùng số")
    if row["confidence"] not in CONFIDENCES:
        raise ContentError(f"{where}, confidence: phải là A, B, C hoặc D")
    _check_dates(row, where)
    texts: dict[str, Any] = {name: row.get(name) for name in FIGURE_FIELDS}
    return Figure(**texts)


def _check_dates(row: Mapping[str, Any], where: str) -> None:
    for name in ("since", "until", "checked_on"):
        if row.get(name) is not None and type(row[name]) is not date:
            raise ContentError(f"{where}, {name}: phải là ngày, viết như 2026-11-20")
    since, until = row.get("since"), row.get("until")
    if since is not None and until is not None and until < since:
        raise ContentError(f"{where}, until: trước ngày bắt đầu")


def load_figures(folder: Path) -> Figures:
    """The table of a content folder, empty if the folder has none. Raises ContentError."""
    path = folder / "_figures.yaml"
    if not path.exists():
        return Figures()
    rows = read_yaml(path)
    if not isinstance(rows, list):
        raise ContentError(f"{path.name}: phải là một danh sách")
    return Figures(tuple(parse_figure(row, path.name) for row in rows))
