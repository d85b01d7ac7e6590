"""kill -9 at random moments under load: nothing acknowledged is lost, no ticket is made twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from bot.channels.contract import Pace
from storage.database import open_database
from storage.models import Contact, Delivery, InboxItem, Ticket
from tests.e2e.wards import TELEGRAM_SECRET, telegram_settings
from tests.fakes.telegram import FakeTelegram
from tests.faults.load import SCRIPT, Citizens
from tests.product import Product, free_port

CLIENTS = 20
DRAIN_SECONDS = 240
SENDS_AT_ONCE = Pace(29.7, 3).hands


@dataclass
class Books:
    """What the database says at the end."""

    events: int
    unhandled: int
    parked: int
    tickets: dict[str, int]
    replies: Counter[tuple[str, str]]
    unsent: int


def _read_books(session: Session) -> Books:
    def count(*conditions: object) -> int:
        return session.exec(select(func.count()).select_from(InboxItem).where(*conditions)).one()  # type: ignore[arg-type]

    replies: Counter[tuple[str, str]] = Counter()
    unsent = 0
    for delivery, contact in session.exec(select(Delivery, Contact).join(Contact)).all():
        replies[contact.external_id, delivery.content["text"]] += 1
        unsent += delivery.status != "sent"
    tickets: dict[str, int] = Counter()
    for ticket in session.exec(select(Ticket)).all():
        tickets[session.get_one(Contact, ticket.contact_id).external_id] += 1
    return Books(
        events=count(),
        unhandled=count(InboxItem.status == "new"),
        parked=count(InboxItem.status == "parked"),
        tickets=tickets,
        replies=replies,
        unsent=unsent,
    )


async def _kill_again_and_again(product: Product, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(kills):
        await asyncio.to_thread(product.start)
        await asyncio.sleep(chance.uniform(0.05, 0.8))
        product.kill()
    await asyncio.to_thread(product.start)


async def _drained(url: str, seconds: float) -> Books:
    database = open_database(url)
    try:
        async with asyncio.timeout(seconds):
            while True:
                books = await database.read(_read_books)
                if books.unhandled == 0 and books.unsent == 0:
                    return books
                await asyncio.sleep(1)
    finally:
        database.close()


async def _survive(folder: Path, kills: int, people: int, settings: dict[str, str]) -> None:
    fake, port = FakeTelegram(), free_port()
    await fake.start()
    for person in range(people):
        fake.people.start(100_000 + person)
    given = telegram_settings(fake, "webhook", port) | {"NGHEDAN_PORT": str(port)} | settings
    product = Product(folder / "product", given)
    citizens = Citizens(f"{product.url}/webhooks/telegram", TELEGRAM_SECRET, people, seed=kills)
    try:
        await asyncio.gather(citizens.run(CLIENTS), _kill_again_and_again(product, kills, seed=people))
        books = await _drained(
            given.get("NGHEDAN_DATABASE_URL") or f"sqlite:///{product.database}", DRAIN_SECONDS
        )
    finally:
        product.kill()
        await fake.close()
    _check(books, fake, citizens, kills, people)


def _check(books: Books, fake: FakeTelegram, citizens: Citizens, kills: int, people: int) -> None:
    shown = Counter((str(sent.chat_id), sent.text) for sent in fake.world.log)
    lost = books.replies - shown
    repeats = shown - books.replies
    doubled = {who: n for who, n in books.tickets.items() if n > 1}
    print(
        f"{kills} kills: {citizens.acknowledged} acknowledged, {citizens.repeated} repeated by the provider, "
        f"{len(books.tickets)} tickets, {len(doubled)} doubled, {sum(lost.values())} replies lost, "
        f"{sum(repeats.values())} replies repeated (at most {max(repeats.values(), default=0)} times one)"
    )
    assert citizens.acknowledged == people * len(SCRIPT)
    assert len(books.tickets) == people, "a report was lost"
    assert not doubled
    assert books.parked == 0
    assert not lost
    # Neither provider takes a key against doubles, so a kill may repeat what was on its way at that moment:
    # one message at most once a kill, and no more messages than are sent at once.
    assert max(repeats.values(), default=0) <= kills
    assert sum(repeats.values()) <= kills * SENDS_AT_ONCE


@pytest.mark.timeout(420)
async def test_two_dozen_kills(tmp_path: Path) -> None:
    await _survive(tmp_path, kills=24, people=60, settings={})


@pytest.mark.long
async def test_three_hundred_kills(tmp_path: Path) -> None:
    await _survive(tmp_path, kills=300, people=900, settings={})


@pytest.mark.timeout(420)
async def test_a_few_kills_on_postgresql(tmp_path: Path, postgres_database: str) -> None:
    await _survive(tmp_path, kills=6, people=30, settings={"NGHEDAN_DATABASE_URL": postgres_database})
