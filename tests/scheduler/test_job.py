"""Slots: which one is due, and that it is run exactly once however many replicas try."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlmodel import Session, select

from core.calendar import LOCAL
from core.messages import Content
from scheduler.job import Job, due_slot, run_slot
from scheduler.schedule import JOBS, next_fire
from storage.database import Database, open_database
from storage.models import Delivery, JobRun
from storage.outbox import Draft, enqueue
from tests.scheduler.office import HOUR, house, local, person

MORNING = CronTrigger(hour=7, minute=30, timezone=LOCAL)


def job(run=lambda *_: {}, trigger=MORNING, window=4 * HOUR) -> Job:  # type: ignore[no-untyped-def]
    return Job("morning", "Buổi sáng", trigger, window, run)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-24 07:29:59", None),
        ("2026-11-24 07:30:00", "2026-11-24 07:30"),
        ("2026-11-24 11:30:00", "2026-11-24 07:30"),
        ("2026-11-24 11:30:01", None),
        ("2026-11-25 07:45:00", "2026-11-25 07:30"),
    ],
)
def test_a_slot_is_due_within_its_window(now: str, slot: str | None) -> None:
    assert due_slot(job(), local(now)) == (local(slot) if slot else None)


def test_only_the_newest_of_several_missed_slots_is_due() -> None:
    often = job(trigger=CronTrigger(minute="*/15", timezone=LOCAL), window=3 * HOUR)
    assert due_slot(often, local("2026-11-24 09:50")) == local("2026-11-24 09:45")


def test_slots_before_the_installation_are_nobodys_business() -> None:
    now, since = local("2026-11-24 08:00"), local("2026-11-24 07:45")
    assert due_slot(job(), now, since) is None
    assert due_slot(job(), now, local("2026-11-24 07:30")) == local("2026-11-24 07:30")


def test_the_slot_is_the_same_moment_in_whatever_time_zone_the_machine_thinks() -> None:
    now = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert due_slot(job(), now) == now


def test_all_replicas_compute_the_same_slots_of_an_interval() -> None:
    broadcasts = next(one for one in JOBS if one.name == "broadcasts")
    starts = [local("2026-11-24 08:00:02"), local("2026-11-24 08:00:03.7")]
    assert {due_slot(broadcasts, start) for start in starts} == {local("2026-11-24 08:00:00")}


def test_the_table_of_jobs() -> None:
    assert len({one.name for one in JOBS}) == len(JOBS)
    now = local("2026-11-24 08:00")
    assert {one.name: next_fire(one, now) for one in JOBS} == {
        "broadcasts": None,
        "approvals": local("2026-11-24 08:00"),
        "digests": local("2026-11-24 08:00"),
        "unanswered": local("2026-11-25 07:40"),
        "deadlines": local("2026-11-24 08:00"),
        "closings": local("2026-11-24 09:00"),
        "disputes": local("2026-11-24 08:15"),
        "missing_info": local("2026-11-24 08:00"),
        "reminders": local("2026-11-24 08:00"),
        "own_reminders": local("2026-11-24 09:30"),
        "housekeeping": local("2026-11-25 01:05"),
    }


def test_nobody_is_reminded_at_night() -> None:
    deadlines = next(one for one in JOBS if one.name == "deadlines")
    day = local("2026-11-24 00:00")
    awake = {
        moment.hour
        for minute in range(24 * 60)
        if due_slot(deadlines, moment := day + timedelta(minutes=minute)) is not None
    }
    assert awake == set(range(7, 21))


def test_four_replicas_run_each_slot_once_with_its_work(database: Database, database_url: str) -> None:
    """Every replica tries every slot, some die in the midst of it: one run, one row, its work beside it."""
    slots = [local("2026-11-24 07:30") + timedelta(seconds=n) for n in range(60)]
    database.run_now(lambda s: person(s, "lan") and None)
    rng = random.Random(5)
    deaths = {(replica, n) for replica in range(3) for n in range(60) if rng.random() < 0.3}
    start = threading.Barrier(4)

    def replica(number: int) -> int:
        # On SQLite there is one process with one writer; its tasks compete for it.
        mine = database if database.dialect == "sqlite" else open_database(database_url)
        start.wait(10)
        won = sum(attempt(mine, number, n, slot) for n, slot in enumerate(slots))
        if mine is not database:
            mine.close()
        return won

    def attempt(mine: Database, number: int, n: int, slot: datetime) -> bool:
        def work(session: Session, _house: object, now: datetime) -> dict[str, int]:
            enqueue(session, Draft(person(session, "lan"), Content(str(n)), "test"), now)
            if (number, n) in deaths:
                raise RuntimeError("killed")
            return {"told": 1}

        once = Job("test", "Thử", IntervalTrigger(seconds=1), HOUR, work)
        try:
            return mine.run_now(lambda s: run_slot(s, once, house(), slot, slot)) == {"told": 1}
        except RuntimeError:
            return False

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(replica, range(4))) == 60
    told = database.run_now(lambda s: [d.content["text"] for d in s.exec(select(Delivery))])
    assert sorted(map(int, told)) == list(range(60))
    assert [r.counts for r in database.run_now(lambda s: s.exec(select(JobRun)).all())] == [{"told": 1}] * 60


def test_a_lost_slot_gives_nothing(database: Database) -> None:
    fire = local("2026-11-24 07:30")
    counted = job(run=lambda *_: {"n": 1})
    results = [database.run_now(lambda s: run_slot(s, counted, house(), fire, fire)) for _ in range(2)]
    assert results == [{"n": 1}, None]
