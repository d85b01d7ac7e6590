"""Words under an announcement: passed on when they are about it, left to everything else when they are not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from core.messages import MessageKind
from scheduler import broadcasts
from storage.models import Ticket
from tests.handlers_staff.office import Office

NOTICE = "Sáng mai 25/11 cắt điện ngõ 3 và ngõ 5 từ 7 giờ đến 11 giờ để sửa lưới."
ASK = "notice_reply"


def _announced(who: str = "Hạnh") -> Office:
    office = Office.open()
    stage = office.stage
    stage.says("Bà Lan", "nhận thông báo")
    stage.says("Bà Lan", "tổ 3")
    stage.says(who, "/thongbao")
    stage.says(who, NOTICE)
    if who != "Mai":
        stage.says(who, "toàn phường")
    stage.taps(who, "Gửi cho 1 người")
    stage.read(lambda session: broadcasts.run(session, stage.house, stage.now))
    stage.deliver()
    return office


def _tickets(office: Office) -> list[Ticket]:
    return office.stage.read(lambda session: list(session.exec(select(Ticket)).all()))


def _route(office: Office, text: str, *, quoted: bool = False) -> str:
    stage = office.stage
    if quoted:
        notice = next(one for one in reversed(stage.person("Bà Lan").screen) if one.kind == "announcement")
        stage.replies("Bà Lan", text, to=notice)
    else:
        stage.says("Bà Lan", text)
    return stage.routes[-1]


@pytest.mark.parametrize(("who", "unit"), [("Hạnh", "KT"), ("Sơn", "CA"), ("Mai", "VHXH"), ("Minh", "VP")])
def test_it_goes_to_the_unit_that_stands_behind_the_notice(who: str, unit: str) -> None:
    office = _announced(who)
    assert _route(office, "nhà tôi ở đầu hẻm 7 có bị không", quoted=True) == ASK
    office.stage.taps("Bà Lan", "Chuyển giúp tôi")
    (ticket,) = _tickets(office)
    assert (ticket.department, "nhà tôi ở đầu hẻm 7" in ticket.text) == (unit, True)
    assert ticket.due_at - ticket.created_at < timedelta(days=3)


@pytest.mark.parametrize(
    "text",
    [
        "ngõ 7 có cắt điện không?",
        "ngo 7 co cat dien khong?",
        "tin này có đúng cho chung cư không",
        "thông báo trên tới mấy giờ thì xong",
        "sửa lưới xong sớm được không",
    ],
)
def test_soon_after_it_and_about_it(text: str) -> None:
    assert _route(_announced(), text) == ASK


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("làm căn cước cho con cần gì", "question"),
        ("tắt thông báo", "subscription"),
        ("cảm ơn", "small_talk"),
        ("đèn đường ngõ 9 hỏng ba hôm nay rồi, tối om không ai sửa", "report"),
        ("cháy nhà ở ngõ 5 cứu với", "emergency"),
    ],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_everything_else_has_its_own_answer(text: str, route: str, quoted: bool) -> None:
    assert _route(_announced(), text, quoted=quoted) == route


def test_hours_later_only_a_quote_is_about_it() -> None:
    office = _announced()
    office.stage.now += timedelta(hours=7)
    assert _route(office, "ngõ 7 có cắt điện không?") != ASK
    assert _route(office, "hẻm nhà tôi có bị không", quoted=True) == ASK


def test_who_got_no_notice_is_asked_nothing() -> None:
    office = _announced()
    office.stage.says("Ông Tư", "ngõ 7 có cắt điện không?")
    assert office.stage.routes[-1] != ASK


def test_it_is_passed_on_once() -> None:
    office = _announced()
    _route(office, "hẻm nhà tôi có bị không", quoted=True)
    for _ in range(3):
        office.stage.does("Bà Lan", MessageKind.CHOICE, action="notice.send")
    assert len(_tickets(office)) == 1


def test_a_no_files_nothing() -> None:
    office = _announced()
    _route(office, "hẻm nhà tôi có bị không", quoted=True)
    assert _route(office, "không") == "notice_answer"
    office.stage.does("Bà Lan", MessageKind.CHOICE, action="notice.send")
    assert _tickets(office) == []


def test_a_late_yes_is_no_yes() -> None:
    office = _announced()
    _route(office, "hẻm nhà tôi có bị không", quoted=True)
    office.stage.now += timedelta(hours=1)
    assert _route(office, "ok") != "notice_answer"
    assert _tickets(office) == []


def test_a_button_that_was_never_shown_does_nothing() -> None:
    office = _announced()
    office.stage.does("Ông Tư", MessageKind.CHOICE, action="notice.send")
    assert _tickets(office) == []
