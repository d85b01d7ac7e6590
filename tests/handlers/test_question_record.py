"""What is counted of questions and what never is: rules that a transcript cannot show well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from core.messages import MessageKind
from handlers.question_record import OPEN
from storage.models import AskedQuestion, Conversation
from storage.statuses import StaffRole
from tests.stage import Stage

ENTRY = "phuong-dia-chi"
QUESTION = "địa chỉ trụ sở phường ở đâu"


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    stage.welcome("Bà Lan")
    stage.welcome("Kẻ gian")
    stage.enlist("Hạnh", StaffRole.OFFICER, "TTPVHCC")
    yield stage
    stage.close()


def rows(stage: Stage) -> list[AskedQuestion]:
    return stage.read(lambda s: list(s.exec(select(AskedQuestion).order_by(col(AskedQuestion.id)))))


def test_an_answer_is_counted_without_words_or_a_person(stage: Stage) -> None:
    stage.says("Bà Lan", QUESTION)
    (row,) = rows(stage)
    assert (row.decision, row.entry, row.words, row.channel) == ("answered", ENTRY, None, "webchat")
    assert row.topic == "phuong"
    assert row.score is not None


def test_the_office_is_answered_but_not_counted(stage: Stage) -> None:
    stage.says("Hạnh", QUESTION)
    assert "Lý do" not in stage.taps("Hạnh", "Chưa đúng")[0].content.text
    stage.taps("Hạnh", "Thông tin sai hoặc cũ")
    assert rows(stage) == []


@pytest.mark.parametrize(
    "text",
    [
        "tôi muốn tố cáo ông trưởng thôn nhận tiền",
        "cháy nhà ở ngõ 5 cứu với",
        "cảm ơn em nhé",
        "xin chào",
        "/menu",
    ],
)
def test_what_is_no_question_leaves_no_row(stage: Stage, text: str) -> None:
    stage.says("Bà Lan", text)
    assert rows(stage) == []


def test_a_report_and_the_wish_for_a_person_are_counted_without_a_word(stage: Stage) -> None:
    stage.says("Bà Lan", "đèn đường ngõ 5 hỏng cả tuần nay không ai sửa")
    stage.says("Bà Lan", "ở cổng chợ")
    stage.says("Bà Lan", "hủy")
    stage.says("Bà Lan", "cho tôi gặp cán bộ")
    assert [(row.decision, row.words, row.entry) for row in rows(stage)] == [
        ("report", None, ""),
        ("human", None, ""),
    ]


def test_a_stranger_cannot_judge_for_others(stage: Stage) -> None:
    stage.says("Bà Lan", QUESTION)
    for verb in (f"wrong:{ENTRY}", f"right:{ENTRY}", f"because:wrong:{ENTRY}", "because:x", "because:wrong:"):
        assert stage.does("Kẻ gian", MessageKind.CHOICE, action=f"question.{verb}")
    assert [(row.verdict, row.reason) for row in rows(stage)] == [("", "")]


def test_a_reason_without_a_thumb_down_is_not_kept(stage: Stage) -> None:
    stage.says("Bà Lan", QUESTION)
    stage.does("Bà Lan", MessageKind.CHOICE, action=f"question.because:wrong:{ENTRY}")
    stage.taps("Bà Lan", "Có ích")
    stage.does("Bà Lan", MessageKind.CHOICE, action=f"question.because:wrong:{ENTRY}")
    assert [(row.verdict, row.reason) for row in rows(stage)] == [("good", "")]


def test_the_next_morning_an_answer_can_be_judged_later_no_more(stage: Stage) -> None:
    stage.says("Bà Lan", QUESTION)
    stage.now += OPEN - timedelta(hours=1)
    stage.taps("Bà Lan", "Có ích")
    stage.says("Bà Lan", QUESTION)
    stage.now += OPEN
    assert stage.taps("Bà Lan", "Chưa đúng")
    assert [row.verdict for row in rows(stage)] == ["good", ""]


def test_an_answer_that_is_shown_again_asks_for_no_second_thumb(stage: Stage) -> None:
    stage.says("Bà Lan", QUESTION)
    stage.taps("Bà Lan", "Có ích")
    (again,) = stage.does("Bà Lan", MessageKind.CHOICE, action=f"question.show:{ENTRY}")
    assert "Có ích" not in [choice.title for choice in again.content.choices]
    assert len(rows(stage)) == 1


def test_several_questions_are_counted_one_by_one(stage: Stage) -> None:
    stage.says("Bà Lan", "giờ làm việc của phường? lệ phí đăng ký tạm trú bao nhiêu?")
    assert [row.decision for row in rows(stage)] == ["answered", "answered"]


def test_a_conversation_remembers_no_more_than_five_questions(stage: Stage) -> None:
    for _ in range(7):
        stage.says("Bà Lan", QUESTION)
    (row,) = stage.read(lambda s: s.exec(select(Conversation)).all())
    assert len(row.data["memory"]["asked"]) == 5
    assert len(rows(stage)) == 7
