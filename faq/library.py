"""The collection of entries: reading it from files, finding in it, and which entries a figure concerns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from faq.entry import ContentError, Entry, read_entries
from faq.figures import Figures, figure_keys, list_outdated, load_figures
from faq.phrases import Phrases, load_phrases
from faq.saying import Saying

CONTENT: Final = Path(__file__).parent / "content"
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Library:
    """All entries, immutable. Reload by building another one.

    `stale` are the entries one of whose figures an office has changed since they were last looked at.
    """

    entries: tuple[Entry, ...]
    phrases: Phrases
    figures: Figures
    stale: frozenset[str] = frozenset()
    _by_id: Mapping[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id: dict[str, Entry] = {}
        for entry in self.entries:
            if entry.id in by_id:
                raise ContentError(f"mục {entry.id}: mã bị trùng")
            by_id[entry.id] = entry
        object.__setattr__(self, "_by_id", by_id)

    @classmethod
    def load(cls, path: Path = CONTENT) -> Library:
        """Read a folder of YAML files, or one file. Files whose name starts with "_" are tables, not entries.

        A folder brings its own table of figures, if it has one; the phrases are always ours.
        Raises ContentError naming file, entry and field.
        """
        files = sorted(path.glob("[!_]*.yaml")) if path.is_dir() else [path]
        entries = tuple(entry for file in files for entry in read_entries(file))
        return cls(entries, load_phrases(CONTENT), load_figures(path))

    @classmethod
    def of(cls, entries: Iterable[Entry], figures: Figures | None = None) -> Library:
        """A library of entries made elsewhere, with our own phrases and, unless given, our own figures."""
        known = load_figures(CONTENT) if figures is None else figures
        return cls(tuple(entries), load_phrases(CONTENT), known)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def get(self, entry_id: str) -> Entry:
        """The entry with this id. Raises KeyError."""
        return self._by_id[entry_id]

    def find(self, entry_id: str) -> Entry | None:
        """The entry with this id, or None."""
        return self._by_id.get(entry_id)

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics in the order of their first entry."""
        return tuple(dict.fromkeys(entry.topic for entry in self.entries))

    def list_topic(self, topic: str) -> tuple[Entry, ...]:
        """The entries of one topic."""
        return tuple(entry for entry in self.entries if entry.topic == topic)

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the ward facts that entries ask for and the caller may fill in."""
        texts = (text for entry in self.entries for _, text in entry.texts)
        return frozenset(name for text in texts for name in _PLACEHOLDER.findall(text))

    def owner_name(self, entry: Entry) -> str | None:
        """The full name of the unit that looks after the entry, or None."""
        return self.phrases.owners.get(entry.owner, entry.owner) if entry.owner else None

    def list_using(self, key: str) -> tuple[Entry, ...]:
        """The entries that refer to a figure: whoever changes it has these to review."""
        return tuple(entry for entry in self.entries if key in figure_keys(entry))

    def list_to_review(self, today: date) -> tuple[Entry, ...]:
        """The entries whose review is overdue, or one of whose figures was checked or changed after it."""
        return tuple(
            entry
            for entry in self.entries
            if entry.id in self.stale or entry.is_overdue(today) or list_outdated(entry, self.figures, today)
        )

    def saying(self, today: date, facts: Mapping[str, str] | None = None) -> Saying:
        """How entries are said on a day, with the facts of a ward by the name of their placeholder."""
        return Saying(self.phrases, self.figures, today, facts or {})

    def answer_text(self, entry: Entry, today: date, facts: Mapping[str, str] | None = None) -> str:
        """What to answer: see Saying.answer."""
        return self.saying(today, facts).answer(entry)

    def card_text(self, entry: Entry, today: date, facts: Mapping[str, str] | None = None) -> str | None:
        """What to bring, fee, time and place, or None: see Saying.card."""
        return self.saying(today, facts).card(entry)

    def step_text(
        self, entry: Entry, number: int, today: date, facts: Mapping[str, str] | None = None
    ) -> str:
        """Step `number`, counted from 1: see Saying.step. Raises ValueError if there is no such step."""
        return self.saying(today, facts).step(entry, number)
