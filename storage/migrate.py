"""Brings a database to the tables of this version: one step or all, under a lock, after a copy of the file."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, event
from sqlmodel import SQLModel

import storage.models  # noqa: F401 - the tables that the steps lead to
from storage.engine import disposed, make_engine
from storage.revision import FOLDER, current_revision, list_revisions, needs_upgrade
from storage.sqlite_file import copy_database, sqlite_file

_LOCK = 0x6E676865  # "nghe": one number for all processes that share a PostgreSQL database


class BrokenReference(Exception):
    """After the steps a row points to a row that is not there; nothing was changed."""


def upgrade(url: str, revision: str = "head") -> Path | None:
    """Take all steps up to `revision`; returns the copy of the SQLite file that was made before, if any.

    Raises NewerDatabase and ForeignDatabase. A step that fails leaves the database as it was.
    """
    if not needs_upgrade(url):
        return None
    copy = _copy_file(url)
    with _locked(url) as connection:
        # Another replica may have taken the steps while we waited for the lock: then there is nothing to do.
        command.upgrade(_config(connection), revision)
    return copy


def downgrade(url: str, revision: str) -> Path | None:
    """Take steps back to `revision` ("base" for none); returns the copy made before. Raises NewerDatabase."""
    current_revision(url)
    copy = _copy_file(url)
    with _locked(url) as connection:
        command.downgrade(_config(connection), revision)
    return copy


def list_differences(url: str) -> list[Any]:
    """What the tables of the models have that the database has not, or the other way round."""
    with disposed(make_engine(url)) as engine, engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))


def write_step(message: str) -> None:
    """For developers: write the next numbered step from the difference between models and steps so far."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/scratch.db"
        upgrade(url)
        with _locked(url) as connection:
            number = f"{len(list_revisions()) + 1:04}"
            command.revision(_config(connection), message, autogenerate=True, rev_id=number)


def run_migrations(context: Any) -> None:
    """Run the command that Alembic is about, on the connection that was given with it."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=SQLModel.metadata,
        # SQLite cannot alter a column: batch mode copies the table instead.
        render_as_batch=True,
    )
    context.run_migrations()


def _copy_file(url: str) -> Path | None:
    file, revision = sqlite_file(url), current_revision(url)
    if file is None or revision is None:
        return None
    copy = file.with_name(f"{file.name}.{revision}.bak")
    copy_database(file, copy)
    return copy


@contextmanager
def _locked(url: str) -> Iterator[Connection]:
    """One transaction for all steps, which nobody else can run meanwhile; both back ends can undo DDL."""
    engine = make_engine(url)
    event.listen(engine, "connect", _prepare)
    with disposed(engine), engine.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield connection
        _check_references(connection)


def _prepare(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        # Batch mode drops a table and renames its copy: with keys on, the drop would empty what refers to it.
        connection.execute("PRAGMA foreign_keys=OFF")
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    connection.commit()


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise BrokenReference(f"{broken[0]} -> {broken[2]}")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    # Modules must begin with a letter.
    config.set_main_option("file_template", "step_%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    write_step(" ".join(sys.argv[1:]))
