"""`make bench`: durable intake and full turns as ratios to bare parts, measured side by side in one run."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.bare import commits_per_second
from bench.load import CONNECTIONS, post_all, post_for, telegram_updates, wait_until
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.product import ROOT, free_port, running

SECRET = "bench-secret-0123456789"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
_WINDOW, _TURNS = 2.0, 400
_YARDSTICKS = {
    "bare": ("bare aiohttp handler that reads the body", "bare aiohttp"),
    "commit": ("bare SQLite insert, each committed, synchronous=FULL", "bare commit"),
    "stored": ("both: bare aiohttp, each call committed", "both"),
}
_OURS = {
    "intake": "durable intake: verified, stored, then 200",
    "turns": "full turn: stored, answered, replies queued",
}
_NOTE = """\
Slowest percent of intake: {p99:.0f} ms. {callers} callers at once, medians of {rounds} rounds; all files on one disk,
and the callers share the cores. Intake is measured while the messages before are answered and replies leave, the load
that it has in life. Turns: {turns} messages from the first call until the last is answered; each writer is new, so
each gets two replies."""


@contextmanager
def bare_server(folder: Path) -> Iterator[str]:
    """A bare aiohttp server in a process of its own, with its file in `folder`."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.bare", str(port), str(folder)], cwd=ROOT)
    try:
        for _ in range(1200):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _unhandled(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        (count,) = connection.execute("SELECT count(*) FROM inbox WHERE status = 'new'").fetchone()
    return int(count)


async def measure(rounds: int, progress: Progress) -> dict[str, list[float]]:
    """Every round measures each thing once, so that a slow moment of the machine hits all alike."""
    task = progress.add_task("Đang đo", total=rounds * 5)
    found: dict[str, list[float]] = {
        name: [] for name in ("bare", "stored", "commit", "intake", "p99", "turns")
    }
    fake = FakeTelegram()
    await fake.start()
    with tempfile.TemporaryDirectory() as name, bare_server(Path(name)) as bare:
        settings = {
            "NGHEDAN_TELEGRAM_TOKEN": TOKEN,
            "NGHEDAN_TELEGRAM_BASE_URL": fake.base_url,
            "NGHEDAN_TELEGRAM_MODE": "webhook",
            "NGHEDAN_TELEGRAM_SECRET": SECRET,
            "NGHEDAN_PUBLIC_URL": "http://127.0.0.1:9",
            "NGHEDAN_LOG_LEVEL": "ERROR",
        }
        with running(Path(name) / "product", settings, as_installed=True) as product:
            hook = f"{product.url}/webhooks/telegram"
            updates = telegram_updates(1_000_000)
            for _ in range(rounds):
                for path in ("bare", "stored"):
                    rate = await post_for(f"{bare}/{path}", HEADERS, updates, _WINDOW)
                    found[path].append(rate.per_second)
                    progress.advance(task)
                rate = await post_for(hook, HEADERS, updates, _WINDOW)
                found["intake"].append(rate.per_second)
                found["p99"].append(rate.p99)
                await asyncio.to_thread(wait_until, lambda: _unhandled(product.database) == 0, 600)
                progress.advance(task)
                found["commit"].append(await asyncio.to_thread(commits_per_second, Path(name), _WINDOW))
                progress.advance(task)
                found["turns"].append(await _turns(product.database, hook, updates))
                progress.advance(task)
    await fake.close()
    return found


async def _turns(database: Path, hook: str, updates: Iterator[bytes]) -> float:
    """Messages a second from the first call until the last is answered and its reply safely queued."""
    began = time.perf_counter()
    await post_all(hook, HEADERS, list(itertools.islice(updates, _TURNS)))
    await asyncio.to_thread(wait_until, lambda: _unhandled(database) == 0, 600)
    return _TURNS / (time.perf_counter() - began)


def main() -> None:
    """Measure and print; the figures are ratios, because absolute ones say more of the machine than of us."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        found = asyncio.run(measure(given.rounds, progress))
    middle = {name: statistics.median(values) for name, values in found.items()}
    if given.json:
        print(json.dumps({"median": middle, "all": found}))
        return
    table = Table("measured side by side", "per second", *(f"÷ {short}" for _, short in _YARDSTICKS.values()))
    for name, title in {**{n: t for n, (t, _) in _YARDSTICKS.items()}, **_OURS}.items():
        beside = [f"{middle[name] / middle[y]:.3f}" if name in _OURS else "" for y in _YARDSTICKS]
        table.add_row(title, f"{middle[name]:,.0f}", *beside)
    console = Console()
    console.print(table)
    console.print(_NOTE.format(p99=middle["p99"], rounds=given.rounds, callers=CONNECTIONS, turns=_TURNS))


if __name__ == "__main__":
    main()
