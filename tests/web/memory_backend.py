"""A ChatBackend in memory, and an office that answers: what the page and its routes are tested against."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.webchat import WebChatChannel
from bot.web.chat_backend import BackendUnavailable, ChatLine, our_line, own_line
from core.messages import Address, Content, Envelope, IncomingMessage

Answer = Callable[[IncomingMessage], Content | None]


@dataclass
class _Own:
    raw: str
    at: datetime
    number: int
    handled: bool = False


@dataclass
class MemoryBackend:
    """Keeps everything in lists; `down`: unavailable, `answer` is the office, `asked`: whose document is wanted."""

    folder: Path
    answer: Answer | None = None
    down: bool = False
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    attempts: int = 0
    _sessions: dict[str, str] = field(default_factory=dict)
    _own: dict[str, list[_Own]] = field(default_factory=lambda: defaultdict(list))
    _ours: dict[str, list[ChatLine]] = field(default_factory=lambda: defaultdict(list))
    _waiting: dict[str, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))
    drawn: dict[str, bytes] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    _number: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.channel = WebChatChannel(self.folder, self.notify, "http://127.0.0.1")

    def notify(self, external_id: str) -> None:
        for event in self._waiting[external_id]:
            event.set()

    def messages(self) -> list[IncomingMessage]:
        """Everything that was recorded, understood."""
        read = [self.channel.read([envelope]) for envelope in self.envelopes.values()]
        return [message for message in read if message is not None]

    def sessions(self) -> list[str]:
        return list(self._sessions.values())

    async def is_open(self, external_id: str) -> bool:
        return external_id in self._sessions.values()

    def forget_sessions(self) -> None:
        self._sessions.clear()

    async def say(self, external_id: str, content: Content) -> str:
        """Send as the real sender does: the page is woken a moment before the settlement is stored."""
        result = await self.channel.send(Address("webchat", "web", external_id), content)
        await asyncio.sleep(0.02)
        self._number += 1
        line = our_line(content, datetime.now(UTC), self._number, result.external_ids[0])
        self._ours[external_id].append(line)
        return result.external_ids[0]

    async def _reply(self, external_id: str, envelope: Envelope, own: _Own) -> None:
        message = self.channel.read([envelope])
        content = self.answer(message) if self.answer and message else None
        own.handled = True
        if content is not None:
            await self.say(external_id, content)

    def _check(self) -> None:
        if self.down:
            raise BackendUnavailable

    async def open_session(self, token: str) -> str:
        self._check()
        self._sessions[token] = uuid.uuid4().hex
        return self._sessions[token]

    async def find_session(self, token: str) -> str | None:
        self._check()
        return self._sessions.get(token)

    async def end_session(self, token: str) -> None:
        self._sessions.pop(token, None)

    async def accept(self, envelope: Envelope) -> bool:
        self._check()
        self.attempts += 1
        if envelope.external_id in self.envelopes:
            return False
        self.envelopes[envelope.external_id] = envelope
        external_id = json.loads(envelope.raw)["session"]
        self._number += 1
        own = _Own(envelope.raw, datetime.now(UTC), self._number)
        self._own[external_id].append(own)
        self.notify(external_id)
        task = asyncio.create_task(self._reply(external_id, envelope, own))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def history(self, external_id: str, after: str | None, limit: int) -> list[ChatLine]:
        self._check()
        own = [own_line(o.raw, o.at, o.number, not o.handled) for o in self._own[external_id]]
        lines = [line for line in own if line is not None] + self._ours[external_id]
        lines.sort(key=lambda line: line.id)
        if after is None:
            return lines[-limit:]
        return [line for line in lines if line.id > after][:limit]

    async def wait_news(self, external_id: str, timeout: float) -> None:
        event = asyncio.Event()
        self._waiting[external_id].add(event)
        try:
            await asyncio.wait_for(event.wait(), timeout)
        except TimeoutError:
            return
        finally:
            self._waiting[external_id].discard(event)

    async def awaits_document(self, external_id: str) -> bool:
        return external_id in self.asked

    async def save_upload(self, data: bytes, suffix: str) -> str:
        name = uuid.uuid4().hex + suffix
        (self.folder / name).write_bytes(data)
        return name

    async def open_picture(self, external_id: str, name: str) -> Path | bytes | None:
        own = any(name in json.loads(o.raw).get("photos", ()) for o in self._own[external_id])
        ours = any(url.endswith("/" + name) for line in self._ours[external_id] for url, _ in line.pictures)
        if ours and name in self.drawn:
            return self.drawn[name]
        path = self.folder / name
        return path if (own or ours) and path.is_file() else None
