"""Brings the tables up to date at the start."""

from __future__ import annotations

from storage.revision import needs_upgrade


def bring_up_to_date(url: str) -> None:
    """Take the steps that are missing. Raises NewerDatabase and ForeignDatabase."""
    if needs_upgrade(url):
        # Alembic takes a tenth of a start to read, and most starts have nothing for it to do.
        from storage.migrate import upgrade

        upgrade(url)
