"""Drives the web chat for the contract suite: the page's own JSON goes in, the screen is what was sent."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

from bot.channels.contract import Channel, SendError, SendResult
from bot.channels.webchat import ACCOUNT, NAME, WebChatChannel
from core.messages import Address, Content, Envelope, MessageKind
from tests.channels.harness import Harness, Shown

SESSION: Final = "5e55100000000000000000000000c0de"
# What nobody can do on our page: it has no button for it.
CANNOT: Final = frozenset(
    {
        MessageKind.VIDEO,
        MessageKind.STICKER,
        MessageKind.EDITED,
        MessageKind.LEFT,
        MessageKind.UNSUPPORTED,
    }
)


class ScreenedWebChat(WebChatChannel):
    """The real channel; beside the outbox row, which is the screen in real life, it keeps what was sent."""

    screen: list[Shown]

    async def send(self, address: Address, content: Content) -> SendResult:
        """Send, then show."""
        result = await super().send(address, content)
        titles = tuple(choice.title for choice in content.choices)
        self.screen.append(Shown(content.text, titles, len(content.pictures), result.external_ids[0]))
        return result


class WebChatHarness:
    """A person in front of the page."""

    name = NAME
    citizen = Address(NAME, ACCOUNT, SESSION)

    def __init__(self, folder: Path) -> None:
        self._incoming, media = folder / "incoming", folder / "media"
        for needed in (self._incoming, media):
            needed.mkdir(exist_ok=True)
        self.woken: list[str] = []
        self._webchat = ScreenedWebChat(
            self._incoming, self.woken.append, "https://chat.example.vn", media=media
        )
        self._webchat.screen = []
        self.channel: Channel = self._webchat

    async def does(self, kind: MessageKind, **fields: object) -> Sequence[Envelope]:
        """Post what the page posts for this act; nothing for what the page has no button for."""
        if kind in CANNOT:
            return []
        body = {"id": secrets.token_hex(16), **self._page_message(kind, fields)}
        return self.channel.accept(self._webchat.session_headers(SESSION), json.dumps(body).encode())

    def _page_message(self, kind: MessageKind, fields: dict[str, object]) -> dict[str, Any]:
        reply = {"reply_to": fields["reply_to"]} if fields.get("reply_to") else {}
        text = str(fields.get("text") or "")
        match kind:
            case MessageKind.CHOICE:
                return {"kind": "choice", "text": text or "Chọn", "action": fields.get("action", "pick:1")}
            case MessageKind.PHOTO:
                return {"kind": "photo", "text": text, "photos": self._upload(fields), **reply}
            case MessageKind.LOCATION:
                point = [fields.get("latitude", 21.02), fields.get("longitude", 105.85)]
                return {"kind": "location", "location": point}
            case MessageKind.PHONE:
                return {"kind": "phone", "phone": str(fields.get("phone", "0912345678"))}
            case MessageKind.VOICE:
                name = self._keep(cast("bytes", fields.get("data", b"OggS")), "ogg")
                return {"kind": "voice", "voice": name, "seconds": 3, "text": text}
            case MessageKind.FILE:
                return {
                    "kind": "document",
                    "document": self._keep(cast("bytes", fields.get("data", b"%PDF")), "pdf"),
                    "name": "don.pdf",
                    **reply,
                }
            case MessageKind.JOINED:
                return {"kind": "begin"}
        if fields.get("start"):
            return {"kind": "start", "start": fields["start"]}
        return {"kind": "text", "text": text or "Xin chào", **reply}

    def _upload(self, fields: dict[str, object]) -> list[str]:
        names = []
        for data in cast("list[bytes]", fields.get("photos") or [b"\x89PNG\r\n\x1a\n"]):
            names.append(self._keep(data, "png"))
        return names

    def _keep(self, data: bytes, ending: str) -> str:
        name = f"{secrets.token_hex(16)}.{ending}"
        (self._incoming / name).write_bytes(data)
        return name

    def shown(self) -> list[Shown]:
        """Everything that was sent, oldest first."""
        return list(self._webchat.screen)

    async def fail_next(self, error: type[SendError]) -> bool:
        """There is no provider that could fail."""
        return False

    async def forge(self) -> tuple[dict[str, str], bytes] | None:
        """A call that names a session, as a stranger would, without the channel's seal."""
        body = {"kind": "text", "id": secrets.token_hex(16), "text": "giả mạo"}
        return {"x-nghedan-session": SESSION}, json.dumps(body).encode()

    async def close(self) -> None:
        """Stop the channel."""
        await self.channel.stop()


async def open_harness(tmp_path: Path) -> Harness:
    """A started channel with its folders."""
    harness = WebChatHarness(tmp_path)
    await harness.channel.start()
    return harness
