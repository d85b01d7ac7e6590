"""INSERT … ON CONFLICT in the words of the back end at hand: both know it, each by a construct of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_into(session: Session, table: type) -> Any:
    """An insert to which `on_conflict_…` and `returning` may be added."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def table_of(row: type[SQLModel]) -> Table:
    """The table behind a kind of row, for statements that concern no loaded row and are built only once."""
    table: Table = row.__table__  # type: ignore[attr-defined]
    return table
