"""The clock: wakes at the moments, makes up for missed ones, outlives failing jobs, stops cleanly."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from core.calendar import LOCAL
from scheduler import clock as clock_module
from scheduler.clock import Clock
from scheduler.job import Job
from tests.scheduler.office import HOUR, local

DAILY = CronTrigger(hour=7, minute=30, timezone=LOCAL)
QUICK = IntervalTrigger(seconds=1, start_date=local("2026-01-01 00:00"), timezone=LOCAL)


def job(trigger: object, window: timedelta, name: str = "job") -> Job:
    return Job(name, name, trigger, window, lambda *_: {})  # type: ignore[arg-type]


class Office:
    """Notes what the clock asks for."""

    def __init__(self, now: str) -> None:
        self.now = local(now)
        self.ticks: list[tuple[str, datetime]] = []
        self.failures = 0

    async def tick(self, job: Job, fire_at: datetime) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the database is away")
        self.ticks.append((job.name, fire_at))

    def clock(self, *jobs: Job, since: datetime | None = None) -> Clock:
        return Clock(jobs, self.tick, lambda: self.now, since)


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        ("2026-11-24 07:00", []),
        ("2026-11-24 09:00", [("job", local("2026-11-24 07:30"))]),
        ("2026-11-24 12:00", []),
    ],
)
async def test_at_a_start_the_newest_missed_slot_is_made_up_for(started: str, expected: list[object]) -> None:
    office = Office(started)
    clock = office.clock(job(DAILY, 4 * HOUR))
    await clock.start()
    assert office.ticks == expected
    await clock.stop()


async def test_nothing_is_made_up_for_from_before_the_installation() -> None:
    office = Office("2026-11-24 09:00")
    clock = office.clock(job(DAILY, 4 * HOUR), since=local("2026-11-24 08:55"))
    await clock.start()
    assert office.ticks == []
    await clock.stop()


async def test_it_wakes_at_the_moments_of_the_trigger() -> None:
    ticks: list[datetime] = []

    async def tick(_job: Job, fire_at: datetime) -> None:
        ticks.append(fire_at)

    clock = Clock([job(QUICK, timedelta(seconds=2))], tick, lambda: datetime.now(LOCAL))
    await clock.start()
    await asyncio.sleep(2.3)
    await clock.stop()
    assert 3 <= len(ticks) <= 4
    assert len(set(ticks)) == len(ticks)
    assert all(one.microsecond == 0 for one in ticks)


async def test_a_failed_run_is_tried_again_by_the_sweep(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(clock_module, "_SWEEP_SECONDS", 1)
    office = Office("2026-11-24 07:31")
    office.failures = 1
    clock = office.clock(job(DAILY, HOUR), job(DAILY, HOUR, "other"))
    with caplog.at_level(logging.ERROR):
        await clock.start()
    assert office.ticks == [("other", local("2026-11-24 07:30"))], (
        "one failing job does not hold up the others"
    )
    assert "ConnectionError" in caplog.text
    assert "the database is away" not in caplog.text, "what an exception says may hold what a citizen said"
    await asyncio.sleep(1.3)
    assert office.ticks[1:] == [("job", local("2026-11-24 07:30"))]
    await clock.stop()


async def test_a_jump_of_the_clock_neither_hides_nor_doubles_a_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "_SWEEP_SECONDS", 1)
    office = Office("2026-11-24 07:00")
    clock = office.clock(job(DAILY, HOUR))
    await clock.start()
    office.now = local("2026-11-24 08:00")  # an hour forth: nothing told APScheduler
    await asyncio.sleep(1.3)
    office.now = local("2026-11-24 07:45")
    await asyncio.sleep(1)
    await clock.stop()
    assert office.ticks == [("job", local("2026-11-24 07:30"))]


async def test_stop_waits_for_what_is_under_way_and_is_harmless_before_a_start() -> None:
    finished = []
    begun = asyncio.Event()

    async def slow(_job: Job, _fire_at: datetime) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        finished.append(True)

    clock = Clock([job(QUICK, timedelta(seconds=2))], slow, lambda: datetime.now(LOCAL))
    await clock.stop()
    starting = asyncio.ensure_future(clock.start())
    await begun.wait()
    await clock.stop()
    count = len(finished)
    assert count >= 1
    await starting
    await asyncio.sleep(1.1)
    assert len(finished) == count


async def test_a_stop_in_the_midst_of_a_job_writes_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """An operator whose start fails reads one line, and not that a job was cancelled."""
    begun, going_on = asyncio.Event(), asyncio.Event()

    async def slow(_job: Job, _fire_at: datetime) -> None:
        begun.set()
        await going_on.wait()

    now = datetime.now(LOCAL)
    begins = IntervalTrigger(seconds=60, start_date=now + timedelta(milliseconds=200), timezone=LOCAL)
    clock = Clock([job(begins, timedelta(seconds=30))], slow, lambda: datetime.now(LOCAL), since=now)
    await clock.start()
    await begun.wait()
    stopping = asyncio.ensure_future(clock.stop())
    await asyncio.sleep(0)
    going_on.set()
    await stopping
    await asyncio.sleep(0.05)
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
