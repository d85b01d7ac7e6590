"""The fake as an HTTP server on loopback: the Bot API, its files, and doors for those who play people."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

from tests.fakes.telegram.desk import Stage, add_desk_routes
from tests.fakes.telegram.faults import Fault, FaultPlan, RateRules, refusal
from tests.fakes.telegram.groups import Groups
from tests.fakes.telegram.methods import Writing
from tests.fakes.telegram.people import People
from tests.fakes.telegram.setup import SettingUp
from tests.fakes.telegram.updates import Updates
from tests.fakes.telegram.world import Form, Raw, Refusal, Upload, World

TOKEN = "7000000001:AAF-fake_token_of_the_tests_0123456789"
USERNAME = "nghe_dan_thu_bot"
# As Telegram: at once, then longer and longer; only much quicker, so that tests need not wait.
RETRY_DELAYS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8)
_HANG_SECONDS = 60.0
_DROPS = frozenset({Fault.DROP_BEFORE, Fault.DROP_AFTER})
_BEFORE = frozenset({Fault.DROP_BEFORE, Fault.TIMEOUT_BEFORE, Fault.GATEWAY_PAGE, Fault.PROXY_PAGE})


class FakeTelegram:
    """One bot at a fake Bot API. `people` and `groups` act, `faults` breaks, `world` knows and counts."""

    def __init__(
        self,
        token: str = TOKEN,
        username: str = USERNAME,
        *,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        retry_delays: tuple[float, ...] = RETRY_DELAYS,
        tap_seconds: float = 150.0,
    ) -> None:
        self.world = World(token, username, clock)
        self.updates = Updates(retry_delays, self._act)
        self.people = People(self.world, self.updates)
        self.groups = Groups(self.world, self.updates)
        self.faults = FaultPlan()
        self.rates = RateRules(clock)
        self._parts = (Writing(self.world, self.rates), SettingUp(self.world, self.updates, tap_seconds))
        self._port = port
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()
        self.base_url = ""

    async def start(self) -> None:
        """Listen; `base_url` is known afterwards."""
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._api)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        stage = Stage(self.world, self.updates, self.people, self.groups, self.faults, self.rates)
        add_desk_routes(app, stage)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Stop listening and pushing."""
        self._closing.set()
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _method(self, name: str) -> Callable[[Form], Awaitable[object]]:
        # Telegram does not look at upper and lower case here.
        for part in self._parts:
            method = None if name.startswith("_") else getattr(part, name.lower(), None)
            if asyncio.iscoroutinefunction(method):
                return method
        raise Refusal(404, "Not Found: method not found")

    def _check_token(self, token: str) -> None:
        if ":" not in token or not token.split(":")[0].isdigit():
            raise Refusal(404, "Not Found")
        if token != self.world.token:
            raise Refusal(401, "Unauthorized")

    async def _api(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request.match_info["token"])
            name = request.match_info["method"].lower()
            method = self._method(name)
            self.world.calls[name] += 1
            form = await read_form(request)
            return await self._call(request, name, method, form)
        except Refusal as refused:
            return _refused(refused)

    async def _call(
        self, request: web.Request, name: str, method: Callable[[Form], Awaitable[object]], form: Form
    ) -> web.StreamResponse:
        planned = self.faults.take(name)
        if refused := refusal(planned):
            raise refused
        result = None if planned.fault in _BEFORE else await method(form)
        if planned.fault in _DROPS:
            assert request.transport is not None
            request.transport.close()
        elif planned.fault in {Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER}:
            await self._hang()
        return _answer(planned.fault, result)

    async def _hang(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_HANG_SECONDS):
                await self._closing.wait()

    async def _act(self, answer: Raw) -> None:
        """Carry out a method that stands in the answer of a webhook."""
        try:
            values = json.loads(answer["body"])
            if isinstance(values, dict) and isinstance(values.get("method"), str):
                await self._method(values["method"])(Form(values, {}))
        except (ValueError, Refusal):
            # The real one tells nobody either.
            return

    async def _file(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request.match_info["token"])
        except Refusal as refused:
            return _refused(refused)
        path = request.match_info["path"]
        stored = next((file for file in self.world.files.values() if file.path == path), None)
        if stored is None:
            return _refused(Refusal(404, "Not Found"))
        return web.Response(body=stored.data, content_type="application/octet-stream")


async def read_form(request: web.Request) -> Form:
    """The parameters from address, form, JSON or multipart."""
    values: Raw = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise Refusal(400, "Bad Request: can't parse JSON") from None
        values |= body if isinstance(body, dict) else {}
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.file.read())
            else:
                values[name] = value
    return Form(values, uploads)


def _refused(refused: Refusal) -> web.Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": refused.status,
        "description": refused.description,
    }
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.status)


def _answer(fault: Fault, result: object) -> web.Response:
    match fault:
        case Fault.ODD:
            return web.json_response({"ok": True, "result": {"surprise": [1, 2, 3]}})
        case Fault.GARBAGE:
            return web.Response(text="<html>welcome to this hotel</html>", content_type="text/html")
        case Fault.GATEWAY_PAGE:
            return web.Response(text="<h1>502 Bad Gateway</h1>", status=502, content_type="text/html")
        case Fault.PROXY_PAGE:
            return web.Response(text="<h1>Access denied</h1>", status=403, content_type="text/html")
        case _:
            return web.json_response({"ok": True, "result": result})
