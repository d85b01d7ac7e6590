"""Merged tickets: everybody hears the one answer once, a refused step leaves nothing, each author keeps the say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from core.calendar import local_date
from handlers import desk
from handlers.turn import Turn
from scheduler import closings
from storage.models import Ticket
from storage.statuses import DeliveryStatus, Rating, TicketStatus
from tests.handlers_staff.office import CITIZEN, TEXT, Office, finish

NEIGHBOUR, THIRD = "Ông Tư", "Cô Ba"


@pytest.fixture
def office() -> Iterator[Office]:
    opened = Office.open()
    opened.stage.welcome(THIRD)
    yield opened
    opened.stage.close()


def own(act: Callable[[Turn, Ticket], object], ticket: int) -> Callable[[Turn], object]:
    return lambda turn: act(turn, turn.session.get_one(Ticket, ticket))


def merged(office: Office) -> tuple[int, int]:
    """A parent of Bà Lan and a child of Ông Tư, which Cô Ba had joined."""
    parent, child = office.file(), office.file("đèn ngõ 5 tắt", NEIGHBOUR)
    office.does(THIRD, own(lambda turn, row: desk.join_ticket(turn, row, ""), child))
    code = office.ticket(parent).code
    office.does("Hạnh", lambda turn: desk.merge(turn, child, code))
    return parent, child


def heard(office: Office, name: str) -> int:
    return sum(TEXT in row.content["text"] for row in office.deliveries(name, "ticket"))


def test_whoever_joined_the_merged_ticket_hears_the_answer_once(office: Office) -> None:
    parent, _ = merged(office)
    office.does("Hạnh", lambda turn: finish(turn, parent))
    assert [heard(office, name) for name in (CITIZEN, NEIGHBOUR, THIRD)] == [1, 1, 1]


def test_after_parting_they_hear_of_their_own_ticket_alone(office: Office) -> None:
    parent, child = merged(office)
    office.does("Hạnh", lambda turn: desk.part(turn, child))
    office.does("Hạnh", lambda turn: finish(turn, parent))
    assert [heard(office, name) for name in (CITIZEN, NEIGHBOUR, THIRD)] == [1, 0, 0]
    office.does("Hạnh", lambda turn: finish(turn, child))
    assert [heard(office, name) for name in (CITIZEN, NEIGHBOUR, THIRD)] == [1, 1, 1]


def test_parting_takes_nobody_away_who_joined_the_parent_before(office: Office) -> None:
    parent, child = office.file(), office.file("đèn ngõ 5 tắt", NEIGHBOUR)
    office.does(NEIGHBOUR, own(lambda turn, row: desk.join_ticket(turn, row, ""), parent))
    office.stage.now += timedelta(minutes=1)
    code = office.ticket(parent).code
    office.does("Hạnh", lambda turn: desk.merge(turn, child, code))
    office.does("Hạnh", lambda turn: desk.part(turn, child))
    office.does("Hạnh", lambda turn: finish(turn, parent))
    assert heard(office, NEIGHBOUR) == 1


def test_a_merged_ticket_has_the_dates_of_its_parent(office: Office) -> None:
    parent, child = merged(office)
    day = office.stage.house.calendar.next_working_day(local_date(office.stage.now) + timedelta(days=20))
    office.does("Hạnh", lambda turn: desk.extend(turn, parent, day, TEXT))
    assert local_date(office.ticket(child).due_at) == day


def test_whoever_joins_a_ticket_that_has_just_been_merged_joins_the_case(office: Office) -> None:
    parent, child = merged(office)
    office.stage.welcome("Bà Tám")
    office.does("Bà Tám", own(lambda turn, row: desk.join_ticket(turn, row, ""), child))
    office.does("Hạnh", lambda turn: finish(turn, parent))
    assert heard(office, "Bà Tám") == 1


def test_whoever_leaves_a_merged_ticket_hears_no_more_of_the_case(office: Office) -> None:
    parent, child = merged(office)
    office.does(THIRD, own(desk.leave_ticket, child))
    office.does("Hạnh", lambda turn: finish(turn, parent))
    assert [heard(office, name) for name in (CITIZEN, NEIGHBOUR, THIRD)] == [1, 1, 0]


def refused(office: Office, name: str, act: Callable[[Turn], object]) -> bool:
    def caught(turn: Turn) -> bool:
        try:
            act(turn)
        except desk.Refused:
            return True
        return False

    return office.does(name, caught)


def test_finishing_a_merged_ticket_is_refused_and_leaves_no_answer(office: Office) -> None:
    _, child = merged(office)
    assert refused(office, "Hạnh", lambda turn: finish(turn, child))
    assert office.ticket(child).answer is None


def test_a_merged_ticket_in_work_has_no_pause_and_no_promise_of_its_own(office: Office) -> None:
    parent, child = merged(office)
    office.does("Hạnh", lambda turn: desk.ask_citizen(turn, parent, "Cột đèn số mấy, gần nhà ai ạ?"))
    day = office.stage.house.calendar.next_working_day(local_date(office.stage.now))
    assert refused(office, "Dũng", lambda turn: desk.pause(turn, child, TEXT))
    assert refused(office, "Dũng", lambda turn: desk.promise(turn, child, day, TEXT))
    office.does("Hạnh", lambda turn: desk.pause(turn, parent, TEXT))
    assert refused(office, "Dũng", lambda turn: desk.resume(turn, child))
    one, other = office.ticket(parent), office.ticket(child)
    assert (one.officer_id, one.paused_at, one.promised_on) == (other.officer_id, other.paused_at, None)


def test_withdrawing_a_merged_ticket_that_is_done_is_refused_and_does_not_part_it(office: Office) -> None:
    parent, child = merged(office)
    office.does("Hạnh", lambda turn: finish(turn, parent))
    assert refused(office, NEIGHBOUR, own(desk.withdraw, child))
    assert office.ticket(child).parent_id == parent


def test_the_author_of_a_merged_ticket_may_rate_each_answer(office: Office) -> None:
    parent, child = merged(office)
    office.does("Hạnh", lambda turn: finish(turn, parent))
    office.does(NEIGHBOUR, own(lambda turn, row: desk.rate(turn, row, Rating.GOOD), child))
    office.does(NEIGHBOUR, own(desk.complete, child))
    assert office.ticket(child).status == TicketStatus.RESOLVED
    office.does(CITIZEN, own(lambda turn, row: desk.say_not_done(turn, row, "vẫn tắt"), parent))
    assert (office.ticket(child).status, office.ticket(child).rating) == (TicketStatus.REOPENED, None)


def test_the_clock_completes_both(office: Office) -> None:
    parent, child = merged(office)
    office.does("Hạnh", lambda turn: finish(turn, parent))
    office.stage.now += timedelta(days=8)
    with office.stage.session() as session:
        assert closings.run(session, office.stage.house, office.stage.now)["completed"] == 2
    assert office.ticket(parent).closed_at == office.ticket(child).closed_at


def undo(office: Office, number: int) -> bool:
    """True when the last answer of the ticket was taken back."""
    held = [event for event in office.events(number) if event.before is not None][-1]
    return not refused(office, "Hạnh", lambda turn: desk.undo(turn, held.id or 0))


def test_an_answer_taken_back_is_taken_back_from_merged_tickets_too(office: Office) -> None:
    parent, child = merged(office)
    before = office.ticket(child)
    office.does("Hạnh", lambda turn: finish(turn, parent))
    assert office.ticket(child).evidence_kind == "reason"
    assert undo(office, parent)
    after = office.ticket(child)
    for name in ("status", "answer", "closed_at", "officer_id", "evidence", "evidence_kind"):
        assert getattr(after, name) == getattr(before, name)
    told = [row for row in office.deliveries(kind="ticket") if TEXT in row.content["text"]]
    assert {row.status for row in told} == {DeliveryStatus.CANCELLED}
    assert len(told) == 3


def test_what_has_been_parted_meanwhile_keeps_its_answer_and_hears_it_first(office: Office) -> None:
    parent, child = merged(office)
    office.does("Hạnh", lambda turn: finish(turn, parent))
    office.does("Dũng", lambda turn: desk.part(turn, child))
    assert not undo(office, parent)
    office.stage.deliver()
    shown = [sent.content.text for sent in office.stage.person(NEIGHBOUR).screen]
    assert TEXT in shown[-2], "the answer comes before the parting"
    assert office.ticket(child).status == office.ticket(parent).status == TicketStatus.RESOLVED


def test_an_answer_leaves_at_once_when_its_ticket_is_merged(office: Office) -> None:
    parent, child = office.file(), office.file("đèn ngõ 5 tắt", NEIGHBOUR)
    office.does("Hạnh", lambda turn: desk.answer(turn, child, TEXT))
    code = office.ticket(parent).code
    office.does("Hạnh", lambda turn: desk.merge(turn, child, code))
    assert not undo(office, child)
    office.stage.deliver()
    shown = [sent.content.text for sent in office.stage.person(NEIGHBOUR).screen]
    assert TEXT in shown[-2], "the answer comes before the merging"
