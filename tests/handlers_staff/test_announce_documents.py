"""The document of an announcement: whose is taken and when, what becomes of it, and how people come to read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from core.messages import Choice, MessageKind
from core.serial import content_from_json
from handlers.announce_documents import awaits_document, size_said
from scheduler import broadcasts, housekeeping
from storage.announcement_documents import document_of
from storage.announcements import find_announcement
from storage.files import Fetched
from storage.models import StoredFile
from storage.staff import dismiss, find_staff
from storage.statuses import AttachmentStatus
from tests.handlers_staff.office import Office
from tests.handlers_staff.test_announce import TEXT, _only, _subscribe, office
from tests.stage import Sent

__all__ = ["office"]

FILE = MessageKind.FILE


def _fetched(title: str = "Lịch tiêm", ending: str = "pdf") -> Fetched:
    return Fetched("file", f"{'a' * 32}.{ending}", "application/pdf", 320 * 1024, "", title)


def _sends(office: Office, who: str = "Mai", *, text: str = "") -> list[Sent]:
    return office.stage.does(who, FILE, document=_fetched(), text=text)


def _awaits(office: Office, who: str, group: str | None = None) -> bool:
    stage = office.stage
    sender, chat = stage.person(who).address, stage.person(group or who).address
    return stage.read(lambda session: awaits_document(session, stage.house, sender, chat, stage.now))


def _files(office: Office) -> list[StoredFile]:
    return list(office.stage.read(lambda s: s.exec(select(StoredFile).order_by(StoredFile.id)).all()))  # type: ignore[arg-type]


def _titles(sent: list[Sent]) -> list[str]:
    choices: list[Choice] = [choice for one in sent for choice in one.content.choices]
    return [choice.title for choice in choices]


def test_it_is_fetched_for_whoever_writes_an_announcement_in_private_and_for_nobody_else(
    office: Office,
) -> None:
    _subscribe(office, 1)
    everybody = ("Mai", "Minh", "Bà Lan", "Người 0")
    assert [_awaits(office, who) for who in everybody] == [False] * 4
    office.stage.says("Mai", "/thongbao")
    assert [_awaits(office, who) for who in everybody] == [True, False, False, False]
    assert not _awaits(office, "Mai", group="Nhóm tổ 3")
    office.stage.says("Mai", TEXT)
    assert _awaits(office, "Mai")
    office.stage.taps("Mai", "Hẹn giờ gửi")
    assert not _awaits(office, "Mai")
    office.stage.taps("Mai", "Quay lại")
    office.stage.now += timedelta(hours=2, seconds=1)
    assert not _awaits(office, "Mai")
    _sends(office)
    assert _files(office) == []


def test_whose_duty_has_ended_is_asked_for_none(office: Office) -> None:
    office.stage.says("Mai", "/thongbao")
    with office.stage.session() as session:
        staff = find_staff(session, office.stage.contact("Mai").id or 0)
        assert staff is not None
        dismiss(session, staff, office.stage.now)
    assert not _awaits(office, "Mai")


def test_without_an_address_of_the_ward_it_is_declined_and_said_why(office: Office) -> None:
    office.stage.house = replace(office.stage.house, public_url="")
    _subscribe(office, 1)
    office.stage.says("Mai", "/thongbao")
    (sent,) = _sends(office)
    assert "chưa có địa chỉ trang web" in sent.content.text
    assert _files(office) == []
    office.stage.says("Mai", TEXT)
    assert "Thêm tệp PDF, Word, Excel" not in _titles(
        office.stage.taps("Mai", "Thêm ảnh, tệp, đường dẫn, hạn")
    )
    (sent,) = office.stage.does("Mai", MessageKind.CHOICE, action="announce.add:document")
    assert "chưa có địa chỉ trang web" in sent.content.text


def test_words_under_it_make_a_whole_announcement_of_one_message(office: Office) -> None:
    _subscribe(office, 2)
    office.stage.says("Mai", "/thongbao")
    _sends(office, text=TEXT)
    document = document_of(_only(office))
    assert document is not None
    assert (document.title, document.ending, len(document.token)) == ("Lịch tiêm", "pdf", 22)
    office.stage.taps("Mai", "Gửi cho 2 người")
    office.stage.read(lambda session: broadcasts.run(session, office.stage.house, office.stage.now))
    line = f"– https://chat.phuong-mau.vn/van-ban/{_only(office).id}-{document.token}"
    texts = [content_from_json(row.content).text for row in office.deliveries(kind="announcement")]
    assert ["Văn bản kèm theo: Lịch tiêm (PDF, 320 KB) " + line in text for text in texts] == [True, True]
    # Whoever doubts it and pastes it whole is told that it is the ward's own.
    said = office.stage.says("Bà Lan", f"tin này có thật không: {texts[0]}")
    (answer,) = [one for one in said if one.to == "Bà Lan"]
    assert "phường Mẫu có gửi thông báo với lời như vậy" in answer.content.text


def test_another_one_takes_its_place_and_nobody_takes_another_person_s(office: Office) -> None:
    _subscribe(office, 1)
    office.stage.says("Mai", "/thongbao")
    _sends(office, text=TEXT)
    first = document_of(_only(office))
    _sends(office)
    second = document_of(_only(office))
    assert first is not None
    assert second is not None
    assert first.token != second.token
    assert [file.announcement_id for file in _files(office)] == [None, _only(office).id]
    for name in ("Hạnh", "Minh"):
        office.stage.does(name, MessageKind.CHOICE, action="announce.add:no_document")
    assert document_of(_only(office)) == second


def test_before_any_words_it_can_be_dropped(office: Office) -> None:
    _subscribe(office, 1)
    office.stage.says("Mai", "/thongbao")
    _sends(office)
    (sent,) = office.stage.says("Mai", "bỏ tệp")
    assert "không kèm tệp nữa" in sent.content.text
    office.stage.says("Mai", TEXT)
    assert document_of(_only(office)) is None


def test_a_draft_that_lay_for_weeks_promises_no_document_that_is_gone(office: Office) -> None:
    _subscribe(office, 1)
    office.stage.says("Mai", "/thongbao")
    _sends(office, text=TEXT)
    office.stage.now += timedelta(days=30, minutes=1)
    run = office.stage.read(lambda s: housekeeping.run(s, office.stage.house, office.stage.now))
    assert run["documents"] == 1
    shown = office.stage.does("Mai", MessageKind.CHOICE, action=f"announce.revise:{_only(office).id}")
    assert "Văn bản kèm theo" not in shown[0].content.text
    assert document_of(_only(office)) is None


def test_what_waits_and_is_recalled_takes_its_document_along(office: Office) -> None:
    _subscribe(office, 1)
    office.stage.says("Mai", "/thongbao")
    _sends(office, text=TEXT)
    office.stage.taps("Mai", "Gửi cho 1 người")
    for _ in range(2):
        office.stage.read(lambda session: broadcasts.run(session, office.stage.house, office.stage.now))
        office.stage.deliver()
    assert _only(office).status == "sent"
    number = _only(office).id or 0
    office.stage.does("Mai", MessageKind.CHOICE, action=f"announce.recall:{number}")
    found = office.stage.read(lambda session: find_announcement(session, number))
    assert found is not None
    assert document_of(found) == replace(document_of(found) or pytest.fail("none"), withdrawn=True)
    assert [file.status for file in _files(office)] == [AttachmentStatus.FORGOTTEN]
    # There is nothing left to take back.
    sent = office.stage.does("Mai", MessageKind.CHOICE, action=f"announce.progress:{number}")
    assert "Gỡ tệp kèm theo" not in _titles(sent)


def test_it_is_no_evidence_of_a_ticket(office: Office) -> None:
    """Whoever writes an announcement may answer a ticket's card with a file in between."""
    _subscribe(office, 1)
    office.stage.says("Bà Lan", "đèn đường ngõ 5 tổ 3 hỏng mấy hôm nay rồi")
    for title in ("Không có ảnh", "Bỏ qua", "Gửi"):
        if title in _titles(office.stage.person("Bà Lan").screen[-1:]):
            office.stage.taps("Bà Lan", title)
    cards = [one for one in office.stage.person("Hạnh").screen if one.ticket_id]
    office.stage.says("Hạnh", "/thongbao")
    assert cards
    office.stage.does("Hạnh", FILE, document=_fetched(), text="đã thay bóng", reply_to=cards[-1].external_id)
    assert [file.ticket_id for file in _files(office)] == [None]


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "1 KB"), (700, "1 KB"), (320 * 1024, "320 KB"), (1024 * 1024, "1,0 MB"), (1_500_000, "1,4 MB")],
)
def test_sizes_as_people_read_them(size: int, said: str) -> None:
    assert size_said(size) == said
