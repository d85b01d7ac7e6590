"""The inbox: every event once, one person at a time, oldest first, and a poisoned one steps aside."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from storage import inbox
from storage.database import Database
from storage.models import InboxItem
from storage.statuses import InboxStatus
from tests.storage.rows import NOW, SECOND, envelope


def claim(database: Database, owner: str = "a", after: timedelta = timedelta(), limit: int = 10):  # type: ignore[no-untyped-def]
    return database.run_now(lambda s: inbox.claim_messages(s, owner, NOW + after, limit))


def item(database: Database, number: int) -> InboxItem:
    return database.run_now(
        lambda s: s.exec(select(InboxItem).where(InboxItem.external_id == str(number))).one()
    )


def record(database: Database, *events: tuple[int, str] | tuple[int, str, str]) -> None:
    for event in events:
        database.run_now(lambda s, e=event: inbox.record_event(s, envelope(*e), NOW))


async def test_an_event_is_recorded_once_however_often_it_comes(database: Database) -> None:
    async def deliver(number: int) -> int | None:
        return await database.run(lambda s: inbox.record_event(s, envelope(number), NOW))

    numbers = list(range(20)) * 5
    random.Random(1).shuffle(numbers)
    results = await asyncio.gather(*(deliver(n) for n in numbers))
    assert len([r for r in results if r is not None]) == 20
    assert database.run_now(inbox.count_waiting) == 20


def test_the_same_id_of_another_account_is_another_event(database: Database) -> None:
    from dataclasses import replace

    record(database, (1, "lan"))
    other = replace(envelope(1), account="second bot")
    assert database.run_now(lambda s: inbox.record_event(s, other, NOW)) is not None


def test_a_batch_is_recorded_in_its_order_and_each_event_of_it_once(database: Database) -> None:
    record(database, (2, "lan"))
    batch = [envelope(number) for number in (1, 2, 3, 1, 4)]
    first, known, third, again, last = database.run_now(lambda s: inbox.record_events(s, batch, NOW))
    assert (known, again) == (None, None)
    assert [item(database, number).id for number in (1, 3, 4)] == [first, third, last]
    assert sorted([first or 0, third or 0, last or 0]) == [first, third, last]
    assert database.run_now(lambda s: inbox.record_events(s, batch, NOW)) == [None] * 5


async def test_batches_of_the_same_people_in_any_order_do_not_block_each_other(database: Database) -> None:
    rng = random.Random(7)
    people = [f"person {number}" for number in range(20)]
    batches = []
    for batch in range(40):
        rng.shuffle(people)
        batches.append([envelope(batch * 20 + number, sender) for number, sender in enumerate(people)])
    made = await asyncio.gather(
        *(database.run(lambda s, b=batch: inbox.record_events(s, b, NOW)) for batch in batches)
    )
    assert all(number is not None for batch in made for number in batch)
    assert database.run_now(inbox.count_waiting) == 800


def test_people_side_by_side_each_in_order(database: Database) -> None:
    record(database, (1, "lan"), (2, "lan"), (3, "hạnh"))
    first = claim(database)
    assert [c.envelopes[0].external_id for c in first] == ["1", "3"]
    assert claim(database, "b") == []
    database.run_now(lambda s: inbox.settle_handled(s, first[0], NOW))
    assert [c.envelopes[0].external_id for c in claim(database, "b")] == ["2"]


async def test_never_two_of_one_person_and_each_in_order_among_many_workers(database: Database) -> None:
    rng = random.Random(7)
    waiting = [(number, f"p{rng.randrange(6)}") for number in range(120)]
    busy: set[str] = set()
    handled: dict[str, list[int]] = defaultdict(list)
    clashes: list[str] = []

    async def gateway() -> None:
        for start in range(0, 120, 4):
            batch = [envelope(*w) for w in waiting[start : start + 4]]
            await asyncio.gather(*(database.run(lambda s, e=e: inbox.record_event(s, e, NOW)) for e in batch))

    async def worker(owner: str) -> None:
        while sum(map(len, handled.values())) < 120:
            for won in await database.run(lambda s: inbox.claim_messages(s, owner, NOW, rng.randrange(1, 4))):
                await handle(won, owner)
            await asyncio.sleep(0)

    async def handle(won: inbox.Claim, owner: str) -> None:
        who = won.envelopes[0].sender_key
        if who in busy:
            clashes.append(who)
        busy.add(who)
        handled[who].append(won.ids[0])  # before the next one of this person can be claimed
        await asyncio.sleep(rng.random() / 500)

        def settle(session: Session) -> None:
            assert inbox.hold_claim(session, won, owner)
            busy.discard(who)  # from its commit on the next one of this person may be claimed
            inbox.settle_handled(session, won, NOW)

        await database.run(settle)

    await asyncio.wait_for(asyncio.gather(gateway(), *(worker(f"w{n}") for n in range(6))), 60)
    assert clashes == []
    assert all(ids == sorted(ids) for ids in handled.values())


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(["lan", "hạnh", "tư", "claim", "done", "fail", "later"]), max_size=25))
def test_any_order_of_things_keeps_one_person_one_message(database: Database, steps: list[str]) -> None:
    """Against a model: the oldest unhandled message of a person is the only one that may be out."""
    database.run_now(lambda s: [s.delete(row) for row in s.exec(select(InboxItem)).all()])
    out: list[inbox.Claim] = []
    now, number = NOW, 0
    for step in steps:
        match step:
            case "claim":
                held = {c.envelopes[0].sender_key for c in out}
                won = database.run_now(lambda s, n=now: inbox.claim_messages(s, "w", n, 2))
                assert not held & {c.envelopes[0].sender_key for c in won}
                out += won
            case "done" if out:
                done = out.pop(0)
                database.run_now(lambda s, c=done, n=now: inbox.settle_handled(s, c, n))
            case "fail" if out:
                failed = out.pop()
                database.run_now(lambda s, c=failed, n=now: inbox.settle_failed(s, c, "E", n))
            case "later":
                now += 5 * SECOND
            case "lan" | "hạnh" | "tư":
                number += 1
                event = envelope(number, step)
                database.run_now(lambda s, e=event, n=now: inbox.record_event(s, e, n))
    left = database.run_now(lambda s: s.exec(select(InboxItem).order_by(InboxItem.id)).all())  # type: ignore[arg-type]
    firsts: dict[str, int] = {}
    for row in left:
        if row.status == InboxStatus.NEW:
            firsts.setdefault(row.sender_key, row.id or 0)
    assert all(c.ids[0] == firsts[c.envelopes[0].sender_key] for c in out)


def test_an_album_is_one_message_after_a_pause(database: Database) -> None:
    record(database, (1, "lan", "album"), (2, "lan", "album"), (3, "lan"))
    assert claim(database) == [], "a part may still be on its way"
    later = inbox.ALBUM_PAUSE + SECOND
    won = claim(database, after=later)
    assert [e.external_id for e in won[0].envelopes] == ["1", "2"]
    database.run_now(lambda s: inbox.settle_handled(s, won[0], NOW))
    assert item(database, 1).status == item(database, 2).status == InboxStatus.DONE
    assert [e.external_id for c in claim(database, after=later) for e in c.envelopes] == ["3"]


def test_a_part_that_comes_late_makes_the_album_wait_and_albums_do_not_mix(database: Database) -> None:
    record(database, (1, "lan", "one"))
    late = NOW + inbox.ALBUM_PAUSE
    database.run_now(lambda s: inbox.record_event(s, envelope(2, "lan", "one"), late))
    database.run_now(lambda s: inbox.record_event(s, envelope(3, "lan", "two"), late))
    assert claim(database, after=inbox.ALBUM_PAUSE) == []
    won = claim(database, after=2 * inbox.ALBUM_PAUSE + SECOND)
    assert [[e.external_id for e in c.envelopes] for c in won] == [["1", "2"]]


def test_the_fence_keeps_a_late_worker_from_settling(database: Database) -> None:
    record(database, (1, "lan"))
    (slow,) = claim(database, "slow")
    assert claim(database, "quick", inbox.LEASE) == [], "the lease still holds"
    (quick,) = claim(database, "quick", inbox.LEASE + SECOND)
    assert not database.run_now(lambda s: inbox.hold_claim(s, slow, "slow"))
    assert database.run_now(lambda s: inbox.hold_claim(s, quick, "quick"))
    for late in (inbox.settle_failed, inbox.park):
        database.run_now(lambda s, settle=late: settle(s, slow, "E", NOW))
    found = item(database, 1)
    assert (found.status, found.failures, found.claimed_by) == (InboxStatus.NEW, 0, "quick")
    assert found.claimed_until is not None
    database.run_now(lambda s: inbox.settle_handled(s, quick, NOW))
    database.run_now(lambda s: inbox.park(s, slow, "E", NOW))
    assert item(database, 1).status == InboxStatus.DONE


def test_failures_back_off_then_step_aside_and_let_the_next_one_through(database: Database) -> None:
    record(database, (1, "lan"), (2, "lan"))
    moments = [timedelta(), timedelta(seconds=3), timedelta(seconds=30)]
    for count, moment in enumerate(moments, start=1):
        (won,) = claim(database, after=moment)
        assert (won.ids[0], won.failures, won.claims) == (item(database, 1).id, count - 1, count)
        gone = database.run_now(lambda s, c=won, m=moment: inbox.settle_failed(s, c, "E", NOW + m))
        assert gone == (count == inbox.MAX_FAILURES)
        if not gone:
            assert claim(database, after=moment) == [], "the order holds: the next one waits too"
    assert item(database, 1).status == InboxStatus.PARKED
    assert [c.envelopes[0].external_id for c in claim(database, after=moments[-1])] == ["2"]


def test_at_a_start_claims_of_the_dead_are_free(database: Database) -> None:
    record(database, (1, "lan"))
    claim(database)
    assert database.run_now(lambda s: inbox.release_claims(s, NOW + SECOND)) == 1
    assert len(claim(database, "b", SECOND)) == 1


async def test_ids_of_one_person_are_given_in_the_order_of_commits(database: Database) -> None:
    """On PostgreSQL the lock per sender does it; without it this fails within a few rounds."""
    if database.dialect != "postgresql":
        return
    from sqlalchemy import text

    order: list[int] = []

    def slow_first(session: Session) -> int:
        made = inbox.record_event(session, envelope(1), NOW)
        session.execute(text("SELECT pg_sleep(0.3)"))
        assert made is not None
        order.append(made)
        return made

    async def second() -> int | None:
        await asyncio.sleep(0.1)
        made = await database.run(lambda s: inbox.record_event(s, envelope(2), NOW))
        order.append(made or 0)
        return made

    await asyncio.gather(database.run(slow_first), second())
    assert order == sorted(order)


def test_a_message_that_kills_the_process_takes_none_along_that_was_claimed_beside_it(
    database: Database,
) -> None:
    """Six come at once; whenever the poison is among the claimed, the process dies before it settles anything."""
    record(database, *((number, f"person {number}") for number in range(6)))
    now = NOW
    for _ in range(40):
        now += inbox.LEASE + SECOND
        while won := claim(database, after=now - NOW, limit=6):
            fatal = [one for one in won if one.envelopes[0].external_id == "3"]
            if any(one.claims <= inbox.MAX_CLAIMS for one in fatal):
                break
            for one in won:
                # As the worker does: whatever was claimed too often steps aside.
                if one.claims > inbox.MAX_CLAIMS:
                    database.run_now(lambda s, c=one, n=now: inbox.park(s, c, "E", n))
                else:
                    database.run_now(lambda s, c=one, n=now: inbox.settle_handled(s, c, n))
    states = [item(database, number).status for number in range(6)]
    assert states == ["done", "done", "done", "parked", "done", "done"]


def test_a_message_that_was_under_way_at_every_one_of_many_kills_is_not_given_up(database: Database) -> None:
    """Forty times the process is killed as soon as it has claimed; none of those processes has lived enough."""
    record(database, (1, "a person"), (2, "another"))
    for _ in range(40):
        database.run_now(lambda s: inbox.claim_messages(s, "a", NOW, 6, suspects=False))
        database.run_now(lambda s: inbox.release_claims(s, NOW))
    record(database, (3, "a third"), (4, "another"))
    fresh = database.run_now(lambda s: inbox.claim_messages(s, "a", NOW, 6, suspects=False))
    assert [one.envelopes[0].external_id for one in fresh] == ["3"]
    for expected in ("1", "2", "4"):
        [one] = claim(database, limit=6)
        assert one.envelopes[0].external_id == expected
        assert one.claims <= inbox.SUSPECT_CLAIMS + 1
        database.run_now(lambda s, c=one: inbox.settle_handled(s, c, NOW))
