"""One HTTP exchange with Zalo: sorts what can go wrong on the line and in the answer into SendErrors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import aiohttp

from bot.channels.contract import ConnectionFailed, Misconfigured, Rejected, SendError, Throttled
from bot.channels.zalo.codes import classify
from bot.channels.zalo.event import word

TIMEOUT: Final = aiohttp.ClientTimeout(total=15, connect=5)
# A provider closes idle connections; a message written onto one just then would be lost in doubt.
_KEEPALIVE_SECONDS: Final = 5.0
_RATE_PAUSE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """What to ask. `cut` is the error when the line breaks after the request left: `Ambiguous` where the
    citizen may have got something, `ConnectionFailed` where repeating harms nobody."""

    method: str
    url: str
    cut: type[SendError]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | Callable[[], aiohttp.FormData] | None = field(default=None, repr=False)
    timeout: aiohttp.ClientTimeout | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and body as they came."""

    status: int
    body: bytes = field(repr=False)
    retry_after: str = ""

    def payload(self) -> dict[str, object] | None:
        """The JSON object of the body; None when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


class Wire:
    """A client session with explicit time-outs that follows no redirects and heeds no proxy variables."""

    def __init__(self, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        """The open session; it is opened on first use because it belongs to the running loop."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=_KEEPALIVE_SECONDS),
                timeout=self._timeout,
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        """Let go of the connections; a later call opens new ones."""
        if self._session is not None:
            await self._session.close()

    async def ask(self, call: Call) -> Reply:
        """Raises ConnectionFailed before anything was sent, `call.cut` afterwards."""
        body = call.body() if callable(call.body) else call.body
        try:
            async with self.session().request(
                call.method,
                call.url,
                headers=dict(call.headers),
                params=dict(call.params),
                data=body,
                allow_redirects=False,
                timeout=call.timeout or self._timeout,
            ) as response:
                return Reply(response.status, await response.read(), response.headers.get("Retry-After", ""))
        except aiohttp.InvalidURL:
            raise Misconfigured("url", "the address of the provider is no URL") from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise ConnectionFailed("connect", type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # The chain is cut on purpose: some of these exceptions print the URL with a user id.
            raise call.cut("cut", type(error).__name__) from None


def unwrap(reply: Reply, cut: type[SendError], now: datetime) -> Mapping[str, object]:
    """The `data` of a successful answer. The HTTP status comes first: a broken server says nothing about
    our token, even when it says so in JSON. Zalo's own errors arrive with status 200."""
    payload = reply.payload()
    _check_status(reply, payload, cut, now)
    if payload is None:
        raise cut("unreadable", f"http {reply.status}")
    code = error_code(payload)
    if code is None:
        if "error_name" in payload:
            raise Misconfigured("error_name", word(payload.get("error_name"), 80))
        raise cut("no-code", f"http {reply.status}")
    if code != 0:
        raise classify(code, word(payload.get("message"), 500), now)
    data = payload.get("data")
    return data if isinstance(data, dict) else {}


def _check_status(
    reply: Reply, payload: Mapping[str, object] | None, cut: type[SendError], now: datetime
) -> None:
    status = reply.status
    if status < 300:
        return
    where = f"http {status}"
    if status in (408, 504) and payload is None:
        raise cut(where)  # something between us and Zalo gave up waiting
    if status >= 500:
        raise ConnectionFailed(where)
    if status == 429:
        pause = reply.retry_after
        raise Throttled(float(pause) if pause.isascii() and pause.isdigit() else _RATE_PAUSE, where)
    code = error_code(payload) if payload is not None else None
    if code:
        raise classify(code, word((payload or {}).get("message"), 500), now)
    if status in (400, 413, 415, 422):
        raise Rejected(where)
    # A redirect, a refusal or a missing page belongs to no message: the base address or a firewall is wrong.
    raise Misconfigured(where)


def error_code(payload: Mapping[str, object]) -> int | None:
    """The number in `error`; None when it is absent or no number."""
    text = word(payload.get("error"), 12)
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() else None
