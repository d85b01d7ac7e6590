"""Recordings that came into no ticket: their bytes are deleted, those of tickets never."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.forgetting import delete_forgotten
from bot.recordings import keep_recording
from scheduler import housekeeping
from storage.database import Database
from storage.files import Fetched, attach_files, record_files
from storage.models import StoredFile, Ticket
from storage.tickets import Actor, add_ticket
from tests import sounds
from tests.scheduler.office import house, local, person

NOW = local("2026-11-26 03:05")
OLD, YOUNG = NOW - timedelta(days=30, seconds=1), NOW - timedelta(days=29)


def _fill(session: Session, media: Path) -> None:
    """An old loose one, a young loose one, an old one of a ticket, an old photo, each the contact's own."""
    lan = person(session, "lan")
    ticket = Ticket(
        code="7K3M-9Q2F-4XH", contact_id=lan.id or 0, category="KHAC", department="VP", text="(nói)",
        created_at=OLD, due_at=NOW, updated_at=OLD,
    )  # fmt: skip
    add_ticket(session, ticket, Actor("telegram", lan.id))
    photo = Fetched("photo", f"{'b' * 32}.jpg")
    for number, (kept, at) in enumerate([(None, OLD), (None, YOUNG), (None, OLD), (photo, OLD)], start=1):
        found = kept or keep_recording(media, sounds.amr(2))
        (file,) = record_files(session, number, lan.id or 0, [found], at)
        if number == 3:
            attach_files(session, [file.id or 0], lan.id or 0, ticket.id or 0)


def _rows(database: Database) -> list[tuple[str, bool]]:
    rows = database.run_now(lambda s: s.exec(select(StoredFile).order_by(StoredFile.id)).all())  # type: ignore[arg-type]
    return [(row.status, row.name is not None) for row in rows]


async def test_after_thirty_days_what_was_never_sent_is_deleted(database: Database, tmp_path: Path) -> None:
    database.run_now(lambda s: _fill(s, tmp_path))
    names = {p.name for p in tmp_path.iterdir()}
    counts = database.run_now(lambda s: housekeeping.run(s, house(), NOW))
    assert counts["recordings"] == 1
    assert await delete_forgotten(database, tmp_path) == 1
    assert len(names - {p.name for p in tmp_path.iterdir()}) == 1
    assert _rows(database) == [("forgotten", False), ("stored", True), ("stored", True), ("stored", True)]
    assert database.run_now(lambda s: housekeeping.run(s, house(), NOW))["recordings"] == 0
    assert await delete_forgotten(database, tmp_path) == 0


async def test_a_file_that_cannot_be_deleted_is_tried_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run_now(lambda s: _fill(s, tmp_path))
    database.run_now(lambda s: housekeeping.run(s, house(), NOW))

    def refuse(_path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(missing_ok)

    with monkeypatch.context() as stubborn:
        stubborn.setattr(Path, "unlink", refuse)
        assert await delete_forgotten(database, tmp_path) == 0
    assert _rows(database)[0] == ("forgotten", True)
    assert await delete_forgotten(database, tmp_path) == 1
    assert _rows(database)[0] == ("forgotten", False)
