"""`nghedan import tickets`: nothing is stored unless all is right, nothing twice, and nobody is flooded."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from bot.cli import main
from core.messages import Address
from scheduler import deadlines
from storage.cases import list_cases
from storage.contacts import record_contact
from storage.database import Database
from storage.models import Delivery, Ticket, TicketEvent
from storage.search import Wanted, search_tickets
from storage.staff import Duty, enlist
from storage.statuses import StaffRole
from tests.handlers.test_ledger import DONE, HEAD, MORE, book, changed
from tests.props import sample_house

NOW = datetime.now(UTC)
OPEN = ("2/1/2026", "Rác chất đống ở đầu hẻm 34", "hẻm 34", "4", None, None, None, "đang xử lý")


@pytest.fixture
def folder(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NGHEDAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NGHEDAN_DATABASE_URL", database_url)
    monkeypatch.setattr("bot.commands.ticket_import.build_house", lambda _: sample_house())

    def staff(session: Session) -> None:
        for name in ("hanh", "tuan"):
            contact = record_contact(session, Address("webchat", "1", name), NOW)
            enlist(session, contact, Duty(StaffRole.OFFICER, "KT"), name, NOW)

    database.run_now(staff)
    return tmp_path


def keep(folder: Path, *rows: Sequence[Any], head: Sequence[str] = MORE) -> None:
    book(head, *rows).save(folder / "so.xlsx")


def tickets(database: Database) -> list[Ticket]:
    return list(database.run_now(lambda s: list_cases(s, None, None, None)))


def deliveries(database: Database) -> list[Delivery]:
    return list(database.run_now(lambda s: s.exec(select(Delivery)).all()))


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capsys.readouterr().out))


def test_rows_become_tickets_that_are_found_listed_and_kept_with_their_history(
    folder: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, DONE, OPEN)
    assert main(["import", "tickets", "so.xlsx", "--json"]) == 0
    said = told(capsys)
    assert [said[name] for name in ("rows", "new", "open", "late", "stored", "problems")] == [
        2,
        2,
        1,
        1,
        2,
        [],
    ]
    closed, opened = tickets(database)
    assert (closed.status, closed.source, closed.outside_code, closed.answer) == (
        "hoan_thanh", "hotline", "HS-1", "Đã thay bóng",
    )  # fmt: skip
    assert (opened.status, opened.source, opened.closed_at, opened.officer_id) == ("moi", "book", None, None)
    found = database.run_now(lambda s: search_tickets(s, Wanted(words=("hem", "34")), 0, 5))
    assert [one.code for one in found] == [opened.code]
    events = database.run_now(lambda s: s.exec(select(TicketEvent).order_by(TicketEvent.id)).all())  # type: ignore[arg-type]
    assert [(one.kind, one.ticket_id) for one in events] == [
        ("filed", closed.id), ("completed", closed.id), ("filed", opened.id),
    ]  # fmt: skip
    assert events[1].at == closed.closed_at


def test_the_same_sheet_again_adds_nothing_and_a_longer_one_only_what_is_new(
    folder: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, DONE, OPEN)
    for stored in (2, 0):
        assert main(["import", "tickets", "so.xlsx", "--json"]) == 0
        assert told(capsys)["stored"] == stored
    sent = len(deliveries(database))
    keep(folder, DONE, OPEN, changed(code="HS-2"))
    assert main(["import", "tickets", "so.xlsx", "--json"]) == 0
    assert (told(capsys)["stored"], len(tickets(database))) == (1, 3)
    assert len(deliveries(database)) == sent + 2


def test_each_colleague_gets_one_message_however_many_cases_come_and_no_citizen_any(
    folder: Path, database: Database
) -> None:
    keep(folder, *[(f"{day}/1/2026", f"rác ở hẻm {day}", *OPEN[2:]) for day in range(1, 29)], head=HEAD)
    assert main(["import", "tickets", "so.xlsx"]) == 0
    rows = deliveries(database)
    assert [row.kind for row in rows] == ["summary", "summary"]
    assert "28 phiếu" in rows[0].content["text"]
    assert "đã quá hạn: 28" in rows[0].content["text"]


def test_what_was_late_when_it_came_is_not_reminded_of_one_by_one(folder: Path, database: Database) -> None:
    keep(folder, OPEN, head=HEAD)
    assert main(["import", "tickets", "so.xlsx"]) == 0
    (ticket,) = tickets(database)
    assert ticket.due_at < NOW
    later = NOW + timedelta(days=1)
    counts = database.run_now(lambda s: deadlines.run(s, sample_house(), later))
    assert set(counts.values()) == {0}

    def own(session: Session) -> None:
        row = session.get_one(Ticket, ticket.id)
        row.source = "chat"
        session.add(row)

    database.run_now(own)
    counts = {}
    for day in range(1, 5):  # one of them is a working day
        found = database.run_now(
            lambda s, day=day: deadlines.run(s, sample_house(), NOW + timedelta(days=day))
        )
        counts = {name: counts.get(name, 0) + count for name, count in found.items()}
    assert counts["escalated"] > 0


def test_one_wrong_row_and_nothing_is_stored_unless_that_is_wanted(
    folder: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, DONE, changed(received="32/1/2026", code="HS-2"))
    assert main(["import", "tickets", "so.xlsx"]) == 1
    out = capsys.readouterr().out
    assert "SAI   trang «Sheet», dòng 3: cột «Ngày nhận»: không đọc được ngày «32/1/2026»" in out
    assert "Chưa ghi gì" in out
    assert tickets(database) == []
    assert main(["import", "tickets", "so.xlsx", "--skip-bad"]) == 1
    assert [one.outside_code for one in tickets(database)] == ["HS-1"]


def test_a_look_first_stores_nothing(
    folder: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, DONE, OPEN)
    assert main(["import", "tickets", "so.xlsx", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "«Nội dung» → Nội dung" in out
    assert "mới 2, đã có 0), sai 0. Phiếu mới đang mở: 1, đã quá hạn: 1." in out
    assert (tickets(database), deliveries(database)) == ([], [])


def test_the_template_can_be_filled_in_and_imported(folder: Path, database: Database) -> None:
    assert main(["import", "tickets", "--template", "mau.xlsx"]) == 0
    filled = load_workbook(folder / "mau.xlsx")
    for at, value in enumerate(("5/3/2026", "Đèn đường ngõ 5 hỏng"), start=1):
        filled.worksheets[0].cell(2, at, value)
    filled.save(folder / "so.xlsx")
    assert main(["import", "tickets", "so.xlsx"]) == 0
    assert [one.text for one in tickets(database)] == ["Đèn đường ngõ 5 hỏng"]


def test_a_computed_deadline_is_taken_as_it_was_shown(folder: Path, database: Database) -> None:
    """A formula without a stored result is an empty cell; then the ward's own rule counts."""
    keep(folder, (*OPEN[:6], "=A2+15", "đang xử lý"), head=HEAD)
    assert main(["import", "tickets", "so.xlsx"]) == 0
    ward, (ticket,) = sample_house().ward, tickets(database)
    assert ticket.due_at == ward.due_at(ward.get_category("RAC"), ticket.created_at, sample_house().calendar)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(b"x"), "không phải"),
        (lambda path: book(("Họ tên", "Chức vụ"), ("A", "B")).save(path), "Không thấy bảng nào"),
        (lambda path: _bomb(path), "so.xlsx"),
    ],
)
def test_a_file_that_is_no_sheet_is_one_line(
    folder: Path, database: Database, capsys: pytest.CaptureFixture[str], make: Any, said: str
) -> None:
    make(folder / "so.xlsx")
    assert main(["import", "tickets", "so.xlsx"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert tickets(database) == []


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<x/>")
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (64 * 2**20))
