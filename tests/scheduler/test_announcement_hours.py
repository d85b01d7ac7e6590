"""Announcements by the clock: started at their hour, silent at night, held and let go without a loss or a double."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from scheduler import broadcasts, housekeeping
from scheduler.announcement_hours import LATE
from storage import claims, outbox, staff
from storage.announcing import hold_unsent, list_steps
from storage.database import Database
from storage.models import Announcement, Contact, Delivery, Staff
from storage.outbox import wake_waiting
from storage.statuses import AfterDoubt, AnnouncementStatus, AnnouncementStep, DeliveryStatus, Lane, StaffRole
from tests.scheduler.office import house, local, person
from tests.scheduler.test_broadcasts import announce, people

EVENING = local("2026-11-26 20:50")
NIGHT = local("2026-11-26 21:00")
MORNING = local("2026-11-27 06:30")


def run(database: Database, now: datetime) -> dict[str, int]:
    return database.run_now(lambda s: broadcasts.run(s, house(), now))


def change(database: Database, number: int, **values: object) -> None:
    def work(session: Session) -> None:
        row = session.get_one(Announcement, number)
        for name, value in values.items():
            setattr(row, name, value)

    database.run_now(work)


def get(database: Database, number: int) -> Announcement:
    return database.run_now(lambda s: s.get_one(Announcement, number))


def send(database: Database, now: datetime, limit: int = 100) -> list[int]:
    """A sender's round in which everything goes well."""

    def work(session: Session) -> list[int]:
        won = claims.claim_due(session, "telegram", Lane.BULK, "a", now, limit)
        for one in won:
            claims.settle_sent(session, one, [f"m{one.id}"], now)
        return [one.contact_id for one in won]

    return database.run_now(work)


def states(database: Database) -> Counter[str]:
    rows = database.run_now(lambda s: s.exec(select(Delivery).where(Delivery.kind == "announcement")).all())
    return Counter(row.status for row in rows)


def told(database: Database) -> list[str]:
    query = select(Delivery).where(Delivery.kind == "announcement_office").order_by(col(Delivery.id))
    return [row.content["text"] for row in database.run_now(lambda s: s.exec(query).all())]


def steps(database: Database, number: int) -> list[str]:
    return [event.kind for event, _ in database.run_now(lambda s: list_steps(s, number))]


def schedule(database: Database, at: datetime, count: int = 3) -> int:
    database.run_now(lambda s: people(s, count))
    number = database.run_now(lambda s: announce(s, areas=("tdp-1",)))
    change(database, number, status=AnnouncementStatus.SCHEDULED, scheduled_at=at, confirmed_at=None)
    return number


# --------------------------------------------------------------------------------------------- the night


def test_a_long_broadcast_runs_into_the_evening_and_goes_on_in_the_morning(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasts, "BATCH", 200)
    database.run_now(lambda s: people(s, 450))
    number = database.run_now(lambda s: announce(s, at=EVENING))
    run(database, EVENING), run(database, EVENING)
    got = send(database, EVENING, 150)
    assert run(database, NIGHT - timedelta(seconds=5))["held"] == 250
    assert send(database, NIGHT) == []
    assert run(database, NIGHT + timedelta(hours=3)).get("written") == 0
    assert states(database) == {"sent": 150, "held": 250}
    assert run(database, MORNING - timedelta(seconds=5))["written"] == 0
    counts = run(database, MORNING)
    assert (counts["released"], counts["written"]) == (250, 50)
    while round_ := send(database, MORNING, 200):
        got += round_
    assert len(got) == len(set(got)) == 450
    assert run(database, MORNING)["finished"] == 1
    assert get(database, number).status == AnnouncementStatus.SENT


def test_what_a_sender_had_in_its_hands_is_held_when_it_comes_back(database: Database) -> None:
    database.run_now(lambda s: people(s, 4))
    database.run_now(lambda s: announce(s, at=EVENING))
    run(database, EVENING)
    late = NIGHT - timedelta(seconds=12)
    won = database.run_now(lambda s: claims.claim_due(s, "telegram", Lane.BULK, "a", late, 2))
    assert run(database, NIGHT - timedelta(seconds=10))["held"] == 2
    for one in won:
        again = NIGHT + timedelta(seconds=20)
        database.run_now(lambda s, o=one, a=again: claims.settle_later(s, o, a, "Throttled"))
    assert run(database, NIGHT)["held"] == 2
    assert send(database, NIGHT + timedelta(minutes=5)) == []


def test_urgent_ones_and_those_with_a_reason_go_at_night(database: Database) -> None:
    database.run_now(lambda s: people(s, 3))
    for values in ({"audience": {"urgent": True}}, {"night_reason": "vỡ đê"}):
        number = database.run_now(lambda s, v=values: _another(s, v))
        run(database, NIGHT)
        rows = database.run_now(lambda s, n=number: s.exec(_of(n)).all())
        doubt = AfterDoubt.RESEND if "audience" in values else AfterDoubt.PARK
        assert [(row.status, row.after_doubt) for row in rows] == [("queued", doubt)] * 3


def test_a_held_one_does_not_stand_before_an_urgent_one(database: Database) -> None:
    database.run_now(lambda s: people(s, 1))
    database.run_now(lambda s: announce(s, at=EVENING))
    run(database, EVENING)
    won = database.run_now(lambda s: claims.claim_due(s, "telegram", Lane.BULK, "a", EVENING, 1))
    database.run_now(lambda s: claims.settle_later(s, won[0], EVENING, "again"))
    run(database, NIGHT)
    urgent = database.run_now(lambda s: _another(s, {"audience": {"urgent": True}}))
    run(database, NIGHT)
    assert len(send(database, NIGHT)) == 1
    assert [row.status for row in database.run_now(lambda s: s.exec(_of(urgent)).all())] == ["sent"]


def test_at_the_start_of_the_program_nothing_leaves_before_the_first_look(database: Database) -> None:
    database.run_now(lambda s: people(s, 5))
    database.run_now(lambda s: announce(s, at=EVENING))
    run(database, EVENING)
    assert database.run_now(lambda s: broadcasts.keep_quiet(s, house(), NIGHT + timedelta(hours=2))) == 5
    assert send(database, NIGHT + timedelta(hours=2)) == []


# ------------------------------------------------------------------------------------------ pause and stop


def test_pause_holds_also_what_waits_for_people_to_write(database: Database) -> None:
    database.run_now(lambda s: people(s, 3))
    number = database.run_now(lambda s: announce(s, at=EVENING))
    run(database, EVENING)
    (first, *_) = database.run_now(lambda s: claims.claim_due(s, "telegram", Lane.BULK, "a", EVENING, 1))
    database.run_now(lambda s: claims.settle_as(s, first, DeliveryStatus.WAITING, "WindowClosed"))
    change(database, number, status=AnnouncementStatus.PAUSED)
    assert database.run_now(lambda s: hold_unsent(s, number)) == 3
    contact = database.run_now(lambda s: s.get_one(Contact, first.contact_id))
    assert database.run_now(lambda s: wake_waiting(s, contact, EVENING)) == 0
    assert run(database, EVENING)["finished"] == 0
    change(database, number, status=AnnouncementStatus.SENDING, held_at=EVENING)
    assert run(database, EVENING)["released"] == 3
    assert len(send(database, EVENING)) == 3


@pytest.mark.parametrize("held", [DeliveryStatus.HELD, DeliveryStatus.WAITING])
def test_nothing_old_is_kept_for_ever(database: Database, held: DeliveryStatus) -> None:
    database.run_now(lambda s: people(s, 1))
    database.run_now(lambda s: announce(s, at=EVENING))
    run(database, EVENING)
    database.run_now(lambda s: s.exec(select(Delivery)).one().__setattr__("status", held.value))
    database.run_now(lambda s: housekeeping.run(s, house(), EVENING + timedelta(days=31)))
    assert states(database) == {"cancelled": 1}


# --------------------------------------------------------------------------------------------- the hour


def test_it_starts_at_its_hour_once(database: Database) -> None:
    at = local("2026-11-27 08:00")
    number = schedule(database, at)
    assert run(database, at - timedelta(seconds=5))["written"] == 0
    counts = run(database, at)
    assert (counts["started"], counts["written"]) == (1, 3)
    assert run(database, at + timedelta(seconds=5))["written"] == 0
    row = get(database, number)
    assert (row.status, row.confirmed_at, row.recipients) == (AnnouncementStatus.SENDING, at, 3)
    assert steps(database, number) == [AnnouncementStep.STARTED]
    (text,) = told(database)
    assert "Đến giờ hẹn" in text


def test_after_a_long_standstill_a_person_looks_first(database: Database) -> None:
    at = local("2026-11-27 08:00")
    number = schedule(database, at)
    counts = run(database, at + LATE + timedelta(minutes=1))
    assert counts["written"] == 0
    row = get(database, number)
    assert (row.status, row.scheduled_at, row.revision) == (AnnouncementStatus.DRAFT, None, 2)
    (text,) = told(database)
    assert "08:00 Thứ Sáu 27/11/2026" in text


def test_a_short_standstill_is_made_good(database: Database) -> None:
    at = local("2026-11-27 08:00")
    schedule(database, at)
    assert run(database, at + LATE)["written"] == 3


def test_an_hour_that_lies_in_the_night_by_now_waits_for_the_morning(database: Database) -> None:
    number = schedule(database, NIGHT + timedelta(hours=1))
    assert run(database, NIGHT + timedelta(hours=1))["written"] == 0
    assert get(database, number).scheduled_at == MORNING
    assert run(database, MORNING)["written"] == 3


def test_what_is_no_longer_true_does_not_go(database: Database) -> None:
    at = local("2026-11-27 08:00")
    number = schedule(database, at)
    change(database, number, valid_until=at - timedelta(minutes=1))
    assert run(database, at)["written"] == 0
    assert get(database, number).status == AnnouncementStatus.CANCELLED
    assert "hết hiệu lực" in told(database)[0]


@pytest.mark.parametrize("approved", [False, True])
def test_the_author_left_meanwhile(database: Database, approved: bool) -> None:
    at = local("2026-11-27 08:00")
    number = schedule(database, at)

    def leave(session: Session) -> int:
        leader = staff.enlist(session, person(session, "Minh"), staff.Duty(StaffRole.LEADER), "Minh", EVENING)
        author = session.get_one(Staff, session.get_one(Announcement, number).staff_id)
        author.active = False
        return leader.id or 0

    leader = database.run_now(leave)
    if approved:
        change(database, number, approved_by=leader)
    assert run(database, at)["written"] == (3 if approved else 0)
    assert ("thôi nhiệm vụ" in told(database)[0]) is not approved


def test_a_restored_copy_sends_nothing_that_was_held(database: Database) -> None:
    database.run_now(lambda s: people(s, 2))
    number = database.run_now(lambda s: announce(s, at=EVENING))
    run(database, EVENING)
    database.run_now(lambda s: hold_unsent(s, number))
    assert database.run_now(lambda s: outbox.cancel_all_queued(s, "restored")) == 2
    assert states(database) == {"cancelled": 2}


def _another(session: Session, values: dict[str, object]) -> int:
    author = session.exec(select(Staff)).first()
    if author is None:
        number = announce(session, at=EVENING)
    else:
        row = Announcement(
            staff_id=author.id or 0, chat_id=author.contact_id, text="Tin khác.", created_at=EVENING
        )
        row.status, row.confirmed_at = AnnouncementStatus.SENDING.value, EVENING
        session.add(row)
        session.flush()
        number = row.id or 0
    for name, value in values.items():
        setattr(session.get_one(Announcement, number), name, value)
    return number


def _of(number: int):  # type: ignore[no-untyped-def]
    return select(Delivery).where(Delivery.announcement_id == number, Delivery.kind == "announcement")
