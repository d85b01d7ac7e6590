"""Cases of an old sheet at the desk: shown with their source, answered as any other, sent to nobody."""

from __future__ import annotations

import pytest

from handlers.ledger_columns import find_tables
from handlers.ledger_filing import Books, file_cases, tell_departments
from handlers.ledger_reading import LedgerReader
from handlers.operator import Operator
from storage.tickets import find_ticket
from tests.handlers.test_ledger import MORE, book, changed
from tests.handlers_staff.office import Office


@pytest.fixture
def office() -> Office:
    opened = Office.open(("Hạnh", "Sơn"))
    stage = opened.stage
    row = changed(status="đang xử lý", closed=None, due=None, answer=None, received="20/11/2026")
    with stage.session() as session:
        tables = find_tables(book(MORE, row), stage.house.words)
        cases = LedgerReader(stage.house, stage.now).read(tables).cases
        caller = Operator(session, stage.house, stage.now)
        tell_departments(caller, file_cases(caller, cases, Books()))
    stage.deliver()
    return opened


def test_the_department_hears_once_and_finds_the_case_with_its_source(office: Office) -> None:
    stage = office.stage
    (told,) = stage.person("Hạnh").screen
    assert "1 phiếu" in told.content.text
    assert stage.person("Sơn").screen == []
    (shown,) = stage.taps("Hạnh", "Việc đang chờ")
    (card,) = stage.says("Hạnh", "1")
    assert "Đèn đường, chiếu sáng" in shown.content.text
    assert "1022, mã HS-1" in card.content.text


def test_an_answer_is_kept_and_the_officer_hears_that_nobody_was_reached(office: Office) -> None:
    stage = office.stage
    (listed,) = stage.says("Hạnh", "/viec")
    code = listed.content.choices[0].title
    (asked,) = stage.says("Hạnh", f"/xong {code} Đã thay bóng đèn trước nhà văn hóa.")
    assert "gửi một ảnh kết quả" in asked.content.text
    (done,) = stage.says("Hạnh", "Thay lúc nửa đêm, tối quá không chụp được.")
    assert done.to == "Hạnh"
    assert "hiện không nhận được tin nhắn" in done.content.text
    with stage.session() as session:
        ticket = find_ticket(session, code)
        assert ticket is not None
        assert (ticket.status, ticket.answer) == ("da_xu_ly", "Đã thay bóng đèn trước nhà văn hóa.")
