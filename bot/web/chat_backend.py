"""What the web chat needs from the store, and the lines that a person sees on the page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.channels.webchat_message import PageKind
from core.messages import Ask, Content, Envelope, Location

_CURSOR = re.compile(r"([0-9]{15})-([io])-([0-9]{1,19})")
# The year 2100: no line of ours is later, and far beyond it there is no date that Python knows.
_LAST_MILLIS = 4_102_444_800_000
_PHOTO_URL = "/chat/photos/"


class BackendUnavailable(Exception):
    """The store cannot answer now; the page keeps what it has and tries again."""


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One message on the page. `id` sorts by time and is the cursor of the history.

    `external_id` is the id that `reply_to` of another line names: for `mine` the page's own message id,
    otherwise the id that the channel gave when it was sent. `choices` are (title, action, url), `pictures`
    are (url, alt). `voice`: seconds of what the person said. `pending`: recorded, not yet answered.
    """

    id: str
    mine: bool
    at: datetime
    text: str
    external_id: str
    choices: tuple[tuple[str, str, str | None], ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    ask: Ask = Ask.NOTHING
    reply_to: str | None = None
    location: Location | None = None
    voice: int | None = None
    pending: bool = False

    def as_json(self) -> dict[str, Any]:
        """The line as the page reads it: only what is set."""
        value: dict[str, Any] = {"id": self.id, "mine": self.mine, "at": self.at.astimezone(UTC).isoformat()}
        value |= {"text": self.text, "ref": self.external_id, "pending": self.pending}
        if self.choices:
            value["choices"] = [
                {"title": title, "action": action, "url": url} for title, action, url in self.choices
            ]
        if self.pictures:
            value["pictures"] = [{"url": url, "alt": alt} for url, alt in self.pictures]
        if self.ask is not Ask.NOTHING:
            value["ask"] = self.ask.value
        if self.reply_to:
            value["replyTo"] = self.reply_to
        if self.location:
            value["location"] = [self.location.latitude, self.location.longitude]
        if self.voice is not None:
            value["voice"] = self.voice
        return value


class ChatBackend(Protocol):
    """The store behind the page. Every method may raise BackendUnavailable."""

    async def open_session(self, token: str) -> str:
        """Keep a new session under the hash of `token`; returns its external id (no slash, no colon)."""

    async def find_session(self, token: str) -> str | None:
        """The external id of a session that is not over, and note that it was seen."""

    async def is_open(self, external_id: str) -> bool:
        """False when the session is over: what still listens to it must stop."""

    async def end_session(self, token: str) -> None:
        """Forget the token: whoever still holds it reads nothing any more."""

    async def accept(self, envelope: Envelope) -> bool:
        """Record an event durably, then return; False when it was known already."""

    async def history(self, external_id: str, after: str | None, limit: int) -> list[ChatLine]:
        """Lines in order of their id: the first `limit` beyond `after`, or without it the last `limit`."""

    async def wait_news(self, external_id: str, timeout: float) -> None:
        """Return when a line of this person may be new or changed, at the latest after `timeout` seconds."""

    async def awaits_document(self, external_id: str) -> bool:
        """Whether a document of this person is wanted now; nobody else's is taken in."""

    async def save_upload(self, data: bytes, suffix: str) -> str:
        """Write to the incoming folder and fsync; returns 32 hex digits plus `suffix` (".jpg" …)."""

    async def open_picture(self, external_id: str, name: str) -> Path | bytes | None:
        """A picture that stands in this person's own conversation, sent by either side or drawn by us; else None."""


def line_id(at: datetime, mine: bool, number: int) -> str:
    """The sortable id of a line: milliseconds since 1970, direction, row number."""
    millis = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    return f"{millis:015d}-{'i' if mine else 'o'}-{number:012d}"


def read_cursor(value: str | None) -> str | None:
    """A cursor that came back from a page, or None when it is none of ours."""
    found = _CURSOR.fullmatch(value) if value else None
    return value if found and int(found[1]) < _LAST_MILLIS else None


def rewind(cursor: str, seconds: float) -> str:
    """A cursor a little earlier: two transactions may commit in another order than their instants say."""
    millis = max(int(cursor[:15]) - int(seconds * 1000), 0)
    return f"{millis:015d}-i-{0:012d}"


def cursor_instant(cursor: str) -> datetime:
    """The instant of a cursor, for a query that narrows by time first."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(cursor[:15]))


def own_line(raw: str, at: datetime, number: int, pending: bool) -> ChatLine | None:
    """The line of a recorded message of the person; None for the silent ones that open a conversation."""
    value = json.loads(raw)
    if value["kind"] in (PageKind.BEGIN, PageKind.START):
        return None
    point = value.get("location")
    return ChatLine(
        id=line_id(at, True, number),
        mine=True,
        at=at,
        text=value.get("text") or value.get("phone") or value.get("name", ""),
        external_id=value["id"],
        pictures=tuple((_PHOTO_URL + name, "") for name in value.get("photos", ())),
        reply_to=value.get("reply_to"),
        location=Location(point[0], point[1]) if point else None,
        voice=value.get("seconds"),
        pending=pending,
    )


def our_line(content: Content, at: datetime, number: int, external_id: str) -> ChatLine:
    """The line of a delivery that was sent at `at`; its picture names are served to this person only."""
    return ChatLine(
        id=line_id(at, False, number),
        mine=False,
        at=at,
        text=content.text,
        external_id=external_id,
        choices=tuple((choice.title, choice.action, choice.url) for choice in content.choices),
        pictures=tuple((_PHOTO_URL + picture.stored, picture.alt) for picture in content.pictures),
        ask=content.ask,
    )
