"""Lists and counts of what is open read the indexes of open tickets, however many years of closed ones lie beside."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session

from storage import migrate
from storage.database import Database, open_database
from storage.search import Wanted, search_tickets
from storage.statuses import TicketStatus
from storage.tickets import count_open, list_claimed, list_open_from
from tests.storage.test_search import NOW, filed, first_groups, officer


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (lambda s: count_open(s, None), "ix_ticket_open"),
        (lambda s: count_open(s, "KT"), "ix_ticket_open_of"),
        (lambda s: list_open_from(s, None, 0, 6), "ix_ticket_open"),
        (lambda s: list_open_from(s, "KT", 0, 6), "ix_ticket_open_of"),
        (lambda s: list_claimed(s, 1), "ix_ticket_claimed"),
    ],
)
def test_it_reads_the_index(look: Callable[[Session], object], index: str, sqlite_template: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{sqlite_template}")
    plans: list[str] = []

    def explain(connection: sa.Connection, _c: object, statement: str, given: object, *_: object) -> None:
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            plans.extend(row[3] for row in cursor.fetchall())

    event.listen(engine, "before_cursor_execute", explain)
    with Session(engine) as session:
        look(session)
    engine.dispose()
    assert len(plans) == 1, plans
    assert index in plans[0], plans


def test_an_officer_has_the_open_ones_alone_the_most_urgent_first(database: Database) -> None:
    def work(session: Session) -> list[str]:
        hanh, dung = officer(session, "Hạnh"), officer(session, "Dũng")
        filed(session, "2B4C-6F8G-1HJ", "sau", officer_id=hanh, due_at=NOW + timedelta(days=2))
        filed(session, "3C5F-7G9H-2JK", "trước", officer_id=hanh, due_at=NOW + timedelta(days=1))
        filed(session, "4F6G-8H1J-3KM", "của người khác", officer_id=dung)
        done = filed(session, "5G7H-9J2K-4MN", "xong", officer_id=hanh)
        done.status, done.closed_at = TicketStatus.RESOLVED.value, NOW
        session.add(done)
        session.flush()
        return [ticket.code[:4] for ticket in list_claimed(session, hanh)]

    assert database.run_now(work) == ["3C5F", "2B4C"]


def test_words_that_never_meet_find_nothing_and_those_that_do_are_found(database: Database) -> None:
    def work(session: Session) -> list[list[str]]:
        for number, code in enumerate(("2B4C-6F8G-1HJ", "3C5F-7G9H-2JK", "4F6G-8H1J-3KM", "5G7H-9J2K-4MN")):
            filed(session, code, "đèn tắt" if number % 2 else "rác thối")
        both = filed(session, "6H8J-1K3M-5NP", "đèn tắt, rác thối")
        found = [first_groups(session, Wanted(words=words)) for words in (("den", "rac"), ("den", "khong"))]
        both.parent_id = 1
        session.add(both)
        session.flush()
        return [*found, [one.code[:4] for one in search_tickets(session, Wanted(words=("den", "rac")), 0, 5)]]

    assert database.run_now(work) == [["6H8J"], [], []]


def test_what_was_over_by_its_state_alone_is_no_longer_listed_as_open(database_url: str) -> None:
    database = open_database(database_url)

    def write(session: Session) -> None:
        filed(session, "2B4C-6F8G-1HJ", "còn mở")
        over = filed(session, "3C5F-7G9H-2JK", "đã rút")
        over.status = TicketStatus.WITHDRAWN.value
        session.add(over)

    database.run_now(write)
    assert database.run_now(lambda s: count_open(s, None)) == 2
    database.close()
    migrate.downgrade(database_url, "0008")
    migrate.upgrade(database_url)
    database = open_database(database_url)
    assert database.run_now(lambda s: count_open(s, None)) == 1
    database.close()
