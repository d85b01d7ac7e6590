"""`python -m bench.tickets`: search, lists and card among 200,000 tickets, beside the same among 2,000, on SQLite."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlmodel import Session

from bench.ticket_books import NOW, OFFICERS, Books, fill_books
from handlers.cards import card
from handlers.operator import Operator
from storage.database import Database, open_database
from storage.migrate import upgrade
from storage.search import Wanted, search_tickets
from storage.statuses import TicketStatus
from storage.tickets import count_open, find_ticket, list_claimed, list_open_from, list_own
from tests.stage import sample_house

FEW, MANY = 2_000, 200_000
GOAL_MS: Final = 50.0
_PAGE: Final = 6
_Look = Callable[[Session, random.Random, Books], object]
_NOTE = """\
Milliseconds a look, each in a transaction of its own, {rounds} looks of each kind. Ratio: p95 among {many} tickets to
p95 among {few}. Goal among {many}: p95 at most {goal:.0f} ms."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one kind of look takes, in milliseconds."""

    p50: float
    p95: float


def _find(session: Session, **wanted: object) -> object:
    return search_tickets(session, Wanted(**wanted), 0, _PAGE)  # type: ignore[arg-type]


def _open_list(session: Session, department: str | None) -> object:
    return list_open_from(session, department, 0, _PAGE), count_open(session, department)


def _card(session: Session, code: str) -> object:
    ticket = find_ticket(session, code)
    assert ticket is not None
    return card(Operator(session, sample_house(), NOW), ticket, code, whole=True)


# Rare, usual and hard cases; «two that never meet» are frequent words of which no ticket holds both.
LOOKS: Mapping[str, _Look] = {
    "search: a frequent word": lambda s, dice, b: _find(s, words=(dice.choice(b.frequent),)),
    "search: two or three words of a ticket": lambda s, dice, b: _find(s, words=dice.choice(b.phrases)),
    "search: two that never meet": lambda s, _, b: _find(s, words=b.strangers),
    "search: words in one department": lambda s, dice, b: _find(
        s, words=dice.choice(b.phrases), department=dice.choice(b.departments)
    ),
    "search: words in an area": lambda s, dice, b: _find(
        s, words=(dice.choice(b.frequent),), area=dice.choice(b.areas)
    ),
    "search: a word, late": lambda s, dice, b: _find(s, words=(dice.choice(b.frequent),), overdue_at=NOW),
    "search: a group of a code": lambda s, dice, b: _find(s, words=(dice.choice(b.codes)[5:9],)),
    "search: area and category": lambda s, dice, b: _find(
        s, area=dice.choice(b.areas), category=dice.choice(b.categories)
    ),
    "search: late, one department": lambda s, dice, b: _find(
        s, overdue_at=NOW, department=dice.choice(b.departments)
    ),
    "search: new, in an area": lambda s, dice, b: _find(
        s, statuses=frozenset({TicketStatus.NEW}), area=dice.choice(b.areas)
    ),
    "search: an officer's own": lambda s, dice, _: _find(s, officer_id=dice.randint(1, OFFICERS)),
    "list of open, one department": lambda s, dice, b: _open_list(s, dice.choice(b.departments)),
    "list of open, all": lambda s, *_: _open_list(s, None),
    "card with its history": lambda s, dice, b: _card(s, dice.choice(b.codes)),
    "list of an officer's open tickets": lambda s, dice, _: list_claimed(s, dice.randint(1, OFFICERS)),
    "list of a citizen's own": lambda s, dice, b: list_own(s, dice.choice(b.citizens)),
}


def measure(database: Database, books: Books, rounds: int) -> dict[str, Pace]:
    """Each kind of look, many times."""
    found = {}
    for name, look in LOOKS.items():
        dice, taken = random.Random(name), []
        for _ in range(rounds):
            started = time.perf_counter()
            database.run_now(lambda session, look=look, dice=dice: look(session, dice, books))  # type: ignore[misc]
            taken.append((time.perf_counter() - started) * 1000)
        taken.sort()
        found[name] = Pace(taken[len(taken) // 2], taken[int(len(taken) * 0.95)])
    return found


def measure_size(folder: Path, count: int, rounds: int, watch: Callable[[int], None]) -> dict[str, Pace]:
    """Fill a database of this many tickets and look around in it."""
    url = f"sqlite:///{folder / f'{count}.db'}"
    upgrade(url)
    database = open_database(url)
    try:
        books = fill_books(database, count, watch)
        return measure(database, books, rounds)
    finally:
        database.close()


def show(few: Mapping[str, Pace], many: Mapping[str, Pace], note: str) -> None:
    """The two sizes side by side."""
    table = Table(title="Tickets on SQLite", caption=note, caption_justify="left")
    table.add_column("look")
    for title in ("few p50", "few p95", "many p50", "many p95", "ratio"):
        table.add_column(title, justify="right")
    for name, pace in many.items():
        cells = (few[name].p50, few[name].p95, pace.p50, pace.p95)
        ratio = f"{pace.p95 / few[name].p95:.1f}"
        table.add_row(name, *(f"{value:.2f}" for value in cells), ratio)
    Console(width=120).print(table)


def _as_json(few: Mapping[str, Pace], many: Mapping[str, Pace]) -> str:
    told = {
        name: {
            "few": {"p50": few[name].p50, "p95": few[name].p95},
            "many": {"p50": pace.p50, "p95": pace.p95},
            "ratio": pace.p95 / few[name].p95,
        }
        for name, pace in many.items()
    }
    return json.dumps(told, ensure_ascii=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both sizes; the exit code is 1 when a look among the many misses the goal."""
    parser = argparse.ArgumentParser(prog="python -m bench.tickets", description=__doc__)
    parser.add_argument("--few", type=int, default=FEW)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("Filling the books", total=given.few + given.many)
        few, many = (
            measure_size(Path(folder), count, given.rounds, lambda done: progress.advance(task, done))
            for count in (given.few, given.many)
        )
    if given.json:
        sys.stdout.write(_as_json(few, many) + "\n")
    else:
        show(few, many, _NOTE.format(rounds=given.rounds, few=given.few, many=given.many, goal=GOAL_MS))
    return 1 if any(pace.p95 > GOAL_MS for pace in many.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
