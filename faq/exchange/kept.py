"""An entry as the office has it now, an entry as a file brings it, and what is wrong with a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from faq.entry import Entry
from faq.normalize import clean
from faq.overlay import to_json

TEXTS: Final = ("question", "answer", "fee", "time", "place", "legal_basis", "source")
LISTS: Final = ("alternatives", "keywords", "steps", "bring", "links", "related")
_DIGEST: Final = 8


class Unreadable(ValueError):
    """A file that cannot be used at all; the message is one Vietnamese line for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry with the number of its version in force; a retired one answers nobody."""

    entry: Entry
    number: int = 0
    retired: bool = False

    @property
    def version(self) -> str:
        """What a file carries to tell later whether the entry has changed since: the number and a digest.

        The number alone would not do: shipped entries are version 0 before and after an upgrade.
        """
        return f"{self.number}-{fingerprint(self.entry, retired=self.retired)}"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a file. `version` is what it was exported as, "" for a new one; `places` say where it stands."""

    entry: Entry
    version: str
    retired: bool
    place: str
    places: Mapping[str, str] = field(default_factory=dict)

    def place_of(self, name: str) -> str:
        """Where a field stands in the file, in words."""
        return self.places.get(name, self.place)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct in a file: where, what is wrong, what to do. `entry_id` is "" for the file itself."""

    place: str
    text: str
    entry_id: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: the rows that could be read, and what is wrong with the others."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()


def tidy_text(text: str) -> str:
    """One form for what looks the same: NFC, nothing invisible, single spaces, no empty line at either end."""
    lines = (" ".join(line.split()) for line in clean(text).replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip()


def tidy(entry: Entry) -> Entry:
    """The entry with every text tidied and empty items left out: what is compared, and what is kept of a file."""
    values: dict[str, Any] = {}
    for name in TEXTS:
        text = getattr(entry, name)
        values[name] = tidy_text(text) or (None if name != "question" else "") if text is not None else None
    for name in LISTS:
        values[name] = tuple(item for item in map(tidy_text, getattr(entry, name)) if item)
    return replace(entry, **values)


def fingerprint(entry: Entry, *, retired: bool) -> str:
    """A short digest of all that an entry says."""
    text = json.dumps([to_json(tidy(entry)), retired], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]
