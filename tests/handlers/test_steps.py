"""The guided steps where a transcript cannot show it well: old and forged buttons, and what passes to whom."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import select

from core.messages import MessageKind
from storage.models import Ticket
from storage.statuses import StaffRole
from tests.dialogues.playing import sample_dialogue_house
from tests.stage import Stage

ENTRY = "kinh-doanh-dang-ky"


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage(house=sample_dialogue_house())
    stage.welcome("Bà Lan")
    yield stage
    stage.close()


@pytest.mark.parametrize(
    "action",
    [
        "steps.at", "steps.at:", "steps.at:xyz:1", f"steps.at:{ENTRY}:²", f"steps.at:{ENTRY}:-1", "steps.start:xyz",
        "steps.papers", "steps.stuck", "steps.member", "steps.send_member", "steps.done", "steps.stop", "steps.xyz",
        f"steps.at:{ENTRY}:999999999999999",
    ],
)  # fmt: skip
def test_an_odd_button_gets_an_answer_and_files_nothing(stage: Stage, action: str) -> None:
    assert stage.does("Bà Lan", MessageKind.CHOICE, action=action)
    assert stage.read(lambda session: session.exec(select(Ticket)).all()) == []


def test_a_button_tapped_twice_leads_to_the_same_step(stage: Stage) -> None:
    for _ in range(2):
        [sent] = stage.does("Bà Lan", MessageKind.CHOICE, action=f"steps.at:{ENTRY}:2")
        assert sent.content.text.startswith("Bước 2/")


def test_a_number_beyond_the_last_step_leads_to_the_last(stage: Stage) -> None:
    [sent] = stage.does("Bà Lan", MessageKind.CHOICE, action=f"steps.at:{ENTRY}:99")
    assert any(choice.title == "Đã làm xong" for choice in sent.content.choices)


def test_the_team_is_offered_only_where_the_area_is_known(stage: Stage) -> None:
    stage.enlist("Minh", StaffRole.MEMBER, area="tdp-5")
    [sent] = stage.does("Bà Lan", MessageKind.CHOICE, action=f"steps.stuck:{ENTRY}:1")
    assert "Nhờ tổ công nghệ số" not in [choice.title for choice in sent.content.choices]


def test_a_member_hears_nothing_without_a_yes(stage: Stage) -> None:
    stage.enlist("Minh", StaffRole.MEMBER, area="tdp-5")
    stage.does("Bà Lan", MessageKind.TEXT, text="/start", start="kv-tdp-5")
    stage.does("Bà Lan", MessageKind.CHOICE, action=f"steps.stuck:{ENTRY}:1")
    asked = stage.taps("Bà Lan", "Nhờ tổ công nghệ số")
    assert {one.to for one in asked} == {"Bà Lan"}
    told = stage.taps("Bà Lan", "Gửi")
    assert {one.to for one in told} == {"Bà Lan", "Minh"}


def test_a_report_in_the_making_is_not_given_up_for_a_word(stage: Stage) -> None:
    stage.does("Bà Lan", MessageKind.CHOICE, action=f"steps.at:{ENTRY}:1")
    stage.says("Bà Lan", "gửi phản ánh")
    stage.says("Bà Lan", "tiếp")
    assert stage.routes[-1] == "report"
