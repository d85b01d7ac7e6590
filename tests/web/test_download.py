"""`/tai-ve/<token>`: the sheet for whom it was made and for half an hour, kind words for everybody else."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from openpyxl import load_workbook
from sqlmodel import Session, select

from bot.web.download import add_download_routes
from bot.web.page_parts import PageParts
from bot.web.server import make_web_app
from bot.web.visitor import Visitors
from core.calendar import local_date
from core.messages import Address
from core.periods import Period
from handlers.case_sheet import XLSX
from handlers.figures import Report
from handlers.figures_text import report_as_json
from storage.contacts import record_contact
from storage.database import Database
from storage.downloads import Part, add_download
from storage.figures_book import read_book
from storage.models import Download, Staff, Ticket
from storage.staff import Duty, dismiss, enlist
from storage.statuses import StaffRole
from storage.tickets import Actor, add_ticket
from tests.props import sample_house

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TOKEN = "A" * 43


@dataclass
class Door:
    url: str
    database: Database
    now: list[datetime] = field(default_factory=lambda: [NOW])

    async def get(self, token: str = TOKEN) -> tuple[int, dict[str, str], bytes]:
        async with ClientSession() as session, session.get(f"{self.url}/tai-ve/{token}") as answer:
            return answer.status, dict(answer.headers), await answer.read()

    async def staff(self, role: StaffRole, department: str | None = None, *, head: bool = False) -> int:
        def work(session: Session) -> int:
            contact = record_contact(session, Address("webchat", "1", f"staff-{role}"), NOW)
            staff = enlist(session, contact, Duty(role, department), "Minh", NOW)
            staff.is_head = head
            session.add(staff)
            return staff.id or 0

        return await self.database.run(work)

    async def link(self, staff_id: int, part: Part | None = None, token: str = TOKEN) -> None:
        await self.database.run(lambda s: add_download(s, token, staff_id, part or Part(), self.now[0]))


@pytest_asyncio.fixture(loop_scope="session")
async def door(database: Database, tmp_path: Path) -> AsyncIterator[Door]:
    def fill(session: Session) -> None:
        contact = record_contact(session, Address("webchat", "1", "lan"), NOW)
        contact.name = "Bà Lan"
        for code, department, text, age in (
            ("7K3M-9Q2F-4XH", "KT", "=HYPERLINK(1) rác, gọi 0912345678", 0),
            ("2B4C-6F8G-1HJ", "CA", "ồn quá", 40),
        ):
            filed = NOW - timedelta(days=age)
            row = Ticket(code=code, contact_id=contact.id or 0, category="RAC", department=department, text=text,
                         created_at=filed, due_at=filed, updated_at=filed)  # fmt: skip
            add_ticket(session, row, Actor("webchat", contact.id))

    await database.run(fill)
    app, opened = make_web_app(), Door("", database)
    add_download_routes(app, PageParts(database, sample_house, lambda: opened.now[0], tmp_path, Visitors(())))
    async with TestServer(app) as server:
        opened.url = f"http://127.0.0.1:{server.port}"
        yield opened


def codes(body: bytes) -> list[object]:
    sheet = load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    return [row[0].value for row in sheet.iter_rows(min_row=2)]


async def test_the_file_comes_as_an_attachment_that_nobody_keeps(door: Door) -> None:
    await door.link(await door.staff(StaffRole.LEADER))
    status, headers, body = await door.get()
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, XLSX, "no-store")
    assert headers["Content-Disposition"] == 'attachment; filename="phieu.xlsx"'
    assert int(headers["Content-Length"]) == len(body)
    assert codes(body) == ["7K3M-9Q2F-4XH", "2B4C-6F8G-1HJ"]
    told = " ".join(
        str(c.value) for r in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows() for c in r
    )
    assert "rác" in told
    assert not [private for private in ("Bà Lan", "0912345678") if private in told]


async def test_only_the_part_that_was_asked_for(door: Door) -> None:
    leader = await door.staff(StaffRole.LEADER)
    await door.link(leader, Part(NOW - timedelta(days=1), NOW + timedelta(days=1)))
    status, headers, body = await door.get()
    assert (status, codes(body)) == (200, ["7K3M-9Q2F-4XH"])
    assert headers["Content-Disposition"] == 'attachment; filename="phieu-20261123-20261124.xlsx"'
    await door.link(leader, Part(department="CA"), "B" * 43)
    assert codes((await door.get("B" * 43))[2]) == ["2B4C-6F8G-1HJ"]


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 410), (300, 410)])
async def test_a_link_lives_for_half_an_hour(door: Door, minutes: int, status: int) -> None:
    await door.link(await door.staff(StaffRole.LEADER))
    door.now[0] += timedelta(minutes=minutes)
    got, _, body = await door.get()
    assert got == status
    assert (status == 200) or "hết hạn" in body.decode()


async def test_a_link_that_never_was_is_told_so(door: Door) -> None:
    status, headers, body = await door.get("C" * 43)
    assert (status, headers["Cache-Control"]) == (404, "no-store")
    assert "/xuat" in body.decode()


async def test_a_new_link_ends_the_one_before(door: Door) -> None:
    leader = await door.staff(StaffRole.LEADER)
    await door.link(leader)
    await door.link(leader, token="B" * 43)
    assert [(await door.get())[0], (await door.get("B" * 43))[0]] == [410, 200]


async def test_whoever_left_or_leads_no_more_opens_nothing(door: Door) -> None:
    leader, head = await door.staff(StaffRole.LEADER), await door.staff(StaffRole.OFFICER, "CA", head=True)
    await door.link(leader)
    await door.link(head, Part(department="CA"), "B" * 43)
    assert (await door.get("B" * 43))[0] == 200

    def end(session: Session) -> None:
        dismiss(session, session.get_one(Staff, leader), NOW)
        row = session.get_one(Staff, head)
        row.is_head = False
        session.add(row)

    await door.database.run(end)
    assert [(await door.get())[0], (await door.get("B" * 43))[0]] == [410, 410]


async def test_the_token_itself_is_nowhere_and_each_use_is_noted(door: Door) -> None:
    await door.link(await door.staff(StaffRole.LEADER))
    for _ in range(2):
        await door.get()
    row = await door.database.read(lambda session: session.exec(select(Download)).one())
    assert TOKEN not in str(row)
    assert (row.uses, row.used_at) == (2, NOW)


async def test_guessing_is_slowed_down_and_a_head_alone_builds_nothing(door: Door) -> None:
    tries = [(await door.get("D" * 43))[0] for _ in range(12)]
    assert (tries[:10], tries[10:]) == ([404] * 10, [429] * 2)
    async with ClientSession() as session, session.head(f"{door.url}/tai-ve/{TOKEN}") as answer:
        assert answer.status == 405


def report_part(kind: str, department: str | None = None) -> Part:
    return Part(NOW - timedelta(days=30), NOW + timedelta(days=1), department, report=kind)


@pytest.mark.parametrize(("kind", "sign"), [("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")])
async def test_a_report_comes_as_the_file_that_the_link_names(door: Door, kind: str, sign: str) -> None:
    await door.link(await door.staff(StaffRole.LEADER), report_part(kind))
    status, headers, body = await door.get()
    assert status == 200
    assert re.fullmatch(
        rf'attachment; filename="bao-cao-\d{{8}}-\d{{8}}\.{kind}"', headers["Content-Disposition"]
    )
    assert sign in zipfile.ZipFile(io.BytesIO(body)).namelist()


async def test_json_is_what_the_command_prints_and_names_no_case(door: Door) -> None:
    """An overseer may have it as well: it holds figures alone."""
    await door.link(await door.staff(StaffRole.OVERSEER), report_part("json"))
    status, headers, body = await door.get()
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert re.search(r'filename="bao-cao-\d{8}-\d{8}\.json"', headers["Content-Disposition"])
    period = Period(local_date(NOW - timedelta(days=30)), local_date(NOW + timedelta(days=1)))
    book = await door.database.read(lambda session: read_book(session, period, NOW))
    assert body.decode() == report_as_json(Report(sample_house(), book, None, NOW))
    assert json.loads(body)["total"]["filed"] > 0


async def test_links_to_word_excel_and_cases_live_beside_each_other(door: Door) -> None:
    staff = await door.staff(StaffRole.LEADER)
    for number, part in enumerate((report_part("docx"), report_part("xlsx"), Part())):
        await door.link(staff, part, str(number) * 43)
    assert [(await door.get(str(number) * 43))[0] for number in range(3)] == [200, 200, 200]
    await door.link(staff, report_part("docx"), "9" * 43)
    assert (await door.get("0" * 43))[0] == 410


async def test_an_overseer_gets_figures_without_cases_and_no_sheet_of_cases(door: Door) -> None:
    overseer = await door.staff(StaffRole.OVERSEER)
    await door.link(overseer, report_part("xlsx"))
    status, _, body = await door.get()
    assert status == 200
    assert "Phiếu" not in load_workbook(io.BytesIO(body)).sheetnames
    await door.link(overseer, Part(), "B" * 43)
    assert (await door.get("B" * 43))[0] == 410


async def test_a_head_opens_the_own_departments_report_only_while_leading_it(door: Door) -> None:
    head = await door.staff(StaffRole.OFFICER, "KT", head=True)
    await door.link(head, report_part("docx", "CA"))
    assert (await door.get())[0] == 410
    await door.link(head, report_part("xlsx", "KT"), "B" * 43)
    assert (await door.get("B" * 43))[0] == 200
