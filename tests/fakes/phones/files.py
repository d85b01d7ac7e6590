"""The page and its files, and the headers that let it load nothing but itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aiohttp import web

_PAGE: Final = Path(__file__).parent / "page"
_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on every answer."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def add_file_routes(app: web.Application) -> None:
    """`/` is the page; its files stand beside it by their names."""
    files = {path.name: path for path in sorted(_PAGE.iterdir()) if path.suffix in _TYPES}

    async def serve(request: web.Request) -> web.Response:
        path = files.get(request.match_info.get("name") or "phones.html")
        if path is None:
            raise web.HTTPNotFound
        return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8")

    app.router.add_get("/", serve)
    app.router.add_get("/page/{name}", serve)
