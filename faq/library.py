"""The collection of entries: reading it from files, finding in it, and putting an answer into words for today."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from faq.entry import ContentError, Entry, read_entries, read_yaml

CONTENT: Final = Path(__file__).parent / "content"
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The sentences around answers, names of units, stand-ins for unknown ward facts, and the listed hotlines."""

    notes: Mapping[str, str]
    owners: Mapping[str, str]
    placeholders: Mapping[str, str]
    hotlines: tuple[str, ...]

    def without_hotlines(self, text: str) -> str:
        """The text with every listed hotline taken out, so that what digits remain are figures."""
        for number in self.hotlines:
            text = re.sub(rf"(?<!\d){re.escape(number)}(?!\d)", "", text)
        return text


def load_phrases(folder: Path = CONTENT) -> Phrases:
    """The phrases and hotlines kept as data beside the entries. Raises ContentError."""
    raw, hotlines = read_yaml(folder / "_phrases.yaml"), read_yaml(folder / "_hotlines.yaml")
    try:
        # The longest first: "5656" must go before a shorter number inside it could.
        numbers = sorted((str(row["number"]) for row in hotlines), key=len, reverse=True)
        return Phrases(raw["notes"], raw["owners"], raw["placeholders"], tuple(numbers))
    except (KeyError, TypeError) as error:
        raise ContentError(f"_phrases.yaml hoặc _hotlines.yaml: thiếu phần {error}") from error


@dataclass(frozen=True, slots=True)
class Library:
    """All entries, immutable. Reload by building another one."""

    entries: tuple[Entry, ...]
    phrases: Phrases
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

        Raises ContentError naming file, entry and field.
        """
        files = sorted(path.glob("[!_]*.yaml")) if path.is_dir() else [path]
        entries = tuple(entry for file in files for entry in read_entries(file))
        return cls(entries, load_phrases())

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Library:
        """A library of entries made elsewhere, with our own phrases."""
        return cls(tuple(entries), load_phrases())

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
        """The names of the ward facts that answers ask for and the caller may fill in."""
        return frozenset(name for entry in self.entries for name in _PLACEHOLDER.findall(entry.answer or ""))

    def owner_name(self, entry: Entry) -> str | None:
        """The full name of the unit that looks after the entry, or None."""
        return self.phrases.owners.get(entry.owner, entry.owner) if entry.owner else None

    def answer_text(self, entry: Entry, today: date, facts: Mapping[str, str] | None = None) -> str:
        """What to say: the answer with ward facts filled in and the notes its confidence and review date call for.

        A plain; B points to the posted table for exact figures; C and D never show a figure, C says an officer
        confirms, D offers a person; an overdue review is said openly.
        """
        notes = self.phrases.notes
        if not entry.answer:
            return notes["no_answer"]
        text, added = entry.answer, []
        if entry.confidence in ("C", "D"):
            text, withheld = self._without_figures(text)
            added += [notes["figures_withheld"]] if withheld else []
        if entry.confidence in ("B", "C", "D"):
            added.append(notes[entry.confidence])
        if entry.is_overdue(today) and entry.reviewed_on is not None:
            reviewed_on = f"{entry.reviewed_on.day}/{entry.reviewed_on.month}/{entry.reviewed_on.year}"
            added.append(notes["overdue"].format(reviewed_on=reviewed_on))
        return "\n".join([self._filled(text, facts or {}), *added])

    def _filled(self, text: str, facts: Mapping[str, str]) -> str:
        known = {**self.phrases.placeholders, **{name: fact for name, fact in facts.items() if fact}}
        # One pass over our own text: braces inside a fact stay what they are.
        return _PLACEHOLDER.sub(lambda hit: known.get(hit[1], hit[0]), text)

    def _without_figures(self, text: str) -> tuple[str, bool]:
        """The text without the sentences that carry a figure: the lint forbids them, this makes sure."""
        lines, withheld = [], False
        for line in text.split("\n"):
            sentences = _SENTENCE_END.split(line)
            kept = [s for s in sentences if not has_figure(s, self.phrases)]
            withheld = withheld or len(kept) < len(sentences)
            lines += [" ".join(kept)] if kept else []
        return "\n".join(lines), withheld


def has_figure(text: str, phrases: Phrases) -> bool:
    """Whether a text states a figure; hotlines that are listed with their source do not count."""
    return any(char.isdigit() for char in phrases.without_hotlines(text))
