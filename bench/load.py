"""Posts webhook calls as fast as they are answered, over a fixed number of connections."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import aiohttp

CONNECTIONS = 32


@dataclass(frozen=True, slots=True)
class Rate:
    """What came of a window of load: answered calls a second, and the slowest percent in milliseconds."""

    per_second: float
    p99: float


def telegram_updates(first: int) -> Iterator[bytes]:
    """Text messages of ever new people, so that no two wait for each other."""
    number = first
    while True:
        number += 1
        person = {"id": number, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
        chat = {"id": number, "type": "private", "first_name": "Lan"}
        message = {"message_id": number, "date": int(time.time()), "chat": chat, "from": person}
        message["text"] = "lam can cuoc mat bao lau"
        yield json.dumps({"update_id": number, "message": message}).encode()


async def post_for(url: str, headers: dict[str, str], bodies: Iterator[bytes], seconds: float) -> Rate:
    """Load `url` for `seconds`; every answer must be 200."""
    took: list[float] = []
    end = time.perf_counter() + seconds
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as http:

        async def one() -> None:
            while time.perf_counter() < end:
                began = time.perf_counter()
                async with http.post(url, data=next(bodies), headers=headers) as answer:
                    await answer.read()
                    if answer.status != 200:
                        raise RuntimeError(f"{url} answered {answer.status}")
                took.append(time.perf_counter() - began)

        await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    took.sort()
    return Rate(len(took) / seconds, took[int(len(took) * 0.99)] * 1000)


async def post_all(url: str, headers: dict[str, str], bodies: list[bytes]) -> None:
    """Post a fixed number of calls."""
    queue = iter(bodies)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as http:

        async def one() -> None:
            for body in queue:
                async with http.post(url, data=body, headers=headers) as answer:
                    await answer.read()

        await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


def wait_until(holds: Callable[[], bool], seconds: float) -> float:
    """Seconds until it holds. Raises TimeoutError."""
    began = time.perf_counter()
    while not holds():
        if time.perf_counter() - began > seconds:
            raise TimeoutError
        time.sleep(0.01)
    return time.perf_counter() - began
