"""A webhook on the other side of the fake, for tests: it answers as it is told and keeps what it gets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from aiohttp import web


class Receiver:
    """A webhook that answers as it is told and keeps what it gets."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[Callable[[], float | int]] = []
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/hook", self._hook)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def names(self) -> list[str]:
        """The events that came, without the console's `{}`."""
        return [json.loads(body).get("event_name", "?") for _, body in self.calls if body != b"{}"]

    async def _hook(self, request: web.Request) -> web.Response:
        self.calls.append((dict(request.headers), await request.read()))
        answer = self.answers.pop(0)() if self.answers else 200
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return web.Response()
        return web.Response(status=answer)
