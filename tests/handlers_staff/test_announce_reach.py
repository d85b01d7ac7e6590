"""What the sender sees before sending: how many now, for money, by template, later, never, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.channels.zalo import WINDOW
from core.reach import Window
from storage.contacts import mark_unreachable, record_contact
from storage.models import Delivery
from storage.outbox import count_by_status
from storage.statuses import DeliveryStatus, StaffRole
from tests.props import sample_house
from tests.stage import Stage

TEXT = "Tối thứ Sáu 27/11, 19 giờ, mời bà con họp tổ tại nhà văn hóa."


def _its(session: Session, contact_id: int) -> Delivery:
    """The announcement that is on its way to somebody."""
    query = select(Delivery).where(Delivery.contact_id == contact_id, Delivery.kind == "announcement")
    return session.exec(query).one()


def ward_on_zalo(**arranged: bool) -> Stage:
    """One subscriber who wrote just now, one three days ago, two eight days ago, one who has blocked us."""
    window = replace(WINDOW, **arranged)  # type: ignore[arg-type]
    stage = Stage("zalo", house=replace(sample_house(), windows={"zalo": window}))
    stage.enlist("Minh", StaffRole.LEADER)
    for name, ago in (("Lan", 0), ("Tư", 3), ("Sáu", 8), ("Bảy", 9), ("Tám", 1)):
        now = stage.now
        stage.now -= timedelta(days=ago)
        stage.says(name, "nhận tin toàn phường")
        stage.now = now
    with stage.session() as session:
        mark_unreachable(session, record_contact(session, stage.person("Tám").address, now).id or 0, now)
    stage.says("Minh", "/thongbao")
    stage.says("Minh", TEXT)
    return stage


@pytest.mark.parametrize(
    ("arranged", "lines"),
    [
        (
            {},
            [
                "Gửi được ngay: 1",
                "Zalo, chờ bà con nhắn lại: 1 (nhắn lần cuối từ 2 đến 7 ngày trước)",
                "Zalo, chờ bà con nhắn lại: 2 (quá 7 ngày chưa nhắn)",
                "Không tới được: 1 (đã chặn hoặc xóa tài khoản)",
            ],
        ),
        (
            {"pays": True, "has_template": True},
            [
                "Gửi được ngay: 1",
                "Zalo, gửi có tính phí: 1 (nhắn lần cuối từ 2 đến 7 ngày trước)",
                "Zalo, chỉ gửi được tin mẫu: 2",
                "Không tới được: 1 (đã chặn hoặc xóa tài khoản)",
            ],
        ),
    ],
)
def test_the_sender_sees_what_zalo_allows(arranged: dict[str, bool], lines: list[str]) -> None:
    stage = ward_on_zalo(**arranged)
    shown = stage.says("Minh", "toàn phường")[-1].content.text.splitlines()
    assert shown[2] == "Số người nhận: 4"
    assert shown[3:] == lines


def test_who_cannot_be_reached_now_gets_it_with_the_next_word_while_it_is_valid() -> None:
    stage = ward_on_zalo()
    stage.says("Minh", "toàn phường")
    stage.taps("Minh", "Gửi cho 4 người")
    stage.rings("broadcasts")
    with stage.session() as session:
        # What the sender does in a shut window; «Sáu» is asked for by a date that is over by then.
        for number, name in enumerate(("Tư", "Sáu", "Bảy")):
            contact = record_contact(session, stage.person(name).address, stage.now)
            row = _its(session, contact.id or 0)
            row.status = DeliveryStatus.WAITING.value
            row.expires_at = stage.now + timedelta(hours=1 if number == 1 else 99)
            session.add(row)
    stage.now += timedelta(days=2)
    heard = {name: [one.kind for one in stage.says(name, "chào em")] for name in ("Tư", "Sáu", "Bảy")}
    assert ["announcement" in kinds for kinds in heard.values()] == [True, False, True]
    counts = stage.read(lambda session: count_by_status(session, 1))
    assert counts == {DeliveryStatus.SENT: 3, DeliveryStatus.CANCELLED: 1}


def test_where_all_can_be_reached_nothing_is_said_of_windows() -> None:
    stage = Stage("telegram", house=replace(sample_house(), windows={"webchat": Window(rings=False)}))
    stage.enlist("Minh", StaffRole.LEADER)
    stage.says("Lan", "nhận tin toàn phường")
    stage.says("Minh", "/thongbao")
    stage.says("Minh", TEXT)
    shown = stage.says("Minh", "toàn phường")[-1].content.text.splitlines()
    assert shown == ["Bà con sẽ thấy đúng như tin ở trên.", "Gửi tới: toàn phường", "Số người nhận: 1"]
