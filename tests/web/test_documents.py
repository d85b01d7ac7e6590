"""`/van-ban/<number>-<secret>`: the document for whoever knows its address, and for no longer than it may be read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from sqlmodel import Session

from bot.documents import MEDIA_TYPES, keep_document
from bot.web.board import add_board_routes, sheet_of
from bot.web.documents import add_document_routes
from bot.web.page_parts import PageParts
from bot.web.server import make_web_app
from bot.web.visitor import Visitors
from core.messages import Address
from storage.announcement_documents import attach_document, detach_document, withdraw_document
from storage.announcements import cancel_announcement, find_announcement
from storage.contacts import record_contact
from storage.database import Database
from storage.files import record_files
from storage.models import Announcement
from storage.staff import Duty, enlist
from storage.statuses import StaffRole
from tests import papers
from tests.props import sample_house

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECRET = "s" * 22
TEXT = "Tiêm phòng <b>dại</b> cho chó mèo tại nhà văn hóa.\n\nUBND phường Mẫu"


@dataclass
class Door:
    url: str
    database: Database
    media: Path
    now: list[datetime] = field(default_factory=lambda: [NOW])

    async def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        async with ClientSession() as session, session.get(f"{self.url}{path}") as answer:
            return answer.status, dict(answer.headers), await answer.read()

    async def announce(
        self, data: bytes, name: str = "Lịch tiêm phòng.pdf", **values: object
    ) -> Announcement:
        def work(session: Session) -> Announcement:
            contact = record_contact(session, Address("webchat", "1", "minh"), NOW)
            staff = enlist(session, contact, Duty(StaffRole.LEADER), "Minh", NOW)
            row = Announcement(staff_id=staff.id or 0, chat_id=contact.id or 0, text=TEXT, created_at=NOW)
            for key, value in {"status": "sent", **values}.items():
                setattr(row, key, value)
            session.add(row)
            session.flush()
            kept = keep_document(self.media, data, name)
            (file,) = record_files(session, 1, contact.id or 0, [kept], NOW)
            attach_document(session, row, file, SECRET)
            return row

        return await self.database.run(work)


@pytest_asyncio.fixture(loop_scope="session")
async def door(database: Database, tmp_path: Path) -> AsyncIterator[Door]:
    app, now = make_web_app(), [NOW]
    for add in (add_document_routes, add_board_routes):
        add(app, PageParts(database, sample_house, lambda: now[0], tmp_path, Visitors(())))
    async with TestServer(app) as server:
        yield Door(f"http://127.0.0.1:{server.port}", database, tmp_path, now)


@pytest.mark.parametrize(("kind", "how"), [("pdf", "inline"), ("docx", "attachment"), ("xlsx", "attachment")])
async def test_the_file_with_its_headers(door: Door, kind: str, how: str) -> None:
    data = papers.KINDS[kind]()
    row = await door.announce(data, f'Lịch "tiêm"; x=1.{kind}')
    status, headers, body = await door.get(f"/van-ban/{row.id}-{SECRET}/tep")
    assert (status, body) == (200, data)
    assert headers["Content-Type"] == MEDIA_TYPES[kind]
    title = quote(f'Lịch "tiêm"; x=1.{kind}', safe="")
    wanted = f"{how}; filename=\"van-ban-{row.id}.{kind}\"; filename*=UTF-8''{title}"
    assert headers["Content-Disposition"] == wanted
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]


async def test_the_page_says_what_it_is_before_anything_is_fetched(door: Door) -> None:
    row = await door.announce(papers.pdf(320 * 1024), "<i>Lịch</i>.pdf")
    address = f"/van-ban/{row.id}-{SECRET}"
    status, headers, body = await door.get(address)
    page = body.decode()
    assert status == 200
    assert f'href="{address}/tep"' in page
    # The slash of the tag parts folders for us.
    assert "i&gt; (PDF, 320 KB)" in page
    assert "Tiêm phòng &lt;b&gt;dại&lt;/b&gt;" in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "noindex" in headers["X-Robots-Tag"]


@pytest.mark.parametrize(
    "path",
    ["/van-ban/{0}-wrong", "/van-ban/{0}-wrong/tep", "/van-ban/999-{1}", "/van-ban/999-{1}/tep"],
)
async def test_no_other_address_opens_it(door: Door, path: str) -> None:
    row = await door.announce(papers.pdf())
    status, _, body = await door.get(path.format(row.id, SECRET))
    assert (status, "Không có văn bản này" in body.decode()) == (404, True)


@pytest.mark.parametrize("path", ["/van-ban/{0}", "/van-ban/{0}-../x", "/van-ban/x-{1}", "/van-ban/"])
async def test_odd_addresses_are_none(door: Door, path: str) -> None:
    row = await door.announce(papers.pdf())
    assert (await door.get(path.format(row.id, SECRET)))[0] == 404


async def test_it_is_read_for_thirty_days_longer_than_it_holds(door: Door) -> None:
    row = await door.announce(papers.pdf(), valid_until=NOW)
    door.now[0] = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert (await door.get(f"/van-ban/{row.id}-{SECRET}/tep"))[0] == 200
    door.now[0] = NOW + timedelta(days=30)
    for path in ("", "/tep"):
        status, headers, body = await door.get(f"/van-ban/{row.id}-{SECRET}{path}")
        assert status == 410
        assert "Phường không còn để văn bản này trên trang" in body.decode()
        assert headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("how", ["stopped", "withdrawn", "lost"])
async def test_what_was_called_back_is_gone_at_once(door: Door, how: str) -> None:
    row = await door.announce(papers.pdf(), on_board_at=NOW)
    if how == "stopped":
        await door.database.run(lambda s: cancel_announcement(s, s.get_one(Announcement, row.id), NOW))
    elif how == "withdrawn":
        await door.database.run(lambda s: withdraw_document(s, s.get_one(Announcement, row.id)))
        # Nobody is led there any more, either.
        assert b"/van-ban/" not in (await door.get(f"/bang-tin/{row.id}"))[2]
    else:
        for path in door.media.glob("*.pdf"):
            path.unlink()
    assert (await door.get(f"/van-ban/{row.id}-{SECRET}/tep"))[0] == 410


async def test_what_was_taken_out_of_a_draft_was_never_there(door: Door) -> None:
    row = await door.announce(papers.pdf(), status="draft")
    assert (await door.get(f"/van-ban/{row.id}-{SECRET}"))[0] == 200
    await door.database.run(lambda s: detach_document(s, s.get_one(Announcement, row.id)))
    assert (await door.get(f"/van-ban/{row.id}-{SECRET}"))[0] == 404


async def test_board_and_sheet_show_where_it_is(door: Door) -> None:
    row = await door.announce(papers.pdf(2_000_000), "Kế hoạch <1>.pdf", on_board_at=NOW)
    _, _, body = await door.get(f"/bang-tin/{row.id}")
    link = f"https://chat.phuong-mau.vn/van-ban/{row.id}-{SECRET}"
    assert f'<a href="{link}" rel=nofollow>Kế hoạch &lt;1&gt; (PDF, 1,9 MB)</a>' in body.decode()
    found = await door.database.read(lambda s: find_announcement(s, row.id or 0))
    assert found is not None
    notes = sheet_of(sample_house(), found).notes
    assert notes == f"Văn bản kèm theo: Kế hoạch <1> (PDF, 1,9 MB) – {link}"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three files a minute, so that the fourth does not take long."""
    monkeypatch.setattr("bot.web.documents._FILES_PER_MINUTE", 3)


@pytest.mark.usefixtures("few")
async def test_nobody_fetches_without_end(door: Door) -> None:
    row = await door.announce(papers.pdf())
    seen = [(await door.get(f"/van-ban/{row.id}-{SECRET}/tep"))[0] for _ in range(4)]
    assert seen == [200, 200, 200, 429]
    assert (await door.get(f"/van-ban/{row.id}-{SECRET}"))[0] == 200
