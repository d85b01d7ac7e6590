"""Search in the chat: which phrases are filters and which are words, and how the pages follow each other."""

from __future__ import annotations

import pytest

from handlers.desk_reading import Verb, read_command
from handlers.officer_search import find_tickets, read_search
from storage.search import Wanted
from storage.statuses import OPEN_TICKETS, UNCLAIMED_TICKETS, TicketStatus
from tests.handlers_staff.office import Office

DONE = frozenset({TicketStatus.RESOLVED, TicketStatus.COMPLETED})


@pytest.fixture(scope="module")
def office() -> Office:
    return Office.open()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("đèn ngõ 5", Wanted(words=("den", "ngo", "5"))),
        ("tổ 4 rác", Wanted(words=("rac",), area="tdp-4")),
        ("rac to 4", Wanted(words=("rac",), area="tdp-4")),
        ("tdp số 04", Wanted(area="tdp-4")),
        ("tổ ong", Wanted(words=("to", "ong"))),
        ("số 4", Wanted(words=("so", "4"))),
        ("đã xong tổ 4", Wanted(area="tdp-4", statuses=DONE)),
        ("không minh chứng rác", Wanted(words=("rac",), without_evidence=True)),
        ("dang mo", Wanted(statuses=OPEN_TICKETS)),
        ("chưa ai nhận đèn", Wanted(words=("den",), statuses=UNCLAIMED_TICKETS)),
        ("Đang xử lý", Wanted(statuses=frozenset({TicketStatus.IN_PROGRESS}))),
        ("đèn đường, chiếu sáng ngõ 5", Wanted(words=("ngo", "5"), category="DEN")),
        ("RAC hẻm", Wanted(words=("hem",), category="RAC")),
        ("KT rác", Wanted(words=("rac",), department="KT")),
        ("kt rác", Wanted(words=("kt", "rac"))),
        ("9Q2F", Wanted(words=("9q2f",))),
        ("…", Wanted()),
    ],
)
def test_phrases_that_name_a_filter_become_one_and_the_rest_are_words(
    office: Office, text: str, wanted: Wanted
) -> None:
    with office.stage.session() as session:
        assert read_search(office.turn(session, "Hạnh"), text).wanted == wanted


def test_late_and_mine_know_the_moment_and_the_person(office: Office) -> None:
    with office.stage.session() as session:
        turn = office.turn(session, "Hạnh")
        found = read_search(turn, "qua han cua toi").wanted
        assert turn.staff is not None
        assert found == Wanted(overdue_at=turn.now, officer_id=turn.staff.id)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("/tim rác", "rác"),
        ("/tìm tổ 4", "tổ 4"),
        ("/tim", ""),
        ("tìm phiếu rác", "rác"),
        ("tìm rác ở đâu", None),
    ],
)
def test_only_with_a_slash_or_the_word_for_tickets_it_is_a_search(
    office: Office, text: str, rest: str | None
) -> None:
    with office.stage.session() as session:
        order = read_command(office.turn(session, "Hạnh", text))
        assert (order and (order.verb, order.rest)) == (rest if rest is None else (Verb.FIND, rest))


def test_the_button_for_more_carries_the_search_and_ends_with_the_last_page() -> None:
    office = Office.open()
    for number in range(7):
        office.file(f"đèn hỏng trước nhà số {number}")
    office.does("Hạnh", lambda turn: find_tickets(turn, "Đèn hỏng DEN"))
    choices = office.deliveries("Hạnh", "reply")[-1].content["choices"]
    assert len(choices) == 7
    assert choices[-2][:2] == ["Xem tiếp", "officer.find:5:den hong DEN"]
    assert choices[-1][:2] == ["Trả lời chung", "officer.many:0:den hong DEN"]
    office.does("Hạnh", lambda turn: find_tickets(turn, "den hong DEN", 5))
    assert len(office.deliveries("Hạnh", "reply")[-1].content["choices"]) == 3
    long = "đèn hỏng trước nhà số đèn hỏng trước nhà số đèn hỏng"
    office.does("Hạnh", lambda turn: find_tickets(turn, long))
    last = office.deliveries("Hạnh", "reply")[-1].content
    assert len(last["choices"]) == 5
    assert "câu tìm ngắn hơn" in last["text"]
