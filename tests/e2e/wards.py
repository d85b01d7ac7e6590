"""A running product on one channel, with people who have phones on it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.phones import Phone, TelegramPhone, WebPhone, ZaloPhone
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.zalo import ZaloFake
from tests.product import ROOT, Product, free_port

CHANNELS = ("webchat", "telegram-polling", "telegram-webhook", "zalo")
UNDO_SECONDS = 2
TELEGRAM_SECRET = "a-secret-for-the-webhook-0001"


@dataclass
class Place:
    """The product as a process, and where new people get their phones."""

    product: Product
    new_phone: Callable[[], Phone]
    telegram: FakeTelegram | None = None
    zalo: ZaloFake | None = None

    def invite(self, *arguments: str) -> str:
        """Run `nghedan invite … --json`; returns what opens the chat with that invitation."""
        done = self.product.command("invite", *arguments, "--json")
        assert done.returncode == 0, done.stderr
        made = json.loads(done.stdout)
        start: str = made["links"]["Web"].split("start=")[1]
        return start


def telegram_settings(fake: FakeTelegram, mode: str, port: int) -> dict[str, str]:
    """Settings that lead the product to the fake."""
    return {
        "NGHEDAN_TELEGRAM_TOKEN": TOKEN,
        "NGHEDAN_TELEGRAM_BASE_URL": fake.base_url,
        "NGHEDAN_TELEGRAM_MODE": mode,
        "NGHEDAN_TELEGRAM_SECRET": TELEGRAM_SECRET,
        "NGHEDAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


def zalo_settings(fake: ZaloFake) -> dict[str, str]:
    """Settings that lead the product to the fake."""
    account = fake.account
    return {
        "NGHEDAN_ZALO_APP_ID": account.app_id,
        "NGHEDAN_ZALO_APP_SECRET": account.app_secret,
        "NGHEDAN_ZALO_OA_ID": account.oa_id,
        "NGHEDAN_ZALO_OA_SECRET": account.oa_secret,
        "NGHEDAN_ZALO_REFRESH_TOKEN": fake.refresh_token(),
        "NGHEDAN_ZALO_OPENAPI_URL": fake.base_url,
        "NGHEDAN_ZALO_OAUTH_URL": fake.base_url,
        "NGHEDAN_ZALO_MEDIA_HOSTS": "127.0.0.1",
    }


@contextlib.asynccontextmanager
async def open_place(channel: str, folder: Path, **settings: str) -> AsyncIterator[Place]:
    """Start fake and product; both are gone afterwards."""
    port = free_port()
    base = {"NGHEDAN_PORT": str(port), "NGHEDAN_WARD": str(_hasty_ward(folder)), **settings}
    phones: list[Phone] = []
    async with contextlib.AsyncExitStack() as stack:
        if channel.startswith("telegram"):
            telegram = FakeTelegram()
            await telegram.start()
            stack.push_async_callback(telegram.close)
            mode = channel.partition("-")[2]
            place = _place(folder, base | telegram_settings(telegram, mode, port))
            place.telegram = telegram
            make: Callable[[], Phone] = lambda: TelegramPhone(telegram, 5000 + len(phones))  # noqa: E731
        elif channel == "zalo":
            zalo = ZaloFake()
            await zalo.start()
            stack.push_async_callback(zalo.stop)
            place = _place(folder, base | zalo_settings(zalo))
            place.zalo = zalo
            make = lambda: ZaloPhone(zalo, f"25{len(phones):014d}")  # noqa: E731
        else:
            place = _place(folder, base)
            make = lambda: WebPhone(place.product.url)  # noqa: E731

        def new_phone() -> Phone:
            phones.append(make())
            return phones[-1]

        async def put_away() -> None:
            for phone in phones:
                await phone.close()

        place.new_phone = new_phone
        stack.callback(place.product.kill)
        stack.push_async_callback(put_away)
        await _start(place)
        yield place


_NO_NIGHT = "quiet_from = 00:00:00\nquiet_until = 00:00:00\n"


def _hasty_ward(folder: Path) -> Path:
    """The sample ward, where an answer can be taken back for two seconds, and announcements go at any hour: this
    runs by the real clock."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "mau.toml"
    sample = (ROOT / "core" / "wards" / "mau.toml").read_text(encoding="utf-8")
    file.write_text(f"undo_seconds = {UNDO_SECONDS}\n{_NO_NIGHT}{sample}", encoding="utf-8")
    return file


async def _start(place: Place) -> None:
    await asyncio.to_thread(place.product.start)
    if place.zalo is not None:
        assert await place.zalo.delivery.register(f"{place.product.url}/webhooks/zalo")


def _place(folder: Path, settings: dict[str, str]) -> Place:
    def nobody() -> Phone:
        raise AssertionError("the place is not open yet")

    return Place(Product(folder, settings), nobody)
