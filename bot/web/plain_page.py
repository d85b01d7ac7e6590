"""A page for everybody: one column of words and pictures, no script, nothing that belongs to a visitor."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aiohttp import web

STYLE: Final = "/trang/kieu.css"
_CSS: Final = Path(__file__).parent / "static" / "board.css"
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


def add_style_route(app: web.Application) -> None:
    """What all these pages look like."""
    app.router.add_get(STYLE, _style)


async def _style(_request: web.Request) -> web.StreamResponse:
    headers = {"Content-Type": "text/css", "Cache-Control": "public, max-age=3600"}
    return web.FileResponse(_CSS, headers=headers)


def plain_page(title: str, body: str, *, status: int = 200) -> web.Response:
    """`title` and `body` are markup already; every text in them has been escaped."""
    text = (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="stylesheet" href="{STYLE}"></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
    answer = web.Response(text=text, content_type="text/html", status=status)
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer
