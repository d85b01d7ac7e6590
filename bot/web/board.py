"""`/bang-tin`: the ward's public notices, one page each, with the sheet to print; only what has been published."""

from __future__ import annotations

import asyncio
from datetime import datetime
from html import escape
from typing import Final

from aiohttp import web

from bot.web.chat_guard import PaceLimit
from bot.web.page_parts import PageParts
from bot.web.plain_page import plain_page
from bot.web.sheet import Sheet, make_sheet
from core.audience_words import addressed
from core.calendar import local_date, spoken_date, spoken_moment
from handlers.announce_content import details, head_line, short
from handlers.announce_documents import document_link, document_name
from handlers.announce_outputs import PATH, SHEET, board_link
from handlers.house import House
from storage.audiences import audience_of
from storage.models import Announcement
from storage.postings import find_on_board, list_on_board

_BOARD: Final = PATH.rstrip("/")
_ONE: Final = PATH + "{number:[0-9]{1,15}}"
_SHOWN, _PER_MINUTE, _SHEETS_PER_MINUTE = 50, 120, 10


def add_board_routes(app: web.Application, parts: PageParts) -> None:
    """Put the routes into an application."""
    board = Board(parts)
    app.router.add_get(_BOARD, board.show_all)
    app.router.add_get(_ONE, board.show)
    app.router.add_get(f"{_ONE}/{SHEET}", board.print_sheet, allow_head=False)
    app.router.add_get(_ONE + "/anh/{picture:[0-9]{1,2}}", board.picture)


class Board:
    """Answers from the database, without anything that belongs to a visitor."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._pace = PaceLimit(_PER_MINUTE)
        self._sheets = PaceLimit(_SHEETS_PER_MINUTE)
        self._drawing = asyncio.Semaphore(1)

    async def show_all(self, request: web.Request) -> web.Response:
        """GET /bang-tin: what holds now, newest first."""
        self._parts.slow_down(self._pace, request)
        now, house = self._parts.clock(), self._parts.house()
        rows = await self._parts.database.read(lambda session: list_on_board(session, now, _SHOWN))
        items = "".join(_item(house, one) for one in rows) or f"<p>{_say(house, 'empty')}</p>"
        return plain_page(_say(house, "title"), items)

    async def show(self, request: web.Request) -> web.Response:
        """GET /bang-tin/<number>: one notice; 404 for one that was never published or was taken down."""
        self._parts.slow_down(self._pace, request)
        house = self._parts.house()
        found = await self._find(request)
        if found is None:
            return plain_page(_say(house, "title"), f"<p>{_say(house, 'gone')}</p>", status=404)
        return plain_page(escape(short(found)), _notice(house, found, self._parts.clock()))

    async def print_sheet(self, request: web.Request) -> web.Response:
        """GET /bang-tin/<number>/a4.pdf: the sheet."""
        self._parts.slow_down(self._sheets, request)
        house = self._parts.house()
        found = await self._find(request)
        if found is None or not house.public_url:
            raise web.HTTPNotFound
        async with self._drawing:
            data = await asyncio.to_thread(make_sheet, sheet_of(house, found))
        name = f'inline; filename="thong-bao-{found.id}.pdf"'
        return web.Response(body=data, content_type="application/pdf", headers={"Content-Disposition": name})

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """GET /bang-tin/<number>/anh/<n>: a picture of that notice, counted from 1."""
        self._parts.slow_down(self._pace, request)
        found = await self._find(request)
        number = int(request.match_info["picture"])
        if found is None or not 1 <= number <= len(found.pictures):
            raise web.HTTPNotFound
        path = self._parts.picture(found.pictures[number - 1])
        return web.FileResponse(path, headers={"Content-Type": "image/jpeg"})

    async def _find(self, request: web.Request) -> Announcement | None:
        number = int(request.match_info["number"])
        return await self._parts.database.read(lambda session: find_on_board(session, number))


def sheet_of(house: House, found: Announcement) -> Sheet:
    """What stands on the sheet of a notice."""
    words = house.words
    posted = found.on_board_at or found.created_at
    return Sheet(
        ward=words.text("broadcast.ward"),
        title=words.text("board.sheet_title_urgent" if found.urgent else "board.sheet_title"),
        places=_places(house, found),
        text=found.text,
        notes="\n".join(details(house, found)),
        scan=words.text("board.sheet_scan"),
        link=board_link(house.public_url, found),
        posted=words.text("board.sheet_posted", day=spoken_date(local_date(posted))),
    )


def _item(house: House, found: Announcement) -> str:
    return (
        f'<article><h2><a href="{PATH}{found.id}">{escape(short(found, 90))}</a></h2>'
        f"{_urgent(house, found)}<p class=note>{_posted(house, found)}</p></article>"
    )


def _notice(house: House, found: Announcement, now: datetime) -> str:
    parts = [_urgent(house, found), f"<p><strong>{escape(head_line(house, found))}</strong></p>"]
    if found.valid_until is not None and found.valid_until <= now:
        day = spoken_date(local_date(found.valid_until))
        parts.insert(0, f"<p class=over role=note>{_say(house, 'over', day=day)}</p>")
    parts += [
        f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in found.text.split("\n\n") if block
    ]
    if found.link:
        # Only what officers were asked for as a link is one; an address within the words stays words.
        parts.append(
            f'<p><a href="{escape(found.link)}" rel="nofollow noopener">{escape(found.link)}</a></p>'
        )
    if document := document_link(house.public_url, found):
        name, label = document_name(house, found), _say(house, "document.title")
        parts.append(f'<p>{label}: <a href="{escape(document)}" rel=nofollow>{escape(name)}</a></p>')
    if found.valid_until:
        day = spoken_date(local_date(found.valid_until))
        parts.append(f"<p>{escape(house.words.text('broadcast.valid_until', day=day))}</p>")
    for number in range(1, len(found.pictures) + 1):
        alt = _say(house, "picture", number=number)
        parts.append(f'<img src="{PATH}{found.id}/anh/{number}" alt="{alt}" loading=lazy>')
    parts.append(f"<p class=note>{_posted(house, found)}</p>")
    links = [(f"{PATH}{found.id}/{SHEET}", "sheet"), ("/", "ask"), (_BOARD, "all")]
    parts.append(
        "<nav>" + "".join(f'<p><a href="{to}">{_say(house, key)}</a></p>' for to, key in links) + "</nav>"
    )
    return "".join(parts)


def _urgent(house: House, found: Announcement) -> str:
    return f"<p class=urgent>{_say(house, 'urgent')}</p>" if found.urgent else ""


def _posted(house: House, found: Announcement) -> str:
    when = spoken_moment(found.on_board_at or found.created_at)
    return f"{_say(house, 'posted', when=when)}. {escape(_places(house, found))}"


def _places(house: House, found: Announcement) -> str:
    names = addressed(audience_of(found), house.ward, house.words)
    return house.words.text("board.areas", areas=names) if names else house.words.text("board.whole")


def _say(house: House, key: str, **fields: object) -> str:
    return escape(house.words.text(f"board.{key}", **fields))
