"""The gateway's front: records each event once before anybody is told «got it», and polls who must be asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.channels.contract import Channel, Misconfigured, SendError, Throttled
from bot.intake import Intake
from bot.tasks import TaskGroup
from core.messages import Envelope
from storage.database import Database
from storage.inbox import record_events
from storage.machinery import claim_lease, find_cursor, raise_alarm, save_cursor, settle_alarm

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

_LEASE = timedelta(seconds=60)
_WAIT_FOR_LEASE = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


class Gateway:
    """Where events enter. `wake` is called after each commit that brought something new."""

    def __init__(
        self, database: Database, clock: Clock, wake: Callable[[], None], owner: str, tasks: TaskGroup
    ) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake
        self._owner = owner
        self._tasks = tasks
        self._intake = Intake(database, clock, tasks)

    async def accept(self, channel: Channel, envelopes: Sequence[Envelope]) -> int:
        """Record events durably; returns how many were new. Only after this may a provider be told 200."""
        if not envelopes:
            return 0
        new = await self._intake.record(envelopes)
        self._pass_on(channel, new)
        return len(new)

    async def poll(self, channel: Channel) -> None:
        """Ask a channel for news for ever; only one process at a time does. Ends by cancellation."""
        pause, is_well = _FIRST_PAUSE, False
        while True:
            if not await self._holds_lease(channel):
                await asyncio.sleep(_WAIT_FOR_LEASE)
                continue
            try:
                await self._poll_once(channel)
                if not is_well:
                    # The first success too: it ends what an earlier process has raised.
                    await self._all_is_well(channel)
                pause, is_well = _FIRST_PAUSE, True
            except SendError as error:
                is_well = False
                pause = await self._complain(channel, error, pause)
                await asyncio.sleep(pause)

    async def _holds_lease(self, channel: Channel) -> bool:
        name, now = f"poll:{channel.name}:{channel.account}", self._clock()
        return await self._database.run(lambda s: claim_lease(s, name, self._owner, now, _LEASE))

    async def _poll_once(self, channel: Channel) -> None:
        """One round: what was read and how far is one transaction, so a crash repeats but never skips."""
        cursor = await self._database.read(lambda s: find_cursor(s, channel.name, channel.account))
        batch = await channel.poll(cursor)
        if batch.cursor is None or batch.cursor == cursor:
            return
        now, value = self._clock(), batch.cursor

        def record(session: Session) -> list[Envelope]:
            save_cursor(session, channel.name, channel.account, value)
            ids = record_events(session, batch.envelopes, now)
            return [e for e, number in zip(batch.envelopes, ids, strict=True) if number is not None]

        self._pass_on(channel, await self._database.run(record, ahead=True))

    def _pass_on(self, channel: Channel, new: Sequence[Envelope]) -> None:
        """What is safely recorded goes to the worker, and a tapped button stops spinning."""
        if new:
            self._wake()
        for envelope in new:
            self._tasks.run_beside("acknowledge", channel.acknowledge(envelope))

    async def _complain(self, channel: Channel, error: SendError, pause: float) -> float:
        now, kind = self._clock(), type(error).__name__
        log.warning("channel %s cannot be read: %s %s", channel.name, kind, error.code)
        if isinstance(error, Misconfigured) or pause >= _LONGEST_PAUSE / 2:
            await self._database.run(
                lambda s: raise_alarm(s, "channel_down", channel.name, f"{kind} {error.code}", now)
            )
        if isinstance(error, Throttled):
            return max(error.seconds, _FIRST_PAUSE)
        return _LONGEST_PAUSE if isinstance(error, Misconfigured) else min(pause * 2, _LONGEST_PAUSE)

    async def _all_is_well(self, channel: Channel) -> None:
        now = self._clock()
        await self._database.run(lambda s: settle_alarm(s, "channel_down", channel.name, now))
