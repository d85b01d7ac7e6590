"""What goes with an announcement: addresses that open, days in words, pictures, and a test like the real thing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.channels.telegram import TelegramChannel
from bot.channels.webchat import WebChatChannel
from bot.channels.zalo import ZaloChannel
from core.calendar import local_date
from core.fitting import fit
from core.messages import MessageKind
from core.serial import content_from_json
from handlers.announce_details import MAX_LINK, read_link
from scheduler import broadcasts
from storage.models import Announcement
from storage.statuses import AfterDoubt, Lane
from tests.handlers_staff.office import Office
from tests.handlers_staff.test_announce import TEXT, _only, _subscribe, office
from tests.props import LIMITS

__all__ = ["office"]


def _draft(office: Office, who: str = "Mai") -> None:
    _subscribe(office, 2)
    office.stage.says(who, "/thongbao")
    office.stage.says(who, TEXT)


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("phuong.gov.vn/lich-cat-dien", "https://phuong.gov.vn/lich-cat-dien"),
        ("https://phuong.gov.vn", "https://phuong.gov.vn"),
        ("http://phuong.gov.vn/a?b=1#c", "http://phuong.gov.vn/a?b=1#c"),
        ("đoàn-kết.vn/tin", "https://đoàn-kết.vn/tin"),
        ("javascript:alert(1)", None),
        ("ftp://phuong.gov.vn", None),
        ("https://ten:mat@phuong.gov.vn", None),
        ("https://phuong.gov.vn:8080/x", None),
        ("https://[::1]/", None),
        ("https://127.0.0.1/", None),
        ("localhost", None),
        ("trang của phường", None),
        ("phuong.gov.vn hôm nay", None),
        ("", None),
        ("https://phuong.gov.vn/" + "a" * MAX_LINK, None),
    ],
)
def test_links(said: str, link: str | None) -> None:
    assert read_link(said) == link


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("đến hết 30/11", "2026-11-30"),
        ("den het ngay 30/11", "2026-11-30"),
        ("hết thứ sáu tuần sau", "2026-12-04"),
        ("có hiệu lực đến 1/12/2026.", "2026-12-01"),
        ("hôm nay", "2026-11-24"),
        ("20/11/2026", None),
        ("31/2", None),
        ("khi nào xong", None),
        ("30/11 nhé các bác", None),
        ("1/1/2029", None),
    ],
)
def test_until(office: Office, said: str, day: str | None) -> None:
    _draft(office)
    office.stage.does("Mai", MessageKind.CHOICE, action="announce.add:until")
    office.stage.says("Mai", said)
    until = _only(office).valid_until
    assert (local_date(until).isoformat() if until else None) == day
    if until:
        assert local_date(until + timedelta(seconds=1)) > local_date(until)


def test_what_is_no_longer_valid_at_its_hour_is_not_sent(office: Office) -> None:
    _draft(office)
    office.stage.does("Mai", MessageKind.CHOICE, action="announce.add:until")
    office.stage.says("Mai", "hôm nay")
    office.stage.taps("Mai", "Hẹn giờ gửi")
    office.stage.says("Mai", "8h sáng mai")
    office.stage.taps("Mai", "Hẹn gửi cho 2 người")
    assert _only(office).status == "draft"
    assert "hết hiệu lực" in office.stage.person("Mai").screen[-1].content.text


def test_recipients_get_the_pictures_and_nothing_after_the_last_day(office: Office) -> None:
    _subscribe(office, 2)
    office.stage.says("Mai", "/thongbao")
    office.stage.does("Mai", MessageKind.PHOTO, photos=2, text=TEXT)
    office.stage.does("Mai", MessageKind.CHOICE, action="announce.add:until")
    office.stage.says("Mai", "hết 30/11")
    office.stage.taps("Mai", "Gửi cho 2 người")
    office.stage.read(lambda session: broadcasts.run(session, office.stage.house, office.stage.now))
    rows = office.deliveries(kind="announcement")
    assert [len(content_from_json(row.content).pictures) for row in rows] == [2, 2]
    assert {row.expires_at for row in rows} == {_only(office).valid_until}


def test_pictures_of_a_dropped_draft_do_not_come_back(office: Office) -> None:
    _subscribe(office, 2)
    office.stage.says("Mai", "/thongbao")
    office.stage.does("Mai", MessageKind.PHOTO, photos=2)
    office.stage.says("Mai", "/thongbao")
    office.stage.says("Mai", TEXT)
    assert _only(office).pictures == []


def test_the_test_goes_the_way_of_the_real_one_to_oneself_alone(office: Office) -> None:
    _draft(office)
    sent = office.stage.taps("Mai", "Gửi thử cho tôi")
    assert {one.to for one in sent} == {"Mai"}
    (row,) = office.deliveries(kind="announcement_test")
    assert (row.lane, row.after_doubt, row.announcement_id) == (Lane.BULK, AfterDoubt.PARK, None)
    office.stage.taps("Mai", "Quay lại")
    office.stage.taps("Mai", "Gửi cho 2 người")
    office.stage.read(lambda session: broadcasts.run(session, office.stage.house, office.stage.now))
    assert {one.content["text"] for one in office.deliveries(kind="announcement")} == {row.content["text"]}


def test_each_channel_is_shown_as_it_cuts(office: Office) -> None:
    _subscribe(office, 1)
    office.stage.says("Hạnh", "/thongbao")
    office.stage.does("Hạnh", MessageKind.PHOTO, photos=3, text="Nội dung dài. " * 100)
    office.stage.says("Hạnh", "toàn phường")
    content = office.stage.person("Hạnh").screen[-2].content
    shown = [one.content.text for one in office.stage.taps("Hạnh", "Xem trên từng kênh")]
    for name, text in zip(LIMITS, shown, strict=True):
        parts = fit(content, LIMITS[name])
        assert text.count("— Tin ") == len(parts), name
        assert all(part.text in text for part in parts)


def test_the_limits_of_the_stage_are_those_of_the_channels() -> None:
    for channel in (ZaloChannel, TelegramChannel, WebChatChannel):
        assert LIMITS[channel.name] == channel.limits


def test_another_person_cannot_change_a_draft(office: Office) -> None:
    _draft(office)
    for name in ("Hạnh", "Minh"):
        office.stage.does(name, MessageKind.CHOICE, action="announce.add:no_pictures")
    rows = office.stage.read(lambda session: session.exec(select(Announcement)).all())
    assert [(row.revision, row.pictures) for row in rows] == [(1, [])]
