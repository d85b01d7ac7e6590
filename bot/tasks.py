"""Background tasks that cannot die unseen: each is supervised, and stopped together at the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

_PAUSES = (0.2, 1.0, 5.0)
# A library that swallows the request to end is asked again.
_ASK_AGAIN = 1.0
_CALM_AFTER = 60.0


class TaskGroup:
    """Keeps references to running tasks, restarts the lasting ones, and waits for the short ones at the end."""

    def __init__(self) -> None:
        self._lasting: set[asyncio.Task[None]] = set()
        self._brief: set[asyncio.Task[Any]] = set()

    def keep_running(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` until `stop`; if it raises or returns it is started again after a pause."""
        task = asyncio.create_task(_supervise(name, work), name=name)
        self._lasting.add(task)
        task.add_done_callback(self._lasting.discard)

    def run_beside(self, name: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something short beside; `stop` waits for it, a failure is logged by its kind."""
        task = asyncio.create_task(work, name=name)
        self._brief.add(task)
        task.add_done_callback(self._forget)
        return task

    async def finish(self, name: str, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end even if whoever waits for it is cancelled: for what must not be cut in half."""
        return await asyncio.shield(self.run_beside(name, work))

    @property
    def alive(self) -> bool:
        """False when a lasting task is gone."""
        return all(not task.done() for task in self._lasting)

    async def stop(self, patience: float) -> None:
        """Cancel the lasting tasks, give the short ones `patience` seconds, then cancel those too."""
        while lasting := set(self._lasting):
            for task in lasting:
                task.cancel()
            await asyncio.wait(lasting, timeout=_ASK_AGAIN)
        deadline = asyncio.get_running_loop().time() + patience
        while self._brief and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(set(self._brief), timeout=left)
        for brief in self._brief:
            brief.cancel()
        await asyncio.gather(*self._brief, return_exceptions=True)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._brief.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed: %s", task.get_name(), type(error).__name__)


async def news_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event: did it come in time? (asyncio.wait_for loses a cancellation that comes with the event.)"""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


async def _supervise(name: str, work: Callable[[], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    falls = 0
    while True:
        started = loop.time()
        try:
            await work()
            log.error("%s ended, starting it again", name)
        except Exception as error:  # noqa: BLE001 - whatever it was, the task must live on
            # Only the kind and the place: the text of an error may hold what a citizen wrote.
            log.error("%s fell: %s at %s", name, type(error).__name__, place_of(error))
        falls = 0 if loop.time() - started > _CALM_AFTER else falls + 1
        await asyncio.sleep(_PAUSES[min(falls, len(_PAUSES) - 1)])


def place_of(error: BaseException) -> str:
    """Where an error was raised, as file:line of our own code, for logs that must not hold its text."""
    trace, place = error.__traceback__, "?"
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename.rsplit("/", 2)
        place = f"{'/'.join(name[-2:])}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
