"""/baocao: what a payload names is a wish, not a right; and every page of cases can be reached."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from core.messages import MessageKind
from storage.models import Download, Ticket
from storage.staff import find_staff
from storage.statuses import StaffRole
from tests.figures.books import fill
from tests.stage import Sent, Stage

NOVEMBER = "20261101:20261130"


@pytest.fixture
def stage() -> Stage:
    stage = Stage("telegram")
    stage.now = datetime(2026, 12, 10, 1, 0, tzinfo=UTC)
    for name, department in (("Hạnh", "KT"), ("Trưởng KT", "KT")):
        stage.enlist(name, StaffRole.OFFICER, department)
    stage.enlist("Minh", StaffRole.LEADER)
    stage.enlist("Bà Mai", StaffRole.OVERSEER)
    stage.welcome("Bà Lan")
    head = stage.contact("Trưởng KT").id or 0
    with stage.session() as session:
        fill(session)
        staff = find_staff(session, head)
        assert staff is not None
        staff.is_head = True
        session.add(staff)
    return stage


def tap(stage: Stage, name: str, action: str) -> Sent:
    (sent,) = stage.does(name, MessageKind.CHOICE, action=action)
    return sent


@pytest.mark.parametrize("name", ["Hạnh", "Bà Lan"])
@pytest.mark.parametrize("what", ["show", "list", "files", "trace"])
def test_who_leads_nothing_gets_no_figure_by_a_forged_button(stage: Stage, name: str, what: str) -> None:
    sent = tap(stage, name, f"figures.{what}:{NOVEMBER}::filed")
    assert "Tiếp nhận" not in sent.content.text
    assert not sent.content.pictures
    assert "/tai-ve/" not in sent.content.text


def test_a_head_sees_the_own_department_whatever_the_payload_names(stage: Stage) -> None:
    own = tap(stage, "Trưởng KT", f"figures.show:{NOVEMBER}:")
    assert "Phòng Kinh tế, Hạ tầng và Đô thị:" in own.content.text
    assert "• Tiếp nhận trong kỳ: 6" in own.content.text
    other = tap(stage, "Trưởng KT", f"figures.show:{NOVEMBER}:VHXH")
    assert "Tiếp nhận" not in other.content.text
    (said,) = stage.says("Trưởng KT", "/baocao VHXH tháng 11")
    assert "Anh/chị xem được báo cáo của Phòng Kinh tế" in said.content.text


@pytest.mark.parametrize(
    "args",
    ["", "x:y:", "20261130:20261101:", "20261101:20261130:NOPE", "99999999:99999999:", "20261101:99991231:"],
)
def test_a_payload_that_makes_no_sense_asks_again(stage: Stage, args: str) -> None:
    sent = tap(stage, "Minh", f"figures.show:{args}")
    assert "chọn kỳ báo cáo" in sent.content.text


def test_pages_hold_all_cases_behind_a_figure(stage: Stage) -> None:
    first = tap(stage, "Minh", f"figures.trace:{NOVEMBER}::filed")
    codes = [one.title.split(" ")[0] for one in first.content.choices]
    assert codes == ["N1", "N2", "N3", "N4", "N5", "N6", "N7", "Về"]
    assert first.content.text.endswith("7 phiếu.")
    with stage.session() as session:
        row = session.get_one(Ticket, int(first.content.choices[0].action.split(":")[1]))
        assert row.code == "N1"
    beyond = tap(stage, "Minh", f"figures.trace:{NOVEMBER}::filed:700")
    assert "không có phiếu nào" in beyond.content.text
    assert "Chọn số" in tap(stage, "Minh", f"figures.trace:{NOVEMBER}::nothing").content.text


def test_an_overseer_reads_masked_lines_and_opens_nothing(stage: Stage) -> None:
    sent = tap(stage, "Bà Mai", f"figures.trace:{NOVEMBER}::open_late")
    assert "• C3 · Đèn đường, chiếu sáng · Tổ dân phố 2" in sent.content.text
    assert [one.action.split(":")[0] for one in sent.content.choices] == ["figures.show"]
    for secret in ("Lan", "0912345678", "số 5"):
        assert secret not in sent.content.text
    opened = stage.does("Bà Mai", MessageKind.CHOICE, action="officer.show:3")
    assert "Nhà bà Lan" not in " ".join(one.content.text for one in opened)


def test_each_kind_of_file_has_its_link(stage: Stage) -> None:
    sent = tap(stage, "Bà Mai", f"figures.files:{NOVEMBER}:")
    assert sent.content.text.count("/tai-ve/") == 3
    with stage.session() as session:
        rows = session.exec(select(Download)).all()
        assert sorted(row.report or "" for row in rows) == ["docx", "json", "xlsx"]
        assert {row.department for row in rows} == {None}


def test_figures_are_not_for_groups(stage: Stage) -> None:
    stage.says("Trưởng KT", "/lienket", group="Nhóm KT")
    (said,) = stage.says("Minh", "/baocao tháng 11", group="Nhóm KT")
    assert "Tiếp nhận" not in said.content.text
