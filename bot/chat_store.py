"""The store behind the web chat: sessions, and a history made of what was recorded and what was sent."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from bot.attachments import media_path
from bot.channels.webchat import ACCOUNT, NAME
from bot.durable import write_durably
from bot.tasks import news_within
from bot.web.chat_backend import (
    BackendUnavailable,
    ChatLine,
    cursor_instant,
    our_line,
    own_line,
)
from core.messages import Address, Envelope, Picture
from core.pictures.bars import draw_bars
from core.serial import content_from_json
from handlers.announce_documents import awaits_document
from handlers.house import House
from storage.contacts import find_contact
from storage.database import Database
from storage.models import Delivery, InboxItem, WebSession
from storage.statuses import DeliveryStatus, InboxStatus

_IDLE = timedelta(days=30)
_NOTE_SEEN_EVERY = timedelta(minutes=10)
# What another replica wrote is found by looking again; what this one wrote wakes the page at once.
_LOOK_AGAIN = 2.0


class ChatNews:
    """Wakes the open pages of a session."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    def notify(self, external_id: str) -> None:
        """Something may be new for this session."""
        for event in self._waiting.get(external_id, ()):
            event.set()

    async def wait(self, external_id: str, timeout: float) -> None:
        """Until `notify`, at the latest after `timeout` seconds."""
        event = asyncio.Event()
        self._waiting[external_id].add(event)
        try:
            await news_within(event, timeout)
        finally:
            self._waiting[external_id].discard(event)
            if not self._waiting[external_id]:
                del self._waiting[external_id]


class ChatStore:
    """The ChatBackend of the running program."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        news: ChatNews,
        folders: tuple[Path, Path],
        accept: Callable[[Sequence[Envelope]], Awaitable[int]],
        house: Callable[[], House],
    ) -> None:
        self._database = database
        self._clock = clock
        self._news = news
        self._incoming, self._media = folders
        self._accept = accept
        self._house = house

    async def open_session(self, token: str) -> str:
        """Keep a new session; the token itself is never stored."""
        now, external_id = self._clock(), secrets.token_hex(16)
        row = WebSession(token_hash=_hash(token), external_id=external_id, created_at=now, last_seen_at=now)
        await self._database.run(lambda s: s.add(row), ahead=True)
        return external_id

    async def find_session(self, token: str) -> str | None:
        """The session, if it was used within thirty days; its use is noted every ten minutes at most."""
        now = self._clock()
        row = await self._database.read(lambda s: s.get(WebSession, _hash(token)))
        if row is None or row.last_seen_at < now - _IDLE:
            return None
        if row.last_seen_at < now - _NOTE_SEEN_EVERY:
            seen = update(WebSession).where(col(WebSession.token_hash) == row.token_hash)
            await self._database.run(lambda s: s.execute(seen.values(last_seen_at=now)), ahead=True)
        return row.external_id

    async def is_open(self, external_id: str) -> bool:
        """False when the token was forgotten, by the person or because a duty of the office ended."""
        query = select(WebSession).where(WebSession.external_id == external_id)
        try:
            return await self._database.read(lambda s: s.exec(query).first()) is not None
        except DBAPIError as error:
            raise BackendUnavailable from error

    async def end_session(self, token: str) -> None:
        """Forget the token."""
        gone = delete(WebSession).where(col(WebSession.token_hash) == _hash(token))
        await self._database.run(lambda s: s.execute(gone), ahead=True)

    async def accept(self, envelope: Envelope) -> bool:
        """Record durably. Raises BackendUnavailable when it cannot be stored now."""
        try:
            is_new = await self._accept([envelope]) > 0
        except DBAPIError as error:
            raise BackendUnavailable from error
        # A second page of the same person shows the line at once.
        self._news.notify(envelope.sender_key.rpartition("/")[2])
        return is_new

    async def history(self, external_id: str, after: str | None, limit: int) -> list[ChatLine]:
        """Lines in order: beyond a cursor the first `limit`, without one the last `limit`."""
        try:
            return await self._database.read(lambda s: _history(s, external_id, after, limit))
        except DBAPIError as error:
            raise BackendUnavailable from error

    async def wait_news(self, external_id: str, timeout: float) -> None:
        """Until a line may be new."""
        await self._news.wait(external_id, min(timeout, _LOOK_AGAIN))

    async def awaits_document(self, external_id: str) -> bool:
        """Whether this person is in the midst of an announcement that a document could go with."""
        address, now = Address(NAME, ACCOUNT, external_id), self._clock()
        return await self._database.read(lambda s: awaits_document(s, self._house(), address, address, now))

    async def save_upload(self, data: bytes, suffix: str) -> str:
        """Keep an upload under a name of our own until its message is handled."""
        name = secrets.token_hex(16) + suffix
        self._incoming.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(write_durably, self._incoming / name, data)
        return name

    async def open_picture(self, external_id: str, name: str) -> Path | bytes | None:
        """Only what stands in this person's own conversation: a file, or a PNG that was drawn just now."""
        found = await self._database.read(lambda s: self._find_picture(s, external_id, name))
        if isinstance(found, Picture):
            return await asyncio.to_thread(draw_bars, found.chart) if found.chart is not None else None
        return found

    def _find_picture(self, session: Session, external_id: str, name: str) -> Path | Picture | None:
        address = Address(NAME, ACCOUNT, external_id)
        mine = select(InboxItem.id).where(
            InboxItem.sender_key == address.key, col(InboxItem.raw).contains(name, autoescape=True)
        )
        if session.exec(mine.limit(1)).first() is not None:
            return _existing(self._incoming / name)
        contact = find_contact(session, address)
        if contact is None:
            return None
        for row in _sent_rows(session, contact.id or 0, None, limit=200):
            for picture in content_from_json(row.content).pictures:
                if picture.stored == name:
                    return picture if picture.chart is not None else _existing(media_path(self._media, name))
        return None


def _history(session: Session, external_id: str, after: str | None, limit: int) -> list[ChatLine]:
    address = Address(NAME, ACCOUNT, external_id)
    since = cursor_instant(after) if after else None
    lines = [line for item in _own_rows(session, address.key, since, limit) if (line := _own(item))]
    contact = find_contact(session, address)
    if contact is not None:
        for row in _sent_rows(session, contact.id or 0, since, limit):
            content, sent_at = content_from_json(row.content), row.sent_at or row.created_at
            # Emptied after its time: there is nothing left to show.
            if content.text or content.pictures:
                lines.append(our_line(content, sent_at, row.id or 0, row.external_id or ""))
    lines.sort(key=lambda line: line.id)
    if after is None:
        return lines[-limit:]
    return [line for line in lines if line.id > after][:limit]


def _own(item: InboxItem) -> ChatLine | None:
    if not item.raw.startswith("{"):
        return None  # blanked after its time, or because it must not be kept
    return own_line(item.raw, item.received_at, item.id or 0, item.status == InboxStatus.NEW)


def _own_rows(session: Session, sender_key: str, since: datetime | None, limit: int) -> Sequence[InboxItem]:
    query = select(InboxItem).where(InboxItem.sender_key == sender_key)
    if since is not None:
        query = query.where(col(InboxItem.received_at) >= since).order_by(col(InboxItem.id))
        return session.exec(query.limit(limit)).all()
    return session.exec(query.order_by(col(InboxItem.id).desc()).limit(limit)).all()


def _sent_rows(session: Session, contact_id: int, since: datetime | None, limit: int) -> Sequence[Delivery]:
    query = select(Delivery).where(Delivery.contact_id == contact_id, Delivery.status == DeliveryStatus.SENT)
    if since is not None:
        query = query.where(col(Delivery.sent_at) >= since).order_by(col(Delivery.id))
        return session.exec(query.limit(limit)).all()
    return session.exec(query.order_by(col(Delivery.id).desc()).limit(limit)).all()


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None


def _hash(token: str) -> str:
    return hashlib.sha256(f"chat:{token}".encode()).hexdigest()
