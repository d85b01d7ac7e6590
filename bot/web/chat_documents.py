"""Documents of the web chat: taken in only from whoever is writing an announcement, and only what can go with one."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from aiohttp import web

from bot.documents import MAX_BYTES, UnusableDocument, look_at
from bot.documents import Refusal as Unusable
from bot.web.chat_backend import ChatBackend
from bot.web.chat_guard import PaceLimit, Refusal, answer_json, check_bytes, read_capped

_PER_MINUTE = 10
_AT_ONCE = 3


class ChatDocuments:
    """The upload route. Nothing is served here: what was kept is read at the address of the announcement."""

    def __init__(self, backend: ChatBackend) -> None:
        self._backend = backend
        self._pace = PaceLimit(_PER_MINUTE)
        # Each holds up to 10 MB in memory until it is on disk.
        self._seats = asyncio.Semaphore(_AT_ONCE)

    async def upload(self, request: web.Request, external_id: str) -> web.Response:
        """POST /chat/api/documents: one document as the body; answers its name.

        Raises Refusal 403 for whoever is asked for none, 413, 415 or 429.
        """
        if wait := self._pace.take(external_id):
            raise Refusal(429, "too_fast", wait)
        if not await self._backend.awaits_document(external_id):
            raise Refusal(403, "document_unasked")
        async with self._seats:
            check_bytes(request)
            data = await read_capped(request, MAX_BYTES, f"document_{Unusable.LARGE}")
            try:
                ending = await asyncio.to_thread(look_at, data)
            except UnusableDocument as error:
                raise Refusal(415, f"document_{error.refusal}") from error
            name = await self._backend.save_upload(data, f".{ending}")
        return answer_json({"document": name}, HTTPStatus.CREATED)
