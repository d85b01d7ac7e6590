"""The one HTTP server: its limits, its security headers, and how errors look."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.tasks import place_of

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

WEBHOOK_LIMIT = 256 * 1024
_BODY_SECONDS = 10.0
# The largest body is one photo of the web chat; its route checks its own, smaller limits.
_LARGEST_BODY = 12 * 1024 * 1024
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}


def make_web_app(lifetime_headers: dict[str, str] | None = None) -> web.Application:
    """An application with our limits; routes are added by whoever assembles the program."""
    app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[_guard])
    extra = {**_HEADERS, **(lifetime_headers or {})}

    async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in extra.items():
            response.headers.setdefault(name, value)

    app.on_response_prepare.append(add_headers)
    return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """No traceback at anybody: what is not foreseen becomes a 503, which providers and pages try again."""
    try:
        return await handler(request)
    except web.HTTPException as answer:
        if answer.status < 400 or answer.content_type != "text/plain":
            raise
        kept = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
        refusal = web.Response(status=answer.status, text=_WORDS.get(answer.status, ""), headers=kept)
        if not request.content.is_eof():
            # The rest of a refused body is not worth reading, so the connection cannot be used again.
            refusal.force_close()
        return refusal
    except web.RequestPayloadError:
        return web.Response(status=400, text=_WORDS[400])
    except (asyncio.CancelledError, ConnectionResetError):
        raise
    except Exception as error:  # noqa: BLE001 - the last line before the visitor
        log.error("request failed: %s at %s", type(error).__name__, place_of(error))
        return web.Response(status=503, text=_WORDS[503], headers={"Retry-After": "5"})


_KEPT = ("Allow", "Retry-After")
_WORDS = {
    400: "Yêu cầu này không đọc được.",
    401: "Yêu cầu này chưa được xác thực.",
    403: "Yêu cầu này không được phép.",
    404: "Không có trang này.",
    405: "Cách gọi này không dùng được ở đây.",
    413: "Nội dung gửi lên quá lớn.",
    415: "Loại nội dung này chưa nhận được.",
    429: "Gửi hơi nhanh, xin chờ một chút.",
    503: "Máy đang bận, xin thử lại sau ít giây.",
}


async def read_body(request: web.Request, limit: int) -> bytes:
    """The whole body within ten seconds and `limit` bytes. Raises HTTP errors 408, 413, 415."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise web.HTTPUnsupportedMediaType(text="")
    if (request.content_length or 0) > limit:
        raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=request.content_length or 0)
    chunks, size = [], 0
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.content.iter_chunked(64 * 1024):
                size += len(chunk)
                if size > limit:
                    raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=size)
                chunks.append(chunk)
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="") from None
    return b"".join(chunks)
