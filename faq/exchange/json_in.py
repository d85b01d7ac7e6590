"""Reads a JSON file of the documented format: one Row for each entry, and a line for each that cannot be taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from core.wording import Wording
from faq.days import read_date
from faq.entry import FIELDS, ContentError, Entry, parse_entry
from faq.exchange.columns import Labels
from faq.exchange.json_out import SPOKEN
from faq.exchange.kept import LISTS, TEXTS, Problem, Reading, Row, Unreadable, tidy_text
from faq.exchange.opening import FORMAT, VERSION, read_bytes
from faq.exchange.workbook_in import ID, MAX_ID

_DERIVED: Final = frozenset({"handling", "notes", "overdue", "figures", "written", "version", "retired"})
_DATES: Final = ("reviewed_on", "review_by")


def read_json(path: Path, labels: Labels, words: Wording) -> Reading:
    """All entries that can be read, and what is wrong with the rest. Raises Unreadable for another file."""
    raw = read_bytes(path, words)
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as error:
        reason = f"dòng {error.lineno}" if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise Unreadable(words.text("exchange.file.not_json", file=path.name, reason=reason)) from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Unreadable(words.text("exchange.file.other_json", file=path.name, format=FORMAT))
    version = told.get("format_version")
    if not isinstance(version, int) or version > VERSION:
        raise Unreadable(words.text("exchange.file.newer", file=path.name))
    if not isinstance(told.get("entries"), list):
        raise Unreadable(words.text("exchange.file.no_entries", file=path.name))
    return _Reader(labels, words).read(told["entries"])


@dataclass
class _Reader:
    """Reads entry by entry; what is wrong is noted and the rest read on."""

    labels: Labels
    words: Wording
    problems: list[Problem] = field(default_factory=list)

    def read(self, entries: list[Any]) -> Reading:
        seen: dict[str, int] = {}
        rows = []
        for number, told in enumerate(entries, start=1):
            row = self._row(number, told, seen)
            rows += [row] if row else []
        bad = {problem.entry_id for problem in self.problems}
        return Reading(tuple(row for row in rows if row.entry.id not in bad), tuple(self.problems))

    def _row(self, number: int, told: object, seen: dict[str, int]) -> Row | None:
        place = self.words.text("exchange.place.numbered", number=number)
        if not isinstance(told, Mapping):
            self._wrong(place, "entry_not_object")
            return None
        entry_id = told.get("id")
        if not isinstance(entry_id, str) or not entry_id:
            self._wrong(place, "no_id")
            return None
        if entry_id in seen:
            first = self.words.text("exchange.place.numbered", number=seen[entry_id])
            self._wrong(place, "twice_id", entry_id, id=entry_id[:60], first=first)
            return None
        seen[entry_id] = number
        if not ID.fullmatch(entry_id) or len(entry_id) > MAX_ID:
            self._wrong(place, "bad_id", entry_id, id=entry_id[:60])
            return None
        place = self.words.text("exchange.place.entry", id=entry_id)
        unknown = sorted(set(map(str, told)) - set(FIELDS) - _DERIVED)
        if unknown:
            self._wrong(place, "unknown_fields", entry_id, fields=", ".join(unknown))
            return None
        if not isinstance(told.get("written"), Mapping | None):
            self._wrong(place, "not_group", entry_id)
            return None
        if not isinstance(told.get("retired"), bool | None):
            self._wrong(place, "not_true", entry_id)
            return None
        entry = self._entry(entry_id, told, place)
        if entry is None:
            return None
        places = {name: self.words.text("exchange.place.field", id=entry_id, field=name) for name in FIELDS}
        return Row(entry, str(told.get("version") or ""), told.get("retired") is True, place, places)

    def _entry(self, entry_id: str, told: Mapping[str, Any], place: str) -> Entry | None:
        values = {name: told[name] for name in FIELDS if told.get(name) is not None}
        written = told.get("written")
        if isinstance(written, Mapping):
            values = {name: value for name, value in values.items() if name not in SPOKEN}
            values |= {name: written[name] for name in SPOKEN if written.get(name) is not None}
        for name in _DATES:
            if name in values:
                day = read_date(values[name]) if isinstance(values[name], str) else None
                if day is None:
                    where = self.words.text("exchange.place.field", id=entry_id, field=name)
                    self._wrong(where, "not_date", entry_id, value=str(values[name])[:30])
                    return None
                values[name] = day
        try:
            entry = parse_entry(_tidied(values), place)
        except ContentError as error:
            # The reader of content files names place and field in front of what is wrong.
            said = str(error).removeprefix(f"{place}, ").removeprefix(f"mục {entry_id}, ")
            self._wrong(place, "bad_field", entry_id, problem=said)
            return None
        return entry if self._knows_keys(entry) else None

    def _knows_keys(self, entry: Entry) -> bool:
        pairs = (("topic", entry.topic, self.labels.topics), ("owner", entry.owner, self.labels.owners))
        wrong = [(name, value, known) for name, value, known in pairs if value and value not in known]
        for name, value, known in wrong:
            place = self.words.text("exchange.place.field", id=entry.id, field=name)
            self._wrong(place, f"unknown_{name}", entry.id, value=value[:40], known="; ".join(known))
        return not wrong

    def _wrong(self, place: str, key: str, entry_id: str = "", **blanks: object) -> None:
        self.problems.append(Problem(place, self.words.text(f"exchange.wrong.{key}", **blanks), entry_id))


def _tidied(values: dict[str, Any]) -> dict[str, Any]:
    """Texts as they are kept; what is no text is left for the reader of content files to refuse."""
    for name in (*TEXTS, "topic", "owner"):
        if isinstance(values.get(name), str):
            values[name] = tidy_text(values[name])
    for name in LISTS:
        if isinstance(values.get(name), list) and all(isinstance(item, str) for item in values[name]):
            values[name] = [tidy_text(item) for item in values[name]]
    return values
