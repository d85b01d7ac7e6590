"""Shows the fault that waits for an endpoint, before or after the call takes effect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from tests.fakes.zalo.world import Endpoint, World


def refused(code: int, message: str) -> web.Response:
    """An error as Zalo sends it: HTTP 200."""
    return web.json_response({"error": code, "message": message})


def cut(request: web.Request) -> web.Response:
    """Break the connection; nothing of the returned answer gets through."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def answered(
    world: World, endpoint: Endpoint, request: web.Request, work: Callable[[], web.Response]
) -> web.StreamResponse:
    """The answer of `work`, or the fault that was asked for."""
    fault = world.take_fault(endpoint)
    if fault is None:
        return work()
    if fault.kind == "code":
        return refused(fault.code, fault.message)
    if fault.kind == "http":
        # Whoever looks at the body first takes a broken server for a dead token.
        return web.json_response({"error": -216, "message": "Internal error"}, status=fault.status)
    if fault.kind == "drop_before":
        return cut(request)
    response = work()
    if fault.kind == "drop_after":
        return cut(request)
    if fault.kind == "garbage":
        return web.Response(text="<html>bad gateway</html>", content_type="text/html")
    await asyncio.sleep(fault.seconds)
    return response
