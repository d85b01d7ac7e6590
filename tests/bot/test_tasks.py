"""The end of background tasks: nothing that happens in the same moment may keep the program from stopping."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.tasks import TaskGroup, news_within


async def _stopped(
    work: Callable[[], Awaitable[None]], just_before: Callable[[], None] = lambda: None, turns: int = 0
) -> None:
    tasks = TaskGroup()
    tasks.keep_running("work", work)
    await asyncio.sleep(0.01)
    just_before()
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await tasks.stop(0)


@pytest.mark.parametrize("turns", range(4))
async def test_news_in_the_moment_of_the_stop_do_not_outlive_it(turns: int) -> None:
    """A message was delivered just then: the sender is woken and told to end within a turn or two of the loop."""
    news, rounds = asyncio.Event(), 0

    async def listen() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            news.clear()
            await news_within(news, 60.0)

    await _stopped(listen, news.set, turns)
    assert rounds <= 2


async def test_who_swallows_the_request_to_end_is_asked_again() -> None:
    asked = 0

    async def deaf() -> None:
        nonlocal asked
        while asked < 2:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                asked += 1
        raise asyncio.CancelledError

    await _stopped(deaf)
    assert asked == 2


@pytest.mark.parametrize(("set_before", "came"), [(True, True), (False, False)])
async def test_news_come_in_time_or_not(set_before: bool, came: bool) -> None:
    event = asyncio.Event()
    if set_before:
        event.set()
    assert await news_within(event, 0.01) is came
