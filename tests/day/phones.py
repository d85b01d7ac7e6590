"""The pretended provider: three channels with their limits and bad moments, and the telephones behind them."""

from __future__ import annotations

import io
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from bot.channels.contract import (
    Ambiguous,
    Batch,
    ConnectionFailed,
    Pace,
    RecipientGone,
    ReplyWindow,
    SendError,
    SendResult,
    Throttled,
)
from core.calendar import LOCAL
from core.messages import Address, Attachment, Choice, Content, Envelope, IncomingMessage, MessageKind
from tests.props import LIMITS

ACCOUNT = "phuong-mau"
_MENU = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
# Of a thousand sends: how many arrive although the provider's answer is lost.
_LOST_ANSWERS = 4
# When Telegram cannot be reached at all, and when Zalo asks for patience, as hours of the day.
_DOWN, _BUSY = (10.0, 10.1), (14.0, 14.05)


@dataclass(frozen=True, slots=True)
class Seen:
    """One message on a screen. `again`: the provider lost its answer to us, so it was sent once more."""

    at: datetime
    text: str
    choices: tuple[Choice, ...]
    external_id: str
    again: bool = False

    def number_of(self, title: str) -> str | None:
        """The number under which a choice stands in the text, where the channel shows too few buttons."""
        return next((number for number, name in _MENU.findall(self.text) if name == title), None)

    def titles(self) -> list[str]:
        """All that can be chosen here."""
        shown = [choice.title for choice in self.choices]
        return shown + [name for _, name in _MENU.findall(self.text) if name not in shown]


@dataclass(frozen=True, slots=True)
class Act:
    """What a person does with the telephone. `times` 2: the provider hands the same update over twice."""

    kind: str = MessageKind.TEXT.value
    text: str = ""
    action: str | None = None
    reply_to: str | None = None
    photos: int = 0
    times: int = 1


@dataclass
class Phone:
    """A telephone: its address, what it shows, and what it was shown twice because an answer got lost."""

    address: Address
    name: str
    is_gone: bool = False
    screen: list[Seen] = field(default_factory=list)
    doubled: int = 0
    doubtful: Counter[str] = field(default_factory=Counter)


class Provider:
    """All telephones of a ward."""

    def __init__(self, clock: Callable[[], datetime], dice: random.Random) -> None:
        self.clock = clock
        self.phones: dict[str, Phone] = {}
        self.channels = {name: DayChannel(name, self) for name in LIMITS}
        self.fresh: list[tuple[Phone, Seen]] = []
        self.sent = 0
        self.errors: Counter[str] = Counter()
        self._dice = dice
        picture = io.BytesIO()
        Image.new("RGB", (16, 12), (90, 120, 60)).save(picture, "JPEG")
        self.picture = picture.getvalue()

    def add(self, channel: str, name: str) -> Phone:
        """A new telephone."""
        phone = Phone(Address(channel, ACCOUNT, f"{len(self.phones) + 1}"), name)
        self.phones[phone.address.key] = phone
        return phone

    def envelope(self, phone: Phone, act: Act) -> Envelope:
        """An act as the provider would hand it over."""
        self.sent += 1
        raw = {**asdict(act), "at": self.clock().isoformat(), "id": f"m{self.sent}", "name": phone.name}
        raw["from"] = phone.address.external_id
        return Envelope(
            phone.address.channel,
            ACCOUNT,
            f"u{self.sent}",
            phone.address.key,
            json.dumps(raw, ensure_ascii=False),
        )

    def show(self, address: Address, content: Content) -> str:
        """Deliver, unless this is a bad moment. Raises SendError."""
        phone, now = self.phones[address.key], self.clock()
        error = self._bad_luck(phone, now)
        if error is not None:
            self.errors[type(error).__name__] += 1
        if error is not None and not isinstance(error, Ambiguous):
            raise error
        external_id = f"s{len(phone.screen)}-{address.external_id}"
        mark = f"{content.text}|{len(content.pictures)}"
        again = phone.doubtful[mark] > 0
        phone.doubtful[mark] -= again
        phone.doubled += again
        seen = Seen(now, content.text, content.choices, external_id, again)
        phone.screen.append(seen)
        self.fresh.append((phone, seen))
        if error is not None:
            phone.doubtful[mark] += 1
            raise error
        return external_id

    def _bad_luck(self, phone: Phone, now: datetime) -> SendError | None:
        local, name = now.astimezone(LOCAL), phone.address.channel
        hour = local.hour + local.minute / 60 + local.second / 3600
        if phone.is_gone and phone.screen:
            return RecipientGone("403")
        if name == "telegram" and _DOWN[0] <= hour < _DOWN[1]:
            return ConnectionFailed("down")
        if name == "zalo" and _BUSY[0] <= hour < _BUSY[1] and self._dice.random() < 0.3:
            return Throttled(0.01, "429")
        return Ambiguous("timeout") if self._dice.random() < _LOST_ANSWERS / 1000 else None


class DayChannel:
    """A channel whose provider is this program."""

    polls = False

    def __init__(self, name: str, provider: Provider) -> None:
        self.name, self.account, self.limits = name, ACCOUNT, LIMITS[name]
        self.pace = Pace(per_second=1e6, burst=1_000_000, concurrency=16)
        self._provider = provider

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def maintain(self, now: datetime) -> None: ...

    def accept(self, headers: Mapping[str, str], body: bytes) -> Sequence[Envelope]:
        raise NotImplementedError

    async def poll(self, cursor: str | None) -> Batch:
        raise NotImplementedError

    async def acknowledge(self, envelope: Envelope) -> None: ...

    def read(self, parts: Sequence[Envelope]) -> IncomingMessage:
        told: dict[str, Any] = json.loads(parts[0].raw)
        sender = Address(self.name, ACCOUNT, told["from"])
        photos = tuple(Attachment(MessageKind.PHOTO, f"{told['id']}-{at}") for at in range(told["photos"]))
        return IncomingMessage(
            sender=sender,
            chat=sender,
            external_id=told["id"],
            kind=MessageKind(told["kind"]),
            sent_at=datetime.fromisoformat(told["at"]),
            text=told["text"],
            action=told["action"],
            reply_to=told["reply_to"],
            attachments=photos,
            sender_name=told["name"],
        )

    async def send(self, address: Address, content: Content) -> SendResult:
        return SendResult((self._provider.show(address, content),))

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        return self._provider.picture

    async def profile(self, address: Address) -> str | None:
        return None

    def reply_window(self, last_interaction: datetime | None, now: datetime) -> ReplyWindow:
        fresh = last_interaction is not None and now - last_interaction < timedelta(hours=48)
        return ReplyWindow.OPEN if fresh or self.name != "zalo" else ReplyWindow.CLOSED

    def deep_link(self, start: str) -> str | None:
        return None
