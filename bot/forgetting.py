"""Deletes the bytes of photos and recordings that are to be forgotten; the rows stay and tell that something came."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.attachments import media_path
from bot.recordings import recording_path
from storage.database import Database
from storage.files import list_forgotten, note_deleted

log = logging.getLogger(__name__)


async def delete_forgotten(database: Database, media: Path) -> int:
    """First the bytes, then the name in the row, so that a crash in between only tries again; returns how many."""
    names = await database.read(list_forgotten)
    gone = [number for number, name in names.items() if await asyncio.to_thread(_delete, media, name)]
    if gone:
        await database.run(lambda session: note_deleted(session, gone))
    return len(gone)


def _delete(media: Path, name: str) -> bool:
    try:
        path = media_path(media, name) if name.endswith(".jpg") else recording_path(media, name)
        path.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        log.warning("a file could not be deleted: %s", type(error).__name__)
        return False
    return True
