"""Updates on their way to the bot: confirmed by offset when it polls, by 2xx when it has a webhook."""

from __future__ import annotations

import asyncio
import copy
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from tests.fakes.telegram.world import Raw, Refusal

POLL_SECONDS = 50
BATCH = 100
# Telegram's own list of what is left out unless it is asked for by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True)
class Queued:
    """An update with the line it waits in: one per chat, and a separate one per person for taps."""

    raw: Raw
    line: str


@dataclass(frozen=True)
class Webhook:
    """Where updates are pushed to."""

    url: str
    secret: str = ""
    max_connections: int = 40


class Updates:
    """The queue of one bot."""

    def __init__(self, retry_delays: tuple[float, ...], act: Callable[[Raw], Awaitable[None]]) -> None:
        self.waiting: dict[int, Queued] = {}
        self.allowed: list[str] | None = None
        self.webhook: Webhook | None = None
        self.copies = 1
        self.last_error: tuple[int, str] | None = None
        self.posts = 0
        self._retry_delays = retry_delays
        self._act = act
        self._numbers = itertools.count(100_000_001)
        self._changed = asyncio.Event()
        self._poller = 0
        self._couriers: dict[str, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(40)

    def add(self, kind: str, payload: Raw, line: str) -> int | None:
        """Queue an update; None when the bot did not ask for this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in _ON_REQUEST
        return self.inject({"update_id": next(self._numbers), kind: payload}, line) if wanted else None

    def number(self) -> int:
        """An update id for an update made by hand."""
        return next(self._numbers)

    def inject(self, update: Raw, line: str) -> int:
        """Queue any update, sound or poisoned."""
        number = int(update["update_id"])
        # A copy: an update tells what was, even when the message is edited before it is fetched.
        self.waiting[number] = Queued(copy.deepcopy(update), line)
        self._wake()
        return number

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
        if self.webhook is not None:
            for line in {queued.line for queued in self.waiting.values()} - set(self._couriers):
                self._couriers[line] = asyncio.create_task(self._deliver(line))

    async def poll(self, offset: int | None, limit: int, timeout: int) -> list[Raw]:
        """What waits from `offset` on; confirms everything before it."""
        if self.webhook is not None:
            text = "can't use getUpdates method while webhook is active; use deleteWebhook first"
            raise Refusal(409, f"Conflict: {text}")
        self._confirm(offset)
        self._poller += 1
        mine = self._poller
        self._wake()
        end = asyncio.get_running_loop().time() + min(max(timeout, 0), POLL_SECONDS)
        while not self.waiting and await self._news(end):
            if mine != self._poller:
                text = (
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
                raise Refusal(409, f"Conflict: {text}")
        batch = [self.waiting[n].raw for n in sorted(self.waiting)][: min(max(limit, 1), BATCH)]
        return [raw for raw in batch for _ in range(self.copies)]

    def _confirm(self, offset: int | None) -> None:
        if offset is None:
            return
        if offset < 0:
            offset = (sorted(self.waiting)[offset:] or [0])[0]
        for number in [n for n in self.waiting if n < offset]:
            del self.waiting[number]

    async def _news(self, end: float) -> bool:
        left = end - asyncio.get_running_loop().time()
        if left <= 0:
            return False
        try:
            async with asyncio.timeout(left):
                return await self._changed.wait()
        except TimeoutError:
            return False

    async def set_webhook(self, webhook: Webhook | None, *, drop: bool) -> None:
        """Change how updates leave; what waits goes the new way."""
        await self._stop_couriers()
        self.webhook = webhook
        self.last_error = None
        self._slots = asyncio.Semaphore(webhook.max_connections if webhook else 40)
        if drop:
            self.waiting.clear()
        self._wake()

    async def _deliver(self, line: str) -> None:
        """Push one line in order; the next update waits until the former was taken."""
        try:
            while first := next((q for q in self.waiting.values() if q.line == line), None):
                for _ in range(self.copies):
                    await self._until_taken(first.raw)
                self.waiting.pop(first.raw["update_id"], None)
        finally:
            self._couriers.pop(line, None)

    async def _until_taken(self, update: Raw) -> None:
        for attempt in itertools.count():
            async with self._slots:
                wait = await self._post(update)
            if wait is None:
                return
            delay = self._retry_delays[min(attempt, len(self._retry_delays) - 1)]
            await asyncio.sleep(max(delay, wait))

    async def _post(self, update: Raw) -> float | None:
        """One try; None when it was taken, otherwise the seconds that the bot asked to wait."""
        assert self.webhook is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.secret} if self.webhook.secret else {}
        self._session = self._session or aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60))
        self.posts += 1
        try:
            async with self._session.post(self.webhook.url, json=update, headers=headers) as answer:
                if 200 <= answer.status < 300:
                    await self._reply(await answer.read(), answer.content_type)
                    return None
                self.last_error = (answer.status, f"Wrong response from the webhook: {answer.status}")
                asked = answer.headers.get("Retry-After", "0")
                return float(asked) if asked.isdigit() else 0.0
        except (aiohttp.ClientError, TimeoutError) as error:
            self.last_error = (0, type(error).__name__)
            return 0.0

    async def _reply(self, body: bytes, content_type: str) -> None:
        # A JSON body that names a method is carried out, and nobody is told how it went.
        if content_type == "application/json" and body:
            await self._act({"body": body})

    async def _stop_couriers(self) -> None:
        tasks = list(self._couriers.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._couriers.clear()

    async def close(self) -> None:
        """Stop pushing and end every poll that waits."""
        await self._stop_couriers()
        self.webhook = None
        self._poller += 1
        self._wake()
        if self._session is not None:
            await self._session.close()
