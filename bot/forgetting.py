"""Deletes the bytes of files that are to be forgotten; the rows stay and tell that something came."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

from bot.attachments import media_path
from bot.documents import MEDIA_TYPES as DOCUMENTS
from bot.documents import document_path
from bot.recordings import recording_path
from storage.database import Database
from storage.files import list_forgotten, note_deleted

log = logging.getLogger(__name__)

# A message that breaks us is given up long before.
_HANDLED = timedelta(days=2)


async def delete_forgotten(database: Database, media: Path) -> int:
    """First the bytes, then the name in the row, so that a crash in between only tries again; returns how many."""
    names = await database.read(list_forgotten)
    gone = [number for number, name in names.items() if await asyncio.to_thread(_delete, media, name)]
    if gone:
        await database.run(lambda session: note_deleted(session, gone))
    return len(gone)


async def delete_uploads(incoming: Path, now: datetime) -> int:
    """Documents that the web chat took in days ago: each is in the folder of kept files by now, or never will be."""
    return await asyncio.to_thread(_delete_uploads, incoming, now - _HANDLED)


def _delete_uploads(incoming: Path, before: datetime) -> int:
    old = [
        path
        for path in incoming.glob("*")
        if path.suffix[1:] in DOCUMENTS and path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _delete(media: Path, name: str) -> bool:
    try:
        path = _path(media, name)
        path.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        log.warning("a file could not be deleted: %s", type(error).__name__)
        return False
    return True


def _path(media: Path, name: str) -> Path:
    """Raises ValueError for a name that we never gave."""
    ending = name.rpartition(".")[2]
    if ending in DOCUMENTS:
        return document_path(media, name)
    return media_path(media, name) if ending == "jpg" else recording_path(media, name)
