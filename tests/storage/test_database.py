"""The database: each work is one transaction, whatever its neighbours do, on both back ends."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, select

from storage.database import Database, DatabaseClosed, SqliteDatabase, open_database
from storage.machinery import find_fact, save_fact
from storage.models import HouseFact, Lease
from tests.storage.rows import NOW


def put(name: str, value: str = "x"):  # type: ignore[no-untyped-def]
    return lambda session: save_fact(session, name, value)


def names(database: Database) -> set[str]:
    return set(database.run_now(lambda s: s.exec(select(HouseFact.name)).all()))


async def test_no_update_is_lost(database: Database) -> None:
    database.run_now(put("count", "0"))

    def add_one(session: Session) -> None:
        fact = session.exec(select(HouseFact).where(HouseFact.name == "count").with_for_update()).one()
        fact.value = str(int(fact.value) + 1)
        session.add(fact)

    async def twenty() -> None:
        for _ in range(20):
            await database.run(add_one)

    await asyncio.gather(*(twenty() for _ in range(10)))
    assert database.run_now(lambda s: find_fact(s, "count")) == "200"


async def test_a_failing_work_hurts_neither_its_neighbours_nor_the_next(database: Database) -> None:
    def fail_late(session: Session) -> None:
        save_fact(session, "half", "x")
        session.flush()
        raise ValueError("mine alone")

    def break_a_rule(session: Session) -> None:
        session.add(HouseFact(name="twice", value="1"))
        session.flush()
        session.expunge_all()
        session.add(HouseFact(name="twice", value="2"))

    works = [put(f"good {n}") for n in range(30)]
    works[10:10], works[20:20] = [fail_late], [break_a_rule]
    results = await asyncio.gather(*(database.run(w) for w in works), return_exceptions=True)
    assert [type(r) for r in results if r is not None] == [ValueError, IntegrityError]
    assert names(database) == {f"good {n}" for n in range(30)}


async def test_a_work_that_goes_on_after_its_own_failure_is_undone_as_a_whole(database: Database) -> None:
    def stubborn(session: Session) -> None:
        session.add(HouseFact(name="first", value="1"))
        session.flush()
        session.expunge_all()
        session.add(HouseFact(name="first", value="2"))
        try:
            session.flush()
        except IntegrityError:
            session.add(HouseFact(name="second", value="2"))

    good, bad = await asyncio.gather(
        database.run(put("good")), database.run(stubborn), return_exceptions=True
    )
    assert good is None
    assert isinstance(bad, Exception)
    assert names(database) == {"good"}


def test_works_queued_at_close_are_finished(database: Database, database_url: str) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        started.set()
        go_on.wait(5)
        save_fact(session, "slow", "x")

    with ThreadPoolExecutor(12) as threads:
        first = threads.submit(database.run_now, slow)
        started.wait(5)
        rest = [threads.submit(database.run_now, put(f"queued {n}")) for n in range(10)]
        threading.Timer(0.1, go_on.set).start()
        waited = [f.result(10) for f in (first, *rest)] if database.dialect == "postgresql" else []
        if database.dialect == "sqlite":
            threads.submit(lambda: None).result(5)
            while len(database._line) < 10:  # type: ignore[attr-defined]
                pass
            database.close()
            waited = [f.result(1) for f in (first, *rest)]
    assert waited == [None] * 11
    again = open_database(database_url)
    assert len(names(again)) == 11
    again.close()


async def test_a_work_after_close_is_refused_instead_of_waiting_for_ever(sqlite_template: Path) -> None:
    database = open_database(f"sqlite:///{sqlite_template}")
    database.close()
    with pytest.raises(DatabaseClosed):
        await database.run(put("late"))
    with pytest.raises(DatabaseClosed):
        database.run_now(put("late"))


def test_a_caller_that_left_with_its_loop_does_not_take_the_writer_along(tmp_path: Path) -> None:
    database = SqliteDatabase(f"sqlite:///{tmp_path / 'x.db'}")
    database.run_now(lambda s: s.connection().exec_driver_sql("CREATE TABLE t (n INTEGER)"))
    go_on = threading.Event()

    async def leave() -> None:
        task = asyncio.ensure_future(database.run(lambda s: go_on.wait(5)))
        await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(leave())
    go_on.set()
    assert database.run_now(lambda s: 42) == 42
    database.close()


async def test_a_reader_sees_what_is_committed_and_cannot_write(database: Database) -> None:
    await database.run(put("seen"))
    assert await database.read(lambda s: find_fact(s, "seen")) == "x"

    def write(session: Session) -> None:
        session.add(Lease(name="l", owner="o", until=NOW))
        session.flush()

    with pytest.raises(DBAPIError):
        await database.read(write)
    await database.run(put("still works"))
    assert await database.read(lambda s: find_fact(s, "still works")) == "x"


async def test_a_long_reader_does_not_hold_up_the_writer(database: Database) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def slow_read(session: Session) -> str | None:
        before = find_fact(session, "a")
        reading.set()
        go_on.wait(5)
        return before

    reader = asyncio.ensure_future(database.read(slow_read))
    await asyncio.to_thread(reading.wait, 5)
    await asyncio.wait_for(database.run(put("a")), 3)
    go_on.set()
    assert await reader is None
