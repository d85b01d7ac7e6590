"""What stands before every chat route: origin, size, pace, security headers, and kind words for a refusal."""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.channels.contract import Malformed
from bot.web.chat_backend import BackendUnavailable

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_BODY_SECONDS = 120.0
_RETRY_SECONDS = 5
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PRIVATE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What the page must know of the installation. URLs without a path; `hotline` as people read it; `voice`:
    whether the office can listen to what people say."""

    public_url: str
    ward_name: str
    hotline: str = ""
    portal_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    messages_per_minute: int = 20
    sessions_per_minute: int = 120
    voice: bool = False

    @property
    def secure(self) -> bool:
        """Whether people reach us by https."""
        return urlsplit(self.public_url).scheme == "https"


class Refusal(Exception):
    """The request is not taken; `reason` names the sentence in chat_errors.toml."""

    def __init__(self, status: int, reason: str, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_after = retry_after


class PaceLimit:
    """So many events a minute for each key, in memory; the longest unseen keys are forgotten first."""

    def __init__(
        self, per_minute: int, keys: int = 20_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._keys = keys
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> int:
        """Take one; 0 when that was allowed, otherwise the seconds to wait."""
        now, rate = self._clock(), self._per_minute / 60
        level, seen = self._levels.pop(key, (float(self._per_minute), now))
        level = min(self._per_minute, level + (now - seen) * rate)
        allowed = level >= 1
        self._levels[key] = (level - 1 if allowed else level, now)
        if len(self._levels) > self._keys:
            self._levels.popitem(last=False)
        return 0 if allowed else max(1, round((1 - level) / rate + 0.5))


def private_headers() -> dict[str, str]:
    """Headers of every answer that concerns one person: kept nowhere, shown as nothing but data."""
    return dict(_PRIVATE)


def page_headers(settings: ChatSettings) -> dict[str, str]:
    """Headers of the chat page itself: nothing but our own files, and text never becomes code."""
    frames = " ".join(("'self'", *settings.portal_origins))
    # What was recorded is listened to before it is sent: it lies in the page's own memory, no address leads to it.
    sound = "media-src blob:; " if settings.voice else ""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"{sound}frame-ancestors {frames}; form-action 'self'; base-uri 'none'; object-src 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    heard = "self" if settings.voice else ""
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": f"geolocation=(self), camera=(), microphone=({heard}), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-cache",
    }
    if settings.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def check_origin(request: web.Request, settings: ChatSettings) -> None:
    """Only our own page may change anything. Raises Refusal(403)."""
    origin = request.headers.get("Origin", "")
    parts = urlsplit(settings.public_url)
    if origin == f"{parts.scheme}://{parts.netloc}":
        return
    # A first try on one's own machine: there «localhost» and «127.0.0.1» are the same page.
    if _host_name(request) in _LOOPBACK and origin == f"http://{request.host}":
        return
    raise Refusal(403, "origin")


def _host_name(request: web.Request) -> str | None:
    try:
        return urlsplit(f"//{request.host}").hostname
    except ValueError:
        return None


def check_plain(request: web.Request) -> None:
    """Our page packs nothing; packed bodies are how a few bytes become a hundred megabytes. Raises Refusal(415)."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal(415, "type")


def check_json(request: web.Request) -> None:
    """A form of a foreign page cannot send this type without asking first. Raises Refusal(415)."""
    if request.content_type != "application/json":
        raise Refusal(415, "type")


def check_bytes(request: web.Request) -> None:
    """Neither can it send this one, and our page posts no forms. Raises Refusal(415)."""
    if request.content_type != "application/octet-stream":
        raise Refusal(415, "type")


def _keep_no_count(_size: int) -> None:
    """For bodies so small that nobody counts them."""


async def read_capped(
    request: web.Request,
    limit: int,
    large: str = "too_large",
    held: Callable[[int], None] = _keep_no_count,
) -> bytes:
    """The body, read no further than `limit` bytes; `held` is told of each piece and may refuse it.

    Raises Refusal 413, for the reason `large`, or 408.
    """
    if (request.content_length or 0) > limit:
        raise Refusal(413, large)
    data = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.content.iter_chunked(65_536):
                held(len(chunk))
                data += chunk
                if len(data) > limit:
                    raise Refusal(413, large)
    except TimeoutError:
        raise Refusal(408, "slow") from None
    return bytes(data)


def answer_json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer for one person."""
    return web.Response(
        text=json.dumps(value, ensure_ascii=False),
        status=status,
        content_type="application/json",
        headers={**_PRIVATE, **(headers or {})},
    )


def guarded(handler: Handler, sentences: Mapping[str, str]) -> Handler:
    """Turn what a route refuses into a status and a sentence that a person can read."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            status, reason, wait = refusal.status, refusal.reason, refusal.retry_after
        except Malformed as malformed:
            status, reason, wait = 400, str(malformed), None
        except (web.RequestPayloadError, HttpProcessingError):
            # The body, or a part of it, breaks the rules of HTTP.
            status, reason, wait = 400, "json", None
        except BackendUnavailable:
            status, reason, wait = 503, "busy", _RETRY_SECONDS
        headers = {"Retry-After": str(wait)} if wait else {}
        response = answer_json({"error": reason, "message": sentences[reason]}, status, headers)
        if not request.content.is_eof():
            # Whatever is left of the body, the connection cannot be used again.
            response.force_close()
        return response

    return answer
