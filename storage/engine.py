"""Engines: what every connection of ours is told before its first statement, on either back end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

POOL = 8  # connections to PostgreSQL, and the threads that use them
AHEAD = 2  # more of both, for works that somebody outside waits for
_BUSY_MS = 5_000


def make_engine(url: str, *, read_only: bool = False) -> Engine:
    """An engine with the pragmas or time-outs that every connection of ours needs.

    `read_only` concerns SQLite only: its connections read from snapshots beside the writer.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        options = "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000"
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=POOL + AHEAD,
            max_overflow=4,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": options, "connect_timeout": 5},
        )
    # Without this an error message would carry what a citizen wrote into the log.
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _set_pragmas)
    if read_only:
        event.listen(engine, "connect", _refuse_writes)
    event.listen(engine, "begin", _begin if read_only else _begin_immediate)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: only BEGIN IMMEDIATE keeps a read and the write that
    # follows it in one piece, and spares «database is locked» (docs/decisions/0001-sqlite-writer.md).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _refuse_writes(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def disposed(engine: Engine) -> Iterator[Engine]:
    """Let go of its connections afterwards."""
    try:
        yield engine
    finally:
        engine.dispose()
