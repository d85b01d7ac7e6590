"""The real program between the telephones, on a database file, with a clock that is moved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import bindparam, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.attachments import Attachments
from bot.gateway import Gateway
from bot.sender import Sender
from bot.tasks import TaskGroup
from bot.worker import Hands, Worker
from core.messages import Envelope
from handlers.house import House
from scheduler.job import due_slot, run_slot
from scheduler.schedule import JOBS
from storage.database import Database, open_database
from storage.migrate import upgrade
from storage.models import Delivery, InboxItem
from storage.statuses import DeliveryStatus, InboxStatus
from tests.day.phones import Provider

_OWNER = "day"
_PATIENCE = 15.0
_LOOK_SECONDS = 0.006
# Real seconds without any progress after which something must hang.
_STUCK_SECONDS = 30.0


class Stuck(Exception):
    """Messages are due and nobody handles them."""


class Program:
    """Intake, worker, a sender a channel, and the jobs; `settle` returns when nothing is due any more."""

    def __init__(self, folder: Path, house: House, start: datetime) -> None:
        url = f"sqlite:///{folder / 'nghedan.db'}"
        upgrade(url)
        self.now = start
        self.house = house
        self.database: Database = open_database(url)
        self._folder = folder
        self._done: dict[str, datetime] = {}
        self.waits_until: datetime | None = None

    async def start(self, provider: Provider) -> None:
        """Bring the parts up."""
        self._tasks, self._background = TaskGroup(), TaskGroup()
        self._senders = [
            Sender(channel, self.database, self.clock, _OWNER, self._tasks)
            for channel in provider.channels.values()
        ]
        hands = Hands(
            database=self.database,
            channels=provider.channels,
            house=lambda: self.house,
            attachments=Attachments(self._folder / "media"),
            clock=self.clock,
            owner=_OWNER,
            look_at_knowledge=lambda: None,
        )
        self._worker = Worker(hands, self._tasks, self._wake_senders)
        self._gateway = Gateway(self.database, self.clock, self._worker.wake, _OWNER, self._tasks)
        self._provider = provider
        self._background.keep_running("worker", self._worker.run)
        for sender in self._senders:
            self._background.keep_running("sender", sender.run)

    async def stop(self) -> None:
        """Let everything under way finish."""
        await self._background.stop(0)
        await self._tasks.stop(_PATIENCE)
        self.database.close()

    def clock(self) -> datetime:
        """The moved clock."""
        return self.now

    async def accept(self, envelopes: Sequence[Envelope]) -> int:
        """What providers hand over at one moment, each by a call of its own; returns how many were new."""
        calls = [self._gateway.accept(self._provider.channels[one.channel], [one]) for one in envelopes]
        return sum(await asyncio.gather(*calls))

    async def run_jobs(self) -> int:
        """Whatever slot of the clock has come; returns how many did something. Nobody announces anything today."""
        busy = 0
        for job in JOBS:
            slot = None if job.steady else due_slot(job, self.now, self.now - timedelta(hours=1))
            if slot is not None and self._done.get(job.name) != slot:
                self._done[job.name] = slot
                run = partial(run_slot, job=job, house=self.house, fire_at=slot, now=self.now)
                counts = await self.database.run(run)
                busy += any((counts or {}).values())
        return busy

    async def settle(self, *, wake: bool) -> None:
        """Until nothing is due any more; `wake` when something is due that no message brought. Raises Stuck."""
        loop = asyncio.get_running_loop()
        last, since = (-1, -1), loop.time()
        if wake:
            self._worker.wake()
            self._wake_senders()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            messages, deliveries, self.waits_until = await self.database.read(self._count)
            if messages == deliveries == 0:
                return
            if (messages, deliveries) != last:
                last, since = (messages, deliveries), loop.time()
            elif loop.time() - since > _STUCK_SECONDS:
                raise Stuck(f"{messages} messages and {deliveries} deliveries are due at {self.now}")

    def _wake_senders(self) -> None:
        for sender in self._senders:
            sender.wake()

    def _count(self, session: Session) -> tuple[int, int, datetime | None]:
        """Messages that are due, deliveries that are due, and when the next of what waits for its time is."""
        messages, deliveries, *later = session.execute(_DUE, {"now": self.now}).one()
        return messages, deliveries, min((moment for moment in later if moment is not None), default=None)


_NEW = select(func.count()).select_from(InboxItem).where(col(InboxItem.status) == InboxStatus.NEW)
_UNSETTLED = (DeliveryStatus.QUEUED, DeliveryStatus.CLAIMED)
_OPEN = select(func.count()).select_from(Delivery).where(col(Delivery.status).in_(_UNSETTLED))
# What stands behind a message that is tried again later must wait for it; nothing waits behind a held one.
_before, _earlier = aliased(InboxItem), aliased(Delivery)
_BLOCKED_MESSAGE = (
    select(_before.id)
    .where(_before.sender_key == InboxItem.sender_key, col(_before.status) == InboxStatus.NEW)
    .where(col(_before.id) < col(InboxItem.id), col(_before.ready_at) > bindparam("now"))
    .exists()
)
_BLOCKED_DELIVERY = (
    select(_earlier.id)
    .where(_earlier.contact_id == Delivery.contact_id, col(_earlier.status).in_(_UNSETTLED))
    .where(col(_earlier.id) < col(Delivery.id), col(_earlier.due_at) > bindparam("now"))
    .where(col(_earlier.attempt) > 0)
    .exists()
)
_NEXT_MESSAGE = select(func.min(InboxItem.ready_at)).where(col(InboxItem.status) == InboxStatus.NEW)
_NEXT_DELIVERY = select(func.min(Delivery.due_at)).where(col(Delivery.status).in_(_UNSETTLED))
_DUE = select(
    _NEW.where(col(InboxItem.ready_at) <= bindparam("now"), ~_BLOCKED_MESSAGE).scalar_subquery(),
    _OPEN.where(col(Delivery.due_at) <= bindparam("now"), ~_BLOCKED_DELIVERY).scalar_subquery(),
    _NEXT_MESSAGE.where(col(InboxItem.ready_at) > bindparam("now")).scalar_subquery(),
    _NEXT_DELIVERY.where(col(Delivery.due_at) > bindparam("now")).scalar_subquery(),
)
