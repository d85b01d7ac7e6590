"""The knowledge base as JSON for other assistants: every text as it may be said, and as it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from faq.entry import Entry
from faq.exchange.columns import Labels
from faq.exchange.kept import Kept, tidy
from faq.exchange.opening import FORMAT, VERSION
from faq.figures import Figure, figure_keys
from faq.saying import Saying

HANDLING: Final[Mapping[str, str]] = {
    "A": "answer",
    "B": "answer_with_note",
    "C": "general_guidance",
    "D": "to_person",
}
"""What an assistant may do with an answer, by its confidence."""
SPOKEN: Final = ("answer", "steps", "bring", "fee", "time", "place")
"""The fields that are said to people: filled in at the top of an entry, as they are written under `written`."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose knowledge it is, and at which moment: stands at the head of the file."""

    ward: str
    name: str
    knowledge_version: int
    at: datetime


def export_json(kept: Iterable[Kept], saying: Saying, labels: Labels, origin: Origin) -> dict[str, Any]:
    """The whole document; docs/dinh-dang-hoi-dap.md and the schema beside this file describe it.

    Retired entries are left out. Figures that may not be said are nowhere but under `written`, as references.
    """
    figures = saying.figures
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "language": "vi",
        "exported_at": origin.at.isoformat(timespec="seconds"),
        "valid_on": saying.today.isoformat(),
        "ward": {"key": origin.ward, "name": origin.name},
        "knowledge_version": origin.knowledge_version,
        "topics": [{"key": key, "name": name} for key, name in labels.topics.items()],
        "owners": [{"key": key, "name": name} for key, name in labels.owners.items()],
        "notes": {key: saying.phrases.notes[key] for key in ("B", "C", "D", "figures_withheld")},
        "figures": [
            _figure(figure, told=figure.may_be_said(saying.today))
            for key in figures.keys
            if (figure := figures.find(key, saying.today)) is not None
        ],
        "entries": [_entry(one, saying) for one in kept if not one.retired],
    }


def _entry(kept: Kept, saying: Saying) -> dict[str, Any]:
    entry = tidy(kept.entry)
    row: dict[str, Any] = {
        "id": entry.id,
        "version": kept.version,
        "topic": entry.topic,
        "question": entry.question,
        "alternatives": list(entry.alternatives),
        "keywords": list(entry.keywords),
        "handling": handling(entry),
        "confidence": entry.confidence,
        **_spoken(entry, saying),
        "notes": saying.notes(entry),
        "links": list(entry.links),
        "related": list(entry.related),
        "owner": entry.owner,
        "legal_basis": entry.legal_basis,
        "source": entry.source,
        "reviewed_on": entry.reviewed_on.isoformat() if entry.reviewed_on else None,
        "review_by": entry.review_by.isoformat() if entry.review_by else None,
        "overdue": entry.is_overdue(saying.today),
        "figures": [_told_figure(entry, key, saying) for key in figure_keys(entry)],
        "written": {name: _plain(getattr(entry, name)) for name in SPOKEN if getattr(entry, name)},
    }
    return row


def handling(entry: Entry) -> str:
    """By the confidence; what has no answer, or nobody has vouched for, goes to a person."""
    return HANDLING.get(entry.confidence or "D", "to_person") if entry.answer else "to_person"


def _spoken(entry: Entry, saying: Saying) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name in SPOKEN:
        value = getattr(entry, name)
        if isinstance(value, tuple):
            said[name] = [saying.plain(entry, name, text) for text in value]
        else:
            said[name] = saying.plain(entry, name, value) if value else None
    return said


def _told_figure(entry: Entry, key: str, saying: Saying) -> dict[str, Any]:
    figure = saying.figures.find(key, saying.today)
    if figure is None:
        return {
            "key": key,
            "name": key,
            "value": None,
            "said": saying.plain(entry, "fee", f"{{figure:{key}}}"),
        }
    said = saying.plain(entry, "fee", f"{{figure:{key}}}")
    return {**_figure(figure, told=saying.tells(entry, key)), "said": said}


def _figure(figure: Figure, *, told: bool) -> dict[str, Any]:
    """A figure; its value only where people may read it."""
    return {
        "key": figure.key,
        "name": figure.name,
        "value": figure.value if told else None,
        "since": figure.since.isoformat() if figure.since else None,
        "until": figure.until.isoformat() if figure.until else None,
        "source": figure.source,
        "confidence": figure.confidence,
        "checked_on": figure.checked_on.isoformat(),
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
