"""Opens the database for a command that runs beside the program, and closes it in any case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from bot.settings import Settings
from bot.tables import bring_up_to_date
from storage.database import Database, open_database


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Database, datetime]]:
    """The database, brought up to date if it is new, and the moment. Raises one of TROUBLES if it cannot be had."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    bring_up_to_date(settings.url)
    database = open_database(settings.url)
    try:
        yield database, datetime.now(UTC)
    finally:
        database.close()
