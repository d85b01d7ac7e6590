"""Fixtures that every test may ask for, and the mark of those that can try more than they usually do."""

from __future__ import annotations

import pytest

from tests.postgres import (
    data_url,
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
    "data_url",
    "database",
    "database_url",
    "empty_url",
    "migrated_databases",
    "postgres",
    "postgres_database",
    "postgres_template",
    "sqlite_template",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Property tests are run once more, with all their examples, by `make test-long`."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("examples")
