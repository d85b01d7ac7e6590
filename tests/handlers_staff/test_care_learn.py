"""Rights and races around unanswered questions, beyond what a transcript shows well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import select

from core.messages import MessageKind
from handlers.learning import gather_unanswered
from storage.models import QuestionCluster
from storage.statuses import StaffRole
from tests.stage import Stage

TEXT = "xe buýt chạy mấy giờ"
VERBS = (
    "learn",
    "learn_alias",
    "learn_entry",
    "learn_out",
    "learn_out_only",
    "learn_out_where",
    "learn_again",
)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    stage.enlist("Hạnh", StaffRole.OFFICER, "TTPVHCC")
    stage.enlist("Dũng", StaffRole.OFFICER, "TTPVHCC")
    stage.enlist("Sơn", StaffRole.OFFICER, "CA")
    stage.enlist("Mai", StaffRole.MEMBER, area="tdp-3")
    stage.welcome("Bà Lan")
    stage.says("Bà Lan", TEXT)
    with stage.session() as session:
        gather_unanswered(session, stage.house, stage.now)
    yield stage
    stage.close()


def tap(stage: Stage, who: str, action: str) -> str:
    return "\n".join(one.content.text for one in stage.does(who, MessageKind.CHOICE, action=action))


def cluster(stage: Stage) -> QuestionCluster:
    return stage.read(lambda s: s.exec(select(QuestionCluster)).one())


def test_the_cluster_lies_with_the_owner_of_the_nearest_entry(stage: Stage) -> None:
    found = cluster(stage)
    assert (found.department, found.count, found.examples) == ("TTPVHCC", 1, [TEXT])


@pytest.mark.parametrize("who", ["Bà Lan", "Mai", "Sơn"])
def test_a_forged_button_settles_nothing_and_shows_nothing(stage: Stage, who: str) -> None:
    for verb in (*VERBS, "learn_to"):
        for number in ("1", "1:phuong-dia-chi", "0", "99999999999", "x", ""):
            said = tap(stage, who, f"care.{verb}:{number}")
            assert said
            assert TEXT not in said
    for action in ("care.unanswered", "care.learn_next"):
        assert TEXT not in tap(stage, who, action)
    assert cluster(stage).status == "open"


def test_of_two_who_settle_it_the_second_is_told(stage: Stage) -> None:
    tap(stage, "Hạnh", "care.learn_to:1:phuong-gio-lam-viec")
    tap(stage, "Dũng", "care.learn_out_only:1")
    stage.taps("Hạnh", "Gửi duyệt")
    assert "rồi ạ" in tap(stage, "Dũng", "care.learn_alias:1")
    assert "rồi ạ" in tap(stage, "Dũng", "care.learn_out_only:1")


def test_writing_the_way_anew_still_settles_the_cluster(stage: Stage) -> None:
    tap(stage, "Hạnh", "care.learn_to:1:phuong-gio-lam-viec")
    stage.taps("Hạnh", "Viết lại cách hỏi")
    stage.says("Hạnh", "phường mở cửa tới mấy giờ chiều")
    stage.taps("Hạnh", "Gửi duyệt")
    found = cluster(stage)
    assert (found.status, found.revision_id) == ("alias", 1)


def test_a_proposal_that_is_taken_back_leaves_the_cluster_open(stage: Stage) -> None:
    tap(stage, "Hạnh", "care.learn_to:1:phuong-gio-lam-viec")
    stage.taps("Hạnh", "Gửi duyệt")
    assert "Không có câu hỏi nào" in tap(stage, "Hạnh", "care.unanswered")
    stage.taps("Hạnh", "Rút lại")
    assert TEXT in stage.says("Hạnh", "/chuabiet")[0].content.choices[0].title


def test_an_old_card_after_another_draft_changes_nothing(stage: Stage) -> None:
    tap(stage, "Hạnh", "care.learn_to:1:khong-co-muc-nay")
    assert "không tìm thấy" in tap(stage, "Hạnh", "care.learn_to:1:khong-co-muc-nay")
    tap(stage, "Hạnh", "care.new")
    stage.says("Hạnh", "hủy")
    assert cluster(stage).status == "open"
