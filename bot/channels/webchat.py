"""The web chat as a channel: reads what our page posts; what it sends is seen once it is recorded."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.channels.contract import (
    Batch,
    Pace,
    Rejected,
    ReplyWindow,
    SendResult,
    Unauthentic,
)
from bot.channels.webchat_message import (
    STORED_DOCUMENT,
    STORED_NAME,
    STORED_RECORDING,
    PageKind,
    read_page_message,
)
from core.messages import (
    Address,
    Attachment,
    Content,
    Envelope,
    IncomingMessage,
    Limits,
    Location,
    MessageKind,
)

NAME = "webchat"
ACCOUNT = "web"

_SESSION_HEADER = "x-nghedan-session"
_SEAL_HEADER = "x-nghedan-seal"
_KINDS = {
    PageKind.TEXT: MessageKind.TEXT,
    PageKind.CHOICE: MessageKind.CHOICE,
    PageKind.PHOTO: MessageKind.PHOTO,
    PageKind.VOICE: MessageKind.VOICE,
    PageKind.DOCUMENT: MessageKind.FILE,
    PageKind.LOCATION: MessageKind.LOCATION,
    PageKind.PHONE: MessageKind.PHONE,
    PageKind.START: MessageKind.TEXT,
    PageKind.BEGIN: MessageKind.JOINED,
}
_STORED = {MessageKind.FILE: STORED_DOCUMENT, MessageKind.VOICE: STORED_RECORDING}


def _now() -> datetime:
    return datetime.now(UTC)


class WebChatChannel:
    """The channel of our own page. It has no provider: `notify` wakes the open pages of a session."""

    name = NAME
    account = ACCOUNT
    limits = Limits(text=4000, caption=4000, choices=10, choice_title=80, pictures=5)
    pace = Pace(per_second=1000, burst=1000, concurrency=16)
    polls = False

    def __init__(
        self,
        incoming: Path,
        notify: Callable[[str], None],
        public_url: str,
        clock: Callable[[], datetime] = _now,
        media: Path | None = None,
    ) -> None:
        """`incoming` holds uploads; with `media` a picture that is not there is refused before it is shown."""
        self._incoming = incoming
        self._media = media
        self._notify = notify
        self._public_url = public_url.rstrip("/")
        self._clock = clock
        # Only code that holds this object can speak for a session: a webhook call from outside, copied
        # headers and all, can never contain a secret that was drawn at start and is told to nobody.
        self._seal = secrets.token_hex(32)

    async def start(self) -> None:
        """Nothing to check: the page and its routes are ours."""

    async def stop(self) -> None:
        """Nothing to let go of: the routes end the open streams."""

    async def maintain(self, now: datetime) -> None:
        """Nothing expires."""

    def session_headers(self, session: str) -> dict[str, str]:
        """What the chat route hands to `accept` after it has checked the cookie of this session."""
        return {_SESSION_HEADER: session, _SEAL_HEADER: self._seal}

    def accept(self, headers: Mapping[str, str], body: bytes) -> Sequence[Envelope]:
        """Read one message of the page. Raises Unauthentic without our seal, Malformed with its reason."""
        session = headers.get(_SESSION_HEADER, "")
        if not session or not hmac.compare_digest(
            headers.get(_SEAL_HEADER, "").encode(), self._seal.encode()
        ):
            raise Unauthentic(401)
        message = read_page_message(body)
        message["session"] = session
        message["at"] = self._clock().isoformat()
        address = Address(NAME, ACCOUNT, session)
        raw = json.dumps(message, ensure_ascii=False, sort_keys=True)
        return [Envelope(NAME, ACCOUNT, f"{session}:{message['id']}", address.key, raw)]

    async def poll(self, cursor: str | None) -> Batch:
        """Never called: the page comes to us."""
        return Batch((), cursor)

    async def acknowledge(self, envelope: Envelope) -> None:
        """The page shows a tapped choice by itself."""

    def read(self, parts: Sequence[Envelope]) -> IncomingMessage | None:
        """Understand one recorded message; the page sends all photos of a message in one envelope."""
        if not parts:
            return None
        value = json.loads(parts[0].raw)
        address = Address(NAME, ACCOUNT, value["session"])
        point = value.get("location")
        return IncomingMessage(
            sender=address,
            chat=address,
            external_id=parts[0].external_id,
            kind=_KINDS[PageKind(value["kind"])],
            sent_at=datetime.fromisoformat(value["at"]),
            text=value.get("text", ""),
            action=value.get("action"),
            start=value.get("start"),
            reply_to=value.get("reply_to"),
            attachments=_attachments(value),
            location=Location(point[0], point[1]) if point else None,
            phone=value.get("phone"),
            message_ids=(parts[0].external_id,),
        )

    async def send(self, address: Address, content: Content) -> SendResult:
        """Name the message and wake the page: the outbox row itself is what the page shows."""
        for picture in content.pictures:
            if (
                picture.chart is None
                and self._media is not None
                and not _lies_in(self._media, picture.stored)
            ):
                raise Rejected("picture", "no such picture")
        self._notify(address.external_id)
        return SendResult((uuid.uuid4().hex,))

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        """The bytes of an upload. Raises Rejected for a foreign name, a lost or a too large file."""
        if not _STORED.get(attachment.kind, STORED_NAME).fullmatch(attachment.source):
            raise Rejected("name", "not a name of ours")
        return await asyncio.to_thread(_read_file, self._incoming / attachment.source, limit)

    async def profile(self, address: Address) -> str | None:  # noqa: ARG002
        """The web chat asks nobody for a name."""
        return None

    def reply_window(self, last_interaction: datetime | None, now: datetime) -> ReplyWindow:  # noqa: ARG002
        """Always open: it is our own page."""
        return ReplyWindow.OPEN

    def deep_link(self, start: str) -> str | None:
        """The chat page, which hands `start` over by POST once it is open."""
        return f"{self._public_url}/chat?start={quote(start, safe='')}"


def _attachments(value: Mapping[str, Any]) -> tuple[Attachment, ...]:
    if "document" in value:
        return (Attachment(MessageKind.FILE, value["document"], value["name"]),)
    if "voice" in value:
        return (Attachment(MessageKind.VOICE, value["voice"]),)
    return tuple(Attachment(MessageKind.PHOTO, name) for name in value.get("photos", ()))


def _lies_in(folder: Path, name: str) -> bool:
    return Path(name).name == name and (folder / name).is_file()


def _read_file(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise Rejected("gone", "no such upload") from None
    if len(data) > limit:
        raise Rejected("too_large", "upload over the limit")
    return data
