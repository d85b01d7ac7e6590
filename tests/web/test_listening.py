"""`/tai-ve/<token>` of a ticket's recordings: a page that plays them, for whoever may handle the ticket alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect
from sqlmodel import Session, select

from bot.recordings import keep_recording
from bot.web.download import add_download_routes
from bot.web.page_parts import PageParts
from bot.web.server import make_web_app
from bot.web.visitor import Visitors
from core.messages import Address
from storage.contacts import record_contact
from storage.database import Database
from storage.downloads import Part, add_download
from storage.files import attach_files, record_files
from storage.models import Download, Staff, Ticket
from storage.staff import Duty, dismiss, enlist
from storage.statuses import StaffRole
from storage.tickets import Actor, add_ticket
from tests import sounds
from tests.props import sample_house

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TOKEN = "A" * 43
SPOKEN = sounds.opus(4)


@dataclass
class Door:
    url: str
    database: Database
    media: Path
    ticket: int = 0
    files: list[int] = field(default_factory=list)
    now: list[datetime] = field(default_factory=lambda: [NOW])

    async def get(self, path: str = TOKEN, **headers: str) -> tuple[int, dict[str, str], bytes]:
        async with (
            ClientSession() as session,
            session.get(f"{self.url}/tai-ve/{path}", headers=headers) as answer,
        ):
            return answer.status, dict(answer.headers), await answer.read()

    async def staff(self, department: str = "VP") -> int:
        def work(session: Session) -> int:
            contact = record_contact(session, Address("webchat", "1", f"staff-{department}"), NOW)
            return enlist(session, contact, Duty(StaffRole.OFFICER, department), "Hạnh", NOW).id or 0

        return await self.database.run(work)

    async def link(self, staff_id: int, token: str = TOKEN) -> None:
        part = Part(ticket_id=self.ticket)
        await self.database.run(lambda s: add_download(s, token, staff_id, part, self.now[0]))


@pytest_asyncio.fixture(loop_scope="session")
async def door(database: Database, tmp_path: Path) -> AsyncIterator[Door]:
    opened = Door("", database, tmp_path)

    def fill(session: Session) -> None:
        contact = record_contact(session, Address("telegram", "1", "sau"), NOW)
        for code in ("7K3M-9Q2F-4XH", "2B4C-6F8G-1HJ"):
            row = Ticket(code=code, contact_id=contact.id or 0, category="KHAC", department="VP",
                         text="(nói)", created_at=NOW, due_at=NOW, updated_at=NOW)  # fmt: skip
            add_ticket(session, row, Actor("telegram", contact.id))
            kept = [keep_recording(tmp_path, SPOKEN), keep_recording(tmp_path, sounds.amr(3))]
            files = record_files(session, row.id or 0, contact.id or 0, kept, NOW)
            attach_files(session, [file.id or 0 for file in files], contact.id or 0, row.id or 0)
            opened.ticket = opened.ticket or row.id or 0
            opened.files += [file.id or 0 for file in files]

    await database.run(fill)
    app = make_web_app()
    add_download_routes(app, PageParts(database, sample_house, lambda: opened.now[0], tmp_path, Visitors(())))
    async with TestServer(app) as server:
        opened.url = f"http://127.0.0.1:{server.port}"
        yield opened


async def test_the_page_plays_what_was_said_to_this_ticket_and_nothing_else_runs_on_it(door: Door) -> None:
    await door.link(await door.staff())
    status, headers, body = await door.get()
    page = body.decode()
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; media-src 'self';")
    assert "Ghi âm của phiếu 7K3M-9Q2F-4XH" in page
    first, second, foreign, _ = door.files
    for number in (first, second):
        assert f'src="/tai-ve/{TOKEN}/{number}" aria-label="Bản ' in page
    assert f"/{foreign}" not in page
    assert f'download="ghi-am-{second}.amr"' in page


async def test_a_recording_comes_whole_and_in_pieces(door: Door) -> None:
    await door.link(await door.staff())
    status, headers, body = await door.get(f"{TOKEN}/{door.files[0]}")
    assert (status, headers["Content-Type"], body) == (200, "audio/ogg", SPOKEN)
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    status, headers, body = await door.get(f"{TOKEN}/{door.files[0]}", Range="bytes=100-199")
    assert (status, body) == (206, SPOKEN[100:200])
    assert (await door.get(f"{TOKEN}/{door.files[1]}"))[1]["Content-Type"] == "audio/amr"


async def test_recordings_of_another_ticket_and_other_files_stay_shut(door: Door) -> None:
    await door.link(await door.staff())
    for path in (
        f"{TOKEN}/{door.files[2]}",
        f"{TOKEN}/999999",
        f"{'B' * 43}/{door.files[0]}",
        f"{TOKEN}/..%2fx",
    ):
        assert (await door.get(path))[0] == 404

    def rename(session: Session) -> None:
        (door.media / "secret.txt").write_text("secret")
        session.connection().exec_driver_sql("UPDATE stored_file SET name = '../secret.txt'")

    await door.database.run(rename)
    assert (await door.get(f"{TOKEN}/{door.files[0]}"))[0] == 404


async def test_the_link_ends_with_its_time_and_with_the_right_to_handle_the_ticket(door: Door) -> None:
    officer = await door.staff()
    await door.link(officer)
    door.now[0] = NOW + timedelta(minutes=30)
    assert (await door.get())[0] == 410
    assert (await door.get(f"{TOKEN}/{door.files[0]}"))[0] == 410
    door.now[0] = NOW

    def forward(session: Session) -> None:
        session.get_one(Ticket, door.ticket).department = "KT"

    await door.database.run(forward)
    assert (await door.get(f"{TOKEN}/{door.files[0]}"))[0] == 410
    colleague = await door.staff("KT")
    await door.link(colleague, "C" * 43)
    assert (await door.get("C" * 43))[0] == 200

    def leave(session: Session) -> None:
        dismiss(session, session.get_one(Staff, colleague), NOW)

    await door.database.run(leave)
    assert (await door.get("C" * 43))[0] == 410


async def test_opening_is_counted_once_however_many_pieces_are_played(door: Door) -> None:
    await door.link(await door.staff())
    await door.get()
    for _ in range(20):
        assert (await door.get(f"{TOKEN}/{door.files[0]}", Range="bytes=0-9"))[0] == 206
    rows = await door.database.run(lambda s: [(r.ticket_id, r.uses) for r in s.exec(select(Download))])
    assert rows == [(door.ticket, 1)]


async def test_a_new_link_ends_the_earlier_one_to_the_same_ticket_and_no_other(door: Door) -> None:
    officer = await door.staff()
    await door.link(officer)
    await door.database.run(lambda s: add_download(s, "S" * 43, officer, Part(), NOW + timedelta(minutes=1)))
    assert (await door.get())[0] == 200
    door.now[0] = NOW + timedelta(minutes=2)
    await door.link(officer, "D" * 43)
    assert ((await door.get())[0], (await door.get("D" * 43))[0]) == (410, 200)


@pytest.mark.browser
async def test_a_browser_plays_what_other_browsers_recorded(door: Door, browser: Browser) -> None:
    kept = [keep_recording(door.media, sounds.webm(4)), keep_recording(door.media, sounds.m4a_pieces(4))]

    def add(session: Session) -> None:
        owner = session.get_one(Ticket, door.ticket).contact_id
        files = record_files(session, 77, owner, kept, NOW)
        attach_files(session, [file.id or 0 for file in files], owner, door.ticket)

    await door.database.run(add)
    await door.link(await door.staff())
    page = await browser.new_page()
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
    await page.goto(f"{door.url}/tai-ve/{TOKEN}")
    players = page.locator("audio")
    await expect(players).to_have_count(4)
    for number in (2, 3):
        await players.nth(number).evaluate("one => one.play()")
        await expect(players.nth(number)).not_to_have_js_property("currentTime", 0)
        assert await players.nth(number).evaluate("one => one.error") is None
    assert refused == []
