"""`python -m bench.broadcasts`: an announcement to many, from the running program over real sockets to strict fakes.

At the provider's rate: the share of it that is used, refusals, and how soon a citizen is answered meanwhile; beside
it the usual script with python-telegram-bot's AIORateLimiter against the same fake. With the rate lifted: what one
process sends in a second. And how long it takes until 100,000 deliveries stand in the outbox, and in what memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
import psutil
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from telegram.ext import AIORateLimiter, ExtBot

from bench.broadcast_books import Books, write_books
from bench.load import telegram_updates
from tests.e2e.wards import TELEGRAM_SECRET, telegram_settings, zalo_settings
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.zalo import ZaloFake
from tests.product import Product, free_port

HEADERS: Final = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET, "Content-Type": "application/json"}
TELEGRAM_RATE, ZALO_RATE = 30.0, 4000 / 60
_PATIENCE = 600.0
_ASK_EVERY = 0.5


@dataclass
class Found:
    """One run: messages a second between the first and the last tenth, refusals, seconds until replies."""

    name: str
    people: int
    rate: float
    share: float
    refused: int
    twice: int
    replies: list[float] = field(default_factory=list)
    cpu_ms: float = 0.0

    @property
    def p95(self) -> float:
        """Seconds within which 95 of 100 citizens had their reply."""
        return statistics.quantiles(self.replies, n=20)[-1] if len(self.replies) > 1 else 0.0


class TelegramSide:
    """The fake Bot API and what it saw."""

    def __init__(self, strict: bool) -> None:
        self.fake = FakeTelegram()
        self.fake.rates.enforced = strict
        self.shown_at: dict[int, list[float]] = {}
        self.replies: list[float] = []

    async def start(self, people: int) -> None:
        """Listen; that many people have pressed «start»."""
        await self.fake.start()
        for number in range(people):
            self.fake.people.world.person(100_000 + number).started = True
        accept = self.fake.world.accept

        def note(chat: object, *given: object) -> None:
            self.shown_at.setdefault(chat.id, []).append(time.perf_counter())  # type: ignore[attr-defined]
            accept(chat, *given)  # type: ignore[arg-type]

        self.fake.world.accept = note  # type: ignore[method-assign, assignment]


async def at_telegram(
    name: str, people: int, *, strict: bool, asked: bool, step: Callable[[], None]
) -> Found:
    """Announce to `people` on Telegram; `asked`: citizens write meanwhile."""
    side = TelegramSide(strict)
    await side.start(people)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        settings = telegram_settings(side.fake, "webhook", port) | {"NGHEDAN_PORT": str(port)}
        if not strict:
            settings |= {"NGHEDAN_TELEGRAM_PER_SECOND": "1000"}
        product = Product(
            Path(folder) / "product", settings | {"NGHEDAN_LOG_LEVEL": "ERROR"}, as_installed=True
        )
        write_books(f"sqlite:///{product.database}", Books("telegram", TOKEN.partition(":")[0], people))
        try:
            await asyncio.to_thread(product.start)
            process = psutil.Process(product.pid)
            began = process.cpu_times()
            replies = asyncio.create_task(_ask(side, product)) if asked else None
            await _until(lambda: len(side.shown_at) >= people, step)
            cpu_ms = _cpu_ms(process, began, people)
            if replies is not None:
                replies.cancel()
        finally:
            product.kill()
            await side.fake.close()
    mine = {chat: times for chat, times in side.shown_at.items() if 100_000 <= chat < 100_000 + people}
    # Replies leave by the same rate. What leaves after the last recipient is not of the broadcast.
    end = max(times[0] for times in mine.values())
    left = [at for times in side.shown_at.values() for at in times if at <= end]
    found = _found(name, people, left, TELEGRAM_RATE)
    found.refused, found.cpu_ms = side.fake.rates.refused, cpu_ms
    found.twice = sum(len(times) > 1 for times in mine.values())
    found.replies = side.replies
    return found


async def _ask(side: TelegramSide, product: Product) -> None:
    """Every half second somebody new asks; how long until the first reply is on the screen."""
    updates = telegram_updates(5_000_000)
    number = 5_000_000
    async with aiohttp.ClientSession() as http:
        while True:
            number += 1
            side.fake.people.world.person(number).started = True
            began = time.perf_counter()
            url = f"{product.url}/webhooks/telegram"
            async with http.post(url, data=next(updates), headers=HEADERS) as answer:
                await answer.read()
            while number not in side.shown_at:
                await asyncio.sleep(0.005)
            side.replies.append(time.perf_counter() - began)
            await asyncio.sleep(_ASK_EVERY)


async def at_zalo(name: str, people: int, *, strict: bool, step: Callable[[], None]) -> Found:
    """Announce to `people` on Zalo."""
    fake = ZaloFake()
    fake.world.switches.burst_limit = 4000 if strict else None
    fake.world.switches.receipts = False
    await fake.start()
    users = [f"25{number:014d}" for number in range(people)]
    for user in users:
        fake.world.person(user).last_interaction = time.time() - 300
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        settings = zalo_settings(fake) | {"NGHEDAN_PORT": str(port), "NGHEDAN_LOG_LEVEL": "ERROR"}
        if not strict:
            settings |= {"NGHEDAN_ZALO_PER_MINUTE": "100000"}
        product = Product(Path(folder) / "product", settings, as_installed=True)
        write_books(f"sqlite:///{product.database}", Books("zalo", fake.account.oa_id, people, "25{:014d}"))
        try:
            await asyncio.to_thread(product.start)
            process = psutil.Process(product.pid)
            began = process.cpu_times()
            await _until(lambda: len(fake.world.sent_at) >= people, step)
            cpu_ms = _cpu_ms(process, began, people)
        finally:
            product.kill()
            await fake.stop()
    found = _found(name, people, fake.world.sent_at, ZALO_RATE)
    found.refused, found.cpu_ms = fake.world.refused_as_too_fast, cpu_ms
    found.twice = sum(len(person.screen) > 1 for person in fake.world.people.values())
    return found


async def the_usual_script(name: str, people: int, step: Callable[[], None]) -> Found:
    """What a ward would find on the web: a loop over python-telegram-bot with its own rate limiter."""
    side = TelegramSide(strict=True)
    await side.start(people)
    bot = ExtBot(TOKEN, base_url=f"{side.fake.base_url}/bot", rate_limiter=AIORateLimiter(max_retries=5))
    async with bot:

        async def send(number: int) -> None:
            await bot.send_message(100_000 + number, Books.TEXT)
            step()

        await asyncio.gather(*(send(number) for number in range(people)))
    await side.fake.close()
    found = _found(name, people, [times[0] for times in side.shown_at.values()], TELEGRAM_RATE)
    found.refused = side.fake.rates.refused
    found.twice = sum(len(times) > 1 for times in side.shown_at.values())
    return found


def _found(name: str, people: int, at: list[float], allowed: float) -> Found:
    """The rate without the first and the last tenth: starting and ending are not what is asked."""
    at = sorted(at)
    first, last = len(at) // 10, len(at) - len(at) // 10 - 1
    rate = (last - first) / (at[last] - at[first])
    return Found(name, people, rate, rate / allowed, 0, 0)


def _cpu_ms(process: psutil.Process, began: Any, people: int) -> float:
    """Milliseconds of computing a message, all that the program did meanwhile included."""
    now = process.cpu_times()
    return 1000 * (now.user + now.system - began.user - began.system) / people


async def _until(holds: Callable[[], bool], step: Callable[[], None]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not holds():
            await asyncio.sleep(0.05)
    step()


def queue_many(people: int) -> dict[str, float]:
    """Seconds from the first delivery of an announcement to the last, and the growth of memory in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder) / "product", {"NGHEDAN_LOG_LEVEL": "ERROR"}, as_installed=True)
        write_books(f"sqlite:///{product.database}", Books("nobody", "nobody", people), confirmed=False)
        product.start()
        try:
            process = psutil.Process(product.pid)
            before = peak = process.memory_info().rss
            with sqlite3.connect(product.database, isolation_level=None) as books:
                books.execute("UPDATE announcement SET status = 'sending', confirmed_at = created_at")
            began = 0.0
            while (count := _queued(product.database)) < people:
                if count and not began:
                    began = time.perf_counter()
                peak = max(peak, process.memory_info().rss)
                time.sleep(0.01)
            took = time.perf_counter() - began
        finally:
            product.kill()
    return {"people": people, "seconds": took, "mib": (peak - before) / 2**20}


def _queued(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM delivery").fetchone()
    return int(last)


def main() -> None:
    """Measure one after another, because each wants the whole machine, and print."""
    parser = argparse.ArgumentParser(prog="bench.broadcasts", description=__doc__)
    parser.add_argument("--people", type=int, default=1200, help="recipients at the provider's rate")
    parser.add_argument("--lifted", type=int, default=6000, help="recipients with the rate lifted")
    parser.add_argument("--queue", type=int, default=100_000)
    parser.add_argument("--only", choices=["queue", "telegram", "zalo", "script"])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found: list[Found] = []
    queued: dict[str, float] | None = None
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Đang đo", total=None)
        step = lambda: progress.advance(task)  # noqa: E731
        if given.only in (None, "queue"):
            queued = queue_many(given.queue)
        if given.only in (None, "telegram"):
            for name, people, strict in (
                ("Telegram", given.people, True),
                ("Telegram, lifted", given.lifted, False),
            ):
                found.append(asyncio.run(at_telegram(name, people, strict=strict, asked=strict, step=step)))
        if given.only in (None, "script"):
            found.append(asyncio.run(the_usual_script("the usual script", given.people, step)))
        if given.only in (None, "zalo"):
            # More than a minute's share, so that the window of a minute is met.
            found.append(asyncio.run(at_zalo("Zalo", max(given.people, 5500), strict=True, step=step)))
            found.append(asyncio.run(at_zalo("Zalo, lifted", given.lifted, strict=False, step=step)))
    if given.json:
        print(json.dumps({"queue": queued, "runs": [asdict(one) | {"p95": one.p95} for one in found]}))
        return
    _show(queued, found)


def _show(queued: dict[str, float] | None, found: list[Found]) -> None:
    console = Console()
    table = Table(
        "run", "people", "per second", "÷ allowed", "refused (429)", "twice", "reply p95, s", "CPU ms each"
    )
    for one in found:
        p95 = f"{one.p95:.2f}" if one.replies else ""
        figures = (
            f"{one.people:,}",
            f"{one.rate:,.1f}",
            f"{one.share:.3f}",
            str(one.refused),
            str(one.twice),
        )
        table.add_row(one.name, *figures, p95, f"{one.cpu_ms:.2f}" if one.cpu_ms else "")
    console.print(table)
    if queued:
        console.print(
            f"{queued['people']:,.0f} deliveries queued in {queued['seconds']:.2f} s, "
            f"memory of the process grew by {queued['mib']:.1f} MiB"
        )


if __name__ == "__main__":
    main()
