"""`/tai-ve/<token>`: what a link for the office opens: a sheet of cases, kept nowhere, or a ticket's recordings."""

from __future__ import annotations

import asyncio
import html
import tempfile
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import IO, Final

from aiohttp import web

from bot.recordings import MEDIA_TYPES, recording_path
from bot.web.chat_guard import PaceLimit
from bot.web.page_parts import PageParts
from handlers.case_download import PATH, Gone, Sheet, make_sheet, open_link
from handlers.case_sheet import XLSX
from handlers.figures_files import make_report_file
from handlers.house import House
from handlers.listening import ListeningPage, make_listening_page
from storage.models import Download

_PER_MINUTE: Final = 10
# A player asks for a recording in many small pieces.
_PIECES_PER_MINUTE: Final = 120
# One at a time: a sheet of years is some seconds of computing, and citizens wait for their answers meanwhile.
_AT_ONCE: Final = 1
_CHUNK: Final = 64 * 1024
_TOKEN: Final = PATH + "{token:[A-Za-z0-9_-]{1,64}}"
_PLAYS: Final = "default-src 'none'; media-src 'self'; base-uri 'none'; form-action 'none'"
_STATUS: Final = {Gone.UNKNOWN: HTTPStatus.NOT_FOUND, Gone.OVER: HTTPStatus.GONE}


def add_download_routes(app: web.Application, parts: PageParts) -> None:
    """Put the routes into an application."""
    desk = DownloadDesk(parts)
    # Programs that only ask for the head of a link would make us build the sheet for nothing.
    app.router.add_get(_TOKEN, desk.fetch, allow_head=False)
    app.router.add_get(_TOKEN + "/{file:[0-9]{1,15}}", desk.play, allow_head=False)


class DownloadDesk:
    """Opens a link, makes the sheet in a thread, and sends it piece by piece."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._pace = PaceLimit(_PER_MINUTE)
        self._pieces = PaceLimit(_PIECES_PER_MINUTE)
        self._building = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """GET /tai-ve/<token>: the sheet, or the page with the recordings; 404 for a link that never was, 410 for
        one whose time is over."""
        self._parts.slow_down(self._pace, request)
        token, now, house = request.match_info["token"], self._parts.clock(), self._parts.house()
        found = await self._parts.database.run(lambda session: open_link(session, token, now))
        if isinstance(found, Gone):
            return _page(house, found)
        if found.ticket_id is not None:
            shown = await self._parts.database.read(
                lambda session: make_listening_page(session, house, found)
            )
            return _listening(token, shown)
        if found.report is not None:
            return await self._send_report(request, house, found, now)
        async with self._building:
            sheet = await self._parts.database.read(lambda session: make_sheet(session, house, found, now))
            # A file without a name: it is gone when it is closed, or when this process is.
            with tempfile.TemporaryFile() as file:
                await asyncio.to_thread(_build, file, house, sheet)
                return await _send(request, file, sheet.name, XLSX)

    async def _send_report(
        self, request: web.Request, house: House, found: Download, now: datetime
    ) -> web.StreamResponse:
        async with self._building:
            made = await self._parts.database.read(
                lambda session: make_report_file(session, house, found, now)
            )
            with tempfile.TemporaryFile() as file:
                await asyncio.to_thread(made.write, file)
                return await _send(request, file, made.name, made.media_type)

    async def play(self, request: web.Request) -> web.StreamResponse:
        """GET /tai-ve/<token>/<number>: one recording, also in pieces; 404 and 410 as above."""
        self._parts.slow_down(self._pieces, request)
        token, number, now, house = (
            request.match_info["token"],
            request.match_info["file"],
            self._parts.clock(),
            self._parts.house(),
        )
        found = await self._parts.database.run(lambda session: open_link(session, token, now, again=True))
        if isinstance(found, Gone):
            return _page(house, found)
        if found.ticket_id is None:
            raise web.HTTPNotFound
        shown = await self._parts.database.read(lambda session: make_listening_page(session, house, found))
        name = next((one.name for one in shown.recordings if str(one.id) == number), "")
        path = self._find(name)
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": MEDIA_TYPES[path.suffix[1:]]})

    def _find(self, name: str) -> Path | None:
        try:
            path = recording_path(self._parts.media, name)
        except ValueError:
            return None
        return path if path.is_file() else None


def _build(file: IO[bytes], house: House, sheet: Sheet) -> None:
    # Here, because its library would cost every start of the product a tenth of its time.
    from handlers.case_book import write_book

    write_book(file, house.words, sheet.rows, sheet.heads)


async def _send(request: web.Request, file: IO[bytes], name: str, media_type: str) -> web.StreamResponse:
    # What keeps it from being stored or shown as a page, the server puts on every answer.
    response = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="{name}"'})
    response.content_type = media_type
    response.content_length = file.seek(0, 2)
    file.seek(0)
    await response.prepare(request)
    while chunk := await asyncio.to_thread(file.read, _CHUNK):
        await response.write(chunk)
    await response.write_eof()
    return response


def _page(house: House, gone: Gone) -> web.Response:
    words = house.words
    title, line = (words.text(f"ticket_export.page.{key}") for key in ("title", gone.name.lower()))
    text = _document(title, f"<p>{html.escape(line)}</p>")
    return web.Response(text=text, content_type="text/html", status=_STATUS[gone])


def _listening(token: str, shown: ListeningPage) -> web.Response:
    parts = [f"<p>{html.escape(shown.how)}</p>"]
    for one in shown.recordings:
        source, title = f"{PATH}{token}/{one.id}", html.escape(one.title)
        file = f"ghi-am-{one.id}.{one.name.rpartition('.')[2]}"
        parts.append(
            f"<h2>{title}</h2>"
            f'<p><audio controls preload="none" src="{source}" aria-label="{title}"></audio></p>'
            f'<p><a href="{source}" download="{html.escape(file)}">{html.escape(shown.fetch)}</a></p>'
        )
    answer = web.Response(text=_document(shown.title, "".join(parts)), content_type="text/html")
    answer.headers["Content-Security-Policy"] = _PLAYS
    return answer


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="vi"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><h1>{html.escape(title)}</h1>{body}</html>"
    )
