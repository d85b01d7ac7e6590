"""The outbox: a message is a row before it is sent, goes out in order, once, and is settled by its own attempt."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from core.messages import Choice, Content
from storage import claims, outbox
from storage.claims import Outgoing
from storage.database import Database
from storage.models import Delivery
from storage.statuses import AfterDoubt, DeliveryStatus, Lane
from tests.storage.rows import NOW, SECOND, contact, draft


def queue(database: Database, *texts: str, to: str = "lan", **fields: object) -> list[int]:
    def work(session: Session) -> list[int]:
        person = contact(session, to)
        return [outbox.enqueue(session, draft(person, t, **fields), NOW) or 0 for t in texts]

    return database.run_now(work)


def claim(
    database: Database,
    after: timedelta = timedelta(),
    lane: Lane = Lane.REPLY,
    owner: str = "a",
    limit: int = 10,
) -> list[Outgoing]:
    return database.run_now(lambda s: claims.claim_due(s, "telegram", lane, owner, NOW + after, limit))


def row(database: Database, number: int) -> Delivery:
    return database.run_now(lambda s: s.get_one(Delivery, number))


def sent(database: Database, outgoing: Outgoing, *ids: str) -> None:
    database.run_now(lambda s: claims.settle_sent(s, outgoing, ids, NOW))


def texts(claimed: Sequence[Outgoing]) -> list[str]:
    return [one.content.text for one in claimed]


def test_one_message_of_a_person_at_a_time_oldest_first(database: Database) -> None:
    queue(database, "1", "2")
    queue(database, "3", to="hạnh")
    first = claim(database)
    assert texts(first) == ["1", "3"]
    assert claim(database) == []
    sent(database, first[0], "m1")
    assert texts(claim(database)) == ["2"]


def test_a_message_that_must_wait_holds_back_the_persons_next_ones(database: Database) -> None:
    queue(database, "1", "2")
    (first,) = claim(database)
    due = NOW + timedelta(seconds=30)
    assert database.run_now(lambda s: claims.settle_later(s, first, due, "429"))
    assert claim(database, SECOND) == []
    assert texts(claim(database, timedelta(seconds=31))) == ["1"]


def test_lanes_and_channels_do_not_see_each_other(database: Database) -> None:
    queue(database, "bulk", lane=Lane.BULK, after_doubt=AfterDoubt.PARK)
    queue(database, "reply")
    assert texts(claim(database)) == ["reply"], "an older bulk message holds no reply back"
    assert texts(claim(database, lane=Lane.BULK)) == ["bulk"]
    other = database.run_now(lambda s: claims.claim_due(s, "zalo", Lane.REPLY, "a", NOW, 10))
    assert other == []


def test_what_was_queued_comes_out_whole(database: Database) -> None:
    content = Content("Dạ, “đường Nguyễn Huệ” ạ 🌧", (Choice("Được", "yes:1"),))
    (number,) = queue(database, "x", inbox_id=5)

    def rewrite(session: Session) -> None:
        outbox.enqueue(session, replace(draft(contact(session, "tư")), content=content), NOW)

    database.run_now(rewrite)
    by_id = {one.id: one for one in claim(database)}
    assert by_id[number].address.external_id == "lan"
    assert next(one.content for key, one in by_id.items() if key != number) == content


def test_the_fence_settles_only_the_attempt_that_was_claimed(database: Database) -> None:
    (number,) = queue(database, "1")
    (slow,) = claim(database)
    (quick,) = claim(database, claims.LEASE + SECOND, owner="b")
    assert (slow.attempt, slow.doubtful, quick.attempt, quick.doubtful) == (1, False, 2, True)
    assert not database.run_now(lambda s: claims.settle_as(s, slow, DeliveryStatus.FAILED, "late"))
    assert not database.run_now(lambda s: claims.settle_later(s, slow, NOW, "late"))
    assert row(database, number).status == DeliveryStatus.CLAIMED
    assert database.run_now(lambda s: claims.settle_as(s, quick, DeliveryStatus.UNKNOWN, "doubt"))
    assert row(database, number).status == DeliveryStatus.UNKNOWN


def test_a_late_part_of_a_lost_claim_does_not_make_the_next_sender_skip_one(database: Database) -> None:
    (number,) = queue(database, "long")
    (slow,) = claim(database)
    (quick,) = claim(database, claims.LEASE + SECOND, owner="b")
    assert database.run_now(lambda s: claims.settle_part(s, quick, ["b1"], NOW))
    assert not database.run_now(lambda s: claims.settle_part(s, slow, ["a1"], NOW))
    found = row(database, number)
    assert (found.parts_sent, found.external_ids) == (1, ["b1", "a1"]), (
        "but its message on the screen is known"
    )


def test_parts_are_resumed_behind_the_last_one_that_left(database: Database) -> None:
    (number,) = queue(database, "long")
    (first,) = claim(database)
    database.run_now(lambda s: claims.settle_part(s, first, ["m1"], NOW + 50 * SECOND))
    assert claim(database, claims.LEASE + SECOND) == [], "each part prolongs the claim"
    (second,) = claim(database, 2 * claims.LEASE)
    assert second.parts_sent == 1
    sent(database, second, "m2")
    found = row(database, number)
    assert (found.external_ids, found.external_id, found.status) == (["m1", "m2"], "m2", "sent")
    assert database.run_now(lambda s: outbox.find_delivery(s, second.contact_id, "m2")).id == number  # type: ignore[union-attr]


def test_a_message_on_the_screen_counts_as_sent_even_if_the_claim_was_lost(database: Database) -> None:
    (number,) = queue(database, "1")
    (slow,) = claim(database)
    (quick,) = claim(database, claims.LEASE + SECOND, owner="b")
    sent(database, slow, "m1")
    assert not database.run_now(lambda s: claims.settle_as(s, quick, DeliveryStatus.FAILED, "x"))
    assert row(database, number).status == DeliveryStatus.SENT


def test_a_dedupe_key_is_used_once_for_ever(database: Database) -> None:
    (number,) = queue(database, "1", key="k")
    assert queue(database, "again", key="k") == [0]
    sent(database, claim(database)[0])
    assert queue(database, "again", key="k") == [0]
    assert number
    assert len(queue(database, "a", "b")) == 2, "without a key there is nothing to compare"


async def test_many_who_queue_the_same_occasion_queue_it_once(database: Database) -> None:
    database.run_now(contact)

    def work(session: Session) -> int | None:
        return outbox.enqueue(session, draft(contact(session), key="digest"), NOW)

    made = await asyncio.gather(*(database.run(work) for _ in range(30)))
    assert len([one for one in made if one is not None]) == 1


async def test_among_many_senders_each_message_leaves_once_and_in_order(database: Database) -> None:
    rng = random.Random(3)
    for number in range(60):
        queue(database, str(number), to=f"p{rng.randrange(8)}")
    on_screen: dict[int, list[int]] = defaultdict(list)

    async def sender(owner: str) -> None:
        while sum(map(len, on_screen.values())) < 60:
            limit = rng.randrange(1, 6)
            won = await database.run(
                lambda s, n=limit: claims.claim_due(s, "telegram", Lane.REPLY, owner, NOW, n)
            )
            for outgoing in won:
                await asyncio.sleep(rng.random() / 500)
                if rng.random() < 0.2:
                    await database.run(lambda s, o=outgoing: claims.settle_later(s, o, NOW, "429"))
                    continue
                on_screen[outgoing.contact_id].append(int(outgoing.content.text))
                await database.run(lambda s, o=outgoing: claims.settle_sent(s, o, [str(o.id)], NOW))
            await asyncio.sleep(0)

    await asyncio.wait_for(asyncio.gather(*(sender(f"s{n}") for n in range(4))), 60)
    assert sorted(n for one in on_screen.values() for n in one) == list(range(60))
    assert all(one == sorted(one) for one in on_screen.values())


def test_at_a_start_claims_of_the_dead_are_in_doubt_at_once(database: Database) -> None:
    queue(database, "1")
    claim(database)
    assert database.run_now(lambda s: claims.release_claims(s, NOW + SECOND)) == 1
    (again,) = claim(database, 2 * SECOND, owner="b")
    assert again.doubtful


def test_when_a_person_writes_what_waited_for_the_window_goes_out(database: Database) -> None:
    recent, expired = queue(database, "1", expires_at=None), queue(database, "2", expires_at=NOW + SECOND)
    for _ in range(2):
        for one in claim(database):
            database.run_now(lambda s, o=one: claims.settle_as(s, o, DeliveryStatus.WAITING, "closed"))
    assert claim(database, timedelta(hours=1)) == []

    later = NOW + timedelta(hours=1)
    assert database.run_now(lambda s: outbox.wake_waiting(s, contact(s), later)) == 2
    assert row(database, expired[0]).status == DeliveryStatus.CANCELLED
    assert [one.id for one in claim(database, timedelta(hours=1))] == recent


def test_what_waited_for_more_than_a_month_is_not_sent_any_more(database: Database) -> None:
    (number,) = queue(database, "1")
    (one,) = claim(database)
    database.run_now(lambda s: claims.settle_as(s, one, DeliveryStatus.WAITING, "closed"))
    database.run_now(lambda s: outbox.wake_waiting(s, contact(s), NOW + timedelta(days=31)))
    assert row(database, number).status == DeliveryStatus.CANCELLED


def test_a_restored_copy_can_silence_everything(database: Database) -> None:
    queue(database, "1", "2", "3")
    (first,) = claim(database)
    assert database.run_now(lambda s: outbox.cancel_all_queued(s, "restored")) == 3
    assert not database.run_now(lambda s: claims.settle_later(s, first, NOW, "429"))
    assert claim(database, timedelta(days=1)) == []
    assert database.run_now(outbox.count_queued) == 0


def test_seen_is_noted_once(database: Database) -> None:
    (number,) = queue(database, "1")
    (one,) = claim(database)
    sent(database, one, "m1")
    seen = [database.run_now(lambda s: outbox.record_seen(s, one.contact_id, ["m1"], NOW)) for _ in range(2)]
    assert seen == [1, 0]
    assert row(database, number).seen_at == NOW


# PostgreSQL plans by size: what it does with a small test table says nothing.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_claiming_does_not_read_the_history(database: Database) -> None:
    """A ward's history grows for years: the plan must use the index of what is still open."""
    statements: list[str] = []

    def work(session: Session) -> list[str]:
        connection = session.connection().connection.dbapi_connection
        connection.set_trace_callback(statements.append)  # type: ignore[union-attr]
        claims.claim_due(session, "telegram", Lane.REPLY, "a", NOW, 10)
        connection.set_trace_callback(None)  # type: ignore[union-attr]
        (query,) = [one for one in statements if one.startswith("SELECT")]
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {query}".replace(":", "\\:"))).all()
        return [one[3] for one in plan]

    plan = database.run_now(work)
    assert any("ix_delivery_queue" in step or "ix_delivery_open" in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN") and "delivery" in step]


def test_statuses_of_an_announcement_are_counted(database: Database) -> None:
    assert database.run_now(lambda s: outbox.count_by_status(s, 1)) == {}
    assert database.run_now(lambda s: list(s.exec(select(Delivery)))) == []
