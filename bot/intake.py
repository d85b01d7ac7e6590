"""Records what arrives at the same moment in one transaction: many callers share one wait for the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import OperationalError

from bot.tasks import TaskGroup
from core.messages import Envelope
from storage.database import Database
from storage.inbox import record_events

_MOST = 200  # callers a transaction


@dataclass(frozen=True, slots=True)
class _Caller:
    envelopes: tuple[Envelope, ...]
    new: asyncio.Future[list[Envelope]]


class Intake:
    """While one transaction is being written, whoever comes is gathered for the next."""

    def __init__(self, database: Database, clock: Callable[[], datetime], tasks: TaskGroup) -> None:
        self._database = database
        self._clock = clock
        self._tasks = tasks
        self._waiting: list[_Caller] = []
        self._is_writing = False

    async def record(self, envelopes: Sequence[Envelope]) -> list[Envelope]:
        """Returns the new ones, after they are durable. Raises what kept them from being stored."""
        caller = _Caller(tuple(envelopes), asyncio.get_running_loop().create_future())
        self._waiting.append(caller)
        if not self._is_writing:
            self._is_writing = True
            self._tasks.run_beside("intake", self._write())
        return await caller.new

    async def _write(self) -> None:
        callers: list[_Caller] = []
        try:
            while self._waiting:
                callers, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
                await self._write_together(callers)
        finally:
            # Only at the end of the program is anybody left here: nobody may wait for ever.
            for caller in (*callers, *self._waiting):
                caller.new.cancel()
            self._waiting, self._is_writing = [], False

    async def _write_together(self, callers: Sequence[_Caller]) -> None:
        together = [envelope for caller in callers for envelope in caller.envelopes]
        now = self._clock()
        try:
            ids = await self._database.run(lambda s: record_events(s, together, now), ahead=True)
        except Exception as error:  # noqa: BLE001 - whoever asked hears it
            await self._fail(callers, error)
            return
        known = iter(ids)
        for caller in callers:
            new = [envelope for envelope in caller.envelopes if next(known) is not None]
            if not caller.new.done():
                caller.new.set_result(new)

    async def _fail(self, callers: Sequence[_Caller], error: Exception) -> None:
        """A database that cannot write fails all; an event that cannot be stored must not take others along."""
        if len(callers) > 1 and not isinstance(error, OperationalError):
            for caller in callers:
                await self._write_together([caller])
            return
        for caller in callers:
            if not caller.new.done():
                caller.new.set_exception(error)
