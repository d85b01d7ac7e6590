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
from storage.uploads import list_needless

log = logging.getLogger(__name__)

# A message that breaks us is given up long before.
_HANDLED = timedelta(days=2)
# Between an upload and the message that tells of it a telephone may lose its network.
_TOLD = timedelta(hours=1)
# The page shows photos again, these it does not.
_TAKEN_IN = frozenset({*DOCUMENTS, *RECORDINGS})


async def delete_forgotten(database: Database, media: Path) -> int:
    """First the bytes, then the name in the row, so that a crash in between only tries again; returns how many."""
    names = await database.read(list_forgotten)
    gone = [number for number, name in names.items() if await asyncio.to_thread(_delete, media, name)]
    if gone:
        await database.run(lambda session: note_deleted(session, gone))
    return len(gone)


async def delete_uploads(database: Database, incoming: Path, now: datetime) -> int:
    """What the web chat took in and does not show again goes once its message is handled: it is kept elsewhere, or
    never will be; returns how many."""
    taken_in = await asyncio.to_thread(_taken_in, incoming)
    old = [name for name, at in taken_in.items() if at < (now - _HANDLED).timestamp()]
    told = [name for name, at in taken_in.items() if at < (now - _TOLD).timestamp() and name not in old]
    gone = old + await database.read(lambda session: list_needless(session, WEBCHAT, told))
    for name in gone:
        await asyncio.to_thread((incoming / name).unlink, missing_ok=True)
    return len(gone)


def _taken_in(incoming: Path) -> dict[str, float]:
    """Names and instants, in seconds since 1970."""
    found = [path for path in incoming.glob("*") if path.suffix[1:] in _TAKEN_IN]
    return {path.name: path.stat().st_mtime for path in found}


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
