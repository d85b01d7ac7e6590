"""Rights over an audience: whatever is tapped or typed, nobody reaches more people than is theirs."""

from __future__ import annotations

import itertools

import pytest
from sqlmodel import select

from core.audience import Audience, Role
from core.messages import MessageKind
from handlers.announce_audience import may_reach
from scheduler import broadcasts
from storage.announcements import subscribe
from storage.audiences import audience_of
from storage.contacts import record_contact
from storage.models import Announcement, Contact, Staff
from storage.statuses import StaffRole
from tests.handlers_staff.office import Office

TEXT = "Tối thứ Sáu 27/11, 19 giờ, mời bà con họp tổ tại nhà văn hóa."
FORGED = [
    "set:urgent:",
    "set:area:tdp-5",
    "set:role:officer",
    "set:role:leader",
    "set:role:citizen",
    "set:topic:khong-co",
    "set:age:",
    "set:nonsense:x",
    "whole",
    "area:tdp-5",
]


def test_a_member_cannot_widen_the_audience_by_any_pair_of_buttons() -> None:
    office = Office.open()
    with office.stage.session() as session:
        for number, area in enumerate(("tdp-3", "tdp-5", "")):
            contact = record_contact(
                session, office.stage.person(f"Người {number}").address, office.stage.now
            )
            subscribe(session, contact.id or 0, area, None, office.stage.now)
    for first, second in itertools.product(FORGED, repeat=2):
        office.stage.says("Mai", "/thongbao")
        office.stage.says("Mai", TEXT)
        for action in (first, second, "preview"):
            office.stage.does("Mai", MessageKind.CHOICE, action=f"announce.{action}")
    rows = office.stage.read(lambda session: list(session.exec(select(Announcement)).all()))
    assert len(rows) > 50
    for audience in map(audience_of, rows):
        assert audience.areas == ("tdp-3",)
        assert not audience.urgent
        assert set(audience.roles) <= {Role.CITIZEN, Role.MEMBER}


@pytest.mark.parametrize(
    ("audience", "may"),
    [
        (Audience(("tdp-3",), (Role.CITIZEN, Role.MEMBER), ("y-te",)), True),
        (Audience(("tdp-3",), business=True), True),
        (Audience(("tdp-3",), urgent=True), False),
        (Audience(("tdp-3",), (Role.LEADER,)), False),
        (Audience(("tdp-3", "tdp-5")), False),
        (Audience(), False),
    ],
)
def test_what_a_member_may_reach(audience: Audience, may: bool) -> None:
    office = Office.open()
    staff = office.stage.read(lambda session: session.exec(select(Staff).where(Staff.name == "Mai")).one())
    assert may_reach(staff, audience) is may
    staff.role = StaffRole.LEADER
    assert may_reach(staff, audience)


def test_what_was_counted_is_who_gets_it() -> None:
    office = Office.open()
    with office.stage.session() as session:
        contact = record_contact(session, office.stage.person("Bà Lan").address, office.stage.now)
        subscribe(session, contact.id or 0, "tdp-3", None, office.stage.now)
    office.stage.says("Hạnh", "/thongbao")
    office.stage.says("Hạnh", TEXT)
    office.stage.says("Hạnh", "tổ viên và bà con tổ 3")
    office.stage.taps("Hạnh", "Gửi cho 2 người")
    office.stage.read(lambda session: broadcasts.run(session, office.stage.house, office.stage.now))
    got = {row.contact_id for row in office.deliveries(kind="announcement")}
    names = office.stage.read(lambda s: [s.get_one(Contact, one).external_id for one in got])
    people = [office.stage.person(name).address.external_id for name in ("Bà Lan", "Mai")]
    assert sorted(names) == sorted(people)
