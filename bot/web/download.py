"""`/tai-ve/<token>`: the sheet of cases behind a link of /xuat, made beside the event loop and kept nowhere."""

from __future__ import annotations

import asyncio
import html
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import IO, Final

from aiohttp import web

from bot.web.chat_guard import PaceLimit
from bot.web.visitor import Visitors
from handlers.case_download import PATH, Gone, Sheet, make_sheet, open_link
from handlers.case_sheet import XLSX, write_book
from handlers.house import House
from storage.database import Database

_PER_MINUTE: Final = 10
# One at a time: a sheet of years is some seconds of computing, and citizens wait for their answers meanwhile.
_AT_ONCE: Final = 1
_CHUNK: Final = 64 * 1024
_STATUS: Final = {Gone.UNKNOWN: HTTPStatus.NOT_FOUND, Gone.OVER: HTTPStatus.GONE}


def add_download_routes(
    app: web.Application,
    database: Database,
    house: Callable[[], House],
    clock: Callable[[], datetime],
    proxies: Sequence[str] = (),
) -> None:
    """Put the route into an application."""
    desk = DownloadDesk(database, house, clock, Visitors(proxies))
    # Programs that only ask for the head of a link would make us build the sheet for nothing.
    app.router.add_get(PATH + "{token:[A-Za-z0-9_-]{1,64}}", desk.fetch, allow_head=False)


class DownloadDesk:
    """Opens a link, makes the sheet in a thread, and sends it piece by piece."""

    def __init__(
        self,
        database: Database,
        house: Callable[[], House],
        clock: Callable[[], datetime],
        visitors: Visitors,
    ) -> None:
        self._database = database
        self._house = house
        self._clock = clock
        self._visitors = visitors
        self._pace = PaceLimit(_PER_MINUTE)
        self._building = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """GET /tai-ve/<token>: the file; 404 for a link that never was, 410 for one whose time is over."""
        if wait := self._pace.take(self._visitors.key(request)):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(wait)})
        token, now, house = request.match_info["token"], self._clock(), self._house()
        found = await self._database.run(lambda session: open_link(session, token, now))
        if isinstance(found, Gone):
            return _page(house, found)
        async with self._building:
            sheet = await self._database.read(lambda session: make_sheet(session, house, found, now))
            # A file without a name: it is gone when it is closed, or when this process is.
            with tempfile.TemporaryFile() as file:
                await asyncio.to_thread(_build, file, house, sheet)
                return await _send(request, file, sheet.name)


def _build(file: IO[bytes], house: House, sheet: Sheet) -> None:
    write_book(file, house.words, sheet.rows)


async def _send(request: web.Request, file: IO[bytes], name: str) -> web.StreamResponse:
    # What keeps it from being stored or shown as a page, the server puts on every answer.
    response = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="{name}"'})
    response.content_type = XLSX
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
    text = (
        '<!doctype html><html lang="vi"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><h1>{html.escape(title)}</h1><p>{html.escape(line)}</p></html>"
    )
    return web.Response(text=text, content_type="text/html", status=_STATUS[gone])
