"""Tracking sheets as offices keep them: which column is which, what a row says, and what is wrong with it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from core.calendar import local_date
from handlers.ledger_columns import COLUMNS, find_tables
from handlers.ledger_reading import LedgerReader, Reading
from handlers.ledger_template import write_template
from storage.statuses import Source, TicketStatus
from tests.props import sample_house

HOUSE = sample_house()
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = datetime(2026, 3, 5)  # noqa: DTZ001  # a sheet knows no zones
HEAD = ("Ngày nhận", "Nội dung", "Địa điểm", "Tổ", "Lĩnh vực", "Đơn vị xử lý", "Hạn", "Tình trạng")
MORE = (*HEAD, "Ngày xong", "Kết quả", "Nguồn", "Mã ngoài")
LAMP = ("5/3/2026", "Đèn đường ngõ 5 hỏng", "Ngõ 5", "4", "Đèn đường", "KT", "12/3/2026", "Đã xong")
# Where each column of these tests stands.
BY_NAME = {
    "received": 0,
    "text": 1,
    "place": 2,
    "area": 3,
    "category": 4,
    "department": 5,
    "due": 6,
    "status": 7,
}
BY_NAME |= {"closed": 8, "answer": 9, "source": 10, "code": 11}
DONE = (*LAMP, "10/3/2026", "Đã thay bóng", "1022", "HS-1")


def book(head: Sequence[Any], *rows: Sequence[Any], above: Sequence[Sequence[Any]] = ()) -> Workbook:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (*above, head, *rows):
        sheet.append(list(row))
    return made


def read(head: Sequence[Any], *rows: Sequence[Any], closed_on: date | None = None) -> Reading:
    return LedgerReader(HOUSE, NOW, closed_on).read(find_tables(book(head, *rows), HOUSE.words))


def changed(**fields: Any) -> list[Any]:
    """The closed lamp with other cells, by the name of the column."""
    values: list[Any] = list(DONE)
    for name, value in fields.items():
        values[BY_NAME[name]] = value
    return values


# ------------------------------------------------------------------------------------------- headings


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("NGÀY TIẾP NHẬN", "received"),
        ("Ngày, tháng", "received"),
        ("Ngày nhận (dd/mm/yyyy)", "received"),
        ("Nội dung phản ánh, kiến nghị của công dân", "text"),
        ("Noi dung", "text"),
        ("Địa điểm/tổ", "place"),
        ("Tổ dân phố", "area"),
        ("Thôn", "area"),
        ("Lĩnh vực phản ánh", "category"),
        ("Đơn vị xử lí", "department"),
        ("Thời hạn giải quyết", "due"),
        ("Tình trạng xử lý", "status"),
        ("Ngày trả lời", "closed"),
        ("Kết quả giải quyết", "answer"),
        ("Kênh tiếp nhận", "source"),
        ("Mã hồ sơ", "code"),
    ],
)
def test_a_heading_is_understood(said: str, name: str) -> None:
    needed = {"received": "Ngày nhận", "text": "Nội dung"}
    others = [text for one, text in needed.items() if one != name]
    (table,) = find_tables(book((*others, said)), HOUSE.words)
    assert table.headings[name] == said


@pytest.mark.parametrize(
    "said",
    [
        "Họ và tên",
        "Người phản ánh",
        "Số điện thoại",
        "SĐT",
        "CCCD",
        "Địa chỉ",
        "Địa chỉ người phản ánh",
        "STT",
    ],
)
def test_what_is_about_people_is_never_read(said: str) -> None:
    (table,) = find_tables(book(("Ngày nhận", "Nội dung", said)), HOUSE.words)
    assert (set(table.columns), table.unread) == ({"received", "text"}, (said,))


def test_the_table_begins_below_the_name_of_the_office_and_its_numbers_and_sums_are_no_cases() -> None:
    above = [["ỦY BAN NHÂN DÂN PHƯỜNG MẪU"], [], ["SỔ THEO DÕI NĂM 2026"]]
    made = book(HEAD, [f"({n})" for n in range(8)], LAMP[:7], ["Tháng 4"], [], ["Tổng cộng"], above=above)
    (table,) = find_tables(made, HOUSE.words)
    assert (table.head_row, [number for number, _ in table.rows()]) == (4, [6])


def test_each_sheet_of_a_year_is_a_table_and_a_sheet_of_something_else_is_none() -> None:
    made = book(HEAD, LAMP)
    for title, head in (("Tháng 2", HEAD), ("Danh bạ", ("Họ tên", "Số điện thoại", "Chức vụ"))):
        made.create_sheet(title).append(list(head))
    assert [table.title for table in find_tables(made, HOUSE.words)] == ["Sheet", "Tháng 2"]


def test_the_template_is_understood_whole_and_has_no_case() -> None:
    file = io.BytesIO()
    write_template(file, HOUSE)
    (table,) = find_tables(load_workbook(file), HOUSE.words)
    assert (tuple(table.columns), list(table.rows())) == (COLUMNS, [])


# ------------------------------------------------------------------------------------------------ rows


def test_a_closed_row_becomes_a_closed_case_of_its_day() -> None:
    reading = read(MORE, DONE)
    (case,) = reading.cases
    assert reading.wrong == []
    assert (case.status, case.category, case.department, case.area) == (
        TicketStatus.COMPLETED, "DEN", "KT", "tdp-4",
    )  # fmt: skip
    assert [local_date(at).isoformat() for at in (case.key.received_at, case.due_at, case.closed_at) if at] == [
        "2026-03-05", "2026-03-12", "2026-03-10",
    ]  # fmt: skip
    assert (case.key.source, case.key.code, case.answer) == (Source.HOTLINE, "HS-1", "Đã thay bóng")


def test_an_open_row_without_a_deadline_gets_the_ward_s() -> None:
    (case,) = read(HEAD, (datetime(2026, 11, 20), "rác chất đống ở đầu hẻm", *[None] * 5, "đang xử lý")).cases  # noqa: DTZ001
    ward = HOUSE.ward
    assert (case.category, case.department, case.status, case.closed_at) == (
        "RAC",
        "KT",
        TicketStatus.NEW,
        None,
    )
    assert case.due_at == ward.due_at(ward.get_category("RAC"), case.key.received_at, HOUSE.calendar)
    assert (case.key.source, case.key.code) == (Source.BOOK, None)


@pytest.mark.parametrize(
    "said",
    [DAY, date(2026, 3, 5), 46086, "5/3/2026", "05-03-2026", "5.3.2026", "5/3/26", "2026-03-05",
     "Ngày 5/3/2026", "8h30 ngày 05/03/2026", "05/03/2026 08:30", "5/3/2026, 8 giờ"],
)  # fmt: skip
def test_a_day_is_read_as_excel_and_as_people_write_it(said: object) -> None:
    (case,) = read(MORE, changed(received=said)).cases
    assert local_date(case.key.received_at) == date(2026, 3, 5)


def test_private_numbers_are_covered_in_words_places_and_answers() -> None:
    text, answer = "đèn hỏng, gọi 0912345678", "đã báo lại số 0987 654 321"
    (case,) = read(MORE, changed(text=text, answer=answer, place="nhà 0912345678")).cases
    told = f"{case.key.text} {case.key.place} {case.answer}"
    assert "đèn hỏng" in told
    assert not [number for number in ("0912345678", "0987 654 321") if number in told]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": None}, "thiếu nội dung"),
        (dict.fromkeys(BY_NAME, None) | {"text": "Cây nghiêng sắp đổ trước cổng trường"}, "thiếu ngày nhận"),
        ({"received": None}, "thiếu ngày nhận"),
        ({"received": "32/1/2026"}, "không đọc được ngày «32/1/2026»"),
        ({"received": "sáng qua"}, "không đọc được ngày"),
        ({"received": "25/11/2026"}, "sau hôm nay"),
        ({"received": "5/3/1926"}, "quá xa"),
        ({"due": "1/3/2026"}, "hạn 1/3/2026 ở trước ngày nhận"),
        ({"closed": "1/3/2026"}, "ngày xong 1/3/2026 ở trước ngày nhận"),
        ({"closed": "30/11/2026"}, "ngày xong 30/11/2026 ở sau hôm nay"),
        ({"closed": None}, "thiếu ngày xong"),
        ({"status": "đang xử lý"}, "có ngày xong mà tình trạng là «đang xử lý»"),
        ({"status": "để xem đã"}, "không hiểu tình trạng «để xem đã»"),
        ({"code": "0912345678"}, "mã ngoài"),
        ({"code": "X" * 41}, "mã ngoài"),
        ({"text": "=A1"}, "công thức"),
        ({"text": "tố cáo cán bộ phường nhận hối lộ 5 triệu"}, "giống tố cáo"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_and_nothing_is_taken(fields: dict[str, Any], said: str) -> None:
    reading = read(MORE, changed(**fields))
    (finding,) = reading.wrong
    assert reading.cases == []
    assert finding.where == "trang «Sheet», dòng 2"
    assert said in finding.text


def test_rows_that_are_one_case_are_told_with_the_row_before() -> None:
    no_code = changed(code=None)
    reading = read(MORE, DONE, changed(text="việc khác"), no_code, no_code)
    assert [one.text for one in reading.wrong] == [
        "trùng với trang «Sheet», dòng 2 (cùng nguồn, cùng mã)",
        "trùng với trang «Sheet», dòng 4 (cùng ngày nhận, nội dung, nơi xảy ra)",
    ]
    assert len(reading.cases) == 2


def test_a_day_can_be_given_for_closed_rows_that_have_none() -> None:
    (case,) = read(MORE, changed(closed=None), closed_on=date(2026, 6, 30)).cases
    assert case.closed_at is not None
    assert local_date(case.closed_at) == date(2026, 6, 30)


@pytest.mark.parametrize(
    "said",
    ["Chưa hoàn thành", "chưa khắc phục", "Đang xử lí", "còn tồn đọng", "Mới", "quá hạn", "Đã tiếp nhận"],
)
def test_what_is_not_done_yet_stays_open(said: str) -> None:
    (case,) = read(MORE, changed(status=said, closed=None)).cases
    assert (case.status, case.closed_at) == (TicketStatus.NEW, None)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Từ chối", "tu_choi"),
        ("không thụ lý", "tu_choi"),
        ("Đã rút", "rut"),
        ("HOÀN THÀNH", "hoan_thanh"),
        ("", "hoan_thanh"),
    ],
)
def test_how_a_row_ended(said: str, status: str) -> None:
    (case,) = read(MORE, changed(status=said)).cases
    assert case.status == status


def test_what_was_understood_freely_is_told_with_its_count() -> None:
    rows = [
        changed(code=f"A-{n}", category="Chiếu sáng", department="Điện lực", source="bưu điện")
        for n in range(3)
    ]
    assert dict(read(MORE, *rows).notes) == {
        "Lĩnh vực «Chiếu sáng» được hiểu là «Đèn đường, chiếu sáng»": 3,
        "Đơn vị «Điện lực» không thuộc phường, xã: giao theo loại việc": 3,
        "Nguồn «bưu điện» chưa rõ: ghi là «sổ theo dõi»": 3,
    }
