"""Documents of the web chat: taken in only from whoever is writing an announcement, and only what can go with one."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from aiohttp import web

from bot.documents import MAX_BYTES, UnusableDocument, look_at
from bot.documents import Refusal as Unusable
from bot.web.chat_backend import ChatBackend
from bot.web.chat_guard import PaceLimit, Refusal, answer_json, check_bytes, read_capped
from bot.web.held_bytes import HeldBytes

_PER_MINUTE = 10
_HELD_BYTES = 3 * MAX_BYTES


class ChatDocuments:
    """The upload route. Nothing is served here: what was kept is read at the address of the announcement."""

    def __init__(self, backend: ChatBackend) -> None:
        self._backend = backend
        self._pace = PaceLimit(_PER_MINUTE)
        self._held = HeldBytes(_HELD_BYTES)

    async def upload(self, request: web.Request, external_id: str) -> web.Response:
        """POST /chat/api/documents: one document as the body; answers its name.

        Raises Refusal 403 for whoever is asked for none, 413, 415, 429 or 503.
        """
        if wait := self._pace.take(external_id):
            raise Refusal(429, "too_fast", wait)
        if not await self._backend.awaits_document(external_id):
            raise Refusal(403, "document_unasked")
        check_bytes(request)
        with self._held.one() as held:
            data = await read_capped(request, MAX_BYTES, f"document_{Unusable.LARGE}", held)
            try:
                ending = await asyncio.to_thread(look_at, data)
            except UnusableDocument as error:
                raise Refusal(415, f"document_{error.refusal}") from error
            name = await self._backend.save_upload(data, f".{ending}")
        return answer_json({"document": name}, HTTPStatus.CREATED)
