"""The digital-tech team of an area and its team lead: who sees it, who asks somebody in, who hears of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.messages import MessageKind
from handlers.reminder_people import list_targets, may_remind
from storage.models import Invite, Staff
from storage.staff import list_invites
from storage.statuses import StaffRole
from tests.handlers_staff.office import CITIZEN, Office

CAST = (
    ("Sếp", StaffRole.LEADER, None, None),
    ("Lan", StaffRole.MEMBER, None, "tdp-3"),
    ("Tư", StaffRole.MEMBER, None, "tdp-3"),
    ("Mai", StaffRole.MEMBER, None, "tdp-5"),
    ("Hạnh", StaffRole.OFFICER, "KT", None),
)
INVITE = re.compile(r"mời ((?:[0-9A-Z]{4}-){2}[0-9A-Z]{4})")


@pytest.fixture
def office() -> Office:
    office = Office.open(cast=())
    for one in CAST:
        office.stage.enlist(*one)
    office.stage.says("Sếp", "/truong Lan")
    return office


def _said(office: Office, name: str, text: str) -> str:
    return "\n".join(one.content.text for one in office.stage.says(name, text) if one.to == name)


def _tapped(office: Office, name: str, action: str) -> str:
    sent = office.stage.does(name, MessageKind.CHOICE, action=action)
    return "\n".join(one.content.text for one in sent if one.to == name)


def test_whoever_leads_a_team_asks_in_for_it_alone(office: Office) -> None:
    assert INVITE.search(_tapped(office, "Lan", "team.invite:tdp-3"))
    for name, action in (
        ("Lan", "team.invite:tdp-5"),
        ("Lan", "team.show:tdp-5"),
        ("Lan", "team.invite:tdp-99"),
        ("Tư", "team.invite:tdp-3"),
        ("Mai", "team.invite:tdp-3"),
    ):
        assert "tổ trưởng và lãnh đạo" in _tapped(office, name, action), (name, action)
    for name in ("Hạnh", CITIZEN):
        assert not INVITE.search(_tapped(office, name, "team.invite:tdp-3"))
    made = office.stage.read(lambda session: session.exec(select(Invite)).all())
    assert [(one.role, one.area) for one in made] == [("member", "tdp-3")]
    assert INVITE.search(_tapped(office, "Sếp", "team.invite:tdp-5"))


def test_a_lost_telephone_lets_no_crowd_in(office: Office) -> None:
    for _ in range(10):
        assert INVITE.search(_tapped(office, "Lan", "team.invite:tdp-3"))
    assert "còn 10 mã mời chưa dùng" in _tapped(office, "Lan", "team.invite:tdp-3")
    assert INVITE.search(_tapped(office, "Sếp", "team.invite:tdp-5")), "another area has its own"
    office.stage.now += timedelta(days=1, minutes=1)
    assert INVITE.search(_tapped(office, "Lan", "team.invite:tdp-3"))


def test_the_lead_hears_who_came_in_and_no_longer_after_leaving(office: Office) -> None:
    code = INVITE.search(_tapped(office, "Lan", "team.invite:tdp-3"))
    assert code is not None
    sent = office.stage.says("Hoa", f"mời {code[1]}")
    told = {one.to: one.content.text for one in sent}
    assert told["Lan"] == "Hoa vừa vào Tổ công nghệ số cộng đồng Tổ dân phố 3 bằng mã mời."
    assert "Thành viên: Tư, Hoa" in _said(office, "Lan", "/to")
    assert office.stage.read(lambda session: list_invites(session, office.stage.now)) == []
    office.stage.says("Lan", "/roi")
    office.stage.does("Lan", MessageKind.CHOICE, action="officer.leave")
    assert "Tổ trưởng: chưa có" in _said(office, "Tư", "/to")
    code = INVITE.search(_tapped(office, "Sếp", "team.invite:tdp-3"))
    assert code is not None
    sent = office.stage.says("Lan", f"mời {code[1]}")
    assert "Mời thêm" not in str(sent), "who comes back is a member like others"
    assert "Tổ trưởng: chưa có" in _said(office, "Lan", "/to")


def test_leading_a_team_is_no_right_of_a_head(office: Office) -> None:
    """A head of a department approves, exports and reports; whoever leads a team does none of it."""
    assert "dành cho lãnh đạo" in _said(office, "Lan", "/baocao")

    def rights(session: Session) -> None:
        lan = session.exec(select(Staff).where(Staff.name == "Lan")).one()
        tu = session.exec(select(Staff).where(Staff.name == "Tư")).one()
        mai = session.exec(select(Staff).where(Staff.name == "Mai")).one()
        assert (lan.leads_team, lan.is_head) == (True, False)
        assert may_remind(session, lan, f"staff:{tu.id}")
        assert not may_remind(session, tu, f"staff:{lan.id}")
        assert not may_remind(session, lan, f"staff:{mai.id}")
        assert not may_remind(session, lan, "areas")
        assert not may_remind(session, lan, "role:team_lead")
        house = office.stage.house
        assert [one.label for one in list_targets(session, house, ["role:team_lead"])] == ["Lan"]
        assert list_targets(session, house, ["role:head"]) == []

    office.stage.read(rights)
