"""The map of conversations: complete, in order, every row reachable, and no message without an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from core.messages import MessageKind
from handlers.router import ROUTES
from storage.models import Ticket
from storage.statuses import StaffRole
from tests.examples import examples
from tests.script import all_scripts, routes_told
from tests.stage import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.close()


def test_names_are_unique_and_the_last_takes_everything() -> None:
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names))
    assert names[-1] == "fallback"


def test_every_route_is_played_in_some_transcript() -> None:
    told = {script.name: routes_told(script) for script in all_scripts()}
    assert [name for name, routes in told.items() if not routes] == []
    assert {route.name for route in ROUTES} - frozenset[str]().union(*told.values()) == set()


@pytest.mark.parametrize("code", ["P8V0-V307-6TC", "GS7N-TC15-6MH", "2SQP-83RV-7TV", "k3b4 40tc s48"])
def test_a_code_is_looked_up_whatever_its_letters_spell(stage: Stage, code: str) -> None:
    """«TC» is short for a denunciation: one code in two hundred holds it."""
    stage.welcome("Bà Lan")
    (answer,) = stage.says("Bà Lan", code)
    assert "không tìm thấy phiếu" in answer.content.text


def test_a_message_of_ten_thousand_letters_is_filed_in_part(stage: Stage) -> None:
    stage.welcome("Bà Lan")
    stage.says("Bà Lan", "gửi phản ánh")
    sent = stage.says("Bà Lan", "đèn đường hỏng " * 700)
    assert any("2.000" in one.content.text for one in sent)
    stage.says("Bà Lan", "bỏ qua")
    stage.says("Bà Lan", "không có ảnh")
    assert stage.taps("Bà Lan", "Gửi")
    ticket = stage.read(lambda session: session.get_one(Ticket, 1))
    assert len(ticket.text) <= 2000


def test_a_stranger_learns_nothing_from_a_forged_button(stage: Stage) -> None:
    stage.says("Bà Lan", "/start")
    stage.does("Bà Lan", MessageKind.PHOTO, photos=1, text="rác đổ đầy cổng chợ tổ 2")
    sent = stage.taps("Bà Lan", "Gửi")
    code = next(line.split(": ")[1] for line in sent[0].content.text.splitlines() if "Mã phiếu" in line)
    for verb in ("show", "add", "withdraw_now", "reopen_now", "add_said"):
        shown = stage.does("Kẻ gian", MessageKind.CHOICE, action=f"lookup.{verb}:{code}")
        assert shown
        assert not any("cổng chợ" in one.content.text for one in shown)


def test_buttons_without_a_draft_file_nothing(stage: Stage) -> None:
    stage.welcome("Bà Lan")
    stage.does("Bà Lan", MessageKind.PHOTO, photos=1)
    for action in (
        "report.send:1",
        "report.category:RAC",
        "report.area:tdp-5",
        "report.skip:photos",
        "person.send",
    ):
        assert stage.does("Kẻ gian", MessageKind.CHOICE, action=action)
    assert stage.read(lambda session: session.exec(select(Ticket)).all()) == []


def test_an_officer_is_a_citizen_beyond_the_desk(stage: Stage) -> None:
    stage.enlist("Hạnh", StaffRole.OFFICER, "KT")
    assert stage.says("Hạnh", "Cài ứng dụng VNeID ở đâu cho an toàn?")
    assert stage.routes[-1] == "question"


TEXTS = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        (
            "menu", "0", "1", "2", "3", "hủy", "quay lại", "gửi", "sửa", "xong", "bỏ qua", "có", "không", "ok",
            "gửi phản ánh", "đèn đường hỏng mấy hôm nay", "rác tổ 5 chưa thu", "tra cứu", "7K3M-9Q2F-4XH",
            "7K3M-9Q2F-4XJ", "gặp cán bộ", "nhận thông báo", "tắt thông báo", "tổ 5", "cháy nhà rồi", "vneid",
            "tôi tố cáo cán bộ nhận tiền", "khiếu nại quyết định", "cảm ơn", "đm", "làm căn cước ở đâu?",
            "/start", "/start kv-tdp-5", "/start topic-vneid-cai-dat", "???", "viết tiếp", "tiếp", "đúng",
        )
    ),
)  # fmt: skip
ACTIONS = st.sampled_from(
    (
        "menu", "report.start", "report.said", "report.said:PCCC", "report.back", "report.skip:place",
        "report.skip:photos", "report.edit", "report.edit:text", "report.edit:photos", "report.again",
        "report.new", "report.cancel", "report.send:1", "report.send", "report.category:RAC", "report.category:",
        "report.area:tdp-5", "report.drop_photos", "report.xyz", "question.ask", "question.said",
        "question.none", "question.show:vneid-cai-dat", "question.show:khong-co", "question.right:x",
        "question.wrong", "person.ask", "person.said", "person.send", "person.cancel", "lookup.mine",
        "lookup.other", "lookup.show:7K3M-9Q2F-4XH", "lookup.add_said", "subscription.ask", "subscription.on:",
        "subscription.on:tdp-5", "subscription.on:zzz", "subscription.off", "subscription.leave", ":", "", "xyz:1",
    )
)  # fmt: skip
STEPS = st.one_of(
    TEXTS.map(lambda text: (MessageKind.TEXT, {"text": text})),
    TEXTS.map(lambda text: (MessageKind.EDITED, {"text": text})),
    ACTIONS.map(lambda action: (MessageKind.CHOICE, {"action": action})),
    st.sampled_from(
        [kind for kind in MessageKind if kind not in (MessageKind.TEXT, MessageKind.CHOICE, MessageKind.LEFT)]
    ).map(lambda kind: (kind, {})),
    st.integers(1, 7).map(lambda photos: (MessageKind.PHOTO, {"photos": photos})),
)


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=1, max_size=12), greeted=st.booleans())
def test_whatever_is_sent_gets_an_answer(
    steps: list[tuple[MessageKind, dict[str, object]]],
    greeted: bool,
) -> None:
    stage = Stage("zalo")
    try:
        if greeted:
            stage.welcome("Ai đó")
        for kind, fields in steps:
            sent = stage.does("Ai đó", kind, **fields)  # type: ignore[arg-type]
            assert any(one.to == "Ai đó" for one in sent), (kind, fields)
    finally:
        stage.close()
