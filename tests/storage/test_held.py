"""Held messages hold up nobody, are taken back whole or not at all, and are let go in the order of what they tell."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from core.codes import new_code
from storage import claims, held, outbox
from storage.database import Database
from storage.models import Delivery, Ticket, TicketEvent
from storage.screen import find_newest
from storage.statuses import DeliveryStatus, EventKind, Lane, TicketStatus
from storage.tickets import Actor, add_ticket, record_ticket_event
from tests.storage.rows import NOW, SECOND, contact, draft

MINUTE = timedelta(seconds=60)
BEFORE = {"status": "moi", "closed_at": None, "paused_at": NOW.isoformat(), "officer_id": None}
BEFORE |= {"answer": None, "evidence": None, "evidence_kind": None, "photos": []}


def answered(session: Session, *readers: str) -> TicketEvent:
    """A ticket that was answered now; what tells the readers is held for a minute."""
    author = contact(session, "lan")
    row = Ticket(
        code=new_code(),
        contact_id=author.id or 0,
        category="DEN",
        department="KT",
        text="đèn hỏng",
        created_at=NOW,
        due_at=NOW + timedelta(days=5),
        updated_at=NOW,
    )
    ticket = add_ticket(session, row, Actor("telegram", author.id))
    ticket.status, ticket.answer = TicketStatus.RESOLVED.value, "Đã thay bóng"
    event = record_ticket_event(session, ticket, EventKind.RESOLVED, Actor("telegram"), NOW)
    event.held_until, event.before = NOW + MINUTE, dict(BEFORE)
    session.add_all([ticket, event])
    for name in readers or ("lan",):
        reader = contact(session, name)
        key = f"event:{event.id}:citizen:{reader.id}"
        held_one = draft(reader, "xong", key, ticket_id=ticket.id, ready_at=NOW + MINUTE)
        outbox.enqueue(session, held_one, NOW)
    return event


def claim(database: Database, after: timedelta = timedelta()) -> list[claims.Outgoing]:
    return database.run_now(lambda s: claims.claim_due(s, "telegram", Lane.REPLY, "a", NOW + after, 10))


def states(database: Database) -> list[str]:
    return database.run_now(lambda s: list(s.exec(select(Delivery.status).order_by(col(Delivery.id))).all()))


def test_a_held_message_leaves_at_its_time_and_holds_up_nobody(database: Database) -> None:
    database.run_now(answered)
    database.run_now(lambda s: outbox.enqueue(s, draft(contact(s), "giờ làm việc"), NOW))
    (reply,) = claim(database, SECOND)
    assert reply.content.text == "giờ làm việc"
    assert database.run_now(lambda s: find_newest(s, reply.contact_id, NOW + SECOND)).id == reply.id  # type: ignore[union-attr]
    database.run_now(lambda s: claims.settle_sent(s, reply, ("m1",), NOW + SECOND))
    assert claim(database, MINUTE - SECOND) == []
    (late,) = claim(database, MINUTE)
    assert late.content.text == "xong"
    assert database.run_now(lambda s: find_newest(s, late.contact_id, NOW + MINUTE)).id == late.id  # type: ignore[union-attr]


def test_taken_back_it_never_leaves(database: Database) -> None:
    event = database.run_now(lambda s: answered(s, "lan", "tư"))
    assert database.run_now(lambda s: held.cancel_held(s, [event], "undone"))
    assert states(database) == [DeliveryStatus.CANCELLED] * 2
    assert claim(database, MINUTE) == []


def test_when_one_reader_may_have_it_nothing_is_taken_back(database: Database) -> None:
    """Not even from those who have not: half an answer would be told to half of the people."""
    event = database.run_now(lambda s: answered(s, "lan", "tư"))
    (first, _) = claim(database, MINUTE)
    database.run_now(lambda s: claims.settle_later(s, first, NOW + 2 * MINUTE, "429"))
    assert not database.run_now(lambda s: held.cancel_held(s, [event], "undone"))
    assert DeliveryStatus.CANCELLED not in states(database)


def test_what_was_tried_and_waits_keeps_its_place(database: Database) -> None:
    """A failed message waits like a held one; what follows it must not overtake."""
    database.run_now(answered)
    (first,) = claim(database, MINUTE)
    database.run_now(lambda s: claims.settle_later(s, first, NOW + 3 * MINUTE, "429"))
    database.run_now(lambda s: outbox.enqueue(s, draft(contact(s), "sau"), NOW))
    assert claim(database, 2 * MINUTE) == []


def test_newer_news_let_the_held_go_first(database: Database) -> None:
    event = database.run_now(answered)
    database.run_now(lambda s: held.hasten(s, event.ticket_id, NOW + SECOND))
    database.run_now(lambda s: outbox.enqueue(s, draft(contact(s), "mở lại"), NOW + SECOND))
    (first,) = claim(database, SECOND)
    assert first.content.text == "xong"


def test_the_citizen_is_shown_what_was_before_and_nothing_of_it_is_stored(database: Database) -> None:
    event = database.run_now(answered)

    def look(session: Session, after: timedelta) -> tuple[str, str | None, bool]:
        ticket = session.get_one(Ticket, event.ticket_id)
        told = held.as_told(session, ticket, NOW + after)
        return told.status, told.answer, told.paused_at == NOW

    assert database.run_now(lambda s: look(s, SECOND)) == ("moi", None, True)
    assert database.run_now(lambda s: look(s, MINUTE)) == ("da_xu_ly", "Đã thay bóng", False)
    assert database.run_now(lambda s: s.get_one(Ticket, event.ticket_id)).status == TicketStatus.RESOLVED


def test_an_undone_answer_is_held_no_more(database: Database) -> None:
    event = database.run_now(answered)

    def undo(session: Session) -> None:
        ticket = session.get_one(Ticket, event.ticket_id)
        record_ticket_event(session, ticket, EventKind.UNDONE, Actor("telegram"), NOW + SECOND)

    database.run_now(undo)
    assert database.run_now(lambda s: held.find_held(s, event.ticket_id, NOW + SECOND)) is None


@pytest.mark.parametrize("attempt", range(15))
def test_at_the_same_moment_either_the_sender_has_it_or_it_is_taken_back(
    database: Database, attempt: int
) -> None:
    event = database.run_now(lambda s: answered(s, "lan", "tư", "mai"))
    together = threading.Barrier(2)

    def send() -> int:
        together.wait()
        return len(claim(database, MINUTE))

    def take_back() -> bool:
        together.wait()
        return database.run_now(lambda s: held.cancel_held(s, [event], "undone"))

    with ThreadPoolExecutor(2) as threads:
        sender, officer = threads.submit(send), threads.submit(take_back)
        claimed, taken_back = sender.result(), officer.result()
    # A sender passes by rows that are being looked at: it may get some now and the rest with its next claim.
    assert taken_back is (claimed == 0)
    wanted = {DeliveryStatus.CANCELLED} if taken_back else {DeliveryStatus.CLAIMED, DeliveryStatus.QUEUED}
    assert set(states(database)) <= wanted
