"""Health for whoever watches the program: is it alive, and is it ready to take messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web


def add_health_routes(app: web.Application, is_ready: Callable[[], Awaitable[str]]) -> None:
    """`/healthz`: the process answers. `/readyz`: 200 when `is_ready()` returns "", else 503 and why."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        reason = await is_ready()
        if reason:
            return web.json_response({"status": "not ready", "reason": reason}, status=503)
        return web.json_response({"status": "ready"})

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
