"""News for an open chat page: a stream of server-sent events that goes on where the last one broke."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from time import monotonic
from typing import Any

from aiohttp import web

from bot.web.chat_backend import BackendUnavailable, ChatBackend, read_cursor, rewind
from bot.web.chat_guard import Refusal, private_headers

HEARTBEAT_SECONDS = 15.0
_PAGES_PER_SESSION = 8
_PAGES = 5_000
_BATCH = 100
# A send wakes us a moment before its settlement is committed, hence the quick second looks. The last
# figure is also how late news may come from another replica.
_LOOKS = (0.05, 0.15, 0.4, 1.0, 2.0)
_OVERLAP_SECONDS = 10.0


class ChatEvents:
    """The open streams. `close` ends them all, so that a shutdown waits for nobody's browser."""

    def __init__(self, backend: ChatBackend, heartbeat: float = HEARTBEAT_SECONDS) -> None:
        self._backend = backend
        self._heartbeat = heartbeat
        self._stopping = asyncio.Event()
        self._open: Counter[str] = Counter()

    async def close(self, _app: web.Application) -> None:
        """End all streams; their pages connect again by themselves."""
        self._stopping.set()

    async def stream(self, request: web.Request, external_id: str) -> web.StreamResponse:
        """GET /chat/api/events: from `Last-Event-ID`, or `after`, on. Raises Refusal(503) when too many."""
        if self._open[external_id] >= _PAGES_PER_SESSION or self._open.total() >= _PAGES:
            raise Refusal(503, "busy", 30)
        after = request.headers.get("Last-Event-ID") or request.query.get("after")
        headers = {**private_headers(), "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        self._open[external_id] += 1
        try:
            await response.prepare(request)
            await response.write(b"retry: 3000\n\nevent: beat\ndata: 1\n\n")
            await self._feed(external_id, read_cursor(after), response)
        except (ConnectionError, BackendUnavailable):
            # The browser left, or must come again later: it knows where it stands.
            pass
        finally:
            self._open[external_id] -= 1
            if not self._open[external_id]:
                del self._open[external_id]
        return response

    async def _feed(self, external_id: str, after: str | None, response: web.StreamResponse) -> None:
        shown: dict[str, bool] = {}
        cursor, look, beat_at = after, len(_LOOKS) - 1, monotonic() + self._heartbeat
        while not self._stopping.is_set():
            wait = min(_LOOKS[look], max(beat_at - monotonic(), 0.01))
            news = asyncio.ensure_future(self._backend.wait_news(external_id, wait))
            # Listening begins before looking, so that nothing falls between the two.
            await asyncio.sleep(0)
            try:
                sent, cursor = await self._send_news(external_id, cursor, shown, response)
                began = monotonic()
                await self._either(news)
            finally:
                news.cancel()
            woken = monotonic() - began < wait * 0.9
            look = 0 if woken or sent else min(look + 1, len(_LOOKS) - 1)
            if monotonic() >= beat_at:
                if not await self._backend.is_open(external_id):
                    return
                await response.write(b"event: beat\ndata: 1\n\n")
                beat_at = monotonic() + self._heartbeat

    async def _send_news(
        self, external_id: str, cursor: str | None, shown: dict[str, bool], response: web.StreamResponse
    ) -> tuple[int, str | None]:
        """Write the lines that this stream has not written yet, or not in their present state."""
        sent, after = 0, rewind(cursor, _OVERLAP_SECONDS) if cursor else None
        while lines := await self._backend.history(external_id, after, _BATCH):
            for line in lines:
                if shown.get(line.id) is not line.pending:
                    shown[line.id] = line.pending
                    sent += 1
                    value = json.dumps(line.as_json(), ensure_ascii=False)
                    await response.write(f"id: {line.id}\nevent: line\ndata: {value}\n\n".encode())
            after = lines[-1].id
            cursor = max(cursor or "", after)
            if len(lines) < _BATCH:
                break
        if cursor:
            horizon = rewind(cursor, _OVERLAP_SECONDS)
            for old in [key for key in shown if key < horizon]:
                del shown[old]
        return sent, cursor

    async def _either(self, news: asyncio.Future[None]) -> None:
        stopping = asyncio.ensure_future(self._stopping.wait())
        either: set[asyncio.Future[Any]] = {news, stopping}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
        if news.done():
            news.result()
