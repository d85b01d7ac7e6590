"""Rights and limits of those who keep the answers right, beyond what a transcript shows well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from core.messages import MessageKind
from core.ward import list_wards, load_ward
from faq.library import Library
from faq.quantities import find_quantities
from handlers.care_rights import CareRefused
from handlers.care_texts import (
    MAX_ANSWER,
    MAX_ITEMS,
    MAX_WAYS,
    read_answer,
    read_part,
    read_steps,
    read_ways,
    read_word,
)
from storage.knowledge import knowledge_version
from storage.models import Conversation, KnowledgeRevision
from storage.statuses import StaffRole
from tests.examples import examples
from tests.stage import Stage

ENTRY = "phuong-dia-chi"
FIGURE = "phi-sao-y-trang"


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    stage.enlist("Hạnh", StaffRole.OFFICER, "TTPVHCC")
    stage.enlist("Dũng", StaffRole.OFFICER, "TTPVHCC")
    stage.enlist("Sơn", StaffRole.OFFICER, "CA")
    stage.enlist("Mai", StaffRole.MEMBER, area="tdp-3")
    stage.welcome("Bà Lan")
    yield stage
    stage.close()


def tap(stage: Stage, who: str, action: str) -> str:
    return "\n".join(one.content.text for one in stage.does(who, MessageKind.CHOICE, action=action))


def proposed(stage: Stage) -> None:
    """Hạnh proposes another question."""
    tap(stage, "Hạnh", f"care.question:{ENTRY}")
    stage.says("Hạnh", "Trụ sở phường ở đâu?")
    stage.taps("Hạnh", "Gửi duyệt")


def version(stage: Stage) -> int:
    return stage.read(knowledge_version)


FORGED = [
    *(f"care.{verb}:{ENTRY}" for verb in ("answer", "question", "retire", "review")),
    *("care.approve:1", "care.return:1", "care.look:1", "care.withdraw:1", "care.new", "care.words"),
    *("care.send:1", "care.send_words:1", "care.restore:1", "care.means:so_do", "care.owner:CA"),
    *(
        f"care.parts:{ENTRY}",
        f"care.part:fee:{ENTRY}",
        "care.clear:fee",
        "care.back",
        "care.use:",
        "care.send_figure:1",
    ),
    *(f"care.{verb}:{FIGURE}" for verb in ("change_figure", "use")),
]


@pytest.mark.parametrize("who", ["Bà Lan", "Mai", "Sơn"])
def test_a_forged_button_changes_nothing_and_shows_nothing(stage: Stage, who: str) -> None:
    proposed(stage)
    for action in FORGED:
        said = tap(stage, who, action)
        assert said, action
        assert "Trụ sở phường ở đâu?" not in said, action
    assert version(stage) == 0
    (row,) = stage.read(lambda s: s.exec(select(KnowledgeRevision)).all())
    assert row.status == "proposed"


def test_the_author_never_approves(stage: Stage) -> None:
    proposed(stage)
    assert "người thứ hai" in tap(stage, "Hạnh", "care.approve:1")
    assert version(stage) == 0
    assert "có hiệu lực ngay" in tap(stage, "Dũng", "care.approve:1")
    assert version(stage) == 1


def test_who_moved_to_another_department_decides_no_more(stage: Stage) -> None:
    proposed(stage)
    stage.enlist("Dũng", StaffRole.OFFICER, "CA")
    assert "không tìm thấy đề nghị" in tap(stage, "Dũng", "care.approve:1")
    assert version(stage) == 0


def test_a_bare_number_under_a_card_approves_nothing(stage: Stage) -> None:
    proposed(stage)
    stage.says("Dũng", "1")
    assert version(stage) == 0


def test_the_title_of_a_button_typed_under_a_card_does_what_the_button_does(stage: Stage) -> None:
    proposed(stage)
    stage.says("Dũng", "duyet!")
    assert version(stage) == 1


def test_an_old_preview_sends_nothing(stage: Stage) -> None:
    tap(stage, "Hạnh", f"care.question:{ENTRY}")
    shown = stage.says("Hạnh", "Trụ sở phường ở đâu?")
    old = next(one.action for one in shown[-1].content.choices if one.action.startswith("care.send"))
    tap(stage, "Hạnh", "care.again:question")
    stage.says("Hạnh", "Ủy ban phường ở chỗ nào?")
    tap(stage, "Hạnh", old)
    assert stage.read(lambda s: s.exec(select(KnowledgeRevision)).all()) == []
    stage.taps("Hạnh", "Gửi duyệt")
    (row,) = stage.read(lambda s: s.exec(select(KnowledgeRevision)).all())
    assert row.row["question"] == "Ủy ban phường ở chỗ nào?"


def test_every_owner_of_a_shipped_answer_has_somebody_in_every_ward() -> None:
    """A department, or by data one that looks after it, or the leaders; never a key that points nowhere."""
    owners = {entry.owner for entry in Library.load()}
    for key in list_wards():
        ward = load_ward(key)
        found = {owner: ward.find_owner(owner) for owner in owners}
        assert all(one is None or one in ward.departments for one in found.values())
    ward = load_ward("mau")
    units = {"CA": "CA", "BHXH": "TTPVHCC", "CNSCD": "VHXH"}
    assert {unit: ward.get_department(key) for unit, key in units.items()} == {
        unit: ward.find_owner(unit) for unit in units
    }
    assert ward.find_owner("XYZ") is None
    assert ward.find_owner(None) is None


@pytest.mark.parametrize("text", ["", "ngắn", "…" * 100, "a" * (MAX_ANSWER + 1)])
def test_answers_that_say_too_little_or_too_much_are_refused(text: str) -> None:
    with pytest.raises(CareRefused):
        read_answer(text)


def test_ways_to_ask_are_taken_once() -> None:
    assert read_ways("- làm ở đâu\n2) Làm ở đâu?; nộp chỗ nào", ["Lam o dau"]) == ["nộp chỗ nào"]
    with pytest.raises(CareRefused, match=r"care\.known_ways"):
        read_ways("lam o dau", ["Làm ở đâu?"])
    with pytest.raises(CareRefused, match=r"care\.too_many_ways"):
        read_ways("\n".join(f"cách hỏi số {n}" for n in range(MAX_WAYS + 1)), [])
    assert read_word(" «Sổ Hồng». ") == "sổ hồng"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Làm đơn\n\nNộp đơn", ["Làm đơn", "Nộp đơn"]),
        ("1. Làm đơn\n2) Nộp đơn", ["Làm đơn", "Nộp đơn"]),
        ("Bước 1: Làm đơn\nBước 2: Nộp đơn", ["Làm đơn", "Nộp đơn"]),
        ("bước 2: Nộp ở Trung tâm", ["Một việc", "Nộp ở Trung tâm", "Ba việc"]),
        ("bước 9: Nộp ở Trung tâm", ["Nộp ở Trung tâm"]),
    ],
)
def test_steps_are_read_as_people_number_them(text: str, expected: list[str]) -> None:
    assert read_steps(text, ["Một việc", "Hai việc", "Ba việc"]) == expected


@pytest.mark.parametrize(
    ("step", "text", "key"),
    [
        ("links", "http://dichvucong.gov.vn", "bad_link"),
        ("links", "https://dichvucong.gov.vn@evil.com", "bad_link"),
        ("links", "https://evil.com", "foreign_link"),
        ("bring", "\n".join(f"giấy số {n} khác" for n in range(MAX_ITEMS + 1)), "too_many_lines"),
        ("fee", "a" * 500, "too_long"),
        ("place", "…", "too_short"),
    ],
)
def test_parts_that_cannot_be_shown_to_people_are_refused(step: str, text: str, key: str) -> None:
    with pytest.raises(CareRefused, match=rf"care\.{key}"):
        read_part(step, text)


def test_a_figure_of_the_table_is_offered_and_another_is_refused(stage: Stage) -> None:
    tap(stage, "Hạnh", f"care.part:fee:{ENTRY}")
    assert "chưa rõ nguồn" in said(stage, "Mất 123.456 đồng")
    assert "có trong bảng con số" in said(stage, "Mất 2 nghìn đồng")
    assert "chưa có trong bảng" not in tap(stage, "Hạnh", f"care.use:{FIGURE}")
    assert stage.read(lambda s: s.exec(select(Conversation)).all()[0].data["row"]["fee"]) == (
        f"Mất {{figure:{FIGURE}}}"
    )


def test_a_time_needs_the_law_behind_it(stage: Stage) -> None:
    tap(stage, "Hạnh", f"care.part:time:{ENTRY}")
    assert "chưa ghi căn cứ pháp lý" in said(stage, "Mất 45 phút")
    tap(stage, "Hạnh", "care.back")
    tap(stage, "Hạnh", f"care.part:legal_basis:{ENTRY}")
    said(stage, "Nghị định 61/2018/NĐ-CP")
    tap(stage, "Hạnh", f"care.part:time:{ENTRY}")
    assert "Thời gian: Mất 45 phút" in said(stage, "Mất 45 phút")


def test_an_unsure_entry_tells_no_figure_at_all(stage: Stage) -> None:
    unsure = next(
        entry
        for entry in Library.load()
        if entry.confidence == "C" and entry.owner == "TTPVHCC" and entry.answer
    )
    tap(stage, "Hạnh", f"care.part:fee:{unsure.id}")
    assert "độ tin C hoặc D" in said(stage, "Mất 123.456 đồng")


def test_what_stood_there_before_may_stay(stage: Stage) -> None:
    """Whoever mends a word is not asked about figures that were looked at when they were written."""
    entry = next(
        entry for entry in Library.load() if entry.owner == "TTPVHCC" and find_quantities(entry.answer or "")
    )
    tap(stage, "Hạnh", f"care.answer:{entry.id}")
    assert "BẢN SỬA" in said(stage, f"{entry.answer} Xin cảm ơn.")


def test_one_department_does_not_change_the_figures_of_another(stage: Stage) -> None:
    assert "do Trung tâm Phục vụ hành chính công phụ trách" in tap(
        stage, "Sơn", f"care.change_figure:{FIGURE}"
    )
    assert "dành cho cán bộ" in tap(stage, "Mai", f"care.figure:{FIGURE}")
    assert version(stage) == 0


def test_the_author_of_a_figure_never_approves_it(stage: Stage) -> None:
    change_figure(stage)
    assert "người thứ hai" in tap(stage, "Hạnh", "care.approve:1")
    assert version(stage) == 0
    assert "có hiệu lực ngay" in tap(stage, "Dũng", "care.approve:1")
    assert version(stage) == 1
    assert stage.house.library.figures.find(FIGURE, date(2026, 11, 24)).value == "3.000 đồng"  # type: ignore[union-attr]


def test_a_figure_of_tomorrow_is_said_tomorrow_and_marks_the_answers_now(stage: Stage) -> None:
    change_figure(stage, "01/12/2026")
    tap(stage, "Dũng", "care.approve:1")
    library = stage.house.library
    (user,) = library.list_using(FIGURE)
    today, then = date(2026, 11, 24), date(2026, 12, 1)
    assert "2.000 đồng" in library.answer_text(user, today)
    assert "3.000 đồng" in library.answer_text(user, then)
    assert user in library.list_to_review(today)


def test_a_mark_goes_when_somebody_has_looked_however_near_the_days_are(stage: Stage) -> None:
    """Looked at, changed an hour later, looked at again: all on one day."""
    (user,) = stage.house.library.list_using(FIGURE)
    assert "Đã ghi nhận còn đúng" in tap(stage, "Hạnh", f"care.review:{user.id}")
    assert user.id not in stage.house.library.stale
    change_figure(stage)
    tap(stage, "Dũng", "care.approve:3")
    assert user.id in stage.house.library.stale
    assert "Một con số trong mục này đã đổi" in tap(stage, "Hạnh", f"care.show:{user.id}")
    assert "Đã ghi nhận còn đúng" in tap(stage, "Hạnh", f"care.review:{user.id}")
    assert user.id not in stage.house.library.stale
    assert "đã được kiểm tra hôm nay rồi" in tap(stage, "Hạnh", f"care.review:{user.id}")


def test_two_changes_of_one_figure_do_not_overwrite_each_other(stage: Stage) -> None:
    change_figure(stage)
    change_figure(stage, "01/12/2026", who="Dũng")
    assert "có hiệu lực ngay" in tap(stage, "Dũng", "care.approve:1")
    assert "đã có bản 1" in tap(stage, "Hạnh", "care.approve:2")
    assert version(stage) == 1


def change_figure(stage: Stage, since: str = "hôm nay", who: str = "Hạnh") -> None:
    tap(stage, who, f"care.change_figure:{FIGURE}")
    for text in ("3.000 đồng", since, "Thông tư 99/2026/TT-BTC", "A"):
        stage.says(who, text)
    stage.taps(who, "Gửi duyệt")


def said(stage: Stage, text: str) -> str:
    """What Hạnh is answered to a text."""
    return "\n".join(one.content.text for one in stage.says("Hạnh", text))


TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        (
            "/hoidap", "/hoidap từ", "/hoidap duyệt 1", "/hoidap duyệt 99999999999", "/hoidap mục mới",
            "/hoidap phuong-dia-chi", "hỏi đáp", "1", "2", "hủy", "A", "{", "{ward_hotline} {x}", "duyệt",
            "cách hỏi một; cách hỏi hai; cách hỏi ba", "Trụ sở phường nằm ở đâu vậy?", "sổ đỏ", "giấy đỏ chót",
            "trả lại", "/hoidap con số", "/hoidap con số sao y", "3.000 đồng", "01/12/2026", "hôm nay",
            "quay lại", "bỏ phần này", "bước 1: Ra Trung tâm", "bước 99: Không có", "http://x.y",
            "https://dichvucong.gov.vn", "Mất 2.000 đồng, 7 ngày làm việc và 99.999 đồng",
            "Câu trả lời mới, đủ dài để bà con hiểu phải làm gì.", "/viec", "menu", "\u202e%s{0}",
        )
    ),
)  # fmt: skip
VERBS = st.sampled_from(
    (
        "menu", "show", "due", "pending", "retired", "new", "answer", "question", "alias", "retire", "review",
        "owner", "confidence", "again", "send", "drop", "card", "look", "approve", "return", "withdraw", "history",
        "words_history", "version", "restore", "words", "means", "send_words", "xyz", "parts", "part", "clear",
        "back", "use", "figures", "figure", "change_figure", "new_figure", "again_figure", "figure_sure",
        "figure_today", "send_figure", "figure_history",
    )
)  # fmt: skip
ARGUMENTS = st.sampled_from(
    [
        *("", "1", "2", "3", "0", "-1", "²", "99999999999", ENTRY, "khong-co", "so_do", "CA", "answer", "Z"),
        *(FIGURE, "fee", f"fee:{ENTRY}", f"steps:{ENTRY}", "steps", "A"),
    ]
)
STEPS = st.one_of(
    TEXTS.map(lambda text: (MessageKind.TEXT, {"text": text})),
    st.tuples(VERBS, ARGUMENTS).map(lambda tap: (MessageKind.CHOICE, {"action": f"care.{tap[0]}:{tap[1]}"})),
    st.sampled_from([MessageKind.VOICE, MessageKind.STICKER, MessageKind.PHOTO]).map(lambda kind: (kind, {})),
)
MOVES = st.lists(st.tuples(st.sampled_from(["Hạnh", "Dũng", "Minh", "Mai"]), STEPS), min_size=1, max_size=14)


@settings(
    max_examples=examples(80),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(moves=MOVES)
def test_whatever_is_sent_gets_an_answer_and_no_version_has_one_author_alone(
    moves: list[tuple[str, tuple[MessageKind, dict[str, Any]]]],
) -> None:
    stage = Stage("zalo")
    try:
        stage.enlist("Hạnh", StaffRole.OFFICER, "TTPVHCC")
        stage.enlist("Dũng", StaffRole.OFFICER, "TTPVHCC")
        stage.enlist("Minh", StaffRole.LEADER)
        stage.enlist("Mai", StaffRole.MEMBER, area="tdp-3")
        for who, (kind, fields) in moves:
            sent = stage.does(who, kind, **fields)
            assert any(one.to == who for one in sent), (who, kind, fields)
        for row in stage.read(lambda s: s.exec(select(KnowledgeRevision)).all()):
            alone = row.author_id == row.decided_by
            assert row.number in (None, 0) or not alone or row.verb == "review"
    finally:
        stage.close()
