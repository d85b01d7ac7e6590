"""Posts events to the webhook like Zalo: two seconds, then again and again, at last switched off."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import aiohttp

from tests.fakes.zalo.world import Signed

RETRY_SECONDS = (30.0, 300.0, 900.0, 1800.0, 3600.0)


class Delivery:
    """The sending side of the webhook; first tries go out in order, repeats on their own."""

    def __init__(self) -> None:
        self.url: str | None = None
        self.disabled = False
        self.patience = 2.0
        self.retry_seconds: tuple[float, ...] = RETRY_SECONDS
        self.attempts = 0
        self._session: aiohttp.ClientSession | None = None
        self._last: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def post(self, event: Signed) -> None:
        """Send an event when there is a webhook; returns at once."""
        if self.url is None or self.disabled:
            return
        before = self._last
        self._last = self._follow(self._first(event, before))

    async def register(self, url: str) -> bool:
        """Save an address: it must answer 200 to an unsigned `{}`."""
        status = await self._try(url, b"{}", {"Content-Type": "application/json"})
        if status != 200:
            return False
        self.url, self.disabled = url, False
        return True

    async def idle(self) -> None:
        """Wait until nothing is under way, repeats included."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def stop(self) -> None:
        """Drop what is under way."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _follow(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _first(self, event: Signed, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        if self.url is None or await self._try(self.url, event.body, event.headers) == 200:
            return
        self._follow(self._again(event))

    async def _again(self, event: Signed) -> None:
        for number, seconds in enumerate(self.retry_seconds, start=1):
            await asyncio.sleep(seconds)
            headers = {**event.headers, "num_retry": str(number)}
            if self.url is None or await self._try(self.url, event.body, headers) == 200:
                return
        self.disabled = True

    async def _try(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status; 0 when there was no answer in time."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        self.attempts += 1
        try:
            timeout = aiohttp.ClientTimeout(total=self.patience)
            async with self._session.post(url, data=body, headers=headers, timeout=timeout) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0
