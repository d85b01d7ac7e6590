"""What is in force of an entry or of the words for a thing, by the books; and finding entries by words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from faq.entry import ContentError, Entry
from faq.lint.review import HALF_YEAR, MONTH
from faq.normalize import fold
from faq.overlay import from_json, periods_to_json, to_json
from handlers.turn import Turn
from storage.knowledge import find_newest
from storage.models import KnowledgeRevision
from storage.statuses import KnowledgeKind, RevisionVerb

_UNSTEADY = "D"
FOUND = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry with the version that is in force; a retired one answers nobody but can be brought back."""

    entry: Entry
    number: int
    retired: bool


def find_standing(turn: Turn, entry_id: str) -> Standing | None:
    """An entry as the books have it. The House may lag behind by seconds: nobody edits what he has not seen."""
    newest = find_newest(turn.session, KnowledgeKind.ENTRY, entry_id)
    known = turn.house.library.find(entry_id)
    if newest is None:
        return Standing(known, 0, retired=False) if known else None
    entry = entry_of(newest) or known
    if entry is None:
        return None
    return Standing(entry, newest.number or 0, retired=newest.verb == RevisionVerb.RETIRE)


def entry_of(revision: KnowledgeRevision) -> Entry | None:
    """The entry that a revision holds; None for one that cannot be read."""
    try:
        return from_json(revision.row)
    except ContentError:
        return None


def words_of(revision: KnowledgeRevision | None) -> list[str]:
    """The ways to call a thing that a revision of that kind holds, beside the shipped ones."""
    words = revision.row.get("words") if revision else None
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []


def shipped_row(turn: Turn, revision: KnowledgeRevision) -> Mapping[str, Any] | None:
    """What the product brought for a subject that was never changed; None for something new."""
    if revision.kind == KnowledgeKind.WORDS:
        return {"words": [], "known": revision.row.get("known")}
    if revision.kind == KnowledgeKind.FIGURE:
        periods = turn.house.library.figures.list_periods(revision.subject)
        return {"name": periods[0].name, "periods": periods_to_json(periods)} if periods else None
    entry = turn.house.library.find(revision.subject)
    return to_json(entry) if entry is not None and revision.verb != RevisionVerb.ADD else None


def reviewed(entry: Entry, today: date) -> Entry:
    """The entry as looked through today: to be looked at again in half a year, in a month where rules change."""
    again = today + (MONTH if entry.confidence == _UNSTEADY else HALF_YEAR)
    return replace(entry, reviewed_on=today, review_by=again)


def search(turn: Turn, words: str) -> list[Entry]:
    """Entries for some words: what the matcher finds first, then those in which the words stand."""
    wanted = fold(words)
    library = turn.house.library
    exact = [entry for entry in library if entry.id == words.strip()]
    ranked = [library.find(entry_id) for entry_id, _ in turn.house.matcher.match(words).ranked]
    written = [one for one in library if wanted and any(wanted in fold(text) for text in one.phrasings)]
    return list(dict.fromkeys([*exact, *(one for one in ranked if one), *written]))[:FOUND]


def new_id(turn: Turn, question: str) -> str:
    """A name for a new entry: readable, short enough for a button's payload, and not taken."""
    words = "".join(letter if letter.isalnum() else " " for letter in fold(question)).split()
    slug = ""
    for word in words:
        if not word.isascii() or len(slug) + len(word) > 21:
            break
        slug = f"{slug}-{word}" if slug else word
    return f"{slug or 'muc'}-{turn.inbox_id}"
