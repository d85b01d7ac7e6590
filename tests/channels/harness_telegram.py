"""Drives the Telegram channel, by webhook or by polling, for the contract suite and for Telegram's own tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, cast

from aiohttp import web

from bot.channels.contract import (
    Ambiguous,
    Channel,
    ConnectionFailed,
    Malformed,
    Misconfigured,
    RecipientGone,
    RecipientMoved,
    Rejected,
    SendError,
    Throttled,
    Unauthentic,
)
from bot.channels.telegram import TelegramChannel
from core.messages import Address, Choice, Content, Envelope, MessageKind
from tests.channels.harness import Harness, Shown
from tests.fakes.telegram import TOKEN, FakeTelegram, Fault
from tests.fakes.telegram.people import PNG

CITIZEN: Final = 5_812_000_111
SECRET: Final = "webhook-secret_0123456789"
WAIT_SECONDS: Final = 10
_FAULTS: Final[Mapping[type[SendError], Fault]] = MappingProxyType(
    {
        ConnectionFailed: Fault.SERVER_ERROR,
        Throttled: Fault.THROTTLE,
        RecipientGone: Fault.BLOCKED,
        RecipientMoved: Fault.MIGRATED,
        Rejected: Fault.UNKNOWN_400,
        Misconfigured: Fault.UNAUTHORIZED,
        Ambiguous: Fault.DROP_AFTER,
    }
)


class Door:
    """A webhook address as the gateway has it; `status` is answered instead of taking the update."""

    def __init__(self) -> None:
        self.channel: TelegramChannel | None = None
        self.taken: list[Envelope] = []
        self.status = 200
        self.bodies: list[bytes] = []
        self._runner: web.AppRunner | None = None

    async def open(self) -> str:
        """Listen; the address."""
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)
        if self.status != 200:
            return web.Response(status=self.status)
        assert self.channel is not None
        try:
            self.taken += self.channel.accept(dict(request.headers), body)
        except Unauthentic as refused:
            return web.Response(status=refused.status)
        except Malformed:
            return web.Response(status=400)
        return web.Response()

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()


def channel_for(
    fake: FakeTelegram,
    media: Path,
    mode: Literal["polling", "webhook"] = "polling",
    webhook_url: str | None = None,
    *,
    token: str = TOKEN,
    seconds: float = 5.0,
) -> TelegramChannel:
    """A channel whose provider is the fake."""
    return TelegramChannel(
        token,
        base_url=fake.base_url,
        mode=mode,
        secret=SECRET,
        webhook_url=webhook_url,
        media=media,
        seconds=seconds,
    )


class TelegramHarness:
    """One citizen who has started the bot, one channel, one fake."""

    name = "telegram"

    def __init__(self, fake: FakeTelegram, channel: TelegramChannel, door: Door, media: Path) -> None:
        self.fake = fake
        # The contract's suite sees the contract, Telegram's own tests may see more.
        self.channel: Channel = channel
        self.telegram = channel
        self.door = door
        self.media = media
        self.citizen = Address(channel.name, channel.account, str(CITIZEN))
        self._cursor: str | None = None

    async def does(self, kind: MessageKind, **fields: object) -> Sequence[Envelope]:
        """The person does something; its updates come by the channel's own way."""
        return await self.receive(await self._act(kind, fields))

    async def receive(self, updates: Sequence[int]) -> list[Envelope]:
        """Wait for these updates and take them."""
        wanted = {str(number) for number in updates}
        async with asyncio.timeout(WAIT_SECONDS):
            while not wanted <= {envelope.external_id for envelope in self.door.taken}:
                if self.channel.polls:
                    batch = await self.channel.poll(self._cursor)
                    self._cursor = batch.cursor
                    self.door.taken += batch.envelopes
                else:
                    await asyncio.sleep(0.005)
        return sorted(
            (e for e in self.door.taken if e.external_id in wanted), key=lambda e: int(e.external_id)
        )

    def shown(self) -> list[Shown]:
        """Everything of ours on the person's screen, oldest first."""
        return [
            Shown(one.text, one.buttons + one.keyboard, one.pictures, str(one.message_id))
            for one in self.fake.world.screen(CITIZEN)
        ]

    async def fail_next(self, error: type[SendError]) -> bool:
        """Telegram's tokens do not expire and it has no window: those two cannot happen."""
        if error not in _FAULTS:
            return False
        self.fake.faults.next(_FAULTS[error])
        return True

    async def forge(self) -> tuple[dict[str, str], bytes] | None:
        """A call by somebody who guesses the secret."""
        if self.channel.polls:
            return None
        return {"X-Telegram-Bot-Api-Secret-Token": f"{SECRET[:-1]}x"}, b'{"update_id":1,"message":{}}'

    async def close(self) -> None:
        """Stop channel and fake."""
        await self.channel.stop()
        await self.fake.close()
        await self.door.close()

    async def _act(self, kind: MessageKind, fields: Mapping[str, object]) -> list[int]:
        people, text = self.fake.people, str(fields.get("text", ""))
        if fields.get("start"):
            return people.start(CITIZEN, str(fields["start"]))
        match kind:
            case MessageKind.TEXT:
                reply = int(str(fields["reply_to"])) if fields.get("reply_to") else None
                return people.text(CITIZEN, text, reply_to=reply)
            case MessageKind.CHOICE:
                return await self._tap(str(fields.get("action", "a")))
            case MessageKind.PHOTO:
                photos = cast("Sequence[bytes]", fields.get("photos") or (PNG,))
                if len(photos) == 1:
                    return people.photo(CITIZEN, photos[0], text)
                return people.album(CITIZEN, photos, text)
            case MessageKind.LOCATION:
                place = [float(str(fields.get(name, 16.46))) for name in ("latitude", "longitude")]
                return people.location(CITIZEN, place[0], place[1])
            case MessageKind.PHONE:
                return people.contact(CITIZEN, str(fields.get("phone", "84912345678")))
            case _:
                return self._rare(kind, text, cast("bytes", fields.get("data", b"OggS")))

    async def _tap(self, action: str) -> list[int]:
        try:
            return self.fake.people.tap(CITIZEN, action)
        except ValueError:
            # Only what is on the screen can be tapped: put it there.
            await self.channel.send(self.citizen, Content("?", choices=(Choice("Chọn", action),)))
            return self.fake.people.tap(CITIZEN, action)

    def _rare(self, kind: MessageKind, text: str, data: bytes) -> list[int]:
        people, groups = self.fake.people, self.fake.groups
        acts: dict[MessageKind, Callable[[], list[int]]] = {
            MessageKind.VOICE: lambda: people.voice(CITIZEN, data),
            MessageKind.VIDEO: lambda: people.video(CITIZEN),
            MessageKind.STICKER: lambda: people.sticker(CITIZEN),
            MessageKind.FILE: lambda: people.document(CITIZEN, data=data),
            MessageKind.EDITED: lambda: self._edit(text),
            MessageKind.JOINED: lambda: groups.unblock(CITIZEN),
            MessageKind.LEFT: lambda: groups.block(CITIZEN),
            MessageKind.UNSUPPORTED: lambda: people.dice(CITIZEN),
        }
        return acts[kind]()

    def _edit(self, text: str) -> list[int]:
        self.fake.people.text(CITIZEN, "before the edit")
        return self.fake.people.edit(CITIZEN, self.fake.people.last_own(CITIZEN), text)


async def open_telegram(tmp_path: Path, mode: Literal["polling", "webhook"]) -> TelegramHarness:
    """A started channel and a citizen who has pressed Start."""
    fake, door = FakeTelegram(), Door()
    await fake.start()
    url = await door.open()
    media = tmp_path / "media"
    media.mkdir(exist_ok=True)
    channel = channel_for(fake, media, mode, url if mode == "webhook" else None)
    door.channel = channel
    await channel.start()
    harness = TelegramHarness(fake, channel, door, media)
    await harness.receive(fake.people.start(CITIZEN))
    return harness


async def open_harness(tmp_path: Path) -> Harness:
    """By webhook, as in production."""
    return await open_telegram(tmp_path, "webhook")


async def open_polling_harness(tmp_path: Path) -> Harness:
    """By polling, as on the first afternoon."""
    return await open_telegram(tmp_path, "polling")
