"""Two imports of one sheet at the same moment, or an officer entering one of its cases: each is filed once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from handlers.ledger_columns import find_tables
from handlers.ledger_filing import Books, Filed, file_cases
from handlers.ledger_reading import Case, LedgerReader
from handlers.operator import Operator
from storage.database import Database, open_database
from storage.models import Ticket
from storage.tickets import Actor, add_ticket, find_entered
from tests.handlers.test_ledger import DONE, MORE, book, changed
from tests.postgres import Postgres
from tests.props import sample_house

NOW = datetime.now(UTC)
HOUSE = sample_house()


@pytest.fixture
def books(postgres: Postgres, postgres_template: str) -> Iterator[tuple[Database, Database]]:
    """The same books by two sets of connections, as two processes have them; SQLite has one writer anyhow."""
    name = postgres.create(postgres_template)
    first, second = open_database(postgres.url(name)), open_database(postgres.url(name))
    # What every import shares is there already, so that nothing but the cases themselves can hold the second up.
    first.run_now(lambda s: file_cases(Operator(s, HOUSE, NOW), [], Books()))
    yield first, second
    first.close()
    second.close()
    postgres.drop(name)


def cases() -> list[Case]:
    without = {"status": "đang xử lý", "closed": None, "answer": None, "due": None}
    rows = [DONE, changed(code="HS-2", **without), changed(code=None, **without)]
    read = LedgerReader(HOUSE, NOW).read(find_tables(book(MORE, *rows), HOUSE.words))
    assert len(read.cases) == 3, read.wrong
    return list(read.cases)


def file(session: Session) -> Filed:
    return file_cases(Operator(session, HOUSE, NOW), cases(), Books())


def between(first: Database, second: Database, early: Callable[[Session], object]) -> Filed:
    """`early` is done but not committed when the import on other connections begins."""
    found: list[Filed] = []
    late = threading.Thread(target=lambda: found.append(second.run_now(file)))

    def work(session: Session) -> None:
        early(session)
        late.start()
        waiting = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        until = time.monotonic() + 20
        while late.is_alive() and not session.execute(waiting).scalar_one():
            assert time.monotonic() < until, "the second import neither waits nor ends"

    first.run_now(work)
    late.join(20)
    return found[0]


def count(database: Database) -> int:
    return len(database.run_now(lambda s: s.exec(select(Ticket)).all()))


def test_two_imports_of_one_sheet_file_each_case_once(books: tuple[Database, Database]) -> None:
    later = between(*books, file)
    assert (later.tickets, later.existing, count(books[0])) == (0, 3, 3)


def test_a_case_that_an_officer_is_entering_is_not_imported_beside(books: tuple[Database, Database]) -> None:
    case = cases()[0]

    def enter(session: Session) -> None:
        assert find_entered(session, case.key.source, case.key.code or "") is None
        contact = session.execute(sa.text("SELECT min(id) FROM contact")).scalar_one()
        ticket = Ticket(
            code="PA-1",
            contact_id=contact,
            category="DEN",
            department="KT",
            text="Đèn hỏng",
            created_at=NOW,
            updated_at=NOW,
            due_at=NOW,
            source=case.key.source,
            outside_code=case.key.code,
        )
        add_ticket(session, ticket, Actor("telegram"))

    later = between(*books, enter)
    assert (later.tickets, later.existing, count(books[0])) == (2, 1, 3)
