"""`nghedan import reminders`: nothing is kept unless all is understood, nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from bot.cli import main
from core.messages import Address
from core.recurrence.saying import say_rule
from core.recurrence.stored import rule_from_json
from storage.contacts import record_contact
from storage.database import Database
from storage.models import Reminder
from storage.reminders import list_reminders
from storage.staff import Duty, enlist
from storage.statuses import StaffRole
from tests.props import sample_house

NOW = datetime.now(UTC)
GOOD = """# việc; khi nào; nhắc ai; trả lời
Nộp báo cáo tháng; ngày 25 hằng tháng, nhắc trước 3 ngày; Phòng VHXH; có

Hướng dẫn bà con; mỗi khu phố ít nhất 1 buổi/tháng; các khu phố; số buổi, số người
Giao ban; thứ 2 hàng tuần lúc 7h30; Hạnh
"""


@pytest.fixture
def folder(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NGHEDAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NGHEDAN_DATABASE_URL", database_url)
    monkeypatch.setattr("bot.commands.reminder_import.build_house", lambda _: sample_house())

    def staff(session: Session) -> None:
        contact = record_contact(session, Address("webchat", "1", "hanh"), NOW)
        enlist(session, contact, Duty(StaffRole.OFFICER, "KT"), "Hạnh", NOW)

    database.run_now(staff)
    return tmp_path


def standing(database: Database) -> list[Reminder]:
    return list(database.run_now(list_reminders))


def test_a_list_becomes_reminders_once(
    folder: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "viec.txt").write_text(GOOD, encoding="utf-8")
    assert main(["import", "reminders", "viec.txt", "--dry-run"]) == 0
    assert "Hiểu được 3 lời nhắc mới, chưa ghi gì." in capsys.readouterr().out
    assert standing(database) == []
    assert main(["import", "reminders", "viec.txt"]) == 0
    assert "Đã ghi 3 lời nhắc." in capsys.readouterr().out
    found = standing(database)
    words = sample_house().words
    assert [
        (one.title, say_rule(rule_from_json(one.rule), words), one.audience, one.answer) for one in found
    ] == [
        ("Nộp báo cáo tháng", "ngày 25 hằng tháng, nhắc trước 3 ngày", ["department:VHXH"], "done"),
        ("Hướng dẫn bà con", "mỗi tổ dân phố ít nhất 1 lần mỗi tháng", ["areas"], "figures"),
        ("Giao ban", "thứ Hai hằng tuần, lúc 7:30", [f"staff:{1}"], "none"),
    ]
    assert found[1].fields == ["Số buổi", "Số người"]
    assert main(["import", "reminders", "viec.txt"]) == 0
    assert "Đã ghi 0 lời nhắc. 3 lời nhắc đã có từ trước." in capsys.readouterr().out
    assert len(standing(database)) == 3


def test_every_wrong_line_is_named_and_nothing_is_kept(
    folder: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        "Nộp báo cáo; ngày 25 hằng tháng; Phòng VHXH",
        "Họp; thứ sáu tuần thứ tư hằng tháng; Hạnh",
        "Họp; khi trăng tròn; Hạnh",
        "Họp; 10/10 hằng năm; Ông Bụt",
        "Họp; tháng 8/2025; Hạnh",
    ]
    (folder / "viec.txt").write_text("\n".join(lines), encoding="utf-8")
    assert main(["import", "reminders", "viec.txt"]) == 1
    told = capsys.readouterr().out
    assert "Dòng 2: Câu này hiểu được hai cách" in told
    assert "Dòng 3: Em chưa thấy ngày nào" in told
    assert "Dòng 4: Em không thấy ai tên “Ông Bụt”" in told
    assert "Dòng 5: Từ ngày 1/8/2025 đến hết ngày 31/8/2025: không còn ngày nào" in told
    assert "4 dòng chưa đúng: chưa ghi lời nhắc nào." in told
    assert standing(database) == []


def test_a_sheet_is_read_like_a_text(folder: Path, database: Database) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Việc", "Khi nào", "Nhắc ai", "Trả lời"])
    sheet.append(["Nộp báo cáo quý", "ngày làm việc cuối quý", "lãnh đạo, KT", None])
    book.save(folder / "viec.xlsx")
    assert main(["import", "reminders", "viec.xlsx"]) == 0
    assert [one.audience for one in standing(database)] == [["role:leader", "department:KT"]]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PK\x03\x04"])
def test_a_file_that_is_none_is_one_line(
    folder: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "viec.xlsx").write_bytes(content)
    assert main(["import", "reminders", "viec.xlsx"]) == 2
    assert "không phải tệp Excel" in capsys.readouterr().err
    assert main(["import", "reminders", "khong-co.txt"]) == 2
