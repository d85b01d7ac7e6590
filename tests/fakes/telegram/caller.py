"""Calls the fake as any program would, for tests of the fake itself."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.fakes.telegram.server import TOKEN, FakeTelegram


class Clock:
    """A time that only moves by hand."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


class Caller:
    """Calls the fake like any program would."""

    def __init__(self, fake: FakeTelegram, clock: Clock, session: aiohttp.ClientSession) -> None:
        self.fake = fake
        self.clock = clock
        self.session = session

    async def __call__(self, method: str, token: str = TOKEN, **values: Any) -> tuple[int, Any]:
        url = f"{self.fake.base_url}/bot{token}/{method}"
        async with self.session.post(url, json=values) as answer:
            return answer.status, await answer.json()

    async def ok(self, method: str, **values: Any) -> Any:
        """The result of a call that must succeed."""
        status, body = await self(method, **values)
        assert (status, body["ok"]) == (200, True)
        return body["result"]

    async def refused(self, method: str, **values: Any) -> tuple[int, str]:
        """Status and description of a call that must fail."""
        status, body = await self(method, **values)
        assert body["ok"] is False
        assert body["error_code"] == status
        return status, body["description"]

    async def multipart(self, method: str, files: dict[str, bytes], **values: str) -> tuple[int, Any]:
        """A call that uploads files."""
        form = aiohttp.FormData(values)
        for name, data in files.items():
            form.add_field(name, data, filename="a.png")
        async with self.session.post(f"{self.fake.base_url}/bot{TOKEN}/{method}", data=form) as answer:
            return answer.status, await answer.json()
