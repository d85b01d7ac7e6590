"""Spoken reports: who may listen, and what people hear where nobody could."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from core.messages import MessageKind
from storage.models import Download, StoredFile, Ticket
from storage.statuses import StaffRole, TicketStatus
from tests.props import sample_house
from tests.stage import Stage

VOICE = MessageKind.VOICE


@pytest.fixture
def stage() -> Stage:
    """A spoken report that waits at the office, and people around it."""
    stage = Stage("zalo")
    stage.enlist("Hạnh", StaffRole.OFFICER, "VP")
    stage.enlist("Sơn", StaffRole.OFFICER, "CA")
    stage.enlist("Mai", StaffRole.MEMBER, area="tdp-4")
    stage.enlist("Minh", StaffRole.LEADER)
    for name in ("Cụ Sáu", "Bà Lan"):
        stage.welcome(name)
    stage.does("Cụ Sáu", VOICE, recordings=[True])
    stage.taps("Cụ Sáu", "Để cán bộ nghe")
    return stage


def _listen(stage: Stage, name: str) -> str:
    ticket = stage.read(lambda s: s.exec(select(Ticket)).one())
    (said,) = stage.does(name, MessageKind.CHOICE, action=f"officer.listen:{ticket.id}")
    return said.content.text


def _links(stage: Stage) -> int:
    return len(stage.read(lambda s: s.exec(select(Download)).all()))


@pytest.mark.parametrize(("name", "may"), [("Hạnh", 1), ("Minh", 1), ("Sơn", 0), ("Mai", 0), ("Bà Lan", 0)])
def test_only_who_may_handle_the_ticket_gets_a_link(stage: Stage, name: str, may: int) -> None:
    assert ("/tai-ve/" in _listen(stage, name)) is bool(may)
    assert _links(stage) == may


def test_a_number_that_is_no_ticket_and_a_ticket_without_a_voice_give_no_link(stage: Stage) -> None:
    stage.says("Bà Lan", "đèn đường ngõ 5 tổ 2 hỏng mấy hôm nay")
    stage.taps("Bà Lan", "Không có ảnh")
    stage.taps("Bà Lan", "Gửi")
    silent = stage.read(lambda s: s.exec(select(Ticket.id).order_by(Ticket.id)).all())[-1]  # type: ignore[arg-type]
    for number in (silent, 999, "x", ""):
        (said,) = stage.does("Minh", MessageKind.CHOICE, action=f"officer.listen:{number}")
        assert "/tai-ve/" not in said.content.text
    assert _links(stage) == 0


def test_a_closed_ticket_can_still_be_listened_to(stage: Stage) -> None:
    code = stage.read(lambda s: s.exec(select(Ticket.code)).one())
    stage.says("Hạnh", f"/xong {code} đã thông cống trước nhà cụ sáng nay")
    if stage.read(lambda s: s.exec(select(Ticket.status)).one()) != TicketStatus.RESOLVED:
        stage.says("Hạnh", "việc đã xong, cụ đã thấy")
    card = stage.says("Hạnh", f"/phieu {code}")[0].content
    assert [one.title for one in card.choices][:2] == ["Nghe ghi âm", "Mở lại"]
    assert "/tai-ve/" in _listen(stage, "Hạnh")


def test_without_a_public_address_no_voice_is_taken_and_no_link_promised(stage: Stage) -> None:
    stage.house = replace(sample_house(), public_url="")
    assert "NGHEDAN_PUBLIC_URL" in _listen(stage, "Hạnh")
    # Then the program does not fetch recordings: the message comes without a file.
    (said,) = stage.does("Bà Lan", VOICE)
    assert said.content.text == stage.house.words.text("fallback.voice")
    stage.says("Bà Lan", "gửi phản ánh")
    (said,) = stage.does("Bà Lan", VOICE)
    assert said.content.text.startswith(stage.house.words.text("report.cannot_take"))
    assert all(one.title != "Để cán bộ nghe" for one in said.content.choices)


def test_no_more_than_five_recordings_belong_to_a_report(stage: Stage) -> None:
    stage.does("Bà Lan", VOICE, recordings=[True] * 4)
    (said,) = stage.does("Bà Lan", VOICE, recordings=[True] * 3)
    assert "nhiều nhất 5 bản ghi âm" in said.content.text
    stage.taps("Bà Lan", "Để cán bộ nghe")
    newest = stage.read(lambda s: max(s.exec(select(Ticket.id)).all()))
    kept = stage.read(lambda s: s.exec(select(StoredFile).where(StoredFile.ticket_id == newest)).all())
    assert len(kept) == 5


def test_a_voice_for_somebody_else_is_still_asked_about(stage: Stage) -> None:
    stage.says("Mai", "/giup")
    stage.does("Mai", VOICE, recordings=[True])
    (said,) = stage.taps("Mai", "Để cán bộ nghe")
    assert said.content.text.startswith("Gửi giúp ai?")
    assert len(stage.read(lambda s: s.exec(select(Ticket)).all())) == 1


def test_an_old_button_to_listen_files_nothing(stage: Stage) -> None:
    stage.says("Bà Lan", "gửi phản ánh")
    stage.does("Bà Lan", MessageKind.CHOICE, action="report.listen")
    stage.does("Cụ Sáu", MessageKind.CHOICE, action="report.listen")
    assert len(stage.read(lambda s: s.exec(select(Ticket)).all())) == 1


def test_the_daily_cap_counts_for_voices_and_the_draft_stays(stage: Stage) -> None:
    for _ in range(4):
        stage.does("Cụ Sáu", VOICE, recordings=[True])
        stage.taps("Cụ Sáu", "Không, việc khác")
        stage.taps("Cụ Sáu", "Gửi thành phản ánh")
        stage.taps("Cụ Sáu", "Để cán bộ nghe")
    assert len(stage.read(lambda s: s.exec(select(Ticket)).all())) == 5
    stage.does("Cụ Sáu", VOICE, recordings=[True])
    stage.taps("Cụ Sáu", "Không, việc khác")
    (said,) = stage.taps("Cụ Sáu", "Gửi thành phản ánh")
    assert "nhiều nhất một ngày" in said.content.text


def _statuses(stage: Stage) -> list[str]:
    loose = select(StoredFile).where(StoredFile.ticket_id == None)  # noqa: E711
    return [file.status for file in stage.read(lambda s: s.exec(loose).all())]


@pytest.mark.parametrize(
    "said",
    [
        "hủy",
        "tôi tố cáo ông chủ tịch phường nhận hối lộ",
        "em nhặt được tập tài liệu mật của ủy ban, chụp gửi phường xem nhé",
    ],
)
def test_what_must_not_be_kept_is_forgotten_with_the_recording_before_it(stage: Stage, said: str) -> None:
    stage.does("Bà Lan", VOICE, recordings=[True])
    assert _statuses(stage) == ["stored"]
    stage.says("Bà Lan", said)
    assert _statuses(stage) == ["forgotten"]
    stage.does("Bà Lan", MessageKind.CHOICE, action="report.listen")
    assert len(stage.read(lambda s: s.exec(select(Ticket)).all())) == 1


def test_a_draft_whose_recordings_are_forgotten_says_so_and_files_nothing(stage: Stage) -> None:
    stage.does("Bà Lan", VOICE, recordings=[True])
    stage.now += timedelta(days=31)
    stage.rings("housekeeping")
    (said,) = stage.does("Bà Lan", MessageKind.CHOICE, action="report.listen")
    assert "không còn giữ" in said.content.text
    assert all(one.title != "Để cán bộ nghe" for one in said.content.choices)
    assert len(stage.read(lambda s: s.exec(select(Ticket)).all())) == 1
