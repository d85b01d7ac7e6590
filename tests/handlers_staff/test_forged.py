"""Buttons that nobody was shown: whatever is tapped, by whomever, nothing breaks and no right is gained."""

from __future__ import annotations

import itertools

import pytest
from sqlmodel import Session, func, select

from core.messages import MessageKind
from storage.models import Announcement, Ticket, TicketEvent
from storage.statuses import AnnouncementStatus
from tests.handlers_staff.office import Office

OFFICER = """menu help list show history claim release reply ask reopen forward to reject because send edit
cancel leave people dismiss dismiss_now canned canned_take canned_place nonsense"""
ANNOUNCE = "start area whole edit who set preview drop confirm progress cancel nonsense"
NAMES = [f"officer.{name}" for name in OFFICER.split()] + [f"announce.{name}" for name in ANNOUNCE.split()]
ARGS = ["", ":1", ":x", ":1:1:resolve", ":1:CA", ":1:outside"]
STRANGE = [":999", ":-1", ":1:1:reopen", ":²", ":" + "9" * 40, ":1:KT"]


def _books(session: Session) -> tuple[object, ...]:
    ticket = session.get_one(Ticket, 1)
    sending = select(func.count()).where(Announcement.status != AnnouncementStatus.DRAFT)
    events = session.exec(select(func.count()).select_from(TicketEvent)).one()
    return ticket.model_dump(), events, session.exec(sending).one()


@pytest.mark.parametrize("who", ["Bà Lan", "Mai", "Sơn"])
def test_no_right_is_gained(who: str) -> None:
    office = Office.open()
    office.file()
    office.stage.deliver()
    before = office.stage.read(_books)
    for name, args in itertools.product(NAMES, ARGS):
        sent = office.stage.does(who, MessageKind.CHOICE, action=name + args)
        assert sent, name + args
        if who == "Bà Lan":
            assert [one.to for one in sent] == [who]
            text = sent[0].content.text
            assert "không có quyền" in text or "Chỉ cán bộ" in text, text
    assert office.stage.read(_books) == before


def test_nothing_breaks_for_an_officer() -> None:
    office = Office.open()
    office.file()
    for name, args in itertools.product(NAMES, ARGS + STRANGE):
        assert office.stage.does("Hạnh", MessageKind.CHOICE, action=name + args), name + args


def test_another_ones_announcement() -> None:
    office = Office.open()
    office.stage.says("Ông Tư", "nhận thông báo")
    office.stage.says("Ông Tư", "cả phường")
    office.stage.says("Mai", "/thongbao")
    office.stage.says("Mai", "Tối thứ Sáu mời bà con họp tổ tại nhà văn hóa.")
    for name in ("confirm", "progress", "cancel"):
        sent = office.stage.does("Hạnh", MessageKind.CHOICE, action=f"announce.{name}:1")
        assert "người khác soạn" in sent[0].content.text
    assert (
        office.stage.read(lambda session: session.get_one(Announcement, 1)).status == AnnouncementStatus.DRAFT
    )
