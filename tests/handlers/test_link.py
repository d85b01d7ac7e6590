"""Attacks on linking: guessing, stale and used codes, the office's accounts, groups, forged buttons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from core.messages import MessageKind
from handlers.link import MAX_TRIES
from storage.contacts import record_contact
from storage.links import CODE_LIFE, make_code
from storage.models import ContactLink
from storage.statuses import StaffRole
from tests.stage import Stage

LAN, SECOND = "Bà Lan", "Máy hai"


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    made.welcome(LAN)
    made.welcome(SECOND)
    return made


def code_of(stage: Stage, name: str = LAN) -> str:
    with stage.session() as session:
        contact = record_contact(session, stage.person(name).address, stage.now)
        return make_code(session, contact.id or 0, stage.now)


def linked(stage: Stage) -> int:
    return len(stage.read(lambda session: session.exec(select(ContactLink)).all()))


def says(stage: Stage, text: str, name: str = SECOND) -> str:
    return stage.says(name, text)[0].content.text


def test_typing_a_code_links_nothing_before_the_yes(stage: Stage) -> None:
    assert "Bà Lan" not in says(stage, f"liên kết {code_of(stage)}"), "she has no name yet in the books"
    assert linked(stage) == 0
    stage.taps(SECOND, "Đúng, liên kết")
    assert linked(stage) == 2


def test_who_guesses_is_stopped_even_with_the_right_code_at_last(stage: Stage) -> None:
    for number in range(MAX_TRIES):
        assert "không đúng" in says(stage, f"liên kết 222222{number}")
    right = code_of(stage)
    assert "thử nhiều lần" in says(stage, f"liên kết {right}")
    stage.now += timedelta(hours=1)
    assert "đúng là của chính" in says(stage, f"liên kết {code_of(stage)}")


def test_a_code_that_ran_out_before_the_yes_links_nothing(stage: Stage) -> None:
    says(stage, f"liên kết {code_of(stage)}")
    stage.now += CODE_LIFE
    assert "hết hạn" in stage.taps(SECOND, "Đúng, liên kết")[0].content.text
    assert linked(stage) == 0


def test_a_code_used_by_somebody_else_meanwhile_links_nothing_more(stage: Stage) -> None:
    stage.welcome("Kẻ lạ")
    code = code_of(stage)
    says(stage, f"liên kết {code}", "Kẻ lạ")
    says(stage, f"liên kết {code}")
    stage.taps(SECOND, "Đúng, liên kết")
    stage.taps("Kẻ lạ", "Đúng, liên kết")
    assert linked(stage) == 2


@pytest.mark.parametrize(
    "action", ["link.yes", "link.yes:", "link.yes:2222222", "link.yes:x:y", "link.nonsense"]
)
def test_a_forged_button_links_nothing(stage: Stage, action: str) -> None:
    code_of(stage)
    assert stage.does(SECOND, MessageKind.CHOICE, action=action)
    assert linked(stage) == 0


def test_the_office_is_never_linked_on_either_side(stage: Stage) -> None:
    code = code_of(stage)
    stage.enlist("Hạnh", StaffRole.OFFICER, "KT")
    assert "làm nhiệm vụ" in says(stage, f"liên kết {code}", "Hạnh")
    says(stage, f"liên kết {code}")
    # She takes up a duty between the code and the yes.
    stage.enlist(LAN, StaffRole.MEMBER, area="tdp-3")
    assert "làm nhiệm vụ" in stage.taps(SECOND, "Đúng, liên kết")[0].content.text
    assert linked(stage) == 0


def test_in_a_group_nobody_links(stage: Stage) -> None:
    stage.enlist("Hạnh", StaffRole.OFFICER, "KT")
    code = code_of(stage)
    stage.says(SECOND, f"liên kết {code}", group="Nhóm")
    stage.does(SECOND, MessageKind.CHOICE, group="Nhóm", action=f"link.yes:{code}")
    assert linked(stage) == 0


def test_whose_code_was_used_hears_it_and_parts_in_one_tap(stage: Stage) -> None:
    says(stage, f"liên kết {code_of(stage)}")
    told = [one for one in stage.taps(SECOND, "Đúng, liên kết") if one.to == LAN]
    assert "vừa được liên kết" in told[0].content.text
    heard = {one.to for one in stage.taps(LAN, "Gỡ liên kết")}
    assert heard == {LAN, SECOND}
    assert linked(stage) == 0


def test_tickets_stay_with_the_channel_that_filed_them(stage: Stage) -> None:
    stage.says(LAN, "đèn đường ngõ 5 tổ 3 hỏng mấy hôm nay")
    says(stage, f"liên kết {code_of(stage)}")
    stage.taps(SECOND, "Đúng, liên kết")
    assert "đèn đường" not in says(stage, "phiếu của tôi")


@pytest.mark.parametrize(
    "text", ["liên kết đào tạo là gì", "mã số thuế ở đâu xem", "liên kết hộ gia đình", "mã 12"]
)
def test_other_sentences_are_no_codes(stage: Stage, text: str) -> None:
    says(stage, text)
    assert stage.routes[-1] != "link"


def test_no_code_reads_like_something_else(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["R04T-2TC", "7K3M-9QX"])
    monkeypatch.setattr("handlers.link.make_code", lambda *_: next(drawn))
    stage.says(LAN, "liên kết")
    assert "7K3M-9QX" in stage.taps(LAN, "Lấy mã liên kết")[0].content.text
    assert next(drawn, None) is None
