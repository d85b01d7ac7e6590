"""The clock: wakes each job at its moments, and makes up for the newest moment that was missed."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from core.calendar import LOCAL
from scheduler.job import Job, due_slot

log = logging.getLogger(__name__)

_SWEEP_SECONDS = 60

Tick = Callable[[Job, datetime], Awaitable[None]]


class Clock:
    """Calls `tick(job, fire_at)` for every slot that is due, at least once; the slot's row makes it once.

    APScheduler only says when to look. Which slot is due is computed from the real time, so that a late,
    doubled or merged call, a jump of the clock or a failed run all end in the same question.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        tick: Tick,
        now: Callable[[], datetime],
        since: datetime | None = None,
    ) -> None:
        """Slots before `since` are nobody's business, for instance those before the installation."""
        self._jobs = tuple(jobs)
        self._tick = tick
        self._now = now
        self._since = since
        self._done: dict[str, datetime] = {}
        self._stopping = False
        self._under_way: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(timezone=LOCAL)

    async def start(self) -> None:
        """Begin, and run at once what was missed while the program was down, if its window is still open."""
        for job in self._jobs:
            self._add(self._look, job.trigger, job)
        # A slot whose run failed, or that a jump of the clock hid, is found again within its window.
        self._add(self._look, IntervalTrigger(seconds=_SWEEP_SECONDS, timezone=LOCAL), *self._jobs)
        self._scheduler.start()
        await self._look(*self._jobs)

    async def stop(self) -> None:
        """No new slots; returns when the running ones are finished. Harmless when it was never started."""
        if not self._scheduler.running:
            return
        self._stopping = True
        self._scheduler.pause()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)

    def _add(self, look: Callable[..., Awaitable[None]], trigger: object, *jobs: Job) -> None:
        # The defaults would silently drop what is a second late, and run ten missed slots ten times.
        self._scheduler.add_job(
            look, trigger, args=jobs, misfire_grace_time=None, coalesce=True, max_instances=1
        )

    async def _look(self, *jobs: Job) -> None:
        for job in jobs:
            slot = due_slot(job, self._now(), self._since)
            if self._stopping:
                return
            if slot is not None and self._done.get(job.name) != slot:
                # A task of its own: APScheduler cancels its own ones at the end, with the work half seen.
                run = asyncio.ensure_future(self._run(job, slot))
                self._under_way.add(run)
                run.add_done_callback(self._under_way.discard)
                await asyncio.shield(run)

    async def _run(self, job: Job, slot: datetime) -> None:
        try:
            await self._tick(job, slot)
            self._done[job.name] = slot
        except Exception as error:  # noqa: BLE001 - the clock outlives every job; the sweep tries again
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(last.filename).name}:{last.lineno}"
            log.error("job %s failed: %s at %s", job.name, type(error).__name__, place)
