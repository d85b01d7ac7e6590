"""What people say on the web chat: taken in when its bytes are a recording that we keep on every channel."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from aiohttp import web

from bot.recordings import MAX_BYTES, UnusableRecording, look_at
from bot.web.chat_backend import ChatBackend
from bot.web.chat_guard import PaceLimit, Refusal, answer_json, check_bytes, read_capped
from bot.web.held_bytes import HeldBytes

_PER_MINUTE = 10
_HELD_BYTES = 8 * MAX_BYTES


class ChatRecordings:
    """The upload route. Nothing is served here: officers listen behind a link of their own."""

    def __init__(self, backend: ChatBackend, offered: bool) -> None:
        """`offered`: whether the office can listen to what people say."""
        self._backend = backend
        self._offered = offered
        self._pace = PaceLimit(_PER_MINUTE)
        self._held = HeldBytes(_HELD_BYTES)

    async def upload(self, request: web.Request, external_id: str) -> web.Response:
        """POST /chat/api/recordings: one recording as the body; answers its name.

        Raises Refusal 403 where nobody could listen, 413, 415, 429 or 503.
        """
        if not self._offered:
            raise Refusal(403, "voice_unheard")
        if wait := self._pace.take(external_id):
            raise Refusal(429, "too_fast", wait)
        check_bytes(request)
        with self._held.one() as held:
            data = await read_capped(request, MAX_BYTES, "voice_large", held)
            try:
                found = await asyncio.to_thread(look_at, data)
            except UnusableRecording as error:
                raise Refusal(415, "voice") from error
            name = await self._backend.save_upload(data, f".{found.ending}")
        return answer_json({"voice": name}, HTTPStatus.CREATED)
