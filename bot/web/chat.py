"""The routes of the web chat: the page, its session, its messages, its history."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from bot.channels.webchat import WebChatChannel
from bot.web.chat_backend import ChatBackend, read_cursor
from bot.web.chat_documents import ChatDocuments
from bot.web.chat_events import ChatEvents
from bot.web.chat_guard import (
    ChatSettings,
    PaceLimit,
    Refusal,
    answer_json,
    check_json,
    check_origin,
    check_plain,
    guarded,
    private_headers,
    read_capped,
)
from bot.web.chat_photos import ChatPhotos
from bot.web.chat_recordings import ChatRecordings
from bot.web.chat_static import ChatFiles, load_sentences
from bot.web.sessions import SessionCookie, new_token
from bot.web.visitor import Visitors

__all__ = ["ChatSettings", "add_chat_routes"]

# 10,000 letters with two accents each, all escaped as \uXXXX, still fit.
_MAX_BODY = 256 * 1024
_HISTORY = 100

_Personal = Callable[[web.Request, str], Awaitable[web.StreamResponse]]
_Plain = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_chat_routes(
    app: web.Application, backend: ChatBackend, channel: WebChatChannel, settings: ChatSettings
) -> None:
    """Put the web chat into an application; its open streams end when the application shuts down."""
    chat = ChatDesk(backend, channel, settings)
    files, photos, events = ChatFiles(settings), ChatPhotos(backend), ChatEvents(backend)
    documents, recordings = ChatDocuments(backend), ChatRecordings(backend, settings.voice)
    app.on_shutdown.append(events.close)
    sentences = load_sentences()

    def add(method: str, path: str, handler: _Plain) -> None:
        app.router.add_route(method, path, guarded(handler, sentences))

    add("GET", "/", files.front)
    add("GET", "/chat", files.page)
    add("GET", "/chat/static/{version}/{name}", files.static)
    add("GET", "/widget.js", files.widget)
    add("POST", "/chat/api/session", chat.open)
    add("POST", "/chat/api/session/end", chat.end)
    add("POST", "/chat/api/messages", chat.changing(chat.post))
    add("POST", "/chat/api/photos", chat.changing(photos.upload))
    add("POST", "/chat/api/recordings", chat.changing(recordings.upload))
    add("POST", "/chat/api/documents", chat.changing(documents.upload))
    add("GET", "/chat/api/history", chat.reading(chat.history))
    add("GET", "/chat/api/events", chat.reading(events.stream))
    add("GET", "/chat/photos/{name}", chat.reading(photos.show))


class ChatDesk:
    """Who the person is, what was said, what is said now."""

    def __init__(self, backend: ChatBackend, channel: WebChatChannel, settings: ChatSettings) -> None:
        self._backend = backend
        self._channel = channel
        self._settings = settings
        self._cookie = SessionCookie(settings.secure, bool(settings.portal_origins))
        self._pace = PaceLimit(settings.messages_per_minute)
        self._visitors = Visitors(settings.trusted_proxies)
        self._new_sessions = PaceLimit(settings.sessions_per_minute)

    def reading(self, handler: _Personal) -> _Plain:
        """A route for the person of the cookie. Raises Refusal(401) without one."""

        async def with_person(request: web.Request) -> web.StreamResponse:
            return await handler(request, await self._person(request))

        return with_person

    def changing(self, handler: _Personal) -> _Plain:
        """As `reading`, and only for our own page."""

        async def with_person(request: web.Request) -> web.StreamResponse:
            check_origin(request, self._settings)
            check_plain(request)
            return await handler(request, await self._person(request))

        return with_person

    async def _person(self, request: web.Request) -> str:
        token = self._cookie.read(request)
        external_id = await self._backend.find_session(token) if token else None
        if external_id is None:
            raise Refusal(401, "session")
        return external_id

    async def open(self, request: web.Request) -> web.StreamResponse:
        """POST /chat/api/session: go on with the session of the cookie, or begin one."""
        check_origin(request, self._settings)
        check_json(request)
        token = self._cookie.read(request)
        known = await self._backend.find_session(token) if token else None
        if token is None or known is None:
            if wait := self._new_sessions.take(self._visitors.key(request)):
                raise Refusal(429, "too_fast", wait)
            token = new_token()
            await self._backend.open_session(token)
        return answer_json({"new": known is None}, headers={"Set-Cookie": self._cookie.header(token)})

    async def end(self, request: web.Request) -> web.StreamResponse:
        """POST /chat/api/session/end: leave nothing on this device."""
        check_origin(request, self._settings)
        check_json(request)
        if token := self._cookie.read(request):
            await self._backend.end_session(token)
        headers = {**private_headers(), "Set-Cookie": self._cookie.clearing_header()}
        return web.Response(status=HTTPStatus.NO_CONTENT, headers=headers)

    async def post(self, request: web.Request, external_id: str) -> web.StreamResponse:
        """POST /chat/api/messages: record one message; the same id again changes nothing."""
        check_json(request)
        if wait := self._pace.take(external_id):
            raise Refusal(429, "too_fast", wait)
        body = await read_capped(request, _MAX_BODY)
        fresh = False
        for envelope in self._channel.accept(self._channel.session_headers(external_id), body):
            fresh = await self._backend.accept(envelope)
        return answer_json({"ok": True, "known": not fresh}, HTTPStatus.CREATED if fresh else HTTPStatus.OK)

    async def history(self, request: web.Request, external_id: str) -> web.StreamResponse:
        """GET /chat/api/history?after=<id>: the newest lines, or those that follow one."""
        after = read_cursor(request.query.get("after"))
        lines = await self._backend.history(external_id, after, _HISTORY)
        return answer_json({"lines": [line.as_json() for line in lines]})
