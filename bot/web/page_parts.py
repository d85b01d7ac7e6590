"""What pages outside of the chat have in common: where they read, a limit for each visitor, kept pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.attachments import media_path
from bot.web.chat_guard import PaceLimit
from bot.web.visitor import Visitors
from handlers.house import House
from storage.database import Database


@dataclass(frozen=True, slots=True)
class PageParts:
    """`media` is the folder of kept files."""

    database: Database
    house: Callable[[], House]
    clock: Callable[[], datetime]
    media: Path
    visitors: Visitors

    def slow_down(self, pace: PaceLimit, request: web.Request) -> None:
        """Raises 429 with the seconds to wait for whoever asks too often."""
        if wait := pace.take(self.visitors.key(request)):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(wait)})

    def picture(self, name: str) -> Path:
        """A kept picture. Raises 404 for a name that we never gave, and for one that is gone."""
        try:
            path = media_path(self.media, name)
        except ValueError:
            raise web.HTTPNotFound from None
        if not path.is_file():
            raise web.HTTPNotFound
        return path
