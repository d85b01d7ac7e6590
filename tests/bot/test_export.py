"""`nghedan export tickets`: what stands in the file, what never does, and that LibreOffice opens it."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from bot.cli import main
from core.messages import Address
from storage.contacts import record_contact
from storage.database import Database
from storage.followers import join
from storage.models import Ticket
from storage.statuses import EvidenceKind, TicketStatus
from storage.tickets import Actor, add_ticket
from tests.props import sample_house

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def person(session: Session, name: str) -> int:
    contact = record_contact(session, Address("webchat", "1", name), NOW)
    contact.name = name
    return contact.id or 0


def filed(session: Session, code: str, text: str, who: str, **given: Any) -> Ticket:
    fields = {"category": "RAC", "department": "KT", "created_at": NOW, "due_at": NOW + timedelta(days=3)}
    row = Ticket(code=code, contact_id=person(session, who), text=text, updated_at=NOW, **(fields | given))
    return add_ticket(session, row, Actor("webchat", row.contact_id))


def fill(session: Session) -> None:
    first = filed(
        session,
        "7K3M-9Q2F-4XH",
        '=HYPERLINK("http://x.vn") rác, gọi 0912345678',
        "Bà Lan",
        area="tdp-4",
        on_behalf_of="Cụ Tám",
        reach="0987654321",
    )
    first.status, first.closed_at, first.answer = TicketStatus.RESOLVED, NOW + timedelta(days=1), "-Đã dọn"
    first.evidence, first.evidence_kind = "=45/TB-UBND", EvidenceKind.DOCUMENT
    child = filed(session, "2B4C-6F8G-1HJ", "+rác nữa", "Ông Tư")
    child.parent_id = first.id
    session.add_all([first, child])
    join(session, child, person(session, "Cô Năm"), NOW)
    filed(session, "3C5F-7G9H-2JK", "@đèn", "Bà Lan", department="CA", created_at=NOW - timedelta(days=30))


@pytest.fixture
def folder(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NGHEDAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NGHEDAN_DATABASE_URL", database_url)
    monkeypatch.setattr("bot.commands.export.build_house", lambda _: sample_house())
    database.run_now(fill)
    return tmp_path


def test_one_row_a_case_with_headings_filter_dates_and_text_that_stays_text(folder: Path) -> None:
    assert main(["export", "tickets", "--xlsx", "p.xlsx"]) == 0
    sheet = load_workbook(folder / "p.xlsx").active
    assert sheet is not None
    head = [cell.value for cell in sheet[1]]
    rows = [dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert [row["Mã phiếu"].value for row in rows] == ["7K3M-9Q2F-4XH", "3C5F-7G9H-2JK"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", f"A1:S{len(rows) + 1}")
    first = rows[0]
    assert first["Minh chứng"].value == "Văn bản, căn cứ: =45/TB-UBND"
    assert rows[1]["Minh chứng"].value is None
    for name in ("Nội dung", "Trả lời"):
        assert (first[name].data_type, first[name].quotePrefix) == ("s", True)
    assert first["Ngày gửi"].is_date
    assert first["Ngày gửi"].value == datetime(2026, 11, 24, 8, 0)  # noqa: DTZ001  # a sheet knows no zones
    assert first["Số người cùng phản ánh"].value == 3
    assert (first["Trạng thái"].value, first["Đúng hạn hay không"].value) == ("Đã xử lý", "Đúng hạn")
    assert (first["Địa bàn"].value, rows[1]["Đúng hạn hay không"].value) != ("tdp-4", None)


def test_nobody_is_named_and_no_number_is_told(folder: Path) -> None:
    assert main(["export", "tickets", "--xlsx", "p.xlsx"]) == 0
    sheet = load_workbook(folder / "p.xlsx").active
    assert sheet is not None
    told = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "rác" in told
    for private in ("Bà Lan", "Ông Tư", "Cô Năm", "Cụ Tám", "0912345678", "0987654321"):
        assert private not in told


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--department", "CA"], 1),
        (["--since", "2026-11-24"], 1),
        (["--until", "2026-11-23"], 1),
        (["--since", "2026-10-25", "--until", "2026-11-24"], 2),
        (["--since", "2026-11-25"], 0),
    ],
)
def test_a_part_is_exported_and_counted(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], count: int
) -> None:
    assert main(["export", "tickets", "--xlsx", "p.xlsx", "--json", *options]) == 0
    assert json.loads(capsys.readouterr().out) == {"rows": count, "file": "p.xlsx"}
    sheet = load_workbook(folder / "p.xlsx").active
    assert sheet is not None
    assert sheet.max_row == count + 1


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--xlsx", "p.xlsx", "--department", "XYZ"], "XYZ"), (["--xlsx", "no/p.xlsx"], "không ghi được")],
)
def test_a_mistake_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert folder.exists()
    assert main(["export", "tickets", *options]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(OFFICE is None and "CI" not in os.environ, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_computes_nothing(folder: Path) -> None:
    assert main(["export", "tickets", "--xlsx", "p.xlsx"]) == 0
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    csv_utf8 = "csv:Text - txt - csv (StarCalc):44,34,76"
    command = [OFFICE or "", profile, "--headless", "--convert-to", csv_utf8, "p.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=110, cwd=folder)
    rows = list(csv.reader((folder / "p.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 3
    assert rows[1][6].startswith('=HYPERLINK("http://x.vn") rác')
    assert rows[1][1] == "24/11/2026 08:00"
