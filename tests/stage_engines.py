"""Where a stage keeps its books: SQLite files that are played on again and again, or any database by its URL."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, StaticPool, create_engine, event, text
from sqlmodel import SQLModel

from storage.database import make_engine

_FREE: list[Engine] = []
"""Databases that nobody plays on: an engine knows how to say each statement only after it has said it once."""


def take_engine(engine: Engine | None = None) -> Engine:
    """An engine whose tables are as on the first day: one of ours, or the given one, whose tables must exist."""
    if engine is None:
        engine = _FREE.pop() if _FREE else _new_engine()
    _empty(engine)
    return engine


def leave_engine(engine: Engine) -> None:
    """One of ours is free for the next play."""
    _FREE.append(engine)


def start_anew(engine: Engine) -> Engine:
    """What a restart of the program does: every connection is gone, and a new engine reads the same books."""
    engine.dispose()
    again = make_engine(engine.url.render_as_string(hide_password=False))
    if again.dialect.name == "sqlite":
        event.listen(again, "connect", _do_not_wait_for_the_disk)
    return again


def _new_engine() -> Engine:
    folder = tempfile.mkdtemp(prefix="stage-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = make_engine(f"sqlite:///{folder}/stage.db")
    # Nothing here outlives the play, and waiting for the disk would make a hundred plays slow.
    event.listen(engine, "connect", _do_not_wait_for_the_disk)
    return engine


def _empty(engine: Engine) -> None:
    with engine.connect() as connection:
        target = connection.connection.driver_connection
        if isinstance(target, sqlite3.Connection):
            _first_day().backup(target)
            return
        names = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        connection.commit()


@lru_cache(maxsize=1)
def _first_day() -> sqlite3.Connection:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    SQLModel.metadata.create_all(engine)
    connection = engine.raw_connection().driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
