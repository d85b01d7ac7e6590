"""The file format of a backup: a packed archive whose manifest names every part with its hash."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO

from core.wording import load_wording

SQLITE, DUMP = "database.sqlite", "database.dump"
# Folders of the data folder that belong to the data: kept photos, and those of messages not handled yet.
FOLDERS = ("media", "incoming")
_MANIFEST = "manifest.json"
_FORMAT = 1
_CHUNK = 1024 * 1024
_MANIFEST_LIMIT = 256 * 1024 * 1024
# Nothing that could lead out of a folder: no empty, dotted or odd part of a name.
_PART = re.compile(rf"({SQLITE}|{DUMP}|({'|'.join(FOLDERS)})(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+)")

Progress = Callable[[float], None]


class BackupError(Exception):
    """A backup cannot be made or taken back. `reason` is a key of core/wording/backup.toml, str() its words."""

    def __init__(self, reason: str, **blanks: object) -> None:
        super().__init__(load_wording({}).text(f"backup.{reason}", **blanks))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Part:
    """A file in the archive."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds: by which version, of which revision of the tables, when, and every part."""

    version: str
    revision: str
    created_at: str
    parts: tuple[Part, ...]


def write(
    target: Path,
    parts: Sequence[tuple[Path, str]],
    revision: str,
    created_at: str,
    progress: Progress,
) -> Manifest:
    """Pack files under their names in the archive; the target appears complete or not at all."""
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    try:
        manifest = _write_all(partial, parts, Manifest(_version(), revision, created_at, ()), progress)
        partial.replace(target)
    except BaseException:
        # On a full disk the half of a backup would keep it full.
        partial.unlink(missing_ok=True)
        raise
    progress(1.0)
    return manifest


def _write_all(
    partial: Path, parts: Sequence[tuple[Path, str]], head: Manifest, progress: Progress
) -> Manifest:
    total, done = sum(_size(path) for path, _ in parts) or 1, 0
    packed: list[Part] = []
    # Level 1: photos do not get any smaller, and the database does well enough.
    with partial.open("wb") as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
        for path, name in parts:
            part = _pack(archive, path, name)
            if part is not None:
                packed.append(part)
                done += part.size
                progress(min(done / total, 1.0))
        manifest = replace(head, parts=tuple(packed))
        _add(archive, _MANIFEST, json.dumps({"format": _FORMAT, **asdict(manifest)}, indent=1).encode())
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    return manifest


def read(source: Path, folder: Path, progress: Progress) -> Manifest:
    """Unpack into an empty folder and check every part against the manifest. Raises BackupError."""
    found: dict[str, Part] = {}
    raw: bytes | None = None
    if not source.is_file():
        raise BackupError("not_a_backup")
    try:
        with source.open("rb") as file, tarfile.open(fileobj=file, mode="r|gz") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if content is None or member.name in found:
                    raise BackupError("wrong_part", part=member.name)
                if member.name == _MANIFEST and raw is None and member.size <= _MANIFEST_LIMIT:
                    raw = content.read()
                else:
                    found[member.name] = _unpack(content, member.name, folder)
                progress(file.tell() / max(source.stat().st_size, 1))
        manifest = _parse(raw)
    except (tarfile.TarError, zlib.error, EOFError, ValueError, KeyError, TypeError) as error:
        raise BackupError("not_a_backup") from error
    named = {part.path: part for part in manifest.parts}
    for name in sorted(named.keys() | found.keys()):
        if named.get(name) != found.get(name):
            raise BackupError("wrong_part", part=name)
    return manifest


def _pack(archive: tarfile.TarFile, path: Path, name: str) -> Part | None:
    """None for a file that was deleted since it was listed, or that is still being written."""
    if not _PART.fullmatch(name) or name.endswith(".part"):
        return None
    try:
        with path.open("rb") as file:
            info = tarfile.TarInfo(name)
            info.size = os.fstat(file.fileno()).st_size
            info.mode = 0o600
            hashed = _Hashing(file)
            archive.addfile(info, hashed)
    except FileNotFoundError:
        return None
    return Part(name, info.size, hashed.digest.hexdigest())


def _unpack(content: IO[bytes], name: str, folder: Path) -> Part:
    if not _PART.fullmatch(name):
        raise BackupError("wrong_part", part=name)
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        while chunk := content.read(_CHUNK):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return Part(name, size, digest.hexdigest())


def _parse(raw: bytes | None) -> Manifest:
    value = json.loads(raw or b"")
    if value["format"] != _FORMAT:
        raise ValueError("format")
    parts = tuple(Part(one["path"], one["size"], one["sha256"]) for one in value["parts"])
    return Manifest(value["version"], value["revision"], value["created_at"], parts)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))


class _Hashing:
    """A file that is hashed while the archive reads it, so that hash and content cannot differ."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _version() -> str:
    try:
        return version("nghedan")
    except PackageNotFoundError:
        return "0"
