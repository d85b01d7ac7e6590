"""Announcements: what was seen is what is sent, once, to those who asked, and it can be stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from core.messages import MessageKind
from handlers import announce_sending
from scheduler import broadcasts
from storage.announcements import subscribe
from storage.announcing import list_steps
from storage.claims import claim_due
from storage.contacts import record_contact
from storage.models import Announcement, Delivery, Staff
from storage.staff import dismiss
from storage.statuses import AnnouncementStatus, DeliveryStatus, Lane
from tests.handlers_staff.office import Office

TEXT = "Tối thứ Sáu 27/11, 19 giờ, mời bà con họp tổ tại nhà văn hóa."


@pytest.fixture
def office() -> Office:
    return Office.open()


def _subscribe(office: Office, count: int, area: str = "tdp-3") -> None:
    with office.stage.session() as session:
        for number in range(count):
            address = office.stage.person(f"Người {number}").address
            contact = record_contact(session, address, office.stage.now)
            subscribe(session, contact.id or 0, area, None, office.stage.now)


def _only(office: Office) -> Announcement:
    return office.stage.read(lambda session: session.exec(select(Announcement)).one())


def _write(office: Office, who: str = "Mai") -> list[str]:
    office.stage.says(who, "/thongbao")
    return [one.content.text for one in office.stage.says(who, TEXT)]


def _broadcast(office: Office) -> dict[str, int]:
    return office.stage.read(lambda session: broadcasts.run(session, office.stage.house, office.stage.now))


def test_sent_is_what_was_seen(office: Office) -> None:
    _subscribe(office, 3)
    seen = _write(office)[0]
    office.stage.taps("Mai", "Gửi cho 3 người")
    _broadcast(office)
    got = [row.content["text"] for row in office.deliveries(kind="announcement")]
    assert got == [seen] * 3


def test_sent_is_what_was_seen_in_several_areas(office: Office) -> None:
    _subscribe(office, 1)
    office.stage.says("Hạnh", "/thongbao")
    office.stage.says("Hạnh", TEXT)
    seen = office.stage.says("Hạnh", "tổ 5, tổ 3")[0].content.text
    office.stage.taps("Hạnh", "Gửi cho 1 người")
    _broadcast(office)
    assert [row.content["text"] for row in office.deliveries(kind="announcement")] == [seen]


def test_the_author_reads_the_result(office: Office) -> None:
    _subscribe(office, 2)
    _write(office)
    office.stage.taps("Mai", "Gửi cho 2 người")
    _broadcast(office)
    office.stage.deliver()
    _broadcast(office)
    sent = office.stage.deliver()
    assert [one.to for one in sent] == ["Mai"]
    assert "2/2 người" in sent[0].content.text
    assert "dừng được nữa" in office.stage.taps("Mai", "Dừng gửi")[0].content.text


def test_double_tap_sends_once(office: Office) -> None:
    _subscribe(office, 2)
    _write(office)
    for _ in range(3):
        office.stage.taps("Mai", "Gửi cho 2 người")
        _broadcast(office)
    assert len(office.deliveries(kind="announcement")) == 2


def test_cancel_stops_what_has_not_left(office: Office) -> None:
    _subscribe(office, 5)
    _write(office)
    office.stage.taps("Mai", "Gửi cho 5 người")
    _broadcast(office)
    with office.stage.session() as session:
        for one in claim_due(session, office.stage.channel, Lane.BULK, "test", office.stage.now, 2):
            session.get_one(Delivery, one.id).status = DeliveryStatus.SENT.value
    answer = office.stage.taps("Mai", "Dừng gửi")
    assert "2/5" in answer[0].content.text
    _broadcast(office)
    states = [row.status for row in office.deliveries(kind="announcement")]
    assert sorted(states) == ["cancelled"] * 3 + ["sent"] * 2
    assert _only(office).status == AnnouncementStatus.CANCELLED


def test_many_recipients_need_the_number(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce_sending, "MANY", 11)
    _subscribe(office, 12)
    _write(office)
    assert "gõ lại" in office.stage.taps("Mai", "Gửi cho 12 người")[0].content.text
    assert "chưa khớp" in office.stage.says("Mai", "13")[0].content.text
    assert _only(office).status == AnnouncementStatus.DRAFT
    assert "Đang gửi 0/12" in office.stage.says("Mai", "12.")[0].content.text
    assert _only(office).status == AnnouncementStatus.SENDING


def test_a_member_reaches_only_the_own_area(office: Office) -> None:
    _subscribe(office, 2)
    _subscribe(office, 4, "tdp-5")
    _write(office)
    for action in ("announce.whole", "announce.area:tdp-5", "announce.areas"):
        office.stage.does("Mai", MessageKind.CHOICE, action=action)
    rows = office.stage.read(lambda session: list(session.exec(select(Announcement)).all()))
    assert {tuple(row.areas) for row in rows} == {("tdp-3",)}


def test_a_member_moved_elsewhere_cannot_send_the_old_draft(office: Office) -> None:
    _subscribe(office, 2)
    _write(office)
    with office.stage.session() as session:
        session.exec(select(Staff).where(Staff.name == "Mai")).one().area = "tdp-5"
    office.stage.taps("Mai", "Gửi cho 2 người")
    assert _only(office).status == AnnouncementStatus.DRAFT


def test_who_left_cannot_send(office: Office) -> None:
    _subscribe(office, 2)
    _write(office)
    office.does("Mai", lambda turn: dismiss(turn.session, turn.staff, turn.now))  # type: ignore[arg-type]
    answer = office.stage.taps("Mai", "Gửi cho 2 người")
    assert "Chỉ cán bộ" in answer[0].content.text
    assert _only(office).status == AnnouncementStatus.DRAFT


def test_an_old_draft_is_written_anew(office: Office) -> None:
    _subscribe(office, 2)
    _write(office)
    office.stage.now += timedelta(days=2)
    assert "soạn lại" in office.stage.taps("Mai", "Gửi cho 2 người")[0].content.text
    assert _only(office).status == AnnouncementStatus.DRAFT


@pytest.mark.parametrize("text", ["họp", "x" * 1501])
def test_length(office: Office, text: str) -> None:
    _subscribe(office, 2)
    office.stage.says("Mai", "/thongbao")
    office.stage.says("Mai", text)
    assert office.stage.read(lambda session: session.exec(select(Announcement)).first()) is None


def test_everybody_gone_between_preview_and_tap(office: Office) -> None:
    _subscribe(office, 1)
    _write(office)
    office.stage.says("Người 0", "tắt thông báo")
    answer = office.stage.taps("Mai", "Gửi cho 1 người")
    assert "Chưa có ai" in answer[0].content.text
    assert _only(office).status == AnnouncementStatus.DRAFT


# ------------------------------------------------------------------------------------- the second person


def _submitted(office: Office, who: str = "Hạnh", count: int = 3) -> int:
    office.stage.profile_says("approve_above", 2)
    _subscribe(office, count)
    office.stage.says(who, "/thongbao")
    office.stage.says(who, TEXT)
    if who != "Mai":
        office.stage.says(who, "toàn phường")
    office.stage.taps(who, f"Gửi duyệt ({count} người)")
    return _only(office).id or 0


@pytest.mark.parametrize("name", ["Hạnh", "Dũng", "Sơn", "Mai", "Bà Lan"])
def test_nobody_but_leaders_and_the_own_head_approves(office: Office, name: str) -> None:
    office.name_head("Sơn")
    number = _submitted(office)
    for verb in ("approve", "refuse", "ask_decision"):
        office.stage.does(name, MessageKind.CHOICE, action=f"announce.{verb}:{number}:1")
    assert _only(office).status == AnnouncementStatus.PENDING
    assert _only(office).approved_by is None


def test_the_head_of_the_unit_may_approve_but_not_the_own_one(office: Office) -> None:
    office.name_head("Hạnh")
    office.name_head("Dũng")
    number = _submitted(office)
    office.stage.does("Hạnh", MessageKind.CHOICE, action=f"announce.approve:{number}:1")
    assert _only(office).status == AnnouncementStatus.PENDING
    office.stage.does("Dũng", MessageKind.CHOICE, action=f"announce.approve:{number}:1")
    assert _only(office).status == AnnouncementStatus.SENDING


def test_two_approvers_at_once_start_it_once(office: Office) -> None:
    office.name_head("Dũng")
    number = _submitted(office)
    for name in ("Minh", "Dũng", "Minh"):
        office.stage.does(name, MessageKind.CHOICE, action=f"announce.approve:{number}:1")
        _broadcast(office)
    assert len(office.deliveries(kind="announcement")) == 3
    steps = office.stage.read(lambda s: [event.kind for event, _ in list_steps(s, number)])
    assert steps.count("approved") == steps.count("started") == 1


def test_the_answer_under_older_words_approves_nothing(office: Office) -> None:
    number = _submitted(office)
    office.stage.does("Hạnh", MessageKind.CHOICE, action=f"announce.revise:{number}")
    office.stage.says("Hạnh", "Tối thứ Bảy, 20 giờ, mời bà con họp tổ tại nhà văn hóa.")
    assert _only(office).status == AnnouncementStatus.DRAFT
    office.stage.does("Minh", MessageKind.CHOICE, action=f"announce.approve:{number}:1")
    office.stage.taps("Hạnh", "Gửi duyệt (3 người)")
    office.stage.does("Minh", MessageKind.CHOICE, action=f"announce.approve:{number}:1")
    assert _only(office).status == AnnouncementStatus.PENDING
    office.stage.taps("Minh", "Duyệt")
    assert _only(office).status == AnnouncementStatus.SENDING


def test_where_nobody_can_approve_it_stays_a_draft(office: Office) -> None:
    office.does("Minh", lambda turn: dismiss(turn.session, turn.staff, turn.now))  # type: ignore[arg-type]
    _submitted(office)
    assert _only(office).status == AnnouncementStatus.DRAFT
    assert "chưa có lãnh đạo" in office.stage.person("Hạnh").screen[-1].content.text


def test_a_change_of_the_hour_keeps_the_approval_a_change_of_words_does_not(office: Office) -> None:
    number = _submitted(office)
    office.stage.does("Hạnh", MessageKind.CHOICE, action=f"announce.revise:{number}")
    office.stage.taps("Hạnh", "Hẹn giờ gửi")
    office.stage.says("Hạnh", "8h sáng mai")
    office.stage.taps("Hạnh", "Gửi duyệt (3 người)")
    office.stage.taps("Minh", "Duyệt")
    assert _only(office).status == AnnouncementStatus.SCHEDULED
    office.stage.does("Hạnh", MessageKind.CHOICE, action=f"announce.rehour:{number}")
    office.stage.says("Hạnh", "9h sáng mai")
    assert (_only(office).status, _only(office).approved_by is not None) == (
        AnnouncementStatus.SCHEDULED,
        True,
    )
    office.stage.does("Hạnh", MessageKind.CHOICE, action=f"announce.revise:{number}")
    assert (_only(office).status, _only(office).approved_by) == (AnnouncementStatus.DRAFT, None)


def test_a_leader_stops_but_does_not_rewrite(office: Office) -> None:
    number = _submitted(office)
    office.stage.does("Minh", MessageKind.CHOICE, action=f"announce.revise:{number}")
    assert _only(office).status == AnnouncementStatus.PENDING
    office.stage.does("Minh", MessageKind.CHOICE, action=f"announce.cancel:{number}")
    assert _only(office).status == AnnouncementStatus.CANCELLED


def test_an_emergency_needs_its_reason_and_tells_every_leader(office: Office) -> None:
    number = _submitted(office)
    office.stage.taps("Hạnh", "Gửi khẩn")
    office.stage.says("Hạnh", "gấp")
    assert _only(office).status == AnnouncementStatus.PENDING
    office.stage.says("Hạnh", "Nước đang tràn vào nhà dân")
    found = _only(office)
    assert (found.status, found.urgent) == (AnnouncementStatus.SENDING, True)
    leader = [row.content["text"] for row in office.deliveries(to="Minh", kind="announcement_office")]
    assert "Nước đang tràn vào nhà dân" in leader[-1]
    _broadcast(office)
    assert {row.after_doubt for row in office.deliveries(kind="announcement")} == {"resend"}
    steps = office.stage.read(lambda s: [event.kind for event, _ in list_steps(s, number)])
    assert steps == ["written", "submitted", "emergency", "started"]


# -------------------------------------------------------------------------------- on its way, and afterwards


def _settle(office: Office, status: DeliveryStatus, error: str, count: int) -> None:
    with office.stage.session() as session:
        for one in claim_due(session, office.stage.channel, Lane.BULK, "test", office.stage.now, count):
            row = session.get_one(Delivery, one.id)
            row.status, row.error = status.value, error


def test_the_report_counts_what_became_of_each(office: Office) -> None:
    _subscribe(office, 6)
    _write(office)
    office.stage.taps("Mai", "Gửi cho 6 người")
    _broadcast(office)
    _settle(office, DeliveryStatus.WAITING, "WindowClosed", 2)
    _settle(office, DeliveryStatus.FAILED, "RecipientGone 403", 1)
    _settle(office, DeliveryStatus.SENT, "", 3)
    _broadcast(office)
    office.stage.deliver()
    (report,) = office.stage.taps("Mai", "Xem báo cáo")
    assert "Tất cả: 3/6 đã nhận, chờ nhắn lại 2, đã chặn 1" in report.content.text
    assert "Tổ dân phố 3: 3/6" in report.content.text
    assert "chờ nhắn lại 2" in report.content.pictures[0].alt


def test_what_waits_can_be_recalled_after_the_end(office: Office) -> None:
    _subscribe(office, 3)
    _write(office)
    office.stage.taps("Mai", "Gửi cho 3 người")
    _broadcast(office)
    _settle(office, DeliveryStatus.WAITING, "WindowClosed", 2)
    _settle(office, DeliveryStatus.SENT, "", 1)
    _broadcast(office)
    office.stage.deliver()
    office.stage.taps("Mai", "Xem báo cáo")
    for told in ("thu hồi 2 tin", "thu hồi 0 tin"):
        assert told in office.stage.taps("Mai", "Thu hồi 2 tin chưa tới")[0].content.text
    assert office.stage.says("Người 0", "chào")
    assert office.stage.says("Người 1", "chào")
    assert sorted(row.status for row in office.deliveries(kind="announcement")) == [
        "cancelled",
        "cancelled",
        "sent",
    ]
    assert _only(office).status == AnnouncementStatus.SENT


def test_pause_and_go_on_lose_nobody(office: Office) -> None:
    _subscribe(office, 5)
    _write(office)
    office.stage.taps("Mai", "Gửi cho 5 người")
    _broadcast(office)
    _settle(office, DeliveryStatus.SENT, "", 2)
    office.stage.taps("Mai", "Tạm dừng")
    _broadcast(office)
    assert office.stage.deliver() == []
    office.stage.taps("Mai", "Gửi tiếp")
    _broadcast(office)
    assert len(office.stage.deliver()) == 3
    assert [row.status for row in office.deliveries(kind="announcement")] == ["sent"] * 5
