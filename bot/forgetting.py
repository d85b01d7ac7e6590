"""Deletes the bytes of files that are to be forgotten; the rows stay and tell that something came."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

from bot.attachments import media_path
from bot.channels.webchat import NAME as WEBCHAT
from bot.documents import MEDIA_TYPES as DOCUMENTS
from bot.documents import document_path
from bot.recordings import MEDIA_TYPES as RECORDINGS
from bot.recordings import recording_path
from storage.database import Database
from storage.files import list_forgotten, note_deleted
from storage.uploads import Uploads, list_needed

log = logging.getLogger(__name__)

# A message that breaks us is given up long before.
_HANDLED = timedelta(days=2)
# Between an upload and the message that tells of it a telephone may lose its network.
_TOLD = timedelta(hours=1)
# The page shows photos again, these it does not.
_NOT_SHOWN = frozenset({*DOCUMENTS, *RECORDINGS})


async def delete_forgotten(database: Database, media: Path) -> int:
    """First the bytes, then the name in the row, so that a crash in between only tries again; returns how many."""
    names = await database.read(list_forgotten)
    gone = [number for number, name in names.items() if await asyncio.to_thread(_delete, media, name)]
    if gone:
        await database.run(lambda session: note_deleted(session, gone))
    return len(gone)


async def delete_uploads(database: Database, incoming: Path, now: datetime) -> int:
    """What the web chat took in goes once its message is handled: it is kept elsewhere, or never will be.

    Photos are shown in the conversation from there: until its words are blanked, or they are to be forgotten. Returns
    how many went.
    """
    taken_in = await asyncio.to_thread(_taken_in, incoming)
    needed = await database.read(lambda session: list_needed(session, WEBCHAT)) if taken_in else None
    gone = [
        name for name, age in taken_in.items() if needed and _is_needless(name, now.timestamp() - age, needed)
    ]
    for name in gone:
        await asyncio.to_thread((incoming / name).unlink, missing_ok=True)
    return len(gone)


def _is_needless(name: str, seconds: float, needed: Uploads) -> bool:
    if seconds < _TOLD.total_seconds():
        return False
    if name.rpartition(".")[2] in _NOT_SHOWN:
        return name not in needed.open or seconds > _HANDLED.total_seconds()
    return name not in needed.shown


def _taken_in(incoming: Path) -> dict[str, float]:
    """Names and instants, in seconds since 1970."""
    return {path.name: path.stat().st_mtime for path in incoming.glob("*") if path.is_file()}


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
