"""Photos of the web chat: takes uploads in, shows a person the pictures of the own conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus

from aiohttp import BodyPartReader, web

from bot.channels.webchat_message import MAX_PHOTOS, STORED_NAME
from bot.web.chat_backend import ChatBackend
from bot.web.chat_guard import PaceLimit, Refusal, answer_json, private_headers, read_capped
from bot.web.held_bytes import HeldBytes

MAX_BYTES = 10 * 1024 * 1024
_PER_MINUTE = 30
_HELD_BYTES = 6 * MAX_BYTES
_MULTIPART_SECONDS = 300.0
_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def picture_suffix(data: bytes) -> str | None:
    """The suffix that the first bytes of a picture call for, whatever its name or type claims."""
    if data.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    return None


class ChatPhotos:
    """The two photo routes."""

    def __init__(self, backend: ChatBackend) -> None:
        self._backend = backend
        self._pace = PaceLimit(_PER_MINUTE)
        self._held = HeldBytes(_HELD_BYTES)

    async def upload(self, request: web.Request, external_id: str) -> web.Response:
        """POST /chat/api/photos: one picture as the body, or up to five as multipart; answers their names.

        Raises Refusal 413, 415, 429, 503 or 400.
        """
        if wait := self._pace.take(external_id):
            raise Refusal(429, "too_fast", wait)
        names = [name async for name in self._kept(request)]
        if not names:
            raise Refusal(400, "photos")
        return answer_json({"photos": names}, HTTPStatus.CREATED)

    async def _keep(self, data: bytes) -> str:
        suffix = picture_suffix(data)
        if suffix is None:
            raise Refusal(415, "not_a_photo")
        return await self._backend.save_upload(data, suffix)

    async def _kept(self, request: web.Request) -> AsyncIterator[str]:
        if not request.content_type.startswith("multipart/"):
            if not request.content_type.startswith("image/"):
                raise Refusal(415, "not_a_photo")
            with self._held.one() as held:
                yield await self._keep(await read_capped(request, MAX_BYTES, held=held))
            return
        if (request.content_length or 0) > MAX_PHOTOS * (MAX_BYTES + 4096):
            raise Refusal(413, "too_large")
        try:
            async with asyncio.timeout(_MULTIPART_SECONDS):
                count = 0
                async for part in await request.multipart():
                    count += 1
                    if count > MAX_PHOTOS or not isinstance(part, BodyPartReader):
                        raise Refusal(400, "photos")
                    with self._held.one() as held:
                        yield await self._keep(await _read_part(part, held))
        except TimeoutError:
            raise Refusal(408, "slow") from None
        except ValueError:
            # No boundary, or a body that does not keep to it.
            raise Refusal(400, "photos") from None

    async def show(self, request: web.Request, external_id: str) -> web.StreamResponse:
        """GET /chat/photos/<name>: only from the person's own conversation. Raises Refusal(404)."""
        name = request.match_info["name"]
        found = await self._backend.open_picture(external_id, name) if STORED_NAME.fullmatch(name) else None
        suffix = ".png" if isinstance(found, bytes) else found.suffix if found is not None else ""
        if found is None or suffix not in _TYPES:
            raise Refusal(404, "not_found")
        headers = {**private_headers(), "Content-Type": _TYPES[suffix], "Content-Disposition": "inline"}
        # The name never gets another content, and other people cannot fetch it: the browser may keep it.
        headers["Cache-Control"] = "private, max-age=86400, immutable"
        if isinstance(found, bytes):
            return web.Response(body=found, headers=headers)
        return web.FileResponse(found, headers=headers)


async def _read_part(part: BodyPartReader, held: Callable[[int], None]) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(65_536):
        held(len(chunk))
        data += chunk
        if len(data) > MAX_BYTES:
            raise Refusal(413, "too_large")
    return bytes(data)
