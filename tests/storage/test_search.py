"""Search of tickets: words with or without marks, groups of a code, area, state, owner, lateness, by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.messages import Address
from storage.contacts import record_contact
from storage.database import Database
from storage.models import Staff, Ticket, TicketWord
from storage.search import MAX_WORDS, Wanted, list_words, search_tickets
from storage.statuses import TicketStatus
from storage.tickets import Actor, add_ticket, list_open_from

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def filed(session: Session, code: str, text: str, place: str | None = None, **given: Any) -> Ticket:
    lan = record_contact(session, Address("telegram", "bot", "Lan"), NOW)
    fields: dict[str, Any] = {
        "category": "DEN",
        "department": "KT",
        "created_at": NOW,
        "updated_at": NOW,
        "due_at": NOW + timedelta(days=3),
    }
    row = Ticket(code=code, contact_id=lan.id or 0, text=text, place=place, **(fields | given))
    return add_ticket(session, row, Actor("telegram", row.contact_id))


def officer(session: Session, name: str) -> int:
    contact = record_contact(session, Address("telegram", "bot", name), NOW)
    staff = Staff(contact_id=contact.id or 0, role="officer", department="KT", name=name, joined_at=NOW)
    session.add(staff)
    session.flush()
    return staff.id or 0


def fill(session: Session) -> int:
    """Six tickets that differ in one thing each; returns the id of the officer Hạnh."""
    hanh = officer(session, "Hạnh")
    filed(session, "7K3M-9Q2F-4XH", "Đèn đường ngõ 5 hỏng", "trước nhà văn hóa", area="tdp-5")
    filed(session, "2B4C-6F8G-1HJ", "den duong ngo 15 khong sang", area="tdp-4", officer_id=hanh)
    filed(session, "3C5F-7G9H-2JK", "Rác đổ ngõ 5", category="RAC", department="MT")
    done = filed(session, "4F6G-8H1J-3KM", "Đèn ngõ 5 tắt", officer_id=hanh)
    done.status, done.closed_at = TicketStatus.RESOLVED.value, NOW
    filed(session, "5G7H-9J2K-4MN", "Cống tắc", due_at=NOW - timedelta(days=1), area="tdp-4")
    later = filed(session, "6H8J-1K3M-5NP", "Cống nghẹt", due_at=NOW - timedelta(days=2))
    later.status = TicketStatus.IN_PROGRESS.value
    late_and_done = filed(session, "8J1K-3M5N-6PQ", "Cống vỡ", due_at=NOW - timedelta(days=9))
    late_and_done.status, late_and_done.closed_at = TicketStatus.COMPLETED.value, NOW
    child = filed(session, "9K2M-4N6P-7QR", "Đèn ngõ 5 vẫn hỏng")
    child.parent_id = done.id
    session.add_all([done, later, late_and_done, child])
    session.flush()
    return hanh


def first_groups(session: Session, wanted: Wanted, offset: int = 0, limit: int = 10) -> list[str]:
    return [ticket.code[:4] for ticket in search_tickets(session, wanted, offset, limit)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(words=("đèn",)), ["4F6G", "2B4C", "7K3M"]),
        (Wanted(words=("den", "ngo", "5")), ["4F6G", "7K3M"]),
        (Wanted(words=("Đèn ngõ 5",)), ["4F6G", "7K3M"]),
        (Wanted(words=("văn", "hoa")), ["7K3M"]),
        (Wanted(words=("đèn", "rác")), []),
        (Wanted(words=("ngo",), department="MT"), ["3C5F"]),
        (Wanted(words=("ngo",), category="RAC"), ["3C5F"]),
        (Wanted(area="tdp-4"), ["5G7H", "2B4C"]),
        (Wanted(words=("cống",), area="tdp-4"), ["5G7H"]),
        (Wanted(statuses=frozenset({TicketStatus.RESOLVED})), ["4F6G"]),
        (Wanted(words=("5",), statuses=frozenset({TicketStatus.NEW})), ["3C5F", "7K3M"]),
        (Wanted(overdue_at=NOW), ["6H8J", "5G7H"]),
        (Wanted(overdue_at=NOW, words=("tắc",)), ["5G7H"]),
        (Wanted(words=("9q2f",)), ["7K3M"]),
        (Wanted(words=("9Q2F-4XH",)), ["7K3M"]),
        (Wanted(words=("9Q2F", "rác")), []),
        (Wanted(words=("%", "ngo_")), ["4F6G", "3C5F", "2B4C", "7K3M"]),
    ],
)
def test_everything_that_was_said_holds_for_what_is_found(
    database: Database, wanted: Wanted, found: list[str]
) -> None:
    def work(session: Session) -> list[str]:
        fill(session)
        return first_groups(session, wanted)

    assert database.run_now(work) == found


def test_own_tickets_are_those_that_the_officer_claimed(database: Database) -> None:
    def work(session: Session) -> list[str]:
        return first_groups(session, Wanted(officer_id=fill(session)))

    assert database.run_now(work) == ["4F6G", "2B4C"]


def test_pages_follow_each_other_without_gap_or_double(database: Database) -> None:
    def work(session: Session) -> list[list[str]]:
        fill(session)
        wanted = Wanted(words=("ngo",))
        return [first_groups(session, wanted, offset, 3) for offset in (0, 3, 6)]

    assert database.run_now(work) == [["4F6G", "3C5F", "2B4C"], ["7K3M"], []]


def test_the_ninth_word_asks_nothing(database: Database) -> None:
    def work(session: Session) -> tuple[list[str], list[str]]:
        many = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam")
        assert len(many) == MAX_WORDS
        filed(session, "7K3M-9Q2F-4XH", " ".join(many))
        return first_groups(session, Wanted(words=(*many, "chin"))), first_groups(
            session, Wanted(words=(*many[1:], "chin"))
        )

    assert database.run_now(work) == (["7K3M"], [])


def test_a_word_that_stands_twice_is_noted_once(database: Database) -> None:
    def work(session: Session) -> list[str]:
        ticket = filed(session, "7K3M-9Q2F-4XH", "Đèn, đèn và ĐÈN!", "cột đèn số 5")
        query = select(TicketWord.word).where(TicketWord.ticket_id == ticket.id)
        return list(session.exec(query.order_by(col(TicketWord.word))).all())

    assert database.run_now(work) == ["4xh", "5", "7k3m", "9q2f", "cot", "den", "so", "va"]
    assert list_words("👍", None, "A2B3") == ["a2b3"]


def test_a_ticket_without_words_can_be_filed(database: Database) -> None:
    def work(session: Session) -> list[str]:
        filed(session, "7K3M-9Q2F-4XH", "👍")
        return first_groups(session, Wanted())

    assert database.run_now(work) == ["7K3M"]


def test_the_list_of_open_tickets_still_leaves_out_what_is_closed_or_merged(database: Database) -> None:
    def work(session: Session) -> list[str]:
        fill(session)
        return [ticket.code[:4] for ticket in list_open_from(session, "KT", 0, 10)]

    assert database.run_now(work) == ["6H8J", "5G7H", "7K3M", "2B4C"]
