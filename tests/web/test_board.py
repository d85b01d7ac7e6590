"""`/bang-tin`: what was published and nothing else, as text and never as markup; and the sheet to print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from sqlmodel import Session

from bot.web.board import add_board_routes, sheet_of
from bot.web.page_parts import PageParts
from bot.web.server import make_web_app
from bot.web.sheet import Sheet, make_sheet
from bot.web.visitor import Visitors
from core.messages import Address
from storage.contacts import record_contact
from storage.database import Database
from storage.models import Announcement
from storage.staff import Duty, enlist
from storage.statuses import StaffRole
from tests.props import sample_house

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PICTURE = f"{'a' * 32}.jpg"
TEXT = 'Cắt điện <b>ngõ 5</b> & "ngõ 3"\nTừ 7 giờ.\n\nUBND phường Mẫu'


@dataclass
class Door:
    url: str
    database: Database
    media: Path

    async def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        async with ClientSession() as session, session.get(f"{self.url}{path}") as answer:
            return answer.status, dict(answer.headers), await answer.read()

    async def announce(self, **values: object) -> int:
        def work(session: Session) -> int:
            contact = record_contact(session, Address("webchat", "1", "minh"), NOW)
            staff = enlist(session, contact, Duty(StaffRole.LEADER), "Minh", NOW)
            row = Announcement(staff_id=staff.id or 0, chat_id=contact.id or 0, text=TEXT, created_at=NOW)
            row.on_board_at = NOW
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)
            session.flush()
            return row.id or 0

        return await self.database.run(work)


@pytest_asyncio.fixture(loop_scope="session")
async def door(database: Database, tmp_path: Path) -> AsyncIterator[Door]:
    app = make_web_app()
    add_board_routes(app, PageParts(database, sample_house, lambda: NOW, tmp_path, Visitors(())))
    async with TestServer(app) as server:
        yield Door(f"http://127.0.0.1:{server.port}", database, tmp_path)


async def test_an_empty_board_says_so(door: Door) -> None:
    status, headers, body = await door.get("/bang-tin")
    assert status == 200
    assert "Hiện chưa có thông báo nào" in body.decode()
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


async def test_words_are_words_and_never_markup(door: Door) -> None:
    number = await door.announce(link="https://phuong.gov.vn/?a=1&b=<x>", areas=["tdp-3"])
    for path in ("/bang-tin", f"/bang-tin/{number}"):
        _, _, body = await door.get(path)
        page = body.decode()
        assert "<b>" not in page
        assert "<x>" not in page
        assert "<script" not in page
        assert "&lt;b&gt;ngõ 5&lt;/b&gt; &amp; &quot;ngõ 3&quot;" in page
    assert "Tổ dân phố 3" in page
    assert 'lang="vi"' in page


async def test_only_what_is_published_and_holds_is_listed(door: Door) -> None:
    shown = await door.announce(text="Đang có hiệu lực, mời bà con.\n\nUBND")
    hidden = await door.announce(text="Chưa đăng.\n\nUBND", on_board_at=None)
    over = await door.announce(text="Đã hết hạn.\n\nUBND", valid_until=NOW - timedelta(days=1))
    old = await door.announce(text="Lâu rồi.\n\nUBND", on_board_at=NOW - timedelta(days=91))
    _, _, body = await door.get("/bang-tin")
    assert re.findall(r"/bang-tin/(\d+)", body.decode()) == [str(shown)]
    assert (await door.get(f"/bang-tin/{hidden}"))[0] == 404
    # Whoever scans an old sheet reads that it is over.
    status, _, page = await door.get(f"/bang-tin/{over}")
    assert (status, "hết hiệu lực từ Thứ Hai 23/11/2026" in page.decode()) == (200, True)
    assert (await door.get(f"/bang-tin/{old}"))[0] == 200


@pytest.mark.parametrize("path", ["/bang-tin/999", "/bang-tin/999/a4.pdf", "/bang-tin/999/anh/1"])
async def test_what_is_not_there(door: Door, path: str) -> None:
    assert (await door.get(path))[0] == 404


@pytest.mark.parametrize("path", ["/bang-tin/1e3", "/bang-tin/../x", "/bang-tin/1/anh/../../x"])
async def test_odd_addresses_open_nothing(door: Door, path: str) -> None:
    await door.announce()
    assert (await door.get(path))[0] == 404


async def test_its_pictures_and_no_others(door: Door) -> None:
    (door.media / PICTURE).write_bytes(b"\xff\xd8\xff")
    (door.media / "secret.jpg").write_bytes(b"x")
    number = await door.announce(pictures=[PICTURE, "secret.jpg", f"{'b' * 32}.jpg"])
    status, headers, body = await door.get(f"/bang-tin/{number}/anh/1")
    assert (status, headers["Content-Type"], body) == (200, "image/jpeg", b"\xff\xd8\xff")
    for other in (0, 2, 3, 4):
        assert (await door.get(f"/bang-tin/{number}/anh/{other}"))[0] == 404
    hidden = await door.announce(pictures=[PICTURE], on_board_at=None)
    assert (await door.get(f"/bang-tin/{hidden}/anh/1"))[0] == 404


async def test_the_sheet(door: Door) -> None:
    number = await door.announce()
    status, headers, body = await door.get(f"/bang-tin/{number}/a4.pdf")
    assert (status, headers["Content-Type"]) == (200, "application/pdf")
    assert body.startswith(b"%PDF-")
    hidden = await door.announce(on_board_at=None)
    assert (await door.get(f"/bang-tin/{hidden}/a4.pdf"))[0] == 404


def _sheet(text: str) -> Sheet:
    found = Announcement(id=7, staff_id=1, chat_id=1, text=text, created_at=NOW, on_board_at=NOW)
    return sheet_of(sample_house(), found)


needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None and "CI" not in os.environ, reason="needs poppler"
)


@needs_poppler
def test_the_sheet_holds_every_word_with_its_marks(tmp_path: Path) -> None:
    text = "Nước ngập, đường trơn: “bà con chú ý” ổ gà, dây điện.\n\nPhòng Kinh tế – phường Mẫu"
    (tmp_path / "a.pdf").write_bytes(make_sheet(_sheet(text)))
    told = subprocess.run(["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, check=True)
    read = " ".join(told.stdout.decode().split())
    for words in ("Nước ngập,", "“bà con chú ý”", "THÔNG BÁO", "UBND PHƯỜNG MẪU", "/bang-tin/7", "Quét mã"):
        assert words in read


@needs_poppler
@pytest.mark.parametrize(("length", "on_one"), [(40, True), (1500, True), (6000, False)])
def test_what_an_announcement_may_say_stands_on_one_page(tmp_path: Path, length: int, on_one: bool) -> None:
    text = ("Tiêm phòng dại cho chó mèo tại nhà văn hóa tổ 5. " * 200)[:length]
    (tmp_path / "a.pdf").write_bytes(make_sheet(_sheet(f"{text}\n\nUBND phường Mẫu")))
    told = subprocess.run(["pdfinfo", tmp_path / "a.pdf"], capture_output=True, check=True).stdout.decode()
    pages = re.search(r"Pages:\s+(\d+)", told)
    assert pages is not None
    assert (int(pages[1]) == 1) is on_one
    assert "A4" in told


def test_the_same_sheet_is_the_same_file() -> None:
    assert make_sheet(_sheet("Tin.\n\nUBND")) == make_sheet(_sheet("Tin.\n\nUBND"))
