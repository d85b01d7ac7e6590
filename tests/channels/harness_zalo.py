"""Drives the Zalo channel against the fake Zalo for the contract suite and for Zalo's own tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast

import aiohttp

from bot.channels.contract import (
    Ambiguous,
    Channel,
    ConnectionFailed,
    CredentialExpired,
    Misconfigured,
    RecipientGone,
    Rejected,
    SendError,
    Throttled,
    TokenPair,
    WindowClosed,
)
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo.reading import PAYLOAD, START
from core.messages import Address, Envelope, MessageKind
from tests.channels.harness import Harness, Shown
from tests.fakes.zalo import Fault, Signed, ZaloFake

CITIZEN: Final = "2512523625412515"
_BYTES: Final = b"\0" * 64
_FAULTS: Final[Mapping[type[SendError], tuple[Fault, int]]] = MappingProxyType(
    {
        ConnectionFailed: (Fault("http", status=503), 1),
        Throttled: (Fault("code", -32, "Rate limit of requests per minute"), 1),
        # Refused again right after the renewal: nothing more can be done in this call.
        CredentialExpired: (Fault("code", -216, "Access token is invalid"), 2),
        RecipientGone: (Fault("code", -244, "User has restricted this type of message"), 1),
        WindowClosed: (Fault("code", -230, "User has not interacted in the past 7 days"), 1),
        Rejected: (Fault("code", -201, "text is invalid"), 1),
        Misconfigured: (Fault("code", -221, "OA has not been verified"), 1),
        Ambiguous: (Fault("drop_after"), 1),
    }
)


class MemoryVault:
    """A vault for tests that several channels may share, with the lease of the real one."""

    def __init__(self) -> None:
        self.pair: TokenPair | None = None
        self.forget_next = False
        self._lease = asyncio.Lock()

    async def load(self) -> TokenPair | None:
        """The stored pair, if any."""
        return self.pair

    async def save(self, pair: TokenPair) -> None:
        """Keep a pair."""
        self.pair = pair

    async def renew(
        self, seen: TokenPair, exchange: Callable[[TokenPair], Awaitable[TokenPair]]
    ) -> TokenPair:
        """One exchange; with `forget_next` the process dies before the new pair is stored."""
        async with self._lease:
            if self.pair is not None and self.pair != seen:
                return self.pair
            found = await exchange(seen)
            if self.forget_next:
                self.forget_next = False
                raise ConnectionResetError("died between exchange and storing")
            self.pair = found
            return found

    def age(self, by: timedelta) -> None:
        """Bring the end of the access token nearer."""
        if self.pair is not None:
            self.pair = TokenPair(self.pair.access, self.pair.refresh, self.pair.expires_at - by)


def channel_for(
    fake: ZaloFake,
    vault: MemoryVault,
    media: Path,
    *,
    first_refresh_token: str | None = None,
    app_secret_proof: bool = False,
    total: float = 5.0,
    template_id: str = "",
) -> ZaloChannel:
    """A channel whose provider is the fake."""
    return ZaloChannel(
        app_id=fake.account.app_id,
        app_secret=fake.account.app_secret,
        oa_id=fake.account.oa_id,
        oa_secret=fake.account.oa_secret,
        first_refresh_token=first_refresh_token,
        openapi_url=fake.base_url,
        oauth_url=fake.base_url,
        media_hosts=("127.0.0.1",),
        vault=vault,
        media=media,
        app_secret_proof=app_secret_proof,
        template_id=template_id,
        timeout=aiohttp.ClientTimeout(total=total, connect=2),
    )


class ZaloHarness:
    """One citizen, one channel, one fake."""

    name = "zalo"

    def __init__(self, fake: ZaloFake, channel: ZaloChannel, vault: MemoryVault, media: Path) -> None:
        self.fake = fake
        self.channel: Channel = channel
        self.zalo = channel
        self.vault = vault
        self.media = media
        self.citizen = Address(channel.name, channel.account, CITIZEN)

    async def does(self, kind: MessageKind, **fields: object) -> Sequence[Envelope]:
        """The person does something; what Zalo signs of it goes through the channel's door."""
        return self.take(self._act(kind, fields))

    def take(self, events: Sequence[Signed]) -> list[Envelope]:
        """The envelopes that the channel makes of webhook calls."""
        return [one for event in events for one in self.channel.accept(event.headers, event.body)]

    def shown(self) -> list[Shown]:
        """Everything of ours on the person's screen, oldest first."""
        return [
            Shown(
                message.text,
                tuple(button.title for button in message.buttons),
                len(message.pictures),
                message.message_id,
            )
            for message in self.fake.chat(CITIZEN)
        ]

    async def fail_next(self, error: type[SendError]) -> bool:
        """Every error but a moved address: a Zalo user keeps the id."""
        if error not in _FAULTS:
            return False
        fault, times = _FAULTS[error]
        self.fake.fail_next(fault, times=times)
        return True

    async def forge(self) -> tuple[dict[str, str], bytes] | None:
        """A call that is signed with another secret."""
        signed = self.fake.events.sign({"event_name": "user_send_text", "timestamp": "1760000000123"})
        return {**signed.headers, "X-ZEvent-Signature": f"mac={'0' * 64}"}, signed.body

    async def close(self) -> None:
        """Stop channel and fake."""
        await self.channel.stop()
        await self.fake.stop()

    def _act(self, kind: MessageKind, fields: Mapping[str, object]) -> list[Signed]:
        does = self.fake.citizen
        text = str(fields.get("text", ""))
        quote = str(fields["reply_to"]) if fields.get("reply_to") else None
        if fields.get("start"):
            return does.text(CITIZEN, f"{START}{fields['start']}")
        match kind:
            case MessageKind.TEXT:
                return does.text(CITIZEN, text, quote)
            case MessageKind.CHOICE:
                return self._tap(f"{PAYLOAD}{fields.get('action', '')}")
            case MessageKind.PHOTO:
                photos = cast("Sequence[bytes]", fields.get("photos") or (_BYTES,))
                return does.album(CITIZEN, photos, text)
            case MessageKind.LOCATION:
                place = [float(str(fields.get(name, 16.46))) for name in ("latitude", "longitude")]
                return does.location(CITIZEN, place[0], place[1])
            case MessageKind.PHONE:
                return does.contact(CITIZEN, str(fields.get("phone", "84912345678")))
            case _:
                return self._rare(kind, fields)

    def _rare(self, kind: MessageKind, fields: Mapping[str, object]) -> list[Signed]:
        does = self.fake.citizen
        actions: dict[MessageKind, Callable[[], list[Signed]]] = {
            MessageKind.VOICE: lambda: does.voice(CITIZEN, cast("bytes", fields.get("data", _BYTES))),
            MessageKind.VIDEO: lambda: does.video(CITIZEN, _BYTES),
            MessageKind.FILE: lambda: does.file(CITIZEN, cast("bytes", fields.get("data", _BYTES))),
            MessageKind.STICKER: lambda: does.sticker(CITIZEN),
            MessageKind.JOINED: lambda: does.follow(CITIZEN),
            MessageKind.LEFT: lambda: does.unfollow(CITIZEN),
            MessageKind.UNSUPPORTED: lambda: does.business_card(CITIZEN),
        }
        # Nothing can be edited on Zalo, so that kind makes no event.
        return actions[kind]() if kind in actions else []

    def _tap(self, payload: str) -> list[Signed]:
        try:
            return self.fake.citizen.tap(CITIZEN, payload)
        except LookupError:
            # The suite may tap what it never sent; the event is the same as of an older button.
            return self.fake.citizen.text(CITIZEN, payload)


async def open_zalo(tmp_path: Path) -> ZaloHarness:
    """A started channel and a citizen who has written before, so that the window is open."""
    fake = ZaloFake()
    await fake.start()
    vault = MemoryVault()
    media = tmp_path / "media"
    media.mkdir(exist_ok=True)
    channel = channel_for(fake, vault, media, first_refresh_token=fake.refresh_token())
    await channel.start()
    fake.citizen.text(CITIZEN, "Chào phường")
    return ZaloHarness(fake, channel, vault, media)


async def open_harness(tmp_path: Path) -> Harness:
    """The harness under the name that the contract suite looks for."""
    return await open_zalo(tmp_path)
