"""`/van-ban/<number>-<secret>`: the document of an announcement: a page that says what it is, and the file itself."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.documents import MEDIA_TYPES, document_path
from bot.web.chat_guard import PaceLimit
from bot.web.page_parts import PageParts
from bot.web.plain_page import plain_page
from core.calendar import local_date, spoken_date
from handlers.announce_content import head_line, short
from handlers.announce_documents import PATH, document_name
from handlers.house import House
from storage.announcement_documents import document_of, find_by_address, is_readable
from storage.models import Announcement, StoredFile

_ONE: Final = PATH + "{number:[0-9]{1,15}}-{token:[A-Za-z0-9_-]{1,64}}"
_FILE: Final = "tep"
# A whole neighbourhood opens an announcement within minutes, a telephone company may show it as one visitor, and
# readers of PDF ask for a file in pieces.
_PER_MINUTE, _FILES_PER_MINUTE = 120, 120
_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_NOT_FOR_SEARCH: Final = {"X-Robots-Tag": "noindex, noarchive"}


def add_document_routes(app: web.Application, parts: PageParts) -> None:
    """Put the routes into an application."""
    desk = DocumentDesk(parts)
    app.router.add_get(_ONE, desk.show)
    app.router.add_get(f"{_ONE}/{_FILE}", desk.fetch)


class DocumentDesk:
    """Opens what the secret in the address stands for, while it may be read."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._pace = PaceLimit(_PER_MINUTE)
        self._files = PaceLimit(_FILES_PER_MINUTE)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /van-ban/<number>-<secret>: what it is and how large, so that nobody fetches megabytes unawares.

        404 for an address that never was, 410 for what was recalled or is over.
        """
        self._parts.slow_down(self._pace, request)
        found = await self._find(request)
        if isinstance(found, web.Response):
            return found
        announcement, _ = found
        return _page(self._parts.house(), announcement, f"{request.path}/{_FILE}")

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """GET …/tep: the file; 404 and 410 as above."""
        self._parts.slow_down(self._files, request)
        found = await self._find(request)
        if isinstance(found, web.Response):
            return found
        announcement, path = found
        headers = {
            "Content-Type": MEDIA_TYPES[path.suffix[1:]],
            "Content-Disposition": _disposition(announcement, path.suffix),
            "Content-Security-Policy": _POLICY,
            **_NOT_FOR_SEARCH,
        }
        return web.FileResponse(path, headers=headers)

    async def _find(self, request: web.Request) -> tuple[Announcement, Path] | web.Response:
        number, token = int(request.match_info["number"]), request.match_info["token"]
        found = await self._parts.database.read(lambda session: find_by_address(session, number, token))
        house = self._parts.house()
        if found is None:
            return _refused(house, "unknown", 404)
        announcement, file = found
        path = self._path(file) if is_readable(announcement, file, self._parts.clock()) else None
        return (announcement, path) if path is not None else _refused(house, "gone", 410)

    def _path(self, file: StoredFile) -> Path | None:
        try:
            path = document_path(self._parts.media, file.name or "")
        except ValueError:
            return None
        return path if path.is_file() else None


def _page(house: House, announcement: Announcement, file: str) -> web.Response:
    parts = [
        f"<p>{escape(head_line(house, announcement))} {escape(short(announcement, 160))}</p>",
        f'<p><a href="{escape(file)}" rel="nofollow"><strong>{_say(house, "open")}</strong></a></p>',
    ]
    if announcement.valid_until:
        day = spoken_date(local_date(announcement.valid_until))
        parts.append(f"<p class=note>{escape(house.words.text('broadcast.valid_until', day=day))}</p>")
    return _named(escape(document_name(house, announcement)), "".join(parts), house)


def _refused(house: House, why: str, status: int) -> web.Response:
    return _named(_say(house, "title"), f"<p>{_say(house, why)}</p>", house, status)


def _named(title: str, body: str, house: House, status: int = 200) -> web.Response:
    ask = f'<nav><p><a href="/">{escape(house.words.text("board.ask"))}</a></p></nav>'
    answer = plain_page(title, body + ask, status=status)
    answer.headers.update(_NOT_FOR_SEARCH)
    return answer


def _disposition(announcement: Announcement, suffix: str) -> str:
    """A PDF is read where it opens, as telephones do best; Word and Excel are for the programs of the reader."""
    how = "inline" if suffix == ".pdf" else "attachment"
    plain = f"van-ban-{announcement.id}{suffix}"
    document = document_of(announcement)
    title = document.title if document is not None else ""
    full = f"; filename*=UTF-8''{quote(title + suffix, safe='')}" if title else ""
    return f'{how}; filename="{plain}"{full}'


def _say(house: House, key: str) -> str:
    return escape(house.words.text(f"board.document.{key}"))
