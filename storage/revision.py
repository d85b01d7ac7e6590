"""Which steps a database has taken, and which there are; without Alembic, which most starts do not need."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from storage.engine import disposed, make_engine
from storage.models import InboxItem
from storage.sqlite_file import sqlite_file

FOLDER = Path(__file__).parent / "migrations"
_TAKEN = "alembic_version"


class NewerDatabase(Exception):
    """The database was written by a newer version of the program: this one must not touch it."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"database revision {revision} is not known to this version")
        self.revision = revision


class ForeignDatabase(Exception):
    """The database has tables with names of ours, or steps, that somebody else made."""


def needs_upgrade(url: str) -> bool:
    """True for an empty or older database. Raises NewerDatabase and ForeignDatabase."""
    return current_revision(url) != newest_revision()


def current_revision(url: str) -> str | None:
    """The last step that this database has taken. Raises NewerDatabase and ForeignDatabase."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return None
    with disposed(make_engine(url)) as engine, engine.connect() as connection:
        names = frozenset(inspect(connection).get_table_names())
        found: str | None = None
        if _TAKEN in names:
            found = connection.execute(text(f"SELECT version_num FROM {_TAKEN}")).scalar()  # noqa: S608
    if found is not None and is_known(found):
        return found
    # Another program's steps without a table of ours, or a table of ours without steps.
    if (found is not None) != bool(names & InboxItem.metadata.tables.keys()):
        raise ForeignDatabase(make_url(url).database)
    if found is not None:
        raise NewerDatabase(found)
    return None


def list_revisions() -> list[str]:
    """All steps that this version of the program knows, first to last: their files are numbered."""
    return sorted(file.name.split("_")[1] for file in (FOLDER / "versions").glob("step_*.py"))


def newest_revision() -> str:
    """The last of them."""
    return list_revisions()[-1]


def is_known(revision: str) -> bool:
    """True when this version of the program has that step."""
    return revision in list_revisions()
