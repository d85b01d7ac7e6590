"""`/viec-da-lam`: what citizens agreed to and the office approved, as text and never as markup, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from sqlmodel import Session

from bot.web.case_board import add_case_board_routes
from bot.web.page_parts import PageParts
from bot.web.plain_page import add_style_route
from bot.web.server import make_web_app
from bot.web.visitor import Visitors
from core.messages import Address
from handlers.house import House
from storage.contacts import record_contact
from storage.database import Database
from storage.models import PublicCase, Ticket
from storage.public_cases import lock_public, record_asked
from storage.statuses import PublicStatus, TicketStatus
from storage.tickets import Actor, add_ticket
from tests.props import sample_house

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
BEFORE, AFTER = f"{'a' * 32}.jpg", f"{'b' * 32}.jpg"
SECRET = "nhà bà Tư số 12, gọi 0912345678"


@dataclass
class Door:
    url: str
    database: Database
    media: Path

    async def get(self, path: str) -> tuple[int, dict[str, str], str]:
        async with ClientSession() as session, session.get(f"{self.url}{path}") as answer:
            return answer.status, dict(answer.headers), (await answer.read()).decode("utf-8", "replace")

    async def show(self, status: PublicStatus, **values: object) -> int:
        def work(session: Session) -> int:
            lan = record_contact(session, Address("webchat", "1", "lan"), NOW)
            ticket = Ticket(
                code="7K3M-9Q2F-4XH", contact_id=lan.id or 0, category="DEN", department="KT", area="tdp-3",
                text=SECRET, answer=SECRET, created_at=NOW - timedelta(days=40), due_at=NOW, updated_at=NOW,
                closed_at=NOW - timedelta(days=1), status=TicketStatus.COMPLETED.value, rating="good",
            )  # fmt: skip
            add_ticket(session, ticket, Actor("webchat", lan.id))
            record_asked(session, ticket.id or 0, NOW)
            found = lock_public(session, ticket.id or 0)
            assert found is not None
            found.status, found.published_at = status.value, NOW
            found.text, found.answer = "Đèn <b>tắt</b>\ncả tuần", "Đã thay & thử"
            found.before, found.after = [BEFORE], [AFTER]
            for name, value in values.items():
                setattr(found, name, value)
            session.add(found)
            return ticket.id or 0

        return await self.database.run(work)


def _closed_house() -> House:
    house = sample_house()
    return replace(house, ward=replace(house.ward, public_cases=False))


async def _open(database: Database, media: Path, house: House) -> AsyncIterator[Door]:
    app = make_web_app()
    add_style_route(app)
    add_case_board_routes(app, PageParts(database, lambda: house, lambda: NOW, media, Visitors(())))
    for name in (BEFORE, AFTER):
        (media / name).write_bytes(b"\xff\xd8\xff picture")
    async with TestServer(app) as server:
        yield Door(f"http://127.0.0.1:{server.port}", database, media)


@pytest_asyncio.fixture(loop_scope="session")
async def door(database: Database, tmp_path: Path) -> AsyncIterator[Door]:
    async for door in _open(database, tmp_path, sample_house()):
        yield door


async def test_an_empty_board_says_so_and_has_a_style(door: Door) -> None:
    status, headers, page = await door.get("/viec-da-lam")
    assert status == 200
    assert "Chưa có việc nào được đăng" in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert (await door.get("/trang/kieu.css"))[0] == 200


async def test_what_is_published_is_words_and_never_the_ticket_itself(door: Door) -> None:
    number = await door.show(PublicStatus.PUBLISHED)
    _, _, page = await door.get("/viec-da-lam")
    assert "Đèn &lt;b&gt;tắt&lt;/b&gt;<br>cả tuần" in page
    assert "Đã thay &amp; thử" in page
    assert "Đèn đường, chiếu sáng, Tổ dân phố 3" in page
    assert SECRET not in page
    assert "7K3M" not in page
    for side in ("truoc", "sau"):
        status, headers, _ = await door.get(f"/viec-da-lam/{number}/anh/{side}/1")
        assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
    assert (await door.get(f"/viec-da-lam/{number}/anh/sau/2"))[0] == 404


async def test_nothing_is_shown_before_it_is_approved_or_after_it_was_taken_back(door: Door) -> None:
    for status in set(PublicStatus) - {PublicStatus.PUBLISHED}:
        await _only(door, status)
        _, _, page = await door.get("/viec-da-lam")
        assert "Chưa có việc nào được đăng" in page, status


async def _only(door: Door, status: PublicStatus) -> None:
    def work(session: Session) -> bool:
        found = session.get(PublicCase, 1)
        if found is None:
            return False
        found.status = status.value
        session.add(found)
        return True

    if not await door.database.run(work):
        await door.show(status)
    assert (await door.get("/viec-da-lam/1/anh/truoc/1"))[0] == 404


async def test_a_path_that_was_never_ours_opens_nothing(door: Door) -> None:
    number = await door.show(PublicStatus.PUBLISHED, before=["../nghedan.db"], after=[f"{'c' * 32}.jpg"])
    for side in ("truoc", "sau"):
        assert (await door.get(f"/viec-da-lam/{number}/anh/{side}/1"))[0] == 404


async def test_the_months_are_those_of_the_reports(door: Door) -> None:
    await door.show(PublicStatus.DECLINED)
    _, _, page = await door.get("/viec-da-lam")
    # Filed in October, done in November within its time, by one content citizen.
    assert "<th scope=row>11/2026</th><td>0</td><td>1</td><td>1/1</td><td>1/1</td>" in page
    assert "<th scope=row>10/2026</th><td>1</td><td>0</td><td>–</td><td>–</td>" in page


async def test_a_ward_without_the_board_has_no_such_page(database: Database, tmp_path: Path) -> None:
    async for door in _open(database, tmp_path, _closed_house()):
        number = await door.show(PublicStatus.PUBLISHED)
        assert (await door.get("/viec-da-lam"))[0] == 404
        assert (await door.get(f"/viec-da-lam/{number}/anh/truoc/1"))[0] == 404
