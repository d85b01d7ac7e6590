"""Word, Excel and JSON of a report: the same figures in all, the layout of an office, and that programs open them."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm
from openpyxl import load_workbook
from sqlmodel import Session, select

from bot.cli import main
from core.periods import Period
from handlers.figures import COLUMNS, Report, percent, period_name
from handlers.figures_page import FONT
from handlers.figures_sheet import write_sheet
from handlers.figures_text import chart_of, report_text, report_to_json
from handlers.figures_word import write_word
from storage.database import Database
from storage.figures import By, Measure
from storage.figures_book import open_book, reopen_book
from storage.models import Contact, IndicatorValue, ReportBook, Staff
from tests.figures.books import fill, moment
from tests.props import sample_house

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture
def report(database: Database) -> Report:
    database.run_now(fill)
    database.run_now(tell)
    now = moment("10/12 08:05")
    book = database.run_now(lambda s: open_book(s, NOVEMBER, now))
    book = replace(book, reach={"announcements": 2, "recipients": 30, "sent": 28, "seen": 9})
    return Report(sample_house(), book, None, now)


def tell(session: Session) -> None:
    """Two values of the first target, one of them of after the period."""
    contact = session.exec(select(Contact)).first()
    assert contact is not None
    staff = Staff(contact_id=contact.id or 0, role="leader", name="Mai", joined_at=moment("1/1"))
    session.add(staff)
    session.flush()
    plan = sample_house().ward.source
    key = min(sample_house().ward.indicators, key=lambda one: one.number).key
    for value, on in ((4100.0, date(2026, 11, 24)), (5200.0, date(2026, 12, 1))):
        row = IndicatorValue(
            plan=plan, indicator=key, value=value, as_of_on=on, note="", staff_id=staff.id or 0
        )
        row.created_at = moment("2/12")
        session.add(row)


def words_of(file: io.BytesIO) -> str:
    document = Document(file)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def written(report: Report) -> io.BytesIO:
    file = io.BytesIO()
    write_word(file, report)
    file.seek(0)
    return file


def test_the_word_file_has_the_parts_of_an_offices_report(report: Report) -> None:
    told = words_of(written(report))
    for part in (
        *(
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "ỦY BAN NHÂN DÂN",
            "PHƯỜNG MẪU",
        ),
        *("/BC-UBND", "Mẫu, ngày      tháng 12 năm 2026", "BÁO CÁO", "(tháng 11/2026)"),
        *("số liệu từ ngày 1/11/2026 đến ngày 30/11/2026, chốt lúc 08:05 ngày 10/12/2026", "Nơi nhận:"),
        *(
            "- Lưu: VT.",
            "TM. ỦY BAN NHÂN DÂN",
            "CHỦ TỊCH",
            "IV. CHỈ TIÊU CỦA KẾ HOẠCH",
            "V. ĐÁNH GIÁ, KIẾN NGHỊ",
        ),
    ):
        assert part in told, part
    assert "Tổng số phiếu phải giải quyết là 11 phiếu, gồm 4 phiếu kỳ trước chuyển sang và 7 phiếu" in told
    assert "Đã giải quyết 4 phiếu, trong đó đúng hạn 2 phiếu (50 %), quá hạn 2 phiếu" in told
    assert "3 phiếu được người dân đánh giá; 2 lượt đánh giá hài lòng" in told
    assert "Đã gửi 2 thông báo cho 30 lượt người nhận; 28 lượt gửi được, trong đó 9 lượt" in told


def test_the_page_and_the_letters_are_those_of_the_decree(report: Report) -> None:
    """Decree 30/2020: A4, 20 to 25 mm above and below, 30 to 35 left, 15 to 20 right, letters of 13 or 14 points."""
    document = Document(written(report))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for side, least, most in (("top", 20, 25), ("bottom", 20, 25), ("left", 30, 35), ("right", 15, 20)):
        assert Mm(least - 0.1) <= getattr(section, f"{side}_margin") <= Mm(most), side
    assert document.styles["Normal"].font.name == FONT
    assert 13 <= document.styles["Normal"].font.size.pt <= 14
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert [table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") != [] for table in document.tables[1:-1]] == [
        True
    ] * 5


def test_the_tables_of_the_word_file_hold_the_figures(report: Report) -> None:
    *tables, targets = Document(written(report)).tables[1:-1]
    assert len(tables) == len(By)
    assert [cell.text for cell in targets.rows[1].cells][3:] == [
        *("≥ 5.000 lượt", "4.100 lượt", "24/11/2026", "chưa đạt")
    ]
    assert [row.cells[0].text for row in targets.rows] == ["TT", "1", "2", "3"]
    for by, table in zip(By, tables, strict=True):
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        wanted = [
            [row.name, *(str(row.counts[one]) for one in COLUMNS), row.share] for row in report.rows(by)
        ]
        assert [row[1:] for row in rows[1:-1]] == wanted
        assert rows[-1][2:-1] == [str(report.counts.total[one]) for one in COLUMNS]
    (picture,) = Document(written(report)).inline_shapes
    chart = chart_of(report)
    assert chart is not None
    assert picture._inline.docPr.get("descr") == chart.alt


def test_a_department_reports_in_its_own_name(report: Report) -> None:
    told = words_of(written(replace(report, department="KT")))
    assert "UBND PHƯỜNG MẪU" in told
    assert "PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ" in told
    assert "/BC-KT" in told
    assert "TRƯỞNG ĐƠN VỊ" in told
    assert "Theo đơn vị" not in told
    assert "thông báo" not in told.lower()


def test_the_workbook_has_a_sheet_a_table_and_all_cases(report: Report) -> None:
    file = io.BytesIO()
    write_sheet(file, report)
    book = load_workbook(file)
    assert book.sheetnames == [
        *("Tổng hợp", "Theo loại việc", "Theo đơn vị", "Theo địa bàn", "Theo kênh", "Chỉ tiêu kế hoạch"),
        "Phiếu",
    ]
    summary = {row[0].value: row[1].value for row in book["Tổng hợp"].iter_rows(min_row=6)}
    for figure in Measure:
        assert summary[report.words(f"figure.{figure}")] == report.counts.total[figure]
    assert summary["Lượt đã xem"] == 9
    target = next(book["Chỉ tiêu kế hoạch"].iter_rows(min_row=6, values_only=True))
    assert (target[0], *target[3:]) == (1, "≥ 5.000 lượt", 4100, "lượt", "24/11/2026", "chưa đạt")
    cases = list(book["Phiếu"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in cases] == [fact.code for fact in report.facts]
    assert "Lan" not in str(cases)
    without = io.BytesIO()
    write_sheet(without, report, with_cases=False)
    assert "Phiếu" not in load_workbook(without).sheetnames


def test_a_kept_period_keeps_its_targets_and_an_older_one_tells_none(
    report: Report, database: Database
) -> None:
    """What is told later of a day within the period does not change what was reported; counting anew does."""

    def late(session: Session) -> None:
        row = session.exec(select(IndicatorValue)).first()
        assert row is not None
        row.value = 9999.0
        session.add(row)

    database.run_now(late)
    again = database.run_now(lambda s: open_book(s, NOVEMBER, moment("11/12")))
    assert again.readings == report.book.readings
    assert again.reach.keys() == {"announcements", "recipients", "sent", "seen"}
    database.run_now(lambda s: reopen_book(s, NOVEMBER))
    anew = database.run_now(lambda s: open_book(s, NOVEMBER, moment("11/12")))
    assert [one.value for one in anew.readings or ()] == [9999.0]

    def forget(session: Session) -> None:
        row = session.get_one(ReportBook, (NOVEMBER.first, NOVEMBER.last))
        row.others = {name: row.others[name] for name in ("announcements", "recipients", "sent", "seen")}
        session.add(row)

    database.run_now(forget)
    old = replace(report, book=database.run_now(lambda s: open_book(s, NOVEMBER, moment("12/12"))))
    assert report_to_json(old)["targets"] == []
    assert "CHỈ TIÊU" not in words_of(written(old))


def test_a_department_tells_of_its_own_targets(report: Report) -> None:
    leads = {one.number: one.lead for one in sample_house().ward.indicators}
    for department in ("VHXH", "KT"):
        told = [one.indicator.number for one in replace(report, department=department).targets]
        assert told == [number for number, lead in sorted(leads.items()) if lead == department]


def test_names_that_look_like_formulas_stay_text(report: Report) -> None:
    facts = tuple(replace(fact, category="=1+1") for fact in report.facts)
    file = io.BytesIO()
    write_sheet(file, replace(report, book=replace(report.book, facts=facts)))
    cell = load_workbook(file)["Theo loại việc"].cell(6, 2)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_json_text_and_picture_tell_the_same(report: Report) -> None:
    told = report_to_json(report)
    assert told["total"] == {figure.value: report.counts.total[figure] for figure in Measure}
    assert sum(one["filed"] for one in told["by_category"]) == 7
    text = report_text(report)
    assert "• Đúng hạn: 50 % (2/4 phiếu đã giải quyết)" in text
    assert "• Hài lòng: 66,7 % (2/3 lượt đánh giá)" in text
    assert "gửi đến 28/30 người, 9 người đã xem" in text
    assert [one["value"] for one in told["targets"]][:2] == [4100.0, None]
    assert told["targets"][0]["as_of"] == "2026-11-24"
    assert "• Chỉ tiêu của kế hoạch: đạt 0, chưa đạt 2, chưa có số liệu 1" in text
    chart = chart_of(report)
    assert chart is not None
    assert sum(sum(bar.values) for bar in chart.bars) == len(report.facts)


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(1, 2, "50 %"), (1, 3, "33,3 %"), (0, 0, "–"), (3, 3, "100 %"), (0, 7, "0 %")]
)
def test_shares_as_they_are_written_here(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2026-11-01", "2026-11-30", "Tháng 11/2026"),
        ("2026-10-15", "2026-11-14", "Kỳ tháng 11/2026 (15/10/2026 đến 14/11/2026)"),
        ("2026-10-01", "2026-12-31", "Quý 4/2026"),
        ("2026-01-01", "2026-06-30", "6 tháng đầu năm 2026"),
        ("2026-07-01", "2026-12-31", "6 tháng cuối năm 2026"),
        ("2026-01-01", "2026-12-31", "Năm 2026"),
        ("2026-11-26", "2026-11-26", "Ngày 26/11/2026"),
        ("2026-11-02", "2026-11-08", "Từ 2/11/2026 đến 8/11/2026"),
        ("2026-02-01", "2026-04-30", "Từ 1/2/2026 đến 30/4/2026"),
    ],
)
def test_what_a_period_is_called(first: str, last: str, name: str) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert period_name(sample_house(), period) == name


@pytest.mark.skipif(OFFICE is None and "CI" not in os.environ, reason="LibreOffice is not installed")
def test_libreoffice_opens_both_with_every_letter(report: Report, tmp_path: Path) -> None:
    (tmp_path / "r.docx").write_bytes(written(report).getvalue())
    with (tmp_path / "r.xlsx").open("wb") as file:
        write_sheet(file, report)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    for name, form in (
        ("r.docx", "txt:Text (encoded):UTF8"),
        ("r.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76"),
    ):
        command = [OFFICE or "", profile, "--headless", "--convert-to", form, name]
        subprocess.run(command, check=True, capture_output=True, timeout=110, cwd=tmp_path)
    text = (tmp_path / "r.txt").read_text(encoding="utf-8")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert re.search(r"Tổng số phiếu phải giải quyết là 11 phiếu", text)
    assert "Tiếp nhận trong kỳ,7" in (tmp_path / "r.csv").read_text(encoding="utf-8")


@pytest.fixture
def folder(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NGHEDAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NGHEDAN_DATABASE_URL", database_url)
    monkeypatch.setattr("bot.commands.report.build_house", lambda _: sample_house())
    database.run_now(fill)
    return tmp_path


def test_the_command_tells_writes_and_traces(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    month = ["--period", "1/11/2026 đến 25/11/2026"]
    assert main(["report", *month, "--json", "--docx", "r.docx", "--xlsx", "r.xlsx"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["total"]["filed"] == 6
    assert Document(str(folder / "r.docx")).tables
    assert load_workbook(folder / "r.xlsx")["Phiếu"].max_row == 11
    assert main(["report", "trace", "filed", *month, "--of-category", "RAC", "--json"]) == 0
    assert [one["code"] for one in json.loads(capsys.readouterr().out)] == ["N3", "N4"]
    assert main(["report", "trace", "rejected", *month]) == 0
    assert capsys.readouterr().out.splitlines() == ["N3 · Rác, vệ sinh môi trường", "Từ chối, có lý do: 1"]
    assert main(["report", *month, "--department", "VHXH", "--again"]) == 0
    assert "Phòng Văn hóa – Xã hội" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--period", "hôm kia"], "hôm kia"),
        (["--department", "XYZ"], "XYZ"),
        (["trace", "nothing"], "trace"),
        (["--docx", "no/r.docx"], "không ghi được"),
    ],
)
def test_a_mistake_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert folder.exists()
    assert main(["report", *options]) == 2
    assert said in capsys.readouterr().err
