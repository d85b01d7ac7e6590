"""What was given up is listed without its words, taken up again in full, or dropped for good."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from storage import claims, inbox, outbox, stuck
from storage.contacts import mark_unreachable
from storage.database import Database
from storage.machinery import list_alarms, raise_alarm
from storage.models import Delivery, InboxItem
from storage.statuses import DeliveryStatus, InboxStatus, Lane
from tests.storage.rows import NOW, SECOND, contact, draft, envelope

LATER = NOW + timedelta(hours=1)


def park(database: Database, *numbers: int, album: str | None = None) -> list[int]:
    """Record events of one person, let them fail for good, and raise the alarm; returns the ids."""

    def work(session: Session) -> list[int]:
        ids = [inbox.record_event(session, envelope(n, "lan", album), NOW) or 0 for n in numbers]
        for claim in inbox.claim_messages(session, "w", NOW + timedelta(seconds=5), 10):
            inbox.park(session, claim, "ValueError at a.py:1", NOW + SECOND)
            raise_alarm(session, "message_parked", f"telegram #{claim.ids[0]}", "ValueError", NOW)
        return ids

    return database.run_now(work)


def fail(database: Database, text: str, status: DeliveryStatus, to: str = "lan") -> int:
    """Queue a message that does not arrive; returns its id."""

    def work(session: Session) -> int:
        number = outbox.enqueue(session, draft(contact(session, to), text), NOW) or 0
        (sent,) = claims.claim_due(session, "telegram", Lane.REPLY, "s", NOW, 5)
        session.flush()
        claims.settle_as(session, sent, status, "Rejected 400")
        raise_alarm(session, "message_rejected", f"telegram #{number}", "Rejected 400", NOW)
        return number

    return database.run_now(work)


def test_a_parked_event_is_listed_with_its_failure_and_without_its_words(database: Database) -> None:
    (number,) = park(database, 1)
    (found,) = database.run_now(stuck.list_parked)
    assert (found.number, found.channel, found.tries, found.error) == (
        number,
        "telegram",
        1,
        "ValueError at a.py:1",
    )
    assert "raw 1" not in repr(found)


def test_a_parked_event_that_is_retried_is_handled_as_if_it_had_just_come(database: Database) -> None:
    (number,) = park(database, 1)
    assert database.run_now(lambda s: stuck.retry_parked(s, [number], LATER)) == 1
    assert database.run_now(stuck.list_parked) == []
    assert database.run_now(list_alarms) == []
    (claim,) = database.run_now(lambda s: inbox.claim_messages(s, "w", LATER, 5))
    assert (claim.ids, claim.failures, claim.claims) == ((number,), 0, 1)
    assert claim.envelopes[0].raw == "raw 1"


def test_an_album_is_one_and_is_retried_whole(database: Database) -> None:
    ids = park(database, 1, 2, 3, album="a")
    (found,) = database.run_now(stuck.list_parked)
    assert found.number == ids[0]
    database.run_now(lambda s: stuck.retry_parked(s, [found.number], LATER))
    (claim,) = database.run_now(lambda s: inbox.claim_messages(s, "w", LATER, 5))
    assert list(claim.ids) == ids


def test_a_dropped_event_is_forgotten_but_stays_known(database: Database) -> None:
    (number,) = park(database, 1)
    assert database.run_now(lambda s: stuck.drop_parked(s, [number], LATER)) == 1
    row = database.run_now(lambda s: s.get_one(InboxItem, number))
    assert (row.status, row.raw) == (InboxStatus.DONE, inbox.REDACTED)
    assert database.run_now(lambda s: inbox.record_event(s, envelope(1), LATER)) is None
    assert database.run_now(list_alarms) == []


def test_only_what_is_parked_can_be_retried_or_dropped(database: Database) -> None:
    number = database.run_now(lambda s: inbox.record_event(s, envelope(1), NOW)) or 0
    assert database.run_now(lambda s: stuck.retry_parked(s, [number], LATER)) == 0
    assert database.run_now(lambda s: stuck.drop_parked(s, [number], LATER)) == 0
    assert database.run_now(lambda s: s.get_one(InboxItem, number)).raw == "raw 1"


def test_what_is_forgotten_after_its_time_cannot_be_retried(database: Database) -> None:
    (number,) = park(database, 1)
    database.run_now(lambda s: inbox.redact(s, number))
    (found,) = database.run_now(stuck.list_parked)
    assert found.gone


def test_failed_and_doubtful_messages_are_listed_and_others_are_not(database: Database) -> None:
    failed = fail(database, "mật", DeliveryStatus.FAILED)
    unknown = fail(database, "mật", DeliveryStatus.UNKNOWN)
    database.run_now(lambda s: outbox.enqueue(s, draft(contact(s), "chờ"), NOW))
    found = database.run_now(stuck.list_undelivered)
    assert [(one.number, one.status) for one in found] == [(unknown, "unknown"), (failed, "failed")]
    assert "mật" not in repr(found)


def test_a_message_that_is_retried_leaves_with_a_new_attempt(database: Database) -> None:
    number = fail(database, "Dạ", DeliveryStatus.FAILED)
    assert database.run_now(lambda s: stuck.retry_undelivered(s, [number], LATER)) == 1
    assert database.run_now(list_alarms) == []
    (again,) = database.run_now(lambda s: claims.claim_due(s, "telegram", Lane.REPLY, "s", LATER, 5))
    assert (again.id, again.attempt, again.doubtful) == (number, 2, False)


def test_a_message_that_is_dropped_never_leaves(database: Database) -> None:
    number = fail(database, "Dạ", DeliveryStatus.UNKNOWN)
    assert database.run_now(lambda s: stuck.drop_undelivered(s, [number], LATER)) == 1
    assert database.run_now(lambda s: claims.claim_due(s, "telegram", Lane.REPLY, "s", LATER, 5)) == []
    assert database.run_now(lambda s: s.exec(select(Delivery.status)).one()) == DeliveryStatus.CANCELLED
    assert database.run_now(lambda s: stuck.retry_undelivered(s, [number], LATER)) == 0


def test_who_blocked_us_is_marked(database: Database) -> None:
    fail(database, "Dạ", DeliveryStatus.FAILED)
    database.run_now(lambda s: mark_unreachable(s, contact(s).id or 0, NOW))
    (found,) = database.run_now(stuck.list_undelivered)
    assert found.shut
