"""Files that cannot be taken: one Vietnamese line each that says where, what is wrong, and what to do."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from faq.exchange import opening
from faq.exchange.kept import Unreadable
from tests.faq.workbooks import PROCEDURE, edit, problems, put, read, sheet, write


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write(tmp_path / "hoi-dap.xlsx")


def refused(path: Path) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(path)
    line = str(refusal.value)
    assert "\n" not in line
    assert path.name in line
    return line


# ------------------------------------------------------------------------------- no workbook at all


def test_what_is_no_workbook_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert "Không có tệp" in refused(path)
    for raw in (b"", b"PK", b"id,question\na,b\n", b"%PDF-1.7", bytes(range(256)) * 20):
        path.write_bytes(raw)
        assert "không phải tệp Excel" in refused(path)
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("word/document.xml", "<w/>")
    assert "không phải tệp Excel" in refused(path)


def test_a_locked_workbook_and_an_old_one_are_told_apart(tmp_path: Path) -> None:
    ole, path = bytes.fromhex("d0cf11e0a1b11ae1"), tmp_path / "a.xlsx"
    path.write_bytes(ole + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500))
    assert "đặt mật khẩu" in refused(path)
    path.write_bytes(ole + bytes(500) + "Workbook".encode("utf-16-le"))
    assert "Excel cũ (.xls)" in refused(path)


def test_a_torn_workbook_is_told_so(book: Path) -> None:
    whole = book.read_bytes()
    book.write_bytes(whole[: len(whole) // 2] + whole[-200:])
    assert "không đọc được" in refused(book) or "không phải tệp Excel" in refused(book)


def test_a_workbook_with_broken_xml_is_told_so(book: Path) -> None:
    _rewrite(book, "xl/workbook.xml", lambda raw: raw[:-30])
    assert "không đọc được" in refused(book)


def test_a_file_larger_than_bearable_is_not_opened(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_FILE", 1000)
    assert "lớn hơn" in refused(book)


def test_a_bomb_is_not_unpacked(book: Path) -> None:
    """A hundred megabytes of spaces take a hundred kilobytes."""
    _rewrite(book, "xl/styles.xml", lambda raw: raw + b" " * (100 * 2**20))
    assert book.stat().st_size < 2**20
    assert "bung ra quá lớn" in refused(book)


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(book: Path) -> None:
    _rewrite(book, "xl/styles.xml", lambda raw: raw + b" " * (100 * 2**20))
    raw = bytearray(book.read_bytes())
    # The uncompressed size in the central directory, set to a harmless number.
    at = raw.rindex(b"xl/styles.xml") - 46
    assert raw[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", raw, at + 24, 5000)
    book.write_bytes(bytes(raw))
    assert "không đọc được" in refused(book) or "bung ra quá lớn" in refused(book)


def test_a_workbook_of_countless_parts_is_not_unpacked(book: Path) -> None:
    with zipfile.ZipFile(book, "a") as parts:
        for number in range(opening.MAX_PARTS + 1):
            parts.writestr(f"xl/media/{number}.bin", b"")
    assert "bung ra quá lớn" in refused(book)


@pytest.mark.parametrize("code", ["ascii", "utf-16-le"])
def test_declared_entities_are_refused(book: Path, code: str) -> None:
    declared = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]>'.encode(code)
    _rewrite(book, "xl/workbook.xml", lambda raw: raw[:60] + declared + raw[60:])
    assert "không phải của Excel" in refused(book)


def test_a_file_of_a_newer_program_is_told_so(book: Path) -> None:
    edit(
        book, lambda opened: setattr(opened.properties, "keywords", f"{opening.FORMAT} {opening.VERSION + 1}")
    )
    assert "mới hơn" in refused(book)


def _rewrite(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            raw = old.read(info.filename)
            new.writestr(info.filename, change(raw) if info.filename == name else raw)
    path.write_bytes(kept.getvalue())


# ------------------------------------------------------------------------------- sheets and headings


def test_a_missing_sheet_is_named(book: Path) -> None:
    edit(book, lambda opened: opened.remove(sheet(opened, "steps")))
    assert problems(book) == ["Trang Bước làm: thiếu trang này. Xuất lại tệp, đừng xóa hay đổi tên trang."]
    assert read(book).rows == ()


def test_a_renamed_heading_is_named_together_with_the_strange_one(book: Path) -> None:
    edit(book, put("entries", 1, "confidence", "Tin cậy"))
    assert problems(book) == [
        "Trang Hỏi đáp: thiếu cột «Độ tin» ở dòng tiêu đề. Có tiêu đề lạ: «Tin cậy». "
        "Giữ nguyên dòng tiêu đề như khi xuất."
    ]


def test_a_heading_in_other_capitals_or_without_marks_is_the_same(book: Path) -> None:
    edit(book, put("entries", 1, "confidence", " do TIN "))
    assert problems(book) == []


def test_a_heading_that_is_there_twice_is_named(book: Path) -> None:
    edit(book, put("entries", 1, "fee", "Thời gian"))
    assert any("cột «Thời gian» có hai lần" in line for line in problems(book))


def test_merged_cells_are_named(book: Path) -> None:
    edit(book, lambda opened: sheet(opened, "steps").merge_cells("A2:A3"))
    assert problems(book) == ["Trang Bước làm, ô A2:A3: đang gộp ô. Bỏ gộp, điền vào từng ô."]


def test_a_sheet_of_too_many_rows_is_refused(book: Path) -> None:
    edit(book, lambda opened: sheet(opened, "links").cell(30_000, 1, "a"))
    assert any("hơn 20000 dòng" in line for line in problems(book))


# ------------------------------------------------------------------------------- rows and cells


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "line"),
    [
        ("entries", 2, "owner", "Phòng Mây", "cột Phụ trách: không có đơn vị «Phòng Mây». Chọn một trong: "),
        ("entries", 2, "topic", "mây", "cột Lĩnh vực: không có lĩnh vực «mây». Chọn một trong: "),
        ("entries", 2, "confidence", "E", "cột Độ tin: «E»: phải là A, B, C hoặc D."),
        ("entries", 2, "confidence", "An", "cột Độ tin: «An»: phải là A, B, C hoặc D."),
        ("entries", 2, "review_by", "31/13/2026", "cột Kiểm tra lại trước: «31/13/2026» không phải là ngày."),
        ("entries", 2, "retired", "xóa", "cột Ngừng dùng: «xóa»: chỉ ghi x hoặc để trống."),
        ("entries", 2, "answer", "=1+1", "cột Câu trả lời: là công thức. Gõ thẳng nội dung vào ô."),
        ("entries", 2, "answer", True, "cột Câu trả lời: phải là chữ. Gõ lại nội dung."),
        ("entries", 2, "question", None, "cột Câu hỏi: còn thiếu câu hỏi."),
        ("entries", 2, "id", None, "cột Mã: còn thiếu mã."),
        ("entries", 2, "id", "Giờ làm", "cột Mã: mã «Giờ làm» không dùng được."),
        ("entries", 3, "id", "phuong-gio-lam", "cột Mã: mã phuong-gio-lam đã có ở Trang Hỏi đáp, dòng 2."),
        ("steps", 2, "id", "khong-co", "cột Mã: mã khong-co không có ở trang Hỏi đáp."),
        ("steps", 2, "id", None, "cột Mã: còn thiếu mã."),
        ("steps", 2, "text", None, "cột Nội dung bước: ô nội dung trống."),
        ("steps", 2, "order", "đầu", "cột Thứ tự: «đầu» không phải là số thứ tự."),
        ("links", 2, "text", "#REF!", "cột Đường dẫn: là lỗi của Excel (#REF!)."),
    ],
)
def test_a_bad_cell_is_one_line_with_its_place(
    book: Path, name: str, row: int, column: str, value: object, line: str
) -> None:
    edit(book, put(name, row, column, value))
    lines = problems(book)
    assert any(f"dòng {row}, {line}" in one for one in lines), lines
    assert all("\n" not in one for one in lines)


def test_a_bad_row_does_not_hide_the_others(book: Path) -> None:
    def spoil(opened: Workbook) -> None:
        put("entries", 2, "confidence", "E")(opened)
        put("entries", 2, "owner", "Phòng Mây")(opened)
        put("bring", 2, "text", "=A1")(opened)

    edit(book, spoil)
    reading = read(book)
    assert len(reading.problems) == 3
    assert [row.entry.id for row in reading.rows] == ["an-sinh-luong"]


def test_numbers_are_read_as_they_are_seen(book: Path) -> None:
    def fill(opened: Workbook) -> None:
        entries = sheet(opened, "entries")
        put("entries", 3, "fee", 0.005)(opened)
        for cell in entries[3]:
            if cell.value == 0.005:
                cell.number_format = "0.0%"
        put("entries", 3, "time", 15.0)(opened)

    edit(book, fill)
    [row] = [row for row in read(book).rows if row.entry.id == PROCEDURE.id]
    assert (row.entry.fee, row.entry.time) == ("0,5%", "15")
