"""Workbooks for tests: written by the product, changed in a cell as an officer would, and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from core.ward import load_ward
from core.wording import load_wording
from faq.entry import Entry
from faq.exchange.columns import Labels, heading, sheet_title
from faq.exchange.comparing import Comparison, compare
from faq.exchange.kept import Kept, Reading
from faq.exchange.workbook_in import read_workbook
from faq.exchange.workbook_out import Writer
from faq.figures import Figure, Figures
from faq.library import Library

WORDS = load_wording(load_ward("mau").unit_words)
PHRASES = Library.of(()).phrases
LABELS = Labels(WORDS, ("phuong", "chung_thuc"), PHRASES.owners)
FIGURES = Figures(
    (
        Figure("phi-sao-y", "Phí sao y", "2.000 đồng", "Thông tư 226/2016/TT-BTC", "A", date(2026, 11, 20)),
        Figure("luong-co-so", "Lương cơ sở", "2.340.000 đồng", "Mức cũ", "D", date(2026, 11, 20)),
    )
)
PLAIN = Entry(
    id="phuong-gio-lam",
    topic="phuong",
    question="Phường làm việc giờ nào?",
    alternatives=("Mấy giờ mở cửa", "Thứ bảy có làm không", "Giờ làm việc"),
    keywords=("giờ làm",),
    answer="Phường làm việc {ward_office_hours}.",
    owner="VP",
    source="Bảng niêm yết",
    confidence="A",
    reviewed_on=date(2026, 11, 20),
    review_by=date(2027, 5, 20),
)
PROCEDURE = Entry(
    id="chung-thuc-sao-y",
    topic="chung_thuc",
    question="Sao y giấy tờ ở đâu?",
    alternatives=("Photo công chứng", "Chứng thực bản sao", "Sao y bản chính"),
    keywords=("sao y", "chứng thực"),
    answer="Ra Trung tâm, mang theo bản chính.\nMỗi trang {figure:phi-sao-y}.",
    steps=("Mang bản chính ra Trung tâm.", "Chờ cán bộ đối chiếu rồi nhận bản sao."),
    bring=("Bản chính", "Căn cước"),
    fee="{figure:phi-sao-y} mỗi trang",
    time="Trong ngày",
    place="Trung tâm, {ward_address}",
    links=("https://dichvucong.gov.vn",),
    owner="TTPVHCC",
    legal_basis="Nghị định 23/2015/NĐ-CP",
    source="Nghị định 23/2015/NĐ-CP",
    confidence="B",
    reviewed_on=date(2026, 11, 20),
    review_by=date(2027, 5, 20),
    related=("phuong-gio-lam",),
)
UNSURE = replace(
    PLAIN,
    id="an-sinh-luong",
    question="Lương cơ sở bao nhiêu?",
    alternatives=("Lương tối thiểu", "Mức lương cơ sở", "Lương nhà nước"),
    answer="Mức lương cơ sở là {figure:luong-co-so}.\nTừ tháng 7 là 2.530.000 đồng.",
    confidence="C",
)
KEPT = (Kept(PLAIN), Kept(PROCEDURE, 3), Kept(UNSURE, 1, retired=True))


def write(path: Path, kept: Iterable[Kept] = KEPT) -> Path:
    """A workbook as `nghedan faq export` writes it."""
    Writer(LABELS, WORDS).write(path, list(kept), FIGURES, "hôm nay")
    return path


def edit(path: Path, change: Callable[[Workbook], object]) -> Path:
    """Change it and save it with another program than ours."""
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def sheet(book: Workbook, name: str) -> Worksheet:
    """A sheet by the name it has in the code."""
    found = book[sheet_title(WORDS, name)]
    assert isinstance(found, Worksheet)
    return found


def put(name: str, row: int, column: str, value: object) -> Callable[[Workbook], object]:
    """One cell, by the names of sheet and column and the number of the row."""

    def change(book: Workbook) -> None:
        table = sheet(book, name)
        table.cell(row, column_number(table, name, column)).value = value  # type: ignore[assignment, union-attr]

    return change


def column_number(table: Worksheet, name: str, column: str) -> int:
    """Where a column stands, counted from 1."""
    wanted = heading(WORDS, name, column)
    return next(at for at, cell in enumerate(table[1], start=1) if cell.value == wanted)


def read(path: Path) -> Reading:
    """What the product makes of it."""
    return read_workbook(path, LABELS, WORDS, FIGURES)


def compared(path: Path, kept: Sequence[Kept] = KEPT) -> Comparison:
    """What it would change; the file itself must be without fault."""
    reading = read(path)
    assert reading.problems == ()
    return compare(reading.rows, {one.entry.id: one for one in kept}, WORDS)


def problems(path: Path) -> list[str]:
    """What is wrong with it, one line each."""
    return [str(one) for one in read(path).problems]
