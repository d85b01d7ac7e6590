"""The wire to the Bot API: one connection pool, own time limits, and a token that no log can show."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

# More than are ever sent at once: asking for updates and confirming taps go beside them.
_POOL = 48
_CONNECT_SECONDS = 5.0
_POOL_SECONDS = 5.0
_UPLOAD_SECONDS = 30.0


class ApiError(TelegramError):
    """The Bot API (or something between us and it) refused a call.

    Raised in place of the library's own classes, because those lose the HTTP status and whether the API
    itself spoke: a firewall's 403 page must not look like a citizen who blocked the assistant.
    """

    def __init__(self, status: int, answer: object) -> None:
        body = answer if isinstance(answer, dict) else {}
        description = body.get("description")
        super().__init__(description if isinstance(description, str) else "")
        self.status = status
        self.from_api = body.get("ok") is False
        given = body.get("parameters")
        parameters = given if isinstance(given, dict) else {}
        self.retry_after = _number(parameters.get("retry_after"))
        self.migrate_to = _number(parameters.get("migrate_to_chat_id"))


class UnreadableAnswer(TelegramError):
    """HTTP success without the API's «ok»: nobody knows what became of the call."""

    def __init__(self) -> None:
        super().__init__("unreadable answer")


class TokenTransport(httpx.AsyncBaseTransport):
    """Puts the token into the path at the last moment: everything above, logs included, sees a stand-in."""

    def __init__(self, stand_in: str, token: str) -> None:
        self._stand_in = stand_in.encode()
        self._token = token.encode()
        self._wire = httpx.AsyncHTTPTransport(trust_env=False, limits=httpx.Limits(max_connections=_POOL))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request with the real path; errors keep the request with the stand-in."""
        path = request.url.raw_path.replace(self._stand_in, self._token, 1)
        real = httpx.Request(
            request.method,
            request.url.copy_with(raw_path=path),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return await self._wire.handle_async_request(real)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._wire.aclose()


class ApiRequest(HTTPXRequest):
    """The library's request with our own reading of the answer."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Only an answer that says «ok» comes back; everything else is an ApiError or unreadable."""
        status, payload = await super().do_request(*args, **kwargs)
        answer = read_json(payload)
        if not 200 <= status < 300:
            raise ApiError(status, answer)
        if not isinstance(answer, dict) or answer.get("ok") is not True:
            raise UnreadableAnswer
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library's, without writing the payload (maybe a citizen's words) into the log."""
        answer = read_json(payload)
        if not isinstance(answer, dict):
            raise UnreadableAnswer
        return answer


@dataclass(frozen=True, slots=True)
class Client:
    """The ways to talk to one bot: `bot` typed calls, `api` raw calls, `web` downloads. They share a pool."""

    bot: Bot
    api: ApiRequest
    web: httpx.AsyncClient
    api_url: str
    file_url: str
    seconds: float

    async def call(self, method: str, query: dict[str, str], *, extra_seconds: float = 0.0) -> object:
        """The plain JSON result of a call whose parameters are no secret; `extra_seconds` is how long the
        API itself may wait before it answers. Raises TelegramError."""
        url = f"{self.api_url}/{method}?{httpx.QueryParams(query)}"
        return await self.api.post(url, read_timeout=self.seconds + extra_seconds)

    async def close(self) -> None:
        """Close the pool."""
        await self.api.shutdown()
        await self.web.aclose()


def connect(token: str, account: str, base_url: str, seconds: float) -> Client:
    """A client for the bot `account`; opens no connection yet. `seconds` bounds reading and writing."""
    # Shaped like a token, so that the library builds the same addresses.
    stand_in = f"{account}:withheld"
    base = base_url.rstrip("/")
    transport = TokenTransport(stand_in, token)
    request = ApiRequest(
        connection_pool_size=_POOL,
        read_timeout=seconds,
        write_timeout=seconds,
        connect_timeout=_CONNECT_SECONDS,
        pool_timeout=_POOL_SECONDS,
        media_write_timeout=_UPLOAD_SECONDS,
        httpx_kwargs={"trust_env": False, "transport": transport},
    )
    bot = Bot(
        stand_in,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request,
        get_updates_request=request,
    )
    limits = httpx.Timeout(seconds, connect=_CONNECT_SECONDS, pool=_POOL_SECONDS)
    web = httpx.AsyncClient(transport=transport, timeout=limits, trust_env=False, follow_redirects=False)
    return Client(bot, request, web, f"{base}/bot{stand_in}", f"{base}/file/bot{stand_in}", seconds)


def read_json(payload: bytes | str) -> object:
    """The JSON value, or None when it is not strict JSON that this program can take."""
    try:
        text = payload if isinstance(payload, str) else payload.decode("utf-8")
        value: object = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return value


def _refuse_constant(name: str) -> object:
    # NaN and Infinity are no JSON: they would travel on as floats that compare with nothing.
    raise ValueError(name)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value else None
