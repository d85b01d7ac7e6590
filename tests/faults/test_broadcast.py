"""kill -9 in the midst of a broadcast, and two replicas at once: what was promised about doubts holds exactly.

An ordinary announcement reaches nobody twice, and whom it may not have reached is listed as unknown. An urgent one
reaches everybody, some of them twice. Source of the two policies: docs/architecture.md 5.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bench.broadcast_books import Books, write_books
from bot.channels.contract import Pace
from storage.database import open_database
from storage.models import Contact, Delivery
from storage.statuses import DeliveryStatus
from tests.e2e.wards import telegram_settings
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.product import Product, free_port

# The rate is lifted, so that the kills meet as many messages on their way as ever can be.
SENDS_AT_ONCE = Pace(1000, 3).hands
PATIENCE = 600
_OPEN = (DeliveryStatus.QUEUED, DeliveryStatus.CLAIMED, DeliveryStatus.HELD)


class Broadcast:
    """Many subscribers on the fake Telegram, an announcement under way, one or two replicas that send it."""

    def __init__(self, folder: Path, people: int, url: str = "") -> None:
        self.folder, self.people, self.url = folder, people, url
        self.fake = FakeTelegram()
        self.products: list[Product] = []

    async def open(self, *, urgent: bool = False, replicas: int = 1) -> None:
        """Fake, books, processes that are not started yet."""
        await self.fake.start()
        for number in range(self.people):
            self.fake.people.world.person(100_000 + number).started = True
        for number in range(replicas):
            self.products.append(self._product(number))
        books = Books("telegram", TOKEN.partition(":")[0], self.people, urgent=urgent)
        write_books(self.url or f"sqlite:///{self.products[0].database}", books)

    def _product(self, number: int) -> Product:
        port = free_port()
        settings = telegram_settings(self.fake, "webhook", port) | {
            "NGHEDAN_PORT": str(port),
            "NGHEDAN_TELEGRAM_PER_SECOND": "1000",
            "NGHEDAN_SECRET_KEY": "one-key-for-all-replicas-of-this-test-0001",
        }
        if self.url:
            settings["NGHEDAN_DATABASE_URL"] = self.url
        return Product(self.folder / f"product-{number}", settings)

    async def close(self) -> None:
        """Everything is gone."""
        for product in self.products:
            product.kill()
        await self.fake.close()

    @property
    def shown(self) -> Counter[str]:
        """How often each person has it on the screen."""
        return Counter(str(one.chat_id) for one in self.fake.world.log if Books.TEXT in one.text)

    async def settled(self) -> dict[str, str]:
        """When nothing is under way any more: what the books say of each person."""
        database = open_database(self.url or f"sqlite:///{self.products[0].database}")
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    told = await database.read(_read)
                    if len(told) == self.people and not set(told.values()) & set(_OPEN):
                        return told
                    await asyncio.sleep(0.5)
        finally:
            database.close()


def _read(session: Session) -> dict[str, str]:
    rows = select(Contact.external_id, Delivery.status).join(Delivery).where(Delivery.kind == "announcement")
    return dict(session.exec(rows).all())


async def _killed(
    folder: Path, people: int, kills: int, *, urgent: bool
) -> tuple[Counter[str], dict[str, str]]:
    broadcast, chance = Broadcast(folder, people), random.Random(people + kills)
    await broadcast.open(urgent=urgent)
    product = broadcast.products[0]
    try:
        for _ in range(kills):
            before = sum(broadcast.shown.values())
            await asyncio.to_thread(product.start)
            # In the midst of sending, not of starting.
            enough = before + chance.randint(1, max(2, people // (2 * kills)))
            async with asyncio.timeout(60):
                while sum(broadcast.shown.values()) < min(enough, people):
                    await asyncio.sleep(0.002)
            product.kill()
        await asyncio.to_thread(product.start)
        told = await broadcast.settled()
        return broadcast.shown, told
    finally:
        await broadcast.close()


async def _ordinary(folder: Path, people: int, kills: int) -> None:
    shown, told = await _killed(folder, people, kills, urgent=False)
    unknown = {who for who, status in told.items() if status == DeliveryStatus.UNKNOWN}
    missed = set(told) - set(shown)
    print(
        f"{people} people, {kills} kills: {len(shown)} reached, {len(unknown)} unknown, {len(missed)} not reached"
    )
    assert set(told.values()) <= {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}
    assert max(shown.values()) == 1, "an ordinary announcement came twice"
    assert missed <= unknown, "somebody missed it and nobody is told so"
    assert len(unknown) <= kills * SENDS_AT_ONCE


async def _urgent(folder: Path, people: int, kills: int) -> None:
    shown, told = await _killed(folder, people, kills, urgent=True)
    repeats = sum(shown.values()) - len(shown)
    print(f"{people} people, {kills} kills, urgent: {len(shown)} reached, {repeats} repeated")
    assert set(told.values()) == {DeliveryStatus.SENT.value}
    assert len(shown) == people, "an urgent announcement was lost"
    assert repeats <= kills * SENDS_AT_ONCE


@pytest.mark.timeout(300)
async def test_an_ordinary_announcement_comes_to_nobody_twice(tmp_path: Path) -> None:
    await _ordinary(tmp_path, people=400, kills=3)


@pytest.mark.timeout(300)
async def test_an_urgent_announcement_comes_to_everybody(tmp_path: Path) -> None:
    await _urgent(tmp_path, people=400, kills=3)


@pytest.mark.long
async def test_ten_thousand_and_thirty_kills(tmp_path: Path) -> None:
    await _ordinary(tmp_path / "ordinary", people=10_000, kills=30)
    await _urgent(tmp_path / "urgent", people=10_000, kills=30)


@pytest.mark.timeout(300)
async def test_two_replicas_never_send_one_delivery_twice(tmp_path: Path, postgres_database: str) -> None:
    await _by_two(tmp_path, postgres_database, people=500)


@pytest.mark.long
async def test_two_replicas_and_ten_thousand(tmp_path: Path, postgres_database: str) -> None:
    await _by_two(tmp_path, postgres_database, people=10_000)


async def _by_two(folder: Path, url: str, people: int) -> None:
    """One of them is stopped and started again meanwhile, so that the right to send changes hands."""
    broadcast = Broadcast(folder, people, url)
    await broadcast.open(replicas=2)
    one, other = broadcast.products
    try:
        await asyncio.gather(*(asyncio.to_thread(product.start) for product in (one, other)))
        async with asyncio.timeout(120):
            while sum(broadcast.shown.values()) < people // 3:
                await asyncio.sleep(0.01)
        assert await asyncio.to_thread(one.stop) == 0
        told = await broadcast.settled()
        assert set(told.values()) == {DeliveryStatus.SENT.value}
        assert broadcast.shown == Counter({str(100_000 + number): 1 for number in range(people)})
    finally:
        await broadcast.close()
