"""Citizens who file reports through a webhook and never give up: each call is repeated until it is answered 200."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field

import aiohttp

SCRIPT = (
    "rac truoc nha {n} ca tuan khong ai don",
    "so {n} ngo 3",
    # Many report the like, so each is asked whether it is the same; for the first one it is a word more.
    "Không, việc khác",
    "khong co anh",
    "gui",
)
_REPEATS = 0.05


@dataclass
class Citizens:
    """The people of one run; `acknowledged` counts distinct calls that were answered 200."""

    url: str
    secret: str
    people: int
    seed: int
    acknowledged: int = 0
    repeated: int = 0
    refused: int = 0
    _next: int = 0
    _done: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, clients: int) -> None:
        """Let everybody tell the whole story, `clients` at a time."""
        chance = random.Random(self.seed)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            await asyncio.gather(
                *(self._client(http, random.Random(chance.random())) for _ in range(clients))
            )

    async def _client(self, http: aiohttp.ClientSession, chance: random.Random) -> None:
        while self._next < self.people:
            person, self._next = self._next, self._next + 1
            for step, words in enumerate(SCRIPT):
                body = self._update(person, step, words)
                await self._until_taken(http, body)
                self.acknowledged += 1
                if chance.random() < _REPEATS:
                    await self._until_taken(http, body)
                    self.repeated += 1
                await asyncio.sleep(chance.uniform(0, 0.2))

    async def _until_taken(self, http: aiohttp.ClientSession, body: bytes) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret, "Content-Type": "application/json"}
        while True:
            try:
                async with http.post(self.url, data=body, headers=headers) as answer:
                    if answer.status == 200:
                        return
                    self.refused += 1
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            await asyncio.sleep(0.05)

    def _update(self, person: int, step: int, words: str) -> bytes:
        user, number = 100_000 + person, person * len(SCRIPT) + step + 1
        message = {
            "message_id": number,
            "date": int(time.time()),
            "from": {"id": user, "is_bot": False, "first_name": f"Dân {person}"},
            "chat": {"id": user, "type": "private", "first_name": f"Dân {person}"},
            "text": words.format(n=person),
        }
        return json.dumps({"update_id": number, "message": message}).encode()
