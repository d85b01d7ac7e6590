"""Keeps a second process off the same SQLite file."""

from __future__ import annotations

import fcntl
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process serves this data folder."""


class FolderLock:
    """Held by the kernel for as long as this process lives: a killed one leaves nothing behind."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self._file = (data_dir / "nghedan.lock").open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise AlreadyRunning from None

    def release(self) -> None:
        """Let the next one in."""
        self._file.close()
