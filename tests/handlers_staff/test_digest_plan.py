"""/bantin: who chooses for whom, what a changed hour means for today, and that forged buttons do nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.messages import MessageKind
from storage.digests import find_plan, list_taken
from storage.models import DigestPlan
from storage.statuses import StaffRole
from tests.stage import Stage

MORNING = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)  # 07:00 in Vietnam, a Thursday


@pytest.fixture
def stage() -> Stage:
    stage = Stage("telegram")
    stage.now = MORNING
    for name, department in (("Hạnh", "KT"), ("Bình", "VHXH")):
        stage.enlist(name, StaffRole.OFFICER, department)
    stage.enlist("Minh", StaffRole.LEADER)
    stage.enlist("Tổ viên", StaffRole.MEMBER, None, "tdp-1")
    return stage


def plan_of(stage: Stage, name: str) -> DigestPlan | None:
    contact = stage.contact(name).id or 0
    return stage.read(lambda session: find_plan(session, contact))


def said(stage: Stage, name: str, text: str, **where: str) -> str:
    return "\n".join(sent.content.text for sent in stage.says(name, text, **where) if sent.to)


def test_the_group_is_its_own_reader_and_only_its_department_chooses(stage: Stage) -> None:
    stage.says("Hạnh", "/lienket", group="Nhóm KT")
    assert "8h" in said(stage, "Hạnh", "/bantin 8h", group="Nhóm KT")
    plan = plan_of(stage, "Nhóm KT")
    assert plan is not None
    assert plan.minute == 480
    assert plan_of(stage, "Hạnh") is None
    assert "không có quyền" in said(stage, "Bình", "/bantin tắt", group="Nhóm KT")
    assert "tắt" in said(stage, "Minh", "/bantin tắt", group="Nhóm KT")
    plan = plan_of(stage, "Nhóm KT")
    assert plan is not None
    assert plan.is_off


def test_members_have_no_digest(stage: Stage) -> None:
    assert "không có quyền" in said(stage, "Tổ viên", "/bantin 8h")
    assert plan_of(stage, "Tổ viên") is None


def test_a_citizens_forged_button_changes_nothing(stage: Stage) -> None:
    stage.does("Bà Lan", MessageKind.CHOICE, action="digest.off")
    assert plan_of(stage, "Bà Lan") is None


def test_an_hour_that_has_passed_begins_tomorrow(stage: Stage) -> None:
    assert "Lần tới: Thứ Năm 26/11/2026" in said(stage, "Hạnh", "/bantin 7h30")
    assert "Lần tới: Thứ Sáu 27/11/2026" in said(stage, "Hạnh", "/bantin 6h")
    taken = stage.read(lambda session: list_taken(session, [MORNING.date()]))
    assert len(taken) == 1
    stage.now = datetime(2026, 11, 26, 0, 40, tzinfo=UTC)
    assert stage.rings("digests") == [], "not even at the usual hour: today is over for her"


def test_what_is_not_named_stays(stage: Stage) -> None:
    said(stage, "Hạnh", "/bantin thứ hai, thứ tư")
    said(stage, "Hạnh", "/bantin 9h15")
    said(stage, "Hạnh", "/bantin không hình")
    plan = plan_of(stage, "Hạnh")
    assert plan is not None
    assert (plan.minute, plan.weekdays, plan.with_picture) == (555, "02", False)
    assert "Thứ Hai, Thứ Tư" in said(stage, "Hạnh", "/bantin")


@pytest.mark.parametrize("text", ["/bantin 4h59", "/bantin 20h01", "/bantin 25h", "/bantin ngày mai"])
def test_what_cannot_be_is_refused_and_changes_nothing(stage: Stage, text: str) -> None:
    stage.says("Hạnh", text)
    assert plan_of(stage, "Hạnh") is None
