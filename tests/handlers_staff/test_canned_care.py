"""/maucau: who may change which replies, and what an old or forged button does."""

from __future__ import annotations

import itertools

import pytest
from sqlmodel import Session, select

from core.messages import MessageKind
from core.replies import Act, Reply, shipped_replies
from handlers.canned import laid_replies
from storage.canned import lay_reply
from storage.models import CannedReply, Staff
from tests.handlers_staff.office import CITIZEN, Office
from tests.stage import Sent

NAMES = [
    f"canned.{name}"
    for name in [
        "of",
        "show",
        "add",
        "new",
        "change",
        "remove",
        "restore",
        "save",
        "again",
        "drop",
        "open",
        "x",
    ]
]
LAMP = next(one for one in shipped_replies() if one.title == "Đã sửa đèn")
ARGS = ["", ":DEN", ":-", ":DEN:ask", ":NEIN:ask", ":DEN:nein", f":{LAMP.mark}", ":1", ":²", ":" + "9" * 40]


@pytest.fixture
def office() -> Office:
    office = Office.open()
    with office.stage.session() as session:
        head = session.exec(select(Staff).where(Staff.name == "Dũng")).one()
        head.is_head = True
    return office


def says(office: Office, name: str, text: str) -> str:
    return last(office.stage.says(name, text), name)


def taps(office: Office, name: str, title: str) -> str:
    return last(office.stage.taps(name, title), name)


def forges(office: Office, name: str, action: str) -> str:
    return last(office.stage.does(name, MessageKind.CHOICE, action=action), name)


def last(sent: list[Sent], name: str) -> str:
    return [one for one in sent if one.to == name][-1].content.text


def rows(session: Session) -> list[CannedReply]:
    return list(session.exec(select(CannedReply)).all())


def words(office: Office, department: str | None, mark: str = LAMP.mark) -> str:
    with office.stage.session() as session:
        return next(one.reply.text for one in laid_replies(session, department) if one.reply.mark == mark)


def write(office: Office, name: str, text: str) -> None:
    forges(office, name, f"canned.change:{LAMP.mark}")
    says(office, name, text)
    assert "Đã lưu" in taps(office, name, "Lưu mẫu")


@pytest.mark.parametrize("name", [CITIZEN, "Hạnh", "Mai"])
def test_only_heads_and_leaders_change_anything(office: Office, name: str) -> None:
    for action, args in itertools.product(NAMES, ARGS):
        assert office.stage.does(name, MessageKind.CHOICE, action=action + args), action + args
        office.stage.says(name, "Đèn ở {địa điểm} đã sửa xong rồi ạ.")
    assert office.stage.read(rows) == []


def test_nothing_breaks_for_a_head(office: Office) -> None:
    for action, args in itertools.product(NAMES, ARGS):
        assert office.stage.does("Dũng", MessageKind.CHOICE, action=action + args), action + args


def test_a_head_changes_the_own_department_alone(office: Office) -> None:
    write(office, "Dũng", "Tổ điện đã sửa đèn ở {địa điểm}.")
    assert words(office, "KT") == "Tổ điện đã sửa đèn ở {địa điểm}."
    assert words(office, "CA") == words(office, None) == LAMP.text


def test_a_leader_changes_it_for_all_but_those_with_their_own(office: Office) -> None:
    write(office, "Dũng", "Tổ điện đã sửa đèn ở {địa điểm}.")
    write(office, "Minh", "Phường đã sửa đèn ở {địa điểm}.")
    assert words(office, "CA") == words(office, None) == "Phường đã sửa đèn ở {địa điểm}."
    assert words(office, "KT") == "Tổ điện đã sửa đèn ở {địa điểm}."
    # Back to what lies beneath: the ward's words, not the shipped ones.
    forges(office, "Dũng", f"canned.restore:{LAMP.mark}")
    assert words(office, "KT") == "Phường đã sửa đèn ở {địa điểm}."
    forges(office, "Minh", f"canned.restore:{LAMP.mark}")
    assert words(office, "KT") == LAMP.text


def test_what_was_taken_away_comes_back(office: Office) -> None:
    assert LAMP.text in forges(office, "Dũng", f"canned.remove:{LAMP.mark}")
    assert words(office, "KT") == ""
    assert "không còn nữa" in forges(office, "Hạnh", f"canned.show:{LAMP.mark}")
    assert "(đã bỏ" in forges(office, "Dũng", f"canned.show:{LAMP.mark}")
    assert "không còn nữa" in forges(office, "Dũng", f"canned.remove:{LAMP.mark}")
    assert LAMP.text in taps(office, "Dũng", "Lấy lại mẫu gốc")
    assert words(office, "KT") == LAMP.text


def test_an_own_one_that_is_taken_away_leaves_nothing(office: Office) -> None:
    own = Reply(Act.ASK, "Hỏi riêng", "Nhà bác số mấy ạ?", "DEN")
    with office.stage.session() as session:
        lay_reply(session, own, "KT", 1, office.stage.now)
    forges(office, "Dũng", f"canned.remove:{own.mark}")
    with office.stage.session() as session:
        assert own.mark not in {one.reply.mark for one in laid_replies(session, "KT")}


def test_an_old_button_does_not_save_what_is_written_now(office: Office) -> None:
    forges(office, "Dũng", f"canned.change:{LAMP.mark}")
    says(office, "Dũng", "Lời thứ nhất của mẫu.")
    number = office.stage.last_number
    says(office, "Dũng", "Lời thứ hai của mẫu.")
    assert "đã lưu hoặc đã bỏ" in forges(office, "Dũng", f"canned.save:{number}")
    assert words(office, "KT") == LAMP.text
    taps(office, "Dũng", "Lưu mẫu")
    assert words(office, "KT") == "Lời thứ hai của mẫu."


def test_who_is_no_head_any_more_saves_nothing(office: Office) -> None:
    forges(office, "Dũng", f"canned.change:{LAMP.mark}")
    says(office, "Dũng", "Lời mới của mẫu này.")
    says(office, "Minh", "/truong Dũng")
    assert "trưởng đơn vị và lãnh đạo" in taps(office, "Dũng", "Lưu mẫu")
    assert words(office, "KT") == LAMP.text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ngắn", "ngắn quá"),
        ("đèn ở { } đã sửa xong", "Ngoặc nhọn chưa đúng"),
        ("đèn ở {{ngày}} đã sửa xong", "Ngoặc nhọn chưa đúng"),
        ("đèn sửa xong " * 60, "tối đa là 600"),
        ("đèn {một} {hai} {ba} {bốn} {năm} {sáu} {bảy}", "7 chỗ trống"),
    ],
)
def test_words_that_are_no_good_are_asked_for_again(office: Office, text: str, why: str) -> None:
    forges(office, "Dũng", f"canned.change:{LAMP.mark}")
    assert why in says(office, "Dũng", text)
    assert "XEM LẠI MẪU" in says(office, "Dũng", "Đèn ở {địa điểm} đã sửa xong.")


def test_a_command_in_the_midst_is_no_word_of_the_reply(office: Office) -> None:
    forges(office, "Dũng", f"canned.change:{LAMP.mark}")
    says(office, "Dũng", "/viec")
    says(office, "Dũng", "/nhamlenh đèn đã sửa xong")
    assert office.stage.read(rows) == []


def test_replies_are_kept_in_private_chats(office: Office) -> None:
    office.stage.says("Hạnh", "/lienket", group="Nhóm KT")
    sent = office.stage.says("Dũng", "/maucau", group="Nhóm KT")
    assert "trò chuyện riêng" in sent[-1].content.text
