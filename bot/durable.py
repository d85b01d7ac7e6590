"""Keeps files so that they survive a power cut: what citizens send, and whatever else must not be lost."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from core.messages import MessageKind
from storage.files import Fetched


def keep(media: Path, data: bytes, kind: MessageKind, ending: str, media_type: str) -> Fetched:
    """Keep what a citizen sent under a name of our own; safely on disk when this returns."""
    name = f"{secrets.token_hex(16)}.{ending}"
    media.mkdir(parents=True, exist_ok=True)
    write_durably(media / name, data)
    digest = hashlib.sha256(data).hexdigest()
    return Fetched(kind=kind.value, name=name, media_type=media_type, size=len(data), sha256=digest)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that it survives a power cut: content and folder entry are both synced."""
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
