"""Fetches the bytes of a photo or file that a person sent, never more than the caller allows."""

from __future__ import annotations

import asyncio
import re

import httpx
from telegram.error import TelegramError

from bot.channels.contract import (
    Ambiguous,
    ConnectionFailed,
    Misconfigured,
    RecipientGone,
    Rejected,
    SendError,
    Throttled,
)
from bot.channels.telegram.client import Client
from bot.channels.telegram.errors import to_send_error
from bot.channels.telegram.fields import mapping, words
from bot.channels.telegram.read import NAME

_WHOLE_SECONDS = 60.0
_THROTTLED_SECONDS = 5.0
# A path below the API's own file address; nothing that could lead elsewhere.
_PATH = re.compile(r"(?!.*\.\.)[\w-][\w./-]*")


async def download(client: Client, file_id: str, limit: int) -> bytes:
    """At most `limit` bytes of the file. Raises SendError; a cut line counts as «try again»."""
    try:
        async with asyncio.timeout(_WHOLE_SECONDS):
            path = await _locate(client, file_id, limit)
            return await _stream(client, path, limit)
    except TelegramError as error:
        raise _told(to_send_error(error, NAME, "")) from None
    except (httpx.HTTPError, TimeoutError) as error:
        raise ConnectionFailed("network", type(error).__name__) from None


async def _locate(client: Client, file_id: str, limit: int) -> str:
    answer = mapping(await client.call("getFile", {"file_id": file_id}))
    size = answer.get("file_size")
    if isinstance(size, int) and size > limit:
        raise Rejected("too_large", "larger than allowed")
    path = words(answer.get("file_path"))
    if not _PATH.fullmatch(path):
        raise Rejected("foreign", "no path below the Bot API")
    return path


async def _stream(client: Client, path: str, limit: int) -> bytes:
    # No compression: a small answer must not unfold into a large one.
    headers = {"Accept-Encoding": "identity"}
    async with client.web.stream("GET", f"{client.file_url}/{path}", headers=headers) as answer:
        _check(answer.status_code)
        data = bytearray()
        async for chunk in answer.aiter_raw():
            data += chunk
            if len(data) > limit:
                raise Rejected("too_large", "larger than allowed")
        return bytes(data)


def _check(status: int) -> None:
    code = str(status)
    if status == 429:
        raise Throttled(_THROTTLED_SECONDS, code)
    if status >= 500:
        raise ConnectionFailed(code)
    if status == 401:
        raise Misconfigured(code)
    if status != 200:
        raise Rejected(code, "no such file")


def _told(error: SendError) -> SendError:
    """Fetching twice does no harm; «gone» here means the file, not the person."""
    if isinstance(error, Ambiguous):
        return ConnectionFailed(error.code, error.reason)
    if isinstance(error, RecipientGone):
        return Rejected(error.code, error.reason)
    return error
