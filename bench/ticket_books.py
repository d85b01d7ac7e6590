"""Fills a database with years of tickets as a ward would have them: words, places, states, owners and histories."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel import Session

from bench.reports.sets import load_labelled
from core.codes import new_code
from core.messages import Address
from storage.contacts import record_contact
from storage.database import Database
from storage.models import Staff, Ticket, TicketEvent, TicketWord
from storage.search import list_words
from storage.statuses import EventKind, StaffRole, TicketStatus
from tests.stage import sample_house

NOW: Final = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OFFICERS: Final = 30
_CITIZENS, _STREETS, _BATCH, _REMEMBERED = 500, 60, 5_000, 1_000
_YEARS: Final = timedelta(days=3 * 365)
# Of a hundred tickets: a ward that answers in time has few open ones.
_OPEN, _MERGED = 2, 5
_OPEN_STATES: Final = (TicketStatus.NEW, TicketStatus.IN_PROGRESS, TicketStatus.NEEDS_INFO)
_CLOSED_STATES: Final = (TicketStatus.COMPLETED, TicketStatus.RESOLVED, TicketStatus.REJECTED)
_STEPS: Final = (EventKind.FILED, EventKind.CLAIMED, EventKind.RESOLVED)


@dataclass(frozen=True, slots=True)
class Books:
    """What stands in the books, to ask for: all taken from the tickets themselves."""

    codes: list[str]
    citizens: list[int]
    phrases: list[tuple[str, ...]]
    frequent: list[str]
    strangers: tuple[str, str]
    departments: list[str]
    areas: list[str]
    categories: list[str]


def fill_books(database: Database, count: int, watch: Callable[[int], None]) -> Books:
    """Write `count` tickets, the same ones each time but for their codes; `watch` hears how many came in."""
    dice = random.Random(f"books of {count}")
    citizens = database.run_now(_people)
    made = _make(dice, citizens, count)
    codes: list[str] = []
    phrases: list[tuple[str, ...]] = []
    seen: Counter[str] = Counter()
    while batch := list(itertools.islice(made, _BATCH)):
        database.run_now(lambda session, batch=batch: _write(session, batch))  # type: ignore[misc]
        for row in batch:
            words = list_words(row["text"], row["place"], "")
            seen.update(words)
            if dice.random() < _REMEMBERED / count:
                codes.append(row["code"])
                phrases.append(tuple(dice.sample(words, min(len(words), dice.choice((2, 3))))))
        watch(len(batch))
    ward = sample_house().ward
    return Books(
        codes=codes,
        citizens=citizens,
        phrases=phrases,
        frequent=[word for word, _ in seen.most_common(50)],
        strangers=_NEVER_MET,
        departments=sorted({one.department for one in ward.categories}),
        areas=[area.key for area in ward.areas],
        categories=[one.key for one in ward.categories],
    )


_NEVER_MET: Final = ("thuque", "bayla")
"""Put at the end of every fourth ticket, one or the other."""


def _people(session: Session) -> list[int]:
    for number in range(OFFICERS):
        contact = record_contact(session, Address("telegram", "bot", f"officer {number}"), NOW)
        session.add(
            Staff(
                contact_id=contact.id or 0,
                role=StaffRole.OFFICER,
                department="KT",
                name=f"Cán bộ {number}",
                joined_at=NOW,
            )
        )
    names = (Address("telegram", "bot", f"citizen {number}") for number in range(_CITIZENS))
    return [record_contact(session, name, NOW).id or 0 for name in names]


def _make(dice: random.Random, citizens: list[int], count: int) -> Iterator[dict[str, Any]]:
    """Rows of tickets, oldest first."""
    ward = sample_house().ward
    departments = {one.key: one.department for one in ward.categories}
    said = [(one.label, one.text) for one in load_labelled("categories") if one.label in departments]
    for number in range(1, count + 1):
        category, text = dice.choice(said)
        filed = NOW - _YEARS * ((count - number) / count)
        is_open = dice.randrange(100) < _OPEN
        yield {
            "id": number,
            "code": new_code(),
            "contact_id": dice.choice(citizens),
            "category": category,
            "department": departments[category],
            "status": dice.choice(_OPEN_STATES if is_open else _CLOSED_STATES).value,
            "text": f"{text} {_strange_word(number)}".strip(),
            "area": dice.choice(ward.areas).key if ward.areas else None,
            "place": f"ngõ {dice.randint(1, 90)} đường số {dice.randint(1, _STREETS)}",
            "created_at": filed,
            "updated_at": filed,
            "due_at": NOW + timedelta(days=dice.randint(-20, 7)) if is_open else filed + timedelta(days=7),
            "closed_at": None if is_open else filed + timedelta(days=3),
            "officer_id": dice.randint(1, OFFICERS),
            "parent_id": number - 1 if number > 1 and dice.randrange(100) < _MERGED else None,
        }


def _strange_word(number: int) -> str:
    return _NEVER_MET[number // 4 % 2] if number % 4 == 0 else ""


def _write(session: Session, rows: list[dict[str, Any]]) -> None:
    session.execute(insert(Ticket), rows)
    words = [
        {"word": word, "ticket_id": row["id"]}
        for row in rows
        for word in list_words(row["text"], row["place"], row["code"])
    ]
    session.execute(insert(TicketWord), words)
    steps = [
        {"ticket_id": row["id"], "kind": kind.value, "at": row["created_at"], "channel": "telegram"}
        for row in rows
        for kind in _STEPS
    ]
    session.execute(insert(TicketEvent), steps)
