"""Figures of a period, counted by hand; each of them leads to its cases; a period that is over stays as reported."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session, select

from core.periods import Period
from storage.database import Database
from storage.figures import By, Measure, Outcome, count, list_facts, trace
from storage.figures_book import close_book, find_book, open_book, reopen_book, span_of
from storage.models import Announcement, Delivery, Staff, Ticket
from storage.statuses import TicketStatus
from tests.figures.books import CASES, fill, moment
from tests.scheduler.office import person

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
LATER = moment("10/12")
BY_HAND = {
    Measure.CARRIED: ["C1", "C2", "C3", "C4"],
    Measure.FILED: ["N1", "N2", "N3", "N4", "N5", "N6", "N7"],
    Measure.DONE: ["C1", "C2", "N1", "N2"],
    Measure.ON_TIME: ["C2", "N1"],
    Measure.DONE_LATE: ["C1", "N2"],
    Measure.REJECTED: ["N3"],
    Measure.WITHDRAWN: ["N4"],
    Measure.OPEN: ["C3", "C4", "N5", "N6", "N7"],
    Measure.OPEN_IN_TIME: ["C4", "N5", "N7"],
    Measure.OPEN_LATE: ["C3", "N6"],
    Measure.RATED: ["C2", "N1", "N2"],
    Measure.SATISFIED: ["C2", "N1"],
    Measure.RECURRING: ["N6"],
}


def facts_of(session: Session, period: Period = NOVEMBER):  # type: ignore[no-untyped-def]
    return list_facts(session, *span_of(period), LATER)


@pytest.mark.parametrize("figure", Measure)
def test_each_figure_is_what_was_counted_by_hand(database: Database, figure: Measure) -> None:
    database.run_now(fill)
    facts = database.run_now(facts_of)
    assert count(facts).total[figure] == len(BY_HAND[figure])
    assert [fact.code for fact in trace(facts, figure)] == BY_HAND[figure]


def test_parts_add_up_to_the_whole_and_each_part_can_be_traced(database: Database) -> None:
    database.run_now(fill)
    facts = database.run_now(facts_of)
    counts = count(facts)
    for by in By:
        for figure in Measure:
            assert sum(part[figure] for part in counts.parts[by].values()) == counts.total[figure]
        for key, part in counts.parts[by].items():
            assert {one: len(trace(facts, one, by, key)) for one in Measure} == {
                one: part[one] for one in Measure
            }
    assert set(counts.parts[By.CHANNEL]) == {"zalo", "telegram", "phone"}
    assert {code.code for code in trace(facts, Measure.REJECTED, By.AREA, "")} == {"N3"}


def test_what_came_is_what_was_done_or_is_left(database: Database) -> None:
    database.run_now(fill)
    total = count(database.run_now(facts_of)).total
    ended = total[Measure.DONE] + total[Measure.REJECTED] + total[Measure.WITHDRAWN]
    assert total[Measure.CARRIED] + total[Measure.FILED] == ended + total[Measure.OPEN]


def test_one_month_hands_over_to_the_next(database: Database) -> None:
    """What is open at the end of a period is carried into the one behind it."""
    database.run_now(fill)
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    left = trace(database.run_now(facts_of), Measure.OPEN)
    carried = trace(database.run_now(lambda s: facts_of(s, december)), Measure.CARRIED)
    assert [fact.code for fact in left] == [fact.code for fact in carried]


def test_a_running_period_is_judged_by_now(database: Database) -> None:
    database.run_now(fill)
    facts = database.run_now(lambda s: list_facts(s, *span_of(NOVEMBER), moment("14/11")))
    late = {fact.code for fact in facts if fact.late and fact.outcome == Outcome.OPEN}
    assert late == set(), "due on 15/11: on the 14th nothing is late"


def test_a_period_that_is_over_stays_as_it_was_first_reported(database: Database) -> None:
    database.run_now(fill)
    first = database.run_now(lambda s: open_book(s, NOVEMBER, LATER))
    assert first.closed_at == LATER

    def later(session: Session) -> None:
        row = session.exec(select(Ticket).where(Ticket.code == "N1")).one()
        row.department, row.status, row.closed_at = "VHXH", TicketStatus.REOPENED, None

    database.run_now(later)
    again = database.run_now(lambda s: open_book(s, NOVEMBER, moment("20/12")))
    assert again.facts == first.facts
    assert again.closed_at == LATER
    assert database.run_now(lambda s: reopen_book(s, NOVEMBER))
    anew = database.run_now(lambda s: open_book(s, NOVEMBER, moment("21/12")))
    assert anew.facts != first.facts
    assert database.run_now(lambda s: reopen_book(s, Period(date(2025, 1, 1), date(2025, 1, 2)))) is False


def test_a_running_period_is_not_kept(database: Database) -> None:
    database.run_now(fill)
    book = database.run_now(lambda s: open_book(s, NOVEMBER, moment("30/11 23:59")))
    assert book.closed_at is None
    assert database.run_now(lambda s: find_book(s, NOVEMBER)) is None


def test_who_closes_second_gets_what_the_first_has_kept(database: Database) -> None:
    database.run_now(fill)
    first = database.run_now(lambda s: close_book(s, NOVEMBER, LATER))
    second = database.run_now(lambda s: close_book(s, NOVEMBER, moment("11/12")))
    assert (second.facts, second.closed_at) == (first.facts, LATER)


def test_the_kept_book_names_nobody(database: Database) -> None:
    database.run_now(fill)
    database.run_now(lambda s: open_book(s, NOVEMBER, LATER))
    book = database.run_now(lambda s: find_book(s, NOVEMBER))
    assert book is not None
    for private in ("Lan", "0912345678", "số 5"):
        assert private not in str(book.facts)
    assert {fact.code for fact in book.facts} == {
        case.code for case in CASES if case.code[0] in "CN" and not case.parent
    }


def test_the_reach_of_announcements(database: Database) -> None:
    def announce(session: Session) -> None:
        writer = person(session, "Hạnh")
        session.flush()
        staff = Staff(contact_id=writer.id or 0, role="officer", name="Hạnh", joined_at=moment("1/10"))
        session.add(staff)
        session.flush()
        for day, status in (("5/11", "sent"), ("6/11", "draft"), ("5/12", "sent")):
            row = Announcement(
                staff_id=staff.id or 0,
                chat_id=writer.id or 0,
                text="Cắt nước",
                status=status,
                recipients=3,
                created_at=moment(day),
                confirmed_at=moment(day),
            )
            session.add(row)
            session.flush()
            for number, state in enumerate(("sent", "sent", "failed")):
                session.add(
                    Delivery(
                        contact_id=writer.id or 0,
                        channel="telegram",
                        kind="announcement",
                        content={"text": "Cắt nước"},
                        status=state,
                        created_at=moment(day),
                        due_at=moment(day),
                        seen_at=moment(day) if number == 0 else None,
                        announcement_id=row.id,
                    )
                )

    database.run_now(announce)
    book = database.run_now(lambda s: open_book(s, NOVEMBER, LATER))
    assert book.reach == {"announcements": 1, "recipients": 3, "sent": 2, "seen": 1}
