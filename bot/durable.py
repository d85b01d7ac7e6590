"""Keeps files so that they survive a power cut: what citizens send, and whatever else must not be lost."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Container
from pathlib import Path

from core.messages import MessageKind
from storage.files import Fetched

_NAME_BYTES = 16


def keep(media: Path, data: bytes, kind: MessageKind, ending: str, media_type: str) -> Fetched:
    """Keep what a citizen sent under a name of our own; safely on disk when this returns."""
    name = f"{secrets.token_hex(_NAME_BYTES)}.{ending}"
    media.mkdir(parents=True, exist_ok=True)
    write_durably(media / name, data)
    digest = hashlib.sha256(data).hexdigest()
    return Fetched(kind=kind.value, name=name, media_type=media_type, size=len(data), sha256=digest)


def kept_path(media: Path, name: str, endings: Container[str]) -> Path:
    """Where a file lies that `keep` has named. Raises ValueError for a name that it never gave."""
    stem, _, ending = name.partition(".")
    if not (
        len(stem) == 2 * _NAME_BYTES and ending in endings and all(c in "0123456789abcdef" for c in stem)
    ):
        raise ValueError("not a name of ours")
    return media / name


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
