"""One answer for several tickets: told once a person, by the rules of each ticket, and nothing by an old button."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.messages import MessageKind
from handlers import desk
from handlers.desk_many import Answered, Pick, answer_many, count_people
from handlers.officer_many import MOST
from storage.contacts import record_contact
from storage.followers import join
from storage.models import Ticket
from storage.statuses import EventKind, TicketStatus
from storage.tickets import list_events
from tests.handlers_staff.office import CITIZEN, TEXT, Office


@pytest.fixture
def office() -> Office:
    return Office.open()


def answer(office: Office, numbers: Sequence[int], name: str = "Hạnh", *, resolve: bool = False) -> Answered:
    with office.stage.session() as session:
        picks = [Pick(number, session.get_one(Ticket, number).version) for number in numbers]
        found = answer_many(office.turn(session, name), picks, TEXT, resolve=resolve)
    # After the minute in which it can be taken back.
    office.stage.now += timedelta(seconds=61)
    office.stage.deliver()
    return found


def follow(office: Office, number: int, name: str) -> None:
    with office.stage.session() as session:
        contact = record_contact(session, office.stage.person(name).address, office.stage.now)
        join(session, session.get_one(Ticket, number), contact.id or 0, office.stage.now)


def heard(office: Office, name: str) -> list[str]:
    return [sent.content.text for sent in office.stage.person(name).screen if TEXT in sent.content.text]


def test_an_author_who_follows_another_ticket_reads_the_answer_once(office: Office) -> None:
    first, second = office.file(), office.file("đèn ngõ 9 tắt", "Ông Tư")
    follow(office, second, CITIZEN)
    with office.stage.session() as session:
        tickets = [session.get_one(Ticket, number) for number in (first, second)]
        assert count_people(session, tickets) == 2
    assert answer(office, (first, second)).people == 2
    (mine,), (his,) = heard(office, CITIZEN), heard(office, "Ông Tư")
    assert (mine.count("\n- "), "Dạ, Phòng" in his) == (2, True)


def test_each_ticket_has_its_own_event_and_its_taker(office: Office) -> None:
    numbers = [office.file(), office.file()]
    found = answer(office, numbers, resolve=True)
    assert [(one.ticket.status, one.ticket.answer) for one in found.done] == [
        (TicketStatus.RESOLVED, TEXT)
    ] * 2
    with office.stage.session() as session:
        for number in numbers:
            last = list_events(session, number)[-1]
            assert (last.kind, last.text, last.staff_id) == (
                EventKind.RESOLVED,
                TEXT,
                found.done[0].ticket.officer_id,
            )


def test_colleagues_read_one_message_however_many_tickets(office: Office) -> None:
    numbers = [office.file() for _ in range(4)]
    office.stage.deliver()
    before = len(office.stage.person("Dũng").screen)
    answer(office, numbers)
    (told,) = office.stage.person("Dũng").screen[before:]
    assert "Hạnh đã trả lời chung 4 phiếu" in told.content.text


def test_what_may_not_be_answered_is_passed_over_and_the_rest_is_answered(office: Office) -> None:
    good, closed, moved = (office.file() for _ in range(3))
    office.does("Hạnh", lambda turn: desk.reject(turn, closed, TEXT))
    office.does("Hạnh", lambda turn: desk.forward(turn, moved, "CA"))
    found = answer(office, (good, closed, moved))
    assert [one.ticket.id for one in found.done] == [good]
    assert [ticket.id for ticket, _ in found.skipped] == [closed, moved]


def test_a_ticket_that_was_changed_meanwhile_is_left_as_it_is(office: Office) -> None:
    first, second = office.file(), office.file()
    with office.stage.session() as session:
        picks = [Pick(number, session.get_one(Ticket, number).version) for number in (first, second)]
    office.does("Dũng", lambda turn: desk.note(turn, second, "đang chờ vật tư"))
    with office.stage.session() as session:
        found = answer_many(office.turn(session, "Hạnh"), picks, TEXT, resolve=True)
        assert [one.ticket.id for one in found.done] == [first]
        assert isinstance(found.skipped[0][1], desk.Changed)
        assert session.get_one(Ticket, second).status == TicketStatus.NEW


def test_words_that_say_nothing_stop_all_of_it(office: Office) -> None:
    number = office.file()
    with office.stage.session() as session, pytest.raises(desk.Refused):
        answer_many(office.turn(session, "Hạnh"), [Pick(number, 1)], "ok", resolve=True)


def test_the_same_choice_keeps_the_version_that_was_seen_first(office: Office) -> None:
    """Words that were too short are asked for again; what a colleague did meanwhile must still be noticed."""
    office.file()
    second = office.file()
    stage = office.stage
    stage.says("Hạnh", "/viec")
    stage.taps("Hạnh", "Trả lời chung")
    stage.says("Hạnh", "tất cả")
    office.does("Dũng", lambda turn: desk.note(turn, second, "đang chờ vật tư"))
    stage.says("Hạnh", "ok")
    stage.says("Hạnh", TEXT)
    said = stage.taps("Hạnh", "Gửi và xong tất cả")
    assert "Bỏ qua" in next(one for one in said if one.to == "Hạnh").content.text


def test_an_answer_by_quoting_the_question_is_taken(office: Office) -> None:
    office.file()
    office.file()
    stage = office.stage
    stage.says("Hạnh", "/traloichung tìm đèn")
    (asked,) = stage.says("Hạnh", "1 và 2")
    (shown,) = stage.replies("Hạnh", TEXT, to=asked)
    assert "XEM LẠI" in shown.content.text


def test_too_many_tickets_are_refused_and_a_list_shows_only_so_many(office: Office) -> None:
    for number in range(MOST + 2):
        office.file(f"đèn ngõ {number} hỏng")
    office.stage.deliver()
    (shown,) = office.stage.says("Hạnh", "/traloichung tìm đèn")
    assert len(re.findall(r"^\d+\. ", shown.content.text, flags=re.MULTILINE)) == MOST
    assert f"chỉ nêu {MOST} phiếu đầu" in shown.content.text
    with office.stage.session() as session:
        codes = " ".join(session.get_one(Ticket, number).code for number in range(1, MOST + 3))
    (said,) = office.stage.says("Hạnh", f"/traloichung {codes}")
    assert f"nhiều nhất {MOST} phiếu" in said.content.text


@pytest.mark.parametrize("name", ["Mai", CITIZEN])
@pytest.mark.parametrize("action", ["officer.many:0", "officer.many_all", "officer.many_send:1:resolve"])
def test_a_forged_button_does_nothing(office: Office, name: str, action: str) -> None:
    number = office.file()
    office.stage.does(name, MessageKind.CHOICE, action=action)
    with office.stage.session() as session:
        assert session.get_one(Ticket, number).version == 1
