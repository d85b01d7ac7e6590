"""Fixtures that every test may ask for."""

from tests.postgres import (
    database,
    database_url,
    empty_url,
    migrated_databases,
    postgres,
    postgres_database,
    postgres_template,
    sqlite_template,
)

__all__ = [
    "database",
    "database_url",
    "empty_url",
    "migrated_databases",
    "postgres",
    "postgres_database",
    "postgres_template",
    "sqlite_template",
]
