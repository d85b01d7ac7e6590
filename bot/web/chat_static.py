"""The files of the chat page: read once at start, named by their hash, compressed once."""

from __future__ import annotations

import gzip
import hashlib
import html
import tomllib
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from string import Template

from aiohttp import web

from bot.web.chat_guard import ChatSettings, Refusal, page_headers

_HERE = Path(__file__).parent
_PAGE_FILES = (
    "icon.svg",
    "chat.css",
    "chat.js",
    "view.js",
    "lines.js",
    "api.js",
    "queue.js",
    "photos.js",
    "upload.js",
    "attach.js",
    "place.js",
    "recorder.js",
    "voice.js",
    "words.js",
)
_WIDGET = "widget.js"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file ready to be served."""

    content_type: str
    plain: bytes
    packed: bytes
    etag: str


def _asset(path: Path) -> Asset:
    plain = path.read_bytes()
    etag = hashlib.sha256(plain).hexdigest()[:16]
    return Asset(_TYPES[path.suffix], plain, gzip.compress(plain, 9, mtime=0), etag)


def load_sentences() -> dict[str, str]:
    """The sentences of templates/chat_errors.toml."""
    text = (_HERE / "templates" / "chat_errors.toml").read_text("utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


class ChatFiles:
    """Serves the page, its scripts and styles, and the script for portals."""

    def __init__(self, settings: ChatSettings) -> None:
        folder = _HERE / "static"
        self._assets = {name: _asset(folder / name) for name in _PAGE_FILES}
        self._widget = _asset(folder / _WIDGET)
        joined = "".join(f"{name}:{asset.etag};" for name, asset in sorted(self._assets.items()))
        # One version for all files: the modules import one another by relative names.
        self._version = hashlib.sha256(joined.encode()).hexdigest()[:16]
        self._page = self._fill(settings)
        self._headers = page_headers(settings)

    def _fill(self, settings: ChatSettings) -> str:
        source = Template((_HERE / "templates" / "chat.html").read_text("utf-8"))
        ward, hotline = html.escape(settings.ward_name), html.escape(settings.hotline)
        dialled = "".join(mark for mark in settings.hotline if mark in "+0123456789")
        return source.substitute(
            ward=ward,
            hotline=f" hoặc gọi {hotline}" if hotline else "",
            call=f' hoặc <a href="tel:{dialled}">{hotline}</a>' if dialled else "",
            voice="yes" if settings.voice else "no",
            files=f"/chat/static/{self._version}",
        )

    async def front(self, _request: web.Request) -> web.Response:
        """GET /: whoever types the bare address looks for the chat."""
        return web.Response(status=HTTPStatus.FOUND, headers={"Location": "/chat"})

    async def page(self, request: web.Request) -> web.Response:
        """GET /chat: the same page for everybody; it changes nothing."""
        etag = hashlib.sha256(self._page.encode()).hexdigest()[:16]
        asset = Asset("text/html", self._page.encode(), gzip.compress(self._page.encode(), 9, mtime=0), etag)
        return _respond(request, asset, self._headers)

    async def static(self, request: web.Request) -> web.Response:
        """GET /chat/static/<version>/<name>: for ever, because another content has another name."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise Refusal(404, "not_found")
        current = request.match_info["version"] == self._version
        return _respond(request, asset, {"Cache-Control": _FOREVER if current else "no-cache"})

    async def widget(self, request: web.Request) -> web.Response:
        """GET /widget.js: the one line in a portal; a foreign page may load it."""
        headers = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
        return _respond(request, self._widget, headers)


def _respond(request: web.Request, asset: Asset, headers: dict[str, str]) -> web.Response:
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
        "ETag": f'"{asset.etag}"',
        **headers,
    }
    if any(tag.value == asset.etag for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = asset.packed if packed else asset.plain
    return web.Response(body=body, content_type=asset.content_type, charset="utf-8", headers=headers)
