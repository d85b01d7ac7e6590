"""Invites: by link and by typing, once, for a day, with few wrong tries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from core.messages import MessageKind
from handlers import desk
from storage.invites import MadeInvite, make_invite
from storage.machinery import list_alarms
from storage.models import Staff
from storage.staff import Duty
from storage.statuses import StaffRole
from tests.handlers_staff.office import CITIZEN, Office

OFFICER = Duty(StaffRole.OFFICER, "KT")


@pytest.fixture
def office() -> Office:
    return Office.open(cast=())


def _invite(office: Office, duty: Duty = OFFICER) -> MadeInvite:
    return office.stage.read(lambda session: make_invite(session, duty, office.stage.now))


def _staff(office: Office) -> list[Staff]:
    return office.stage.read(lambda session: list(session.exec(select(Staff)).all()))


def _said(sent: list) -> str:  # type: ignore[type-arg]
    return "\n".join(one.content.text for one in sent)


@pytest.mark.parametrize("way", ["link", "typed", "spaced", "small", "long way", "/start"])
def test_every_way_in(office: Office, way: str) -> None:
    invite = _invite(office)
    texts = {
        "typed": invite.typed,
        "spaced": f"Mời {invite.code.replace('-', ' ')}",
        "small": f"moi {invite.code.lower()}",
        "long way": f"mã mời: {invite.code}",
        "/start": f"/start {invite.start}",
    }
    if way == "link":
        sent = office.stage.does("Hạnh", MessageKind.TEXT, text="/start", start=invite.start)
    else:
        sent = office.stage.says("Hạnh", texts[way])
    assert "cán bộ Phòng Kinh tế" in _said(sent)
    assert [(one.role, one.department, one.name) for one in _staff(office)] == [("officer", "KT", "Hạnh")]


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        (Duty(StaffRole.LEADER), "lãnh đạo phường Mẫu"),
        (Duty(StaffRole.MEMBER, area="tdp-3"), "Tổ công nghệ số cộng đồng Tổ dân phố 3"),
    ],
)
def test_leader_and_member(office: Office, duty: Duty, words: str) -> None:
    assert words in _said(office.stage.says("Hạnh", _invite(office, duty).typed))


def test_a_code_works_once(office: Office) -> None:
    invite = _invite(office)
    office.stage.says("Hạnh", invite.typed)
    assert "đang là cán bộ" in _said(office.stage.says("Hạnh", invite.typed))
    assert "không dùng được" in _said(office.stage.says("Dũng", invite.typed))
    assert len(_staff(office)) == 1


def test_a_code_lives_a_day(office: Office) -> None:
    invite = _invite(office)
    office.stage.now += timedelta(hours=24)
    assert "không dùng được" in _said(office.stage.says("Hạnh", invite.typed))
    assert _staff(office) == []


def test_ten_wrong_tries_an_hour(office: Office) -> None:
    invite = _invite(office)
    office.stage.welcome("Hạnh")
    for _ in range(10):
        assert "không dùng được" in _said(office.stage.says("Hạnh", "mời 1111-1111-111X"))
    # Another conversation in between does not wipe the count.
    office.stage.says("Hạnh", "đèn đường ngõ 5 hỏng")
    assert "nhiều lần" in _said(office.stage.says("Hạnh", invite.typed))
    assert _staff(office) == []
    office.stage.now += timedelta(hours=1)
    assert "từ nay anh/chị là cán bộ" in _said(office.stage.says("Hạnh", invite.typed))


def test_a_code_in_a_group_is_not_used_up(office: Office) -> None:
    invite = _invite(office)
    sent = office.stage.says("Hạnh", f"/start {invite.start}", group="Cả xóm")
    assert "riêng" in _said(sent)
    assert _staff(office) == []


@pytest.mark.parametrize("text", ["mời bác xem giúp", "mời em", "mã mời", "moi nguoi oi cho hoi", "mới 2026"])
def test_ordinary_sentences_are_no_codes(office: Office, text: str) -> None:
    office.stage.welcome(CITIZEN)
    assert "Mã mời này" not in _said(office.stage.says(CITIZEN, text))


def test_a_former_officer_comes_back_elsewhere(office: Office) -> None:
    office.stage.says("Hạnh", _invite(office).typed)
    office.stage.says("Hạnh", "/roi")
    office.stage.taps("Hạnh", "Tôi thôi nhiệm vụ")
    office.stage.says("Hạnh", _invite(office, Duty(StaffRole.OFFICER, "CA")).typed)
    assert [(one.active, one.department) for one in _staff(office)] == [(True, "CA")]


def test_the_first_officer_ends_the_alarm_and_finds_what_waits(office: Office) -> None:
    office.file()
    assert [alarm.kind for alarm in office.stage.read(list_alarms)] == ["no_officer"]
    assert "(1)" in _said(office.stage.says("Hạnh", _invite(office).typed))
    assert office.stage.read(list_alarms) == []
    office.does("Hạnh", lambda turn: desk.claim(turn, 1))


def test_the_first_leader_ends_the_alarm_of_every_department(office: Office) -> None:
    office.file()
    said = _said(office.stage.says("Minh", _invite(office, Duty(StaffRole.LEADER)).typed))
    assert "(1)" in said
    assert office.stage.read(list_alarms) == []
