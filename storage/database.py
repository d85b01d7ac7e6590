"""Runs a piece of work as one transaction, on SQLite (one writer, group commit) or PostgreSQL (a pool)."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from storage.engine import AHEAD, POOL, make_engine
from storage.line import Line, LineClosed

T = TypeVar("T")
Work = Callable[[Session], T]

_RETRIES = 3
_SERIALISATION = frozenset({"40001", "40P01"})


class DatabaseClosed(Exception):
    """A work came after `close`: it would wait for ever."""


class Database(Protocol):
    """Where works run. `dialect` is "sqlite" or "postgresql"."""

    url: str
    dialect: str

    async def run(self, work: Work[T], *, ahead: bool = False) -> T:
        """Run `work(session)` as one durable transaction; its exception rolls back only itself.

        `ahead`: somebody outside waits for it, so it goes before what waits; only for short works.
        """

    async def read(self, work: Work[T]) -> T:
        """Run `work(session)` where it may only read, beside the writers."""

    def run_now(self, work: Work[T]) -> T:
        """`run` for commands outside of the event loop."""

    def close(self) -> None:
        """Finish what is waiting and let go of all connections."""


def open_database(url: str) -> Database:
    """Open by SQLAlchemy URL. Raises ValueError for a back end that is not supported."""
    name = make_url(url).get_backend_name()
    if name == "sqlite":
        return SqliteDatabase(url)
    if name == "postgresql":
        return PostgresDatabase(url)
    raise ValueError(name)


def new_session(connection: Connection) -> Session:
    """A session inside somebody else's transaction: it never commits or rolls back that one."""
    return Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only", autoflush=True)


@dataclass
class _Job:
    work: Work[Any]
    done: Callable[[Any, BaseException | None], None]
    result: Any = None
    error: BaseException | None = field(default=None)


class SqliteDatabase:
    """One thread writes and commits the waiting works together; readers have their own connections."""

    dialect = "sqlite"

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = make_engine(url)
        self._reading = make_engine(url, read_only=True)
        self._line: Line[_Job] = Line()
        self._readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="reader")
        self._writer = threading.Thread(target=self._write_loop, name="writer", daemon=True)
        self._writer.start()

    async def run(self, work: Work[T], *, ahead: bool = False) -> T:
        """Queue for the writer; returns after the commit that holds this work."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: Any, error: BaseException | None) -> None:
            if future.cancelled():
                return
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        def done(result: Any, error: BaseException | None) -> None:
            # Whoever asked may have gone with its loop; the writer must outlive it.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, result, error)

        self._put(_Job(work, done), ahead)
        return await future

    async def read(self, work: Work[T]) -> T:
        """Run on a reader's connection, from a snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read_now, work)

    def run_now(self, work: Work[T]) -> T:
        """Queue for the writer and block the calling thread until the commit."""
        box: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        self._put(_Job(work, lambda result, error: box.put((result, error))), False)
        result, error = box.get()
        if error is not None:
            raise error
        done: T = result
        return done

    def close(self) -> None:
        """Let the writer finish its queue."""
        self._line.close()
        self._writer.join(timeout=20)
        self._readers.shutdown()
        self._reading.dispose()
        self._engine.dispose()

    def _put(self, job: _Job, ahead: bool) -> None:
        try:
            self._line.put(job, ahead=ahead)
        except LineClosed:
            raise DatabaseClosed from None

    def _read_now(self, work: Work[T]) -> T:
        with Session(self._reading, expire_on_commit=False) as session:
            return work(session)

    def _write_loop(self) -> None:
        while group := self._line.take():
            self._commit_together(group)

    def _commit_together(self, jobs: Sequence[_Job]) -> None:
        try:
            with self._engine.connect() as connection, connection.begin():
                if len(jobs) == 1:
                    _run(connection, jobs[0])
                for number, job in enumerate(jobs if len(jobs) > 1 else ()):
                    if number and self._line.is_long():
                        self._line.put_back(jobs[number:])
                        jobs = jobs[:number]
                        break
                    _run_in_savepoint(connection, job)
        except BaseException as error:  # noqa: BLE001 - whatever stops the commit stops every work in it
            for job in jobs:
                job.error = job.error or error
        for job in jobs:
            job.done(job.result, job.error)


def _run(connection: Connection, job: _Job) -> None:
    with new_session(connection) as session:
        job.result = job.work(session)
        session.flush()


def _run_in_savepoint(connection: Connection, job: _Job) -> None:
    savepoint = connection.begin_nested()
    try:
        _run(connection, job)
        savepoint.commit()
    except BaseException as error:
        # Handed to whoever waits for this work; a full disk stops the whole group.
        job.error = error
        if savepoint.is_active:
            savepoint.rollback()
        if isinstance(error, OperationalError) and _is_disk(error.orig):
            raise


def _is_disk(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.OperationalError) and ("disk" in str(error) or "I/O" in str(error))


class PostgresDatabase:
    """A pool of threads with plain transactions; clashes of two transactions are tried again."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = make_engine(url)
        self._threads = ThreadPoolExecutor(max_workers=POOL, thread_name_prefix="database")
        self._ahead = ThreadPoolExecutor(max_workers=AHEAD, thread_name_prefix="ahead")

    async def run(self, work: Work[T], *, ahead: bool = False) -> T:
        """Run in a thread of the pool; for what goes ahead a thread is kept free."""
        threads = self._ahead if ahead else self._threads
        return await asyncio.get_running_loop().run_in_executor(threads, self.run_now, work)

    async def read(self, work: Work[T]) -> T:
        """Run in a thread of the pool, in a transaction that refuses to write."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read_now, work)

    def run_now(self, work: Work[T]) -> T:
        """Run in the calling thread; a deadlock or a serialisation failure is tried again."""
        for attempt in range(_RETRIES):
            try:
                with Session(self._engine, expire_on_commit=False) as session:
                    result = work(session)
                    # Not `session.begin()`: at its end it keeps silent when the work swallowed a failed flush.
                    session.commit()
                    return result
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _SERIALISATION or attempt == _RETRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def _read_now(self, work: Work[T]) -> T:
        engine = self._engine.execution_options(postgresql_readonly=True)
        with Session(engine, expire_on_commit=False) as session:
            return work(session)

    def close(self) -> None:
        """Wait for the running works and let go of the pool."""
        self._ahead.shutdown()
        self._threads.shutdown()
        self._engine.dispose()
