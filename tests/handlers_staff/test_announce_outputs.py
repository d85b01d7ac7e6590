"""One notice for every output: only what may go out, published by the office alone, ticked off and kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.messages import MessageKind
from handlers.announce_outputs import PLACES
from storage.announcing import list_steps
from storage.postings import list_postings
from tests.handlers_staff.office import Office
from tests.handlers_staff.test_announce import TEXT, _only, _subscribe, office

__all__ = ["office"]
VERBS = ("outputs", "script", "paste", "publish", "ticks")


def _sent(office: Office, who: str = "Mai") -> int:
    _subscribe(office, 2)
    office.stage.says(who, "/thongbao")
    office.stage.says(who, TEXT)
    if who != "Mai":
        office.stage.says(who, "toàn phường")
    office.stage.taps(who, "Gửi cho 2 người")
    return _only(office).id or 0


def _does(office: Office, who: str, action: str) -> str:
    return office.stage.does(who, MessageKind.CHOICE, action=action)[-1].content.text


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_made_of_what_nobody_has_approved(office: Office, verb: str) -> None:
    office.stage.profile_says("approve_above", 1)
    _subscribe(office, 2)
    office.stage.says("Mai", "/thongbao")
    office.stage.says("Mai", TEXT)
    number = _only(office).id
    assert "chưa được duyệt" in _does(office, "Mai", f"announce.{verb}:{number}")
    office.stage.taps("Mai", "Gửi duyệt (2 người)")
    assert "chưa được duyệt" in _does(office, "Mai", f"announce.{verb}:{number}")
    assert _only(office).on_board_at is None


@pytest.mark.parametrize("name", ["Hạnh", "Sơn", "Bà Lan"])
def test_others_make_nothing_of_it(office: Office, name: str) -> None:
    number = _sent(office)
    for verb in (*VERBS, "unpublish", "tick"):
        _does(office, name, f"announce.{verb}:{number}:0")
    assert _only(office).on_board_at is None
    assert office.stage.read(lambda s: list_postings(s, number)) == {}


def test_a_member_does_not_publish_a_leader_does(office: Office) -> None:
    number = _sent(office)
    assert "Đăng bảng tin" not in str(office.stage.taps("Mai", "Loa, tờ dán, nhóm Zalo")[0].content.choices)
    _does(office, "Mai", f"announce.publish:{number}")
    assert _only(office).on_board_at is None
    assert f"/bang-tin/{number}/a4.pdf" in _does(office, "Minh", f"announce.publish:{number}")
    assert _only(office).on_board_at is not None


def test_without_an_address_nothing_is_promised(office: Office) -> None:
    number = _sent(office, "Hạnh")
    office.stage.house = replace(office.stage.house, public_url="")
    assert "chưa có địa chỉ" in _does(office, "Hạnh", f"announce.publish:{number}")
    assert _only(office).on_board_at is None
    assert "https" not in _does(office, "Hạnh", f"announce.paste:{number}")


def test_stopping_takes_it_off_the_board(office: Office) -> None:
    number = _sent(office, "Hạnh")
    _does(office, "Hạnh", f"announce.publish:{number}")
    _does(office, "Hạnh", f"announce.cancel:{number}")
    assert _only(office).on_board_at is None
    steps = office.stage.read(lambda s: [(event.kind, event.text) for event, _ in list_steps(s, number)])
    assert steps[-3:] == [("posted", "board"), ("unposted", "board"), ("stopped", "")]


def test_ticks_are_kept_with_who_and_when(office: Office) -> None:
    number = _sent(office)
    for place in (0, 2, 2, 4):
        _does(office, "Mai", f"announce.tick:{number}:{place}")
    posted = office.stage.read(
        lambda s: {place: who.name for place, (_, who) in list_postings(s, number).items()}
    )
    assert posted == {PLACES[0]: "Mai", PLACES[4]: "Mai"}
    _does(office, "Mai", f"announce.history:{number}")
    assert "gỡ: Nhóm Zalo" in office.stage.person("Mai").screen[-1].content.text


def test_a_forged_place_is_no_place(office: Office) -> None:
    number = _sent(office)
    office.stage.does("Mai", MessageKind.CHOICE, action=f"announce.tick:{number}:99")
    assert office.stage.read(lambda s: list_postings(s, number)) == {}
