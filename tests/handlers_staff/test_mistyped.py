"""Commands that do not exist: told so in one line, never sent to a citizen, and no real command is taken for one."""

from __future__ import annotations

import re

import pytest

from handlers import mistyped
from handlers.turn import Turn
from tests.handlers_staff.office import CITIZEN, Office
from tests.stage import sample_house

WORDS = sample_house().words
HELP = "\n".join(WORDS.text(key) for key in ("officer.help", "officer.help_leader", "officer.help_member"))
COMMANDS = sorted(set(re.findall(r"(?<!\w)/[a-z]+", HELP)) | {"/trogiup", "/menu", "/start", "/golienket"})


@pytest.fixture
def office() -> Office:
    return Office.open()


def said(office: Office, name: str, text: str, **fields: object) -> list[str]:
    return [one.content.text for one in office.stage.says(name, text, **fields)]  # type: ignore[arg-type]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["Hạnh", "Minh", "Mai"])
def test_no_command_that_the_help_names_is_called_unknown(office: Office, command: str, name: str) -> None:
    with office.stage.session() as session:
        turn = office.turn(session, name, command)
        assert not mistyped.applies_to_staff(turn)


def test_no_command_of_citizens_is_called_unknown(office: Office) -> None:
    typed = [sentence for key, sentence in WORDS.sentences.items() if ".typed." in key]
    commands = sorted({name for sentence in typed for name in re.findall(r"(?<!\w)/[a-z]+", sentence)})
    assert len(commands) > 8
    for command in commands:
        with office.stage.session() as session:
            turn: Turn = office.turn(session, CITIZEN, command)
            assert not mistyped.applies(turn), command


def test_a_slip_under_a_card_is_not_sent_to_the_citizen(office: Office) -> None:
    office.file()
    office.stage.says("Hạnh", "/menu")  # the card arrives with the next messages
    card = next(
        one for one in reversed(office.stage.person("Hạnh").screen) if "PHIẾU MỚI" in one.content.text
    )
    before = len(office.deliveries(CITIZEN))
    (line,) = office.stage.replies("Hạnh", "/donep đã thay bóng đèn ngõ 5 rồi ạ", to=card)
    assert line.content.text.startswith("Không có lệnh «/donep»")
    assert len(line.content.text.splitlines()) == 1
    assert len(office.deliveries(CITIZEN)) == before


def test_the_nearest_command_is_one_that_this_person_has(office: Office) -> None:
    assert "/nhansu" in said(office, "Minh", "/nhansuu")[0]
    assert "gần giống" not in said(office, "Mai", "/nhansuu")[0]
    assert "/thongbao" in said(office, "Mai", "/thongbaoo")[0]


def test_a_long_slip_is_shown_only_in_part(office: Office) -> None:
    (line,) = said(office, "Hạnh", "/" + "q" * 500)
    assert len(line) < 120


def test_a_verb_without_its_ticket_is_told_how_to_name_it(office: Office) -> None:
    (line,) = said(office, "Hạnh", "xong roi 123")
    assert line.startswith("Em chưa thấy mã phiếu.")


def test_in_a_group_only_the_office_is_answered_and_never_for_another_assistant(office: Office) -> None:
    office.stage.says("Hạnh", "/lienket", group="Nhóm KT")
    assert said(office, "Hạnh", "/xog", group="Nhóm KT")[0].startswith("Không có lệnh «/xog»")
    assert said(office, "Hạnh", "/xog@tro_ly_khac_bot", group="Nhóm KT") == []
    assert said(office, CITIZEN, "/xog", group="Nhóm KT") == []
    assert said(office, "Hạnh", "/xog", group="Nhóm bạn bè") == []
