"""A job: what is done at which moments, and how one slot of it is run exactly once over all replicas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlmodel import Session

from handlers.house import House
from storage.machinery import claim_slot, record_counts

Run = Callable[[Session, House, datetime], dict[str, int]]

MORE = "more"
"""The count by which a job says that it broke off after one short transaction, and wants another at once."""


class Trigger(Protocol):
    """Computes moments: the part of APScheduler's triggers that works without a scheduler."""

    def get_next_fire_time(self, previous: datetime | None, now: datetime, /) -> datetime | None:
        """The moment after `previous`, or the first one at or after `now`."""


@dataclass(frozen=True, slots=True)
class Job:
    """`run` writes rows and returns counts; a slot that is missed is still run within `window`.

    `title` is what the operator reads. A `steady` job runs every few seconds: its next slot is no news.
    """

    name: str
    title: str
    trigger: Trigger
    window: timedelta
    run: Run
    steady: bool = False


def due_slot(job: Job, now: datetime, since: datetime | None = None) -> datetime | None:
    """The newest slot that should have run by `now`, not older than the job's window and not before `since`."""
    start = now - job.window if since is None else max(since, now - job.window)
    newest = None
    slot = job.trigger.get_next_fire_time(None, start)
    while slot is not None and slot <= now:
        newest, slot = slot, job.trigger.get_next_fire_time(slot, now)
    return newest


def run_slot(
    session: Session, job: Job, house: House, fire_at: datetime, now: datetime
) -> dict[str, int] | None:
    """Do the work of a slot in the transaction that takes the slot; None when another has taken it before.

    So a crash leaves either both or nothing, and «exactly once» is a matter of one unique key.
    """
    if not claim_slot(session, job.name, fire_at, now):
        return None
    counts = job.run(session, house, now)
    record_counts(session, job.name, fire_at, counts)
    return counts
