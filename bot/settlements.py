"""What became of sent messages, written together: one transaction for all that were answered in the meantime."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from sqlmodel import Session

from storage.database import Database

Work = Callable[[Session], object]


class Settlements:
    """Works that wait for one another no longer than a commit takes, and fail each for itself."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Work, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def record(self, work: Work) -> None:
        """Returns when the work is committed; raises what it raised."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        # Whoever is cancelled here has sent its message all the same: it is recorded nevertheless.
        await asyncio.shield(done)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                # Ahead: what is not yet known as sent would be sent again after a crash.
                await self._database.run(lambda s: _run_all(s, [work for work, _ in batch]), ahead=True)  # noqa: B023
            except Exception:  # noqa: BLE001 - one of them failed: each again by itself, to know which
                for work, done in batch:
                    await self._write_alone(work, done)
            else:
                for _, done in batch:
                    if not done.done():
                        done.set_result(None)

    async def _write_alone(self, work: Work, done: asyncio.Future[None]) -> None:
        try:
            await self._database.run(work, ahead=True)
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            if not done.done():
                done.set_exception(error)
        else:
            if not done.done():
                done.set_result(None)


def _run_all(session: Session, works: Sequence[Work]) -> None:
    for work in works:
        work(session)
