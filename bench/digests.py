"""`python -m bench.digests`: digests and reports over 1,000,000 old tickets beside the same over 10,000.

Both books hold the same open tickets and the same last ninety days; only what is older differs. Its exit code is 1
when a look over the many costs more than 1.5 times the one over the few.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import insert, text
from sqlmodel import Session, select

from core.messages import Address
from core.periods import Period
from handlers.digest_text import Reader, morning_content, open_morning
from handlers.figures import Report
from handlers.figures_text import report_text
from storage.contacts import record_contact
from storage.database import Database, open_database
from storage.figures_book import read_book
from storage.migrate import upgrade
from storage.models import Contact, Staff, Ticket
from storage.statuses import StaffRole, TicketStatus
from tests.postgres import own_server
from tests.props import sample_house

FEW, MANY = 10_000, 1_000_000
MOST: Final = 1.5
NOW: Final = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
_OPEN, _RECENT, _BATCH = 200, 2_000, 10_000
_YEARS: Final = timedelta(days=5 * 365)
_LATELY: Final = timedelta(days=90)
_DEPARTMENT: Final = "KT"
_Look = Callable[[Session], object]
_NOTE = """\
Milliseconds of one look, each in a transaction of its own; median of {rounds}, the two sizes by turns.
Ratio: among {many} old tickets to among {few}. Goal: at most {most}."""


def _morning(session: Session, role: StaffRole | None, *, head: bool = False) -> object:
    contact, staff = session.exec(
        select(Contact, Staff).where(
            Staff.contact_id == Contact.id, Staff.role == (role or StaffRole.OFFICER)
        )
    ).first() or (None, None)
    assert contact is not None
    if staff is not None:
        staff.is_head = head
    reader = Reader(contact, NOW, None if role is None else staff, _DEPARTMENT if role is None else None)
    found = morning_content(session, open_morning(session, sample_house(), NOW), reader)
    assert found is not None
    return found


def _report(session: Session, first: date, last: date) -> object:
    house = sample_house()
    book = read_book(session, Period(first, last), NOW)
    assert book.facts
    return report_text(Report(house, book, None, NOW))


LOOKS: Mapping[str, _Look] = {
    "morning of an officer": lambda s: _morning(s, StaffRole.OFFICER),
    "morning of a head": lambda s: _morning(s, StaffRole.OFFICER, head=True),
    "morning of a group": lambda s: _morning(s, None),
    "morning of a leader": lambda s: _morning(s, StaffRole.LEADER),
    "figures of last week": lambda s: _report(s, date(2026, 11, 16), date(2026, 11, 22)),
    "figures of last month": lambda s: _report(s, date(2026, 10, 1), date(2026, 10, 31)),
}


@dataclass(frozen=True, slots=True)
class Books:
    """A database with this many old tickets."""

    database: Database
    count: int


def fill(database: Database, count: int, watch: Callable[[int], None]) -> Books:
    """`count` old tickets, and behind them the same present in every book."""
    citizens = database.run_now(_people)
    rows = _rows(random.Random("old tickets"), citizens, count)
    while batch := list(itertools.islice(rows, _BATCH)):
        database.run_now(lambda session, batch=batch: session.execute(insert(Ticket), batch))  # type: ignore[misc]
        watch(len(batch))
    if database.dialect == "postgresql":
        # What autovacuum does by itself in the first minute.
        database.run_now(lambda session: session.execute(text("ANALYZE ticket")))
    return Books(database, count)


def _people(session: Session) -> list[int]:
    for number, role in enumerate((StaffRole.OFFICER, StaffRole.LEADER)):
        contact = record_contact(session, Address("telegram", "bot", f"staff {number}"), NOW)
        department = _DEPARTMENT if role is StaffRole.OFFICER else None
        session.add(
            Staff(contact_id=contact.id or 0, role=role, department=department, name="Minh", joined_at=NOW)
        )
    people = (Address("telegram", "bot", f"citizen {number}") for number in range(200))
    return [record_contact(session, name, NOW).id or 0 for name in people]


def _rows(dice: random.Random, citizens: list[int], count: int) -> Iterator[dict[str, Any]]:
    begin = NOW - _LATELY - _YEARS
    for number in range(count):
        filed = begin + _YEARS * (number / count)
        yield _row(dice, citizens, number, filed, filed + timedelta(days=dice.randint(1, 12)))
    now = random.Random("the present")
    for number in range(_RECENT):
        filed = NOW - _LATELY * (1 - number / _RECENT)
        closed = filed + timedelta(days=now.randint(1, 12))
        yield _row(now, citizens, count + number, filed, closed if closed < NOW else None)
    for number in range(_OPEN):
        filed = NOW - timedelta(days=now.randint(1, 60))
        yield _row(now, citizens, count + _RECENT + number, filed, None)


def _row(
    dice: random.Random, citizens: list[int], number: int, filed: datetime, closed: datetime | None
) -> dict[str, Any]:
    ward = sample_house().ward
    category = dice.choice(ward.categories)
    return {
        "code": f"{number:011}",
        "contact_id": dice.choice(citizens),
        "category": category.key,
        "department": category.department,
        "status": (TicketStatus.COMPLETED if closed else TicketStatus.IN_PROGRESS).value,
        "text": "đèn đường hỏng",
        "area": dice.choice(ward.areas).key,
        "created_at": filed,
        "updated_at": filed,
        "due_at": filed + timedelta(days=7),
        "closed_at": closed,
        "rating": dice.choice(("great", "good", "bad", None)) if closed else None,
        "version": 1,
        "reopened": 0,
        "privacy": "hidden_public",
        "source": "chat",
    }


def measure(few: Books, many: Books, rounds: int) -> dict[str, tuple[float, float]]:
    """Median milliseconds of each look in both books, by turns, so that a busy machine slows both."""
    found = {}
    for name, look in LOOKS.items():
        taken: tuple[list[float], list[float]] = ([], [])
        for turn in range(rounds + 1):
            for books, times in zip((few, many), taken, strict=True):
                # Otherwise the collector comes every other look, always in the midst of the same book.
                gc.collect()
                started = time.perf_counter()
                books.database.run_now(look)
                if turn:
                    times.append((time.perf_counter() - started) * 1000)
        found[name] = (sorted(taken[0])[rounds // 2], sorted(taken[1])[rounds // 2])
    return found


def show(title: str, found: Mapping[str, tuple[float, float]], note: str) -> None:
    """The two sizes side by side."""
    table = Table(title=title, caption=note, caption_justify="left")
    table.add_column("look")
    for column in ("few", "many", "ratio"):
        table.add_column(column, justify="right")
    for name, (few, many) in found.items():
        table.add_row(name, f"{few:.1f}", f"{many:.1f}", f"{many / few:.2f}")
    Console(width=120).print(table)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure on SQLite, and on PostgreSQL where its programs are; the exit code is 1 when the goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.digests", description=__doc__)
    parser.add_argument("--few", type=int, default=FEW)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--sqlite-only", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    results = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {"SQLite": [f"sqlite:///{folder / name}.db" for name in ("few", "many")]}
        server = None if given.sqlite_only else stack.enter_context(own_server("nghedan_bench_"))
        if server is not None:
            urls["PostgreSQL"] = [server.url(server.create()) for _ in range(2)]
        note = _NOTE.format(rounds=given.rounds, few=given.few, many=given.many, most=MOST)
        for title, (few, many) in urls.items():
            results[title] = _measure_engine(title, few, many, given)
            if not given.json:
                show(title, results[title], note)
    if given.json:
        sys.stdout.write(json.dumps(results) + "\n")
    return int(any(many > MOST * few for found in results.values() for few, many in found.values()))


def _measure_engine(
    title: str, few: str, many: str, given: argparse.Namespace
) -> dict[str, tuple[float, float]]:
    opened = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(
            f"Filling the books, {title}", total=given.few + given.many + 2 * (_RECENT + _OPEN)
        )
        try:
            for url, count in ((few, given.few), (many, given.many)):
                upgrade(url)
                database = open_database(url)
                opened.append(fill(database, count, lambda done: progress.advance(task, done)))
            return measure(opened[0], opened[1], given.rounds)
        finally:
            for books in opened:
                books.database.close()


if __name__ == "__main__":
    sys.exit(main())
