"""Announcements to many: each recipient once, nobody after «stop», and a result whose numbers add up."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from scheduler import broadcasts
from scheduler.job import MORE
from storage import claims, outbox, staff
from storage.announcements import cancel_announcement, lock_announcement, subscribe, unsubscribe
from storage.bulk import BulkDraft
from storage.claims import Outgoing
from storage.contacts import mark_unreachable
from storage.database import Database
from storage.models import Announcement, Contact, Delivery
from storage.statuses import AnnouncementStatus, DeliveryStatus, Lane, StaffRole
from tests.scheduler.office import house, local, person

MANY = 1_050
BATCH = 200
BEFORE, NOW = local("2026-11-26 07:00"), local("2026-11-26 08:00")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few hundred people are several batches."""
    monkeypatch.setattr(broadcasts, "BATCH", BATCH)


def people(session: Session, count: int, area: str = "") -> None:
    rows = [
        Contact(channel="telegram", account="bot", external_id=f"d{n}", created_at=BEFORE)
        for n in range(count)
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        subscribe(session, row.id or 0, area, None, BEFORE)


def announce(session: Session, *, areas: tuple[str, ...] = (), at: datetime = NOW) -> int:
    author = person(session, "Tư")
    member = staff.enlist(session, author, staff.Duty(StaffRole.MEMBER, area="tdp-1"), "Tư", BEFORE)
    row = Announcement(
        staff_id=member.id or 0,
        chat_id=author.id or 0,
        text="Mai cúp nước {từ 8 giờ} đến 11 giờ.",
        areas=list(areas),
        status=AnnouncementStatus.SENDING,
        created_at=at,
        confirmed_at=at,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def run(database: Database, now: datetime = NOW) -> dict[str, int]:
    return database.run_now(lambda s: broadcasts.run(s, house(), now))


def claim(database: Database, limit: int = 100) -> list[Outgoing]:
    return database.run_now(lambda s: claims.claim_due(s, "telegram", Lane.BULK, "a", NOW, limit))


def send(database: Database, limit: int = 100) -> list[int]:
    """A sender's round in which everything goes well; returns who got something."""
    won = claim(database, limit)

    def settle(session: Session) -> None:
        for one in won:
            claims.settle_sent(session, one, [f"m{one.id}"], NOW)

    database.run_now(settle)
    return [one.contact_id for one in won]


def send_all(database: Database) -> list[int]:
    got: list[int] = []
    while True:
        run(database)
        round_ = send(database, 500)
        if not round_:
            return got
        got += round_


def result(database: Database) -> dict[str, int]:
    """The numbers of the result message, read back from its text."""
    query = select(Delivery).where(Delivery.kind == "announcement_result")
    (message,) = database.run_now(lambda s: s.exec(query).all())
    (row,) = database.run_now(lambda s: s.exec(select(Announcement)).all())
    assert message.contact_id == row.chat_id
    text = message.content["text"]
    assert all(re.search(rf"\b{row.progress[key]}\b", text) for key in ("sent", "total")), text
    return dict(row.progress)


def test_a_thousand_people_in_batches_each_once_in_order(database: Database) -> None:
    database.run_now(lambda s: people(s, MANY))
    announcement = database.run_now(announce)
    written = [run(database)["written"] for _ in range(7)]
    assert written == [BATCH] * 5 + [50, 0]
    query = select(Delivery).where(Delivery.announcement_id == announcement).order_by(col(Delivery.id))
    rows = database.run_now(lambda s: s.exec(query).all())
    assert [row.contact_id for row in rows] == sorted({row.contact_id for row in rows})
    assert {(row.lane, row.after_doubt) for row in rows} == {("bulk", "park")}
    assert rows[0].dedupe_key == f"announcement:{announcement}:{rows[0].contact_id}"
    assert rows[0].content["text"] == (
        "Phường Mẫu thông báo:\n\nMai cúp nước {từ 8 giờ} đến 11 giờ.\n\n"
        'Không muốn nhận nữa, bác/anh/chị nhắn "tắt thông báo".'
    )
    assert len(set(send_all(database))) == MANY
    assert run(database)["finished"] == 0, "send_all went on until it was finished"
    assert result(database) == {"sent": MANY, "unreachable": 0, "unknown": 0, "waiting": 0, "total": MANY}


def test_a_cancel_in_the_middle_stops_what_is_queued_and_what_is_not_written_yet(database: Database) -> None:
    database.run_now(lambda s: people(s, MANY))
    announcement = database.run_now(announce)
    assert run(database)[MORE] == run(database)[MORE] == 1, "the clock goes on at once after a full batch"
    got = send(database, 100)
    flying = claim(database, 8)

    def cancel(session: Session) -> int:
        row = lock_announcement(session, announcement)
        assert row is not None
        return cancel_announcement(session, row, NOW)

    assert database.run_now(cancel) == 2 * BATCH - 100 - 8
    for one in flying:
        database.run_now(lambda s, o=one: claims.settle_sent(s, o, ["m"], NOW))
    assert run(database) == {"written": 0, "finished": 0, "cancelled": 0}
    assert claim(database) == []
    counts = database.run_now(lambda s: outbox.count_by_status(s, announcement))
    assert counts == {DeliveryStatus.SENT: len(got) + 8, DeliveryStatus.CANCELLED: 2 * BATCH - 108}


def test_a_cancel_that_only_changed_the_status_is_completed_by_the_job(database: Database) -> None:
    database.run_now(lambda s: people(s, 10))
    announcement = database.run_now(announce)
    run(database)

    def careless(session: Session) -> None:
        session.get_one(Announcement, announcement).status = AnnouncementStatus.CANCELLED

    database.run_now(careless)
    assert run(database) == {"written": 0, "finished": 0, "cancelled": 10}
    assert run(database)["cancelled"] == 0


def test_who_says_stop_in_mid_run_gets_nothing_written_or_not(database: Database) -> None:
    database.run_now(lambda s: people(s, MANY))
    database.run_now(announce)
    run(database)
    everybody = database.run_now(lambda s: s.exec(select(Contact.id).order_by(col(Contact.id))).all())
    queued, later = everybody[150], everybody[900]
    for one in (queued, later):
        database.run_now(lambda s, c=one: unsubscribe(s, c or 0, NOW))
    got = send_all(database)
    assert not {queued, later} & set(got)
    assert len(set(got)) == len(got) == MANY - 2
    assert result(database)["total"] == MANY - 2


def test_who_subscribes_after_the_start_waits_for_the_next_announcement(database: Database) -> None:
    database.run_now(lambda s: people(s, 3))
    database.run_now(announce)
    database.run_now(lambda s: subscribe(s, person(s, "mới").id or 0, "", None, NOW + timedelta(seconds=1)))
    assert len(send_all(database)) == 3


def test_the_numbers_of_the_result_add_up_and_it_is_told_once(database: Database) -> None:
    database.run_now(lambda s: people(s, 60))
    announcement = database.run_now(announce)
    run(database)
    endings = [DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN, DeliveryStatus.WAITING]
    expected: Counter[str] = Counter()
    for number, one in enumerate(claim(database)):
        ending = endings[number % 3] if number < 20 else DeliveryStatus.SENT
        expected[ending] += 1
        if ending is DeliveryStatus.SENT:
            database.run_now(lambda s, o=one: claims.settle_sent(s, o, ["m"], NOW))
            continue
        if ending is DeliveryStatus.FAILED:
            database.run_now(lambda s, o=one: mark_unreachable(s, o.contact_id, NOW))
        assert run(database)["finished"] == 0, "something is still under way"
        database.run_now(lambda s, o=one, e=ending: claims.settle_as(s, o, e, "x"))
    assert run(database)["finished"] == 1
    assert run(database)["finished"] == 0
    assert result(database) == {
        "sent": expected["sent"],
        "unreachable": expected["failed"],
        "unknown": expected["unknown"],
        "waiting": expected["waiting"],
        "total": 60,
    }
    row = database.run_now(lambda s: s.get_one(Announcement, announcement))
    assert (row.status, row.finished_at) == (AnnouncementStatus.SENT, NOW)


def test_without_anybody_to_tell_the_author_hears_so(database: Database) -> None:
    database.run_now(announce)
    assert run(database) == {"written": 0, "finished": 1, "cancelled": 0}
    assert result(database)["total"] == 0


def test_only_the_areas_that_are_meant(database: Database) -> None:
    area = house().ward.areas[0]
    database.run_now(lambda s: people(s, 5, area.key))
    database.run_now(lambda s: subscribe(s, person(s, "nơi khác").id or 0, "tdp-99", None, BEFORE))
    database.run_now(lambda s: announce(s, areas=(area.key,)))
    assert len(send_all(database)) == 5
    query = select(Delivery).where(col(Delivery.announcement_id).is_not(None))
    rows = database.run_now(lambda s: s.exec(query).all())
    assert rows[0].content["text"].startswith(f"Phường Mẫu thông báo, gửi {area.name}:\n")


@pytest.mark.parametrize("killed_after", [0, 1])
def test_a_killed_run_neither_loses_nor_repeats_a_batch(database: Database, killed_after: int) -> None:
    database.run_now(lambda s: people(s, BATCH + 50))
    database.run_now(announce)
    for _ in range(killed_after):
        run(database)

    def killed(session: Session) -> None:
        broadcasts.run(session, house(), NOW)
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        database.run_now(killed)
    assert sorted(Counter(send_all(database)).values()) == [1] * (BATCH + 50)


# On SQLite with its one writer nobody can leave in the midst of a batch.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_leaves_while_a_batch_is_written_gets_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run_now(lambda s: people(s, 10))
    announcement = database.run_now(announce)
    before, during, after = database.run_now(lambda s: s.exec(select(Contact.id).limit(3)).all())
    whole = broadcasts.enqueue_for
    waits = threading.Event()
    leaving: list[threading.Thread] = []

    def leave(contact_id: int | None, hold: float = 0) -> None:
        def work(session: Session) -> None:
            unsubscribe(session, contact_id or 0, NOW)
            session.flush()
            waits.set()
            time.sleep(hold)

        database.run_now(work)

    def slow(session: Session, draft: BulkDraft, keys: Mapping[int, str], now: datetime) -> int:
        leave(before)  # read as a recipient already, not written yet
        waits.clear()
        # Not committed when the deliveries are written, and so not seen: writing this person's waits for it.
        leaving.append(threading.Thread(target=leave, args=[during, 0.5]))
        leaving[0].start()
        assert waits.wait(5)
        made = whole(session, draft, keys, now)
        leaving.append(threading.Thread(target=leave, args=[after]))
        leaving[1].start()  # written already: has to wait for us
        leaving[1].join(0.5)
        assert leaving[1].is_alive()
        return made

    monkeypatch.setattr(broadcasts, "enqueue_for", slow)
    assert run(database)["written"] == 10
    for one in leaving:
        one.join(5)
    query = select(Delivery.contact_id).where(Delivery.status == DeliveryStatus.CANCELLED)
    assert set(database.run_now(lambda s: s.exec(query).all())) == {before, during, after}
    counts = database.run_now(lambda s: outbox.count_by_status(s, announcement))
    assert counts == {DeliveryStatus.QUEUED: 7, DeliveryStatus.CANCELLED: 3}
