"""Leases, slots, cursors, alarms and facts: what keeps several processes honest."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlmodel import select

from storage import machinery
from storage.database import Database
from storage.models import JobRun
from tests.storage.rows import NOW, SECOND

LIFE = timedelta(seconds=30)


def test_a_lease_has_one_owner_until_it_ends(database: Database) -> None:
    def claim(owner: str, after: timedelta) -> bool:
        return database.run_now(lambda s: machinery.claim_lease(s, "poll", owner, NOW + after, LIFE))

    assert claim("a", timedelta())
    assert not claim("b", LIFE)
    assert claim("a", LIFE), "the owner prolongs it"
    assert not claim("b", LIFE + LIFE)
    assert claim("b", LIFE + LIFE + SECOND)
    assert not claim("a", LIFE + LIFE + 2 * SECOND)
    database.run_now(lambda s: machinery.drop_lease(s, "poll", "a"))
    assert not claim("a", LIFE + LIFE + 2 * SECOND), "only the owner gives it back"
    database.run_now(lambda s: machinery.drop_lease(s, "poll", "b"))
    assert claim("a", LIFE + LIFE + 2 * SECOND)


def test_of_many_who_want_a_lease_one_gets_it(database: Database) -> None:
    def claim(owner: int) -> bool:
        return database.run_now(lambda s: machinery.claim_lease(s, "send", str(owner), NOW, LIFE))

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(claim, range(16))) == 1


def test_every_slot_is_won_exactly_once(database: Database) -> None:
    start = threading.Barrier(8)

    def replica(_number: int) -> list[int]:
        start.wait(10)
        return [
            slot
            for slot in range(200)
            if database.run_now(
                lambda s, n=slot: machinery.claim_slot(s, "digests", NOW + n * SECOND, NOW)  # type: ignore[misc]
            )
        ]

    with ThreadPoolExecutor(8) as threads:
        won = [slot for slots in threads.map(replica, range(8)) for slot in slots]
    assert sorted(won) == list(range(200))
    assert len(database.run_now(lambda s: s.exec(select(JobRun)).all())) == 200


def test_counts_stand_beside_their_slot(database: Database) -> None:
    def work(session) -> None:  # type: ignore[no-untyped-def]
        assert machinery.claim_slot(session, "digests", NOW, NOW)
        machinery.record_counts(session, "digests", NOW, {"digests": 3})

    database.run_now(work)
    assert database.run_now(lambda s: s.exec(select(JobRun.counts)).one()) == {"digests": 3}


def test_cursors_and_facts_are_replaced(database: Database) -> None:
    for value in ("1", "2"):
        database.run_now(lambda s, v=value: machinery.save_cursor(s, "telegram", "bot", v))
        database.run_now(lambda s, v=value: machinery.save_fact(s, "id", v))
    assert database.run_now(lambda s: machinery.find_cursor(s, "telegram", "bot")) == "2"
    assert database.run_now(lambda s: machinery.find_fact(s, "id")) == "2"
    database.run_now(lambda s: machinery.drop_fact(s, "id"))
    assert database.run_now(lambda s: machinery.find_fact(s, "id")) is None


def test_an_alarm_is_news_once_and_again_after_it_was_settled(database: Database) -> None:
    def ring() -> bool:
        return database.run_now(lambda s: machinery.raise_alarm(s, "channel_down", "zalo", "401", NOW))

    assert [ring(), ring()] == [True, False]
    (alarm,) = database.run_now(machinery.list_alarms)
    assert (alarm.count, alarm.settled_at) == (2, None)
    database.run_now(lambda s: machinery.settle_alarm(s, "channel_down", "zalo", NOW))
    assert database.run_now(machinery.list_alarms) == []
    assert ring()
