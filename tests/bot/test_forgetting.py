"""Recordings that came into no ticket, documents that nobody may read: their bytes are deleted, all others never."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.documents import keep_document
from bot.forgetting import delete_forgotten, delete_uploads
from bot.recordings import keep_recording
from core.messages import Envelope
from scheduler import housekeeping
from storage.announcement_documents import attach_document
from storage.database import Database
from storage.files import Fetched, attach_files, record_files
from storage.inbox import record_event, redact
from storage.models import Announcement, InboxItem, StoredFile, Ticket
from storage.staff import Duty, enlist
from storage.statuses import StaffRole
from storage.tickets import Actor, add_ticket
from tests import papers, sounds
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


def _announced(session: Session, media: Path) -> None:
    """A document each: loose for long and since today, of one that holds, is over, was stopped, lies as a draft."""
    minh = person(session, "minh")
    staff = enlist(session, minh, Duty(StaffRole.LEADER), "Minh", OLD)
    month = timedelta(days=30)
    stories: dict[str, tuple[datetime, dict[str, object] | None]] = {
        "loose": (NOW - timedelta(days=1, seconds=1), None),
        "young": (NOW - timedelta(hours=23), None),
        "holds": (OLD, {"status": "sent", "valid_until": NOW - month + timedelta(seconds=1)}),
        "no end": (OLD, {"status": "sent"}),
        "over": (OLD, {"status": "sent", "valid_until": NOW - month}),
        "stopped": (NOW, {"status": "cancelled"}),
        "left alone": (OLD, {"status": "draft", "changed_at": OLD}),
        "waits": (OLD, {"status": "pending", "changed_at": OLD}),
    }
    for number, (title, (at, values)) in enumerate(stories.items(), start=1):
        kept = keep_document(media, papers.pdf(), title)
        (file,) = record_files(session, number, minh.id or 0, [kept], at)
        if values is None:
            continue
        row = Announcement(staff_id=staff.id or 0, chat_id=minh.id or 0, text="x", created_at=at, **values)
        session.add(row)
        session.flush()
        attach_document(session, row, file, "s")


async def test_documents_are_deleted_when_nobody_may_read_them_any_more(
    database: Database, tmp_path: Path
) -> None:
    media = tmp_path / "media"
    database.run_now(lambda s: _announced(s, media))
    assert database.run_now(lambda s: housekeeping.run(s, house(), NOW))["documents"] == 4
    assert await delete_forgotten(database, media) == 4
    rows = database.run_now(lambda s: s.exec(select(StoredFile)).all())
    left = {row.title for row in rows if row.status == "stored"}
    assert left == {"young", "holds", "no end", "waits"}
    assert {path.name for path in media.iterdir()} == {row.name for row in rows if row.title in left}
    assert database.run_now(lambda s: housekeeping.run(s, house(), NOW))["documents"] == 0


async def test_uploads_do_not_pile_up_and_none_goes_that_a_message_still_needs(
    database: Database, tmp_path: Path
) -> None:
    """Photos stay while their message stands in the conversation, whatever their age."""
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    days, hours, young = timedelta(days=2, seconds=1), timedelta(hours=2), timedelta(minutes=59)
    taken_in = {
        "old.pdf": days, "old.docx": days, "old.webm": days, "handled.webm": hours,
        "untold.m4a": hours, "waits.webm": hours, "parked.webm": hours, "young.xlsx": young, "young.webm": young,
        "shown.jpg": days, "untold.jpg": hours, "young.png": young, "waits.png": days, "left.part": days,
    }  # fmt: skip
    for name, age in taken_in.items():
        (incoming / name).write_bytes(b"x")
        os.utime(incoming / name, ((NOW - age).timestamp(),) * 2)
    database.run_now(lambda s: tell(s, "handled.webm", "voice"))
    database.run_now(lambda s: tell(s, "waits.webm", "voice", status="new"))
    database.run_now(lambda s: tell(s, "parked.webm", "voice", status="parked"))
    database.run_now(lambda s: tell(s, "shown.jpg"))
    database.run_now(lambda s: tell(s, "waits.png", status="new"))
    assert await delete_uploads(database, incoming, NOW) == 7
    assert {path.name for path in incoming.iterdir()} == {
        "waits.webm", "parked.webm", "young.xlsx", "young.webm", "shown.jpg", "young.png", "waits.png",
    }  # fmt: skip
    assert await delete_uploads(database, incoming, NOW) == 0


def tell(session: Session, name: str, kind: str = "photo", status: str = "done", files: str = "") -> int:
    """A message that names an upload; `files` are the states of what was kept of it."""
    raw = json.dumps({"kind": kind, "photos": [name], "text": "ở đây"})
    envelope = Envelope("webchat", "web", name, f"webchat/web/{name}", raw)
    number = record_event(session, envelope, NOW)
    assert number is not None
    session.get_one(InboxItem, number).status = status
    for state in files.split():
        row = StoredFile(inbox_id=number, kind="photo", status=state, name=None, created_at=NOW)
        session.add(row)
    return number


@pytest.mark.parametrize(
    ("files", "status", "redacted", "goes"),
    [
        ("stored", "done", False, False),
        # After «Hủy», or what the law takes no hold of: the page must not show what we say is gone.
        ("forgotten", "done", False, True),
        ("forgotten forgotten", "done", False, True),
        # One of the photos came into a ticket.
        ("forgotten stored", "done", False, False),
        # A denunciation, or thirty days.
        ("stored", "done", True, True),
        ("forgotten", "new", False, False),
    ],
)
async def test_a_photo_goes_with_its_message(
    files: str, status: str, redacted: bool, goes: bool, database: Database, tmp_path: Path
) -> None:
    name = "5" * 32 + ".jpg"
    (tmp_path / name).write_bytes(b"x")
    os.utime(tmp_path / name, ((NOW - timedelta(hours=2)).timestamp(),) * 2)
    number = database.run_now(lambda s: tell(s, name, files=files, status=status))
    if redacted:
        database.run_now(lambda s: redact(s, number))
    assert await delete_uploads(database, tmp_path, NOW) == int(goes)
    assert (tmp_path / name).exists() is not goes
