"""Days and spans as leaders write them, and who may set them."""

from __future__ import annotations

from datetime import date

import pytest

from core.calendar import load_calendar
from core.messages import MessageKind
from handlers.work_calendar_plan import PlanRefused, Wish, checked, read_plan
from storage.calendar_days import list_days
from storage.statuses import StaffRole
from tests.stage import Stage

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "first", "last", "reason"),
    [
        ("31/12/2026 Nghỉ Tết Dương lịch", "2026-12-31", "2026-12-31", "Nghỉ Tết Dương lịch"),
        ("31/12 Nghỉ", "2026-12-31", "2026-12-31", "Nghỉ"),
        ("31-12-2026: Nghỉ", "2026-12-31", "2026-12-31", "Nghỉ"),
        ("28/1/2027-3/2/2027", "2027-01-28", "2027-02-03", ""),
        ("28/1-3/2/2027 Tết", "2027-01-28", "2027-02-03", "Tết"),
        ("28/1 – 3/2 Tết", "2027-01-28", "2027-02-03", "Tết"),
        ("từ 28/1/2027 đến hết ngày 3/2/2027, Tết", "2027-01-28", "2027-02-03", "Tết"),
        ("tu ngay 28/1 toi 3/2 tet", "2027-01-28", "2027-02-03", "tet"),
        ("28-1-2027 - 3-2-2027 Tết", "2027-01-28", "2027-02-03", "Tết"),
        ("28/1/2027 3/2/2027 Tết", "2027-01-28", "2027-02-03", "Tết"),
        ("ngày mai họp tổng kết", "2026-11-26", "2026-11-26", "họp tổng kết"),
        ("thứ sáu bù cho 2/9", "2026-11-27", "2026-11-27", "bù cho 2/9"),
    ],
)
def test_days_and_spans_are_read_as_people_write_them(text: str, first: str, last: str, reason: str) -> None:
    plan = read_plan(Wish.OFF, text, TODAY)
    assert (plan.first.isoformat(), plan.last.isoformat(), plan.reason) == (first, last, reason)


@pytest.mark.parametrize(
    "text", ["", "30/2/2027", "1/1/2027 31/2/2027", "bão", "0/0", "32/13/2026 - 5/1", "9" * 400]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(PlanRefused):
        read_plan(Wish.OFF, text, TODAY)


def test_weekends_within_a_span_are_not_set_and_doubtful_days_are_confirmed() -> None:
    calendar = load_calendar()
    plan = checked(read_plan(Wish.OFF, "2/2/2027-10/2/2027 Tết", TODAY), calendar, TODAY)
    # The 5th, 8th and 9th are days off by law; the 4th and 10th waited for the notice.
    assert [day.day for day in plan.days] == [2, 3, 4, 10]


@pytest.mark.parametrize("role", [StaffRole.OFFICER, StaffRole.MEMBER])
def test_only_leaders_change_days_also_by_an_old_button(role: StaffRole) -> None:
    stage = Stage()
    stage.enlist("Minh", StaffRole.LEADER)
    stage.enlist("Hạnh", role, "KT" if role is StaffRole.OFFICER else None, "tdp-4")
    stage.says("Minh", "/lich nghỉ 1/12/2026 Bão")
    stage.taps("Minh", "Đồng ý")
    rows = len(stage.read(list_days))
    assert rows == 1
    for action in ("calendar.undo:1", "calendar.save:1", "calendar.save:x", "calendar.undo:999"):
        (sent,) = stage.does("Hạnh", MessageKind.CHOICE, action=action)
        assert "lãnh đạo" in sent.content.text
    (sent,) = stage.says("Hạnh", "/lich bỏ 1/12/2026")
    assert "lãnh đạo" in sent.content.text
    assert len(stage.read(list_days)) == rows
    stage.close()


def test_a_citizen_does_nothing_with_the_buttons_of_the_office() -> None:
    stage = Stage()
    stage.welcome("Lan")
    stage.does("Lan", MessageKind.CHOICE, action="calendar.undo:1")
    assert stage.routes[-1] != "calendar"
    stage.close()


def test_an_undo_of_what_was_changed_since_is_refused() -> None:
    stage = Stage()
    stage.enlist("Minh", StaffRole.LEADER)
    stage.says("Minh", "/lich nghỉ 1/12/2026 Bão")
    stage.taps("Minh", "Đồng ý")
    stage.says("Minh", "/lich làm 1/12/2026 Tan bão")
    stage.taps("Minh", "Đồng ý")
    (sent,) = stage.does("Minh", MessageKind.CHOICE, action="calendar.undo:1")
    assert "đã đổi tiếp" in sent.content.text
    assert stage.house.calendar.is_working_day(date(2026, 12, 1))
    stage.close()
