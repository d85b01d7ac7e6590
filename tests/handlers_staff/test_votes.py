"""A case of many people: one who joined opens nothing alone, two do, and nobody ends it for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from handlers import desk
from handlers.turn import Turn
from scheduler import closings, disputes
from storage.links import link
from storage.models import Ticket
from storage.statuses import DeliveryStatus, EventKind, Rating, TicketStatus
from tests.handlers_staff.office import CITIZEN, TEXT, Office, finish

SECOND, THIRD = "Ông Tư", "Cô Ba"


@pytest.fixture
def office() -> Iterator[Office]:
    opened = Office.open()
    opened.stage.welcome(THIRD)
    yield opened
    opened.stage.close()


def says(office: Office, name: str, ticket: int, text: str = "") -> desk.Outcome:
    return office.does(name, lambda turn: desk.say_not_done(turn, get(turn, ticket), text))


def get(turn: Turn, ticket: int) -> Ticket:
    return turn.session.get_one(Ticket, ticket)


def done(office: Office, *joined: str) -> int:
    """A ticket of Bà Lan that these have joined, reported as done."""
    ticket = office.file()
    for name in joined:
        office.does(name, lambda turn: desk.join_ticket(turn, get(turn, ticket), ""))
    office.does("Hạnh", lambda turn: finish(turn, ticket))
    office.stage.now += timedelta(minutes=2)
    office.stage.deliver()
    return ticket


def run(office: Office, job: Callable[..., dict[str, int]], passed: timedelta) -> dict[str, int]:
    office.stage.now += passed
    with office.stage.session() as session:
        return job(session, office.stage.house, office.stage.now)


def texts(office: Office, name: str) -> list[str]:
    return [row.content["text"] for row in office.deliveries(name) if row.status != DeliveryStatus.CANCELLED]


def last_actions(office: Office, name: str) -> list[str]:
    return [action for _, action, _ in office.deliveries(name)[-1].content["choices"]]


def test_one_of_those_who_joined_opens_nothing_and_hears_the_truth(office: Office) -> None:
    ticket = done(office, SECOND)
    told = says(office, SECOND, ticket, "đèn vẫn chập chờn")
    assert told.key == "tickets.own.noted"
    assert told.fields["days"] == 3
    assert "27/11" in told.fields["day"]
    assert office.ticket(ticket).status == TicketStatus.RESOLVED
    card = texts(office, "Hạnh")[-1]
    assert "đèn vẫn chập chờn" in card
    assert "1 chưa xong, 0 đã được" in card
    assert last_actions(office, "Hạnh") == [f"officer.reopen_said:{ticket}", f"officer.uphold:{ticket}"]


def test_saying_it_again_without_a_word_is_no_second_vote_and_no_second_card(office: Office) -> None:
    ticket = done(office, SECOND)
    says(office, SECOND, ticket)
    before = len(office.deliveries("Hạnh"))
    assert says(office, SECOND, ticket).key == "tickets.own.noted"
    assert len(office.deliveries("Hạnh")) == before
    says(office, SECOND, ticket, "chụp lại rồi, vẫn tối")
    assert "chụp lại rồi" in texts(office, "Hạnh")[-1]
    assert office.ticket(ticket).status == TicketStatus.RESOLVED


def test_the_second_one_opens_it_for_all_who_hear_so(office: Office) -> None:
    ticket = done(office, SECOND, THIRD)
    says(office, SECOND, ticket, "đầu ngõ vẫn tối")
    assert says(office, THIRD, ticket, "nhà em cũng vậy").key == "tickets.own.reopened"
    row = office.ticket(ticket)
    assert (row.status, row.reopened, row.closed_at) == (TicketStatus.REOPENED, 1, None)
    card = texts(office, "Dũng")[-1]
    assert "2 người cùng phản ánh báo chưa xong" in card
    assert "đầu ngõ vẫn tối" in card
    assert "nhà em cũng vậy" in card
    opened = [sum("được mở lại" in text for text in texts(office, one)) for one in (CITIZEN, SECOND, THIRD)]
    assert opened == [1, 1, 0], "the doer reads it in the answer"


def test_the_reporter_and_the_author_of_a_merged_ticket_decide_alone(office: Office) -> None:
    ticket = done(office, SECOND)
    assert says(office, CITIZEN, ticket).key == "tickets.own.reopened"
    child = office.file("đèn ngõ 5 tắt", THIRD)
    code = office.ticket(ticket).code
    office.does("Hạnh", lambda turn: desk.merge(turn, child, code))
    office.does("Hạnh", lambda turn: finish(turn, ticket))
    # By the button under the parent's answer, which carries the parent's code.
    assert says(office, THIRD, ticket).key == "tickets.own.reopened"


def test_a_changed_mind_counts_once_and_votes_end_with_the_round(office: Office) -> None:
    ticket = done(office, SECOND, THIRD)
    says(office, SECOND, ticket)
    office.does(SECOND, lambda turn: desk.say_done(turn, get(turn, ticket)))
    assert says(office, THIRD, ticket).key == "tickets.own.noted", "the first has taken it back"
    assert "1 chưa xong, 1 đã được" in texts(office, "Hạnh")[-1]
    office.does("Hạnh", lambda turn: desk.reopen(turn, ticket, TEXT))
    office.does("Hạnh", lambda turn: finish(turn, ticket))
    assert says(office, SECOND, ticket).key == "tickets.own.noted", "of the round before nothing is left"


def test_two_channels_of_one_person_are_one_person(office: Office) -> None:
    ticket = done(office, SECOND, THIRD)

    first = office.does(SECOND, lambda turn: turn.contact.id or 0)
    assert office.does(THIRD, lambda turn: link(turn.session, first, turn.contact.id or 0, turn.now))
    says(office, SECOND, ticket, "vẫn tối")
    assert says(office, THIRD, ticket, "vẫn tối").key == "tickets.own.noted"


def test_who_is_content_ends_nothing_for_the_others_and_counts_as_content_only_for_the_own_mark(
    office: Office,
) -> None:
    ticket = done(office, SECOND, THIRD)
    office.does(CITIZEN, lambda turn: desk.rate(turn, get(turn, ticket), Rating.GREAT))
    office.does(CITIZEN, lambda turn: desk.complete(turn, get(turn, ticket)))
    assert office.ticket(ticket).status == TicketStatus.RESOLVED
    office.does(SECOND, lambda turn: desk.say_done(turn, get(turn, ticket)))
    assert office.ticket(ticket).rating == Rating.GREAT
    says(office, THIRD, ticket, "chưa")
    assert run(office, closings.run, timedelta(days=9))["completed"] == 0, "it waits for the office"
    office.does("Hạnh", lambda turn: desk.uphold(turn, ticket, TEXT))
    assert run(office, closings.run, timedelta(days=1))["completed"] == 1


def test_the_office_looks_and_says_why_the_end_stands(office: Office) -> None:
    ticket = done(office, SECOND, THIRD)
    with pytest.raises(desk.Refused):
        office.does("Hạnh", lambda turn: desk.uphold(turn, ticket, TEXT))
    says(office, SECOND, ticket, "vẫn tối")
    office.does("Hạnh", lambda turn: desk.uphold(turn, ticket, "Đã đo lại, bóng sáng đủ cả đoạn"))
    assert "bóng sáng đủ" in texts(office, SECOND)[-1]
    assert not any("bóng sáng đủ" in text for name in (CITIZEN, THIRD) for text in texts(office, name))
    # A look takes no vote away: who is the second opens it all the same.
    assert says(office, THIRD, ticket).key == "tickets.own.reopened"


def test_a_promised_look_is_reminded_of_and_then_seen_by_the_leaders(office: Office) -> None:
    ticket = done(office, SECOND)
    says(office, SECOND, ticket, "vẫn tối")
    assert run(office, disputes.run, timedelta(days=1)) == {"reminded": 0, "escalated": 0}
    assert run(office, disputes.run, timedelta(days=2)) == {"reminded": 1, "escalated": 0}
    assert run(office, disputes.run, timedelta()) == {"reminded": 0, "escalated": 0}
    assert run(office, disputes.run, timedelta(days=3)) == {"reminded": 0, "escalated": 2}
    assert office.ticket(ticket).status == TicketStatus.RESOLVED
    office.does("Hạnh", lambda turn: desk.reopen(turn, ticket, TEXT))
    assert run(office, disputes.run, timedelta(days=1)) == {"reminded": 0, "escalated": 0}


def test_a_vote_in_the_minute_of_an_answer_leaves_the_answer_to_be_taken_back(office: Office) -> None:
    ticket = office.file()
    office.does(SECOND, lambda turn: desk.join_ticket(turn, get(turn, ticket), ""))
    answered = office.does("Hạnh", lambda turn: finish(turn, ticket))
    says(office, SECOND, ticket)
    office.does("Hạnh", lambda turn: desk.undo(turn, answered.event.id or 0))
    assert office.ticket(ticket).status == TicketStatus.NEW
    assert [one.kind for one in office.events(ticket)][-2:] == [EventKind.DISPUTED, EventKind.UNDONE]
