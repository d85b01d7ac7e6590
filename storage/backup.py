"""One file with the database and all photos; and back again, into a copy that is silent until confirmed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, text
from sqlmodel import Session, col, select

from storage import archive, postgres_tools
from storage.archive import DUMP, FOLDERS, SQLITE, BackupError, Manifest
from storage.engine import make_engine
from storage.machinery import drop_fact, find_fact
from storage.models import Announcement
from storage.outbox import cancel_all_queued
from storage.revision import current_revision, is_known
from storage.sqlite_file import copy_database, sqlite_file
from storage.statuses import AnnouncementStatus

__all__ = ["BackupError", "NotQuarantined", "backup", "confirm_restored", "is_quarantined", "restore"]

QUARANTINE = "quarantine"


class NotQuarantined(Exception):
    """The database is no restored copy, or was confirmed before: there is nothing to confirm."""


Progress = Callable[[float], None]


def backup(url: str, data_dir: Path, target: Path, progress: Progress = lambda _done: None) -> Manifest:
    """Write everything into `target` while the program goes on; `progress` gets 0.0 to 1.0.

    The secret key is not part of it: whoever finds a backup must not be able to read the stored tokens.
    Raises BackupError; then `target` is as it was before.
    """
    revision = current_revision(url)
    if revision is None:
        raise BackupError("no_database")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        file = sqlite_file(url)
        database = Path(folder) / (DUMP if file is None else SQLITE)
        if file is None:
            postgres_tools.dump(url, database)
        else:
            copy_database(file, database)
        # The photos after the database: a row that is in the copy has its file, since files come first.
        photos = [path for name in FOLDERS for path in sorted((data_dir / name).rglob("*")) if path.is_file()]
        parts = [
            (database, database.name),
            *((path, path.relative_to(data_dir).as_posix()) for path in photos),
        ]
        return archive.write(target, parts, revision, _database_time(url), progress)


def restore(
    source: Path,
    url: str,
    data_dir: Path,
    *,
    overwrite: bool = False,
    progress: Progress = lambda _done: None,
) -> Manifest:
    """Take a backup back. The copy is in quarantine: it sends nothing until `confirm_restored`.

    Nobody may use the target meanwhile. Raises BackupError; then the target is as it was before, but
    for photos that are missing there. A killed restore can be repeated.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    if not overwrite and not _is_empty(url):
        raise BackupError("not_empty")
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=".restore-") as name:
        folder = Path(name)
        manifest = archive.read(source, folder, progress)
        database = _checked(folder, manifest, sqlite_file(url))
        _place_photos(folder, data_dir)
        # The database last, and silent from its first moment: killed before, there is nothing that could send.
        if (file := sqlite_file(url)) is None:
            postgres_tools.load(url, database, QUARANTINE, overwrite=overwrite)
        else:
            _replace(database, file)
    return manifest


def is_quarantined(session: Session) -> bool:
    """True for a restored copy that nobody has confirmed yet."""
    return find_fact(session, QUARANTINE) is not None


def confirm_restored(session: Session, *, keep_queued: bool = False) -> int:
    """The old installation is off: this one may send. Returns how many waiting messages were cancelled.

    What waited when the backup was made may long have been sent, so it is cancelled unless `keep_queued`;
    announcements that were under way end for the same reason. Raises NotQuarantined: then nothing has changed.
    """
    if not is_quarantined(session):
        raise NotQuarantined
    drop_fact(session, QUARANTINE)
    if keep_queued:
        return 0
    query = select(Announcement).where(
        col(Announcement.status).in_([AnnouncementStatus.SENDING, AnnouncementStatus.PAUSED])
    )
    for announcement in session.exec(query).all():
        announcement.status = AnnouncementStatus.CANCELLED.value
        session.add(announcement)
    return cancel_all_queued(session, "restored")


def _database_time(url: str) -> str:
    """The moment by the database's own clock: this folder has no other."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT CURRENT_TIMESTAMP")).scalar_one()
    finally:
        engine.dispose()
    return str(found)


def _is_empty(url: str) -> bool:
    """True when there is no table at all, ours or not."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return True
    engine = make_engine(url)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _checked(folder: Path, manifest: Manifest, file: Path | None) -> Path:
    """The database of an unpacked backup, if this version and this back end can take it."""
    database = folder / (DUMP if file is None else SQLITE)
    if not database.exists():
        saved, wanted = ("PostgreSQL", "SQLite") if file is not None else ("SQLite", "PostgreSQL")
        raise BackupError("other_kind", saved=saved, wanted=wanted)
    if not is_known(manifest.revision):
        raise BackupError("newer")
    if file is not None:
        _prepare(database)
    return database


def _prepare(database: Path) -> None:
    """Check a SQLite copy, and put it into quarantine before it is anywhere."""
    try:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise BackupError("damaged")
            connection.execute(
                "INSERT INTO house_fact (name, value) VALUES (?, CURRENT_TIMESTAMP)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (QUARANTINE,),
            )
    except sqlite3.DatabaseError as error:
        raise BackupError("damaged") from error


def _place_photos(folder: Path, data_dir: Path) -> None:
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file():
                target = data_dir / path.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)


def _replace(database: Path, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # The file may lie on another disk than the data folder, and only a rename within one is a single step.
    near = file.with_name(file.name + ".restored")
    shutil.copyfile(database, near)
    near.chmod(0o600)
    with near.open("rb+") as copy:
        os.fsync(copy.fileno())
    # The log of the old file would be taken for a log of the new one.
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    near.replace(file)
