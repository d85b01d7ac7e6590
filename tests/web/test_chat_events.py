"""The stream of news: quick, resumable, and no obstacle to a shutdown."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestServer

from bot.web.chat_backend import cursor_instant, line_id, read_cursor, rewind
from bot.web.chat_events import ChatEvents
from core.messages import Content
from tests.web.conftest import Chat


async def session_of(chat: Chat, client: ClientSession) -> str:
    async with client.post(f"{chat.url}/chat/api/session", json={}, headers=chat.origin):
        return chat.backend.sessions()[-1]


@asynccontextmanager
async def listening(chat: Chat, client: ClientSession, last: str = "") -> AsyncIterator[ClientResponse]:
    headers = {"Last-Event-ID": last} if last else {}
    async with client.get(f"{chat.url}/chat/api/events", headers=headers) as answer:
        assert answer.content_type == "text/event-stream"
        yield answer


async def next_line(answer: ClientResponse) -> dict[str, Any]:
    async with asyncio.timeout(5):
        while True:
            row = (await answer.content.readline()).decode().strip()
            if row.startswith("data: {"):
                value: dict[str, Any] = json.loads(row.removeprefix("data: "))
                return value


async def test_news_arrive_at_once_though_the_wake_precedes_the_settlement(
    chat: Chat, client: ClientSession
) -> None:
    external_id = await session_of(chat, client)
    async with listening(chat, client) as answer:
        await asyncio.sleep(0.3)
        began = asyncio.get_running_loop().time()
        await chat.backend.say(external_id, Content("Đã sửa xong"))
        assert (await next_line(answer))["text"] == "Đã sửa xong"
        assert asyncio.get_running_loop().time() - began < 0.5


async def test_a_broken_stream_goes_on_behind_its_last_line(chat: Chat, client: ClientSession) -> None:
    external_id = await session_of(chat, client)
    await chat.backend.say(external_id, Content("một"))
    async with listening(chat, client) as answer:
        last = (await next_line(answer))["id"]
    await chat.backend.say(external_id, Content("hai"))
    seen = []
    async with listening(chat, client, last) as answer:
        # A line of the last seconds may come again: the page knows its id.
        while "hai" not in seen:
            seen.append((await next_line(answer))["text"])
    assert seen[-1] == "hai"


async def test_a_line_that_is_committed_late_is_not_passed_over(chat: Chat, client: ClientSession) -> None:
    external_id = await session_of(chat, client)
    await chat.backend.say(external_id, Content("đầu"))
    async with listening(chat, client) as answer:
        await next_line(answer)
        await chat.backend.say(external_id, Content("sau"))
        lines = chat.backend._ours[external_id]
        late = lines.pop()
        await chat.backend.say(external_id, Content("mới nhất"))
        assert (await next_line(answer))["text"] in {"mới nhất", "sau"}
        lines.insert(1, late)
        chat.backend.notify(external_id)
        assert (await next_line(answer))["text"] in {"mới nhất", "sau"}


async def test_a_shutdown_ends_the_streams(chat: Chat, client: ClientSession) -> None:
    await session_of(chat, client)
    async with listening(chat, client) as answer:
        await answer.content.readline()
        began = asyncio.get_running_loop().time()
        await chat.stop()
        await answer.content.read()
        assert asyncio.get_running_loop().time() - began < 2


async def test_a_session_that_was_ended_elsewhere_ends_its_streams(chat: Chat, client: ClientSession) -> None:
    external_id = await session_of(chat, client)
    events, app = ChatEvents(chat.backend, heartbeat=0.1), web.Application()

    async def listen(request: web.Request) -> web.StreamResponse:
        return await events.stream(request, external_id)

    app.router.add_get("/events", listen)
    async with TestServer(app) as server, client.get(server.make_url("/events")) as answer:
        async with asyncio.timeout(5):
            while await answer.content.readline() != b"event: beat\n":
                continue
        assert not answer.content.at_eof()
        chat.backend.forget_sessions()
        async with asyncio.timeout(5):
            await answer.content.read()
        assert answer.content.at_eof()


async def test_one_person_cannot_take_all_streams(chat: Chat, client: ClientSession) -> None:
    await session_of(chat, client)
    url = f"{chat.url}/chat/api/events"
    answers = [await client.get(url) for _ in range(9)]
    assert [answer.status for answer in answers] == [200] * 8 + [503]
    for answer in answers:
        answer.close()


def test_cursors_sort_by_time_and_survive_rubbish() -> None:
    early, late = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)
    assert line_id(early, False, 9) < line_id(late, True, 1)
    assert line_id(early, True, 9) < line_id(early, False, 1) < line_id(early, False, 2)
    assert cursor_instant(line_id(early, True, 1)) == early
    assert rewind(line_id(early, False, 1), 10) < line_id(early, True, 1)
    assert rewind(line_id(datetime(1970, 1, 1, tzinfo=UTC), True, 1), 10).startswith("0" * 15)
    for rubbish in (None, "", "x", "1-i-1", "9" * 15 + "-i-1; DROP", "'--"):
        assert read_cursor(rubbish) is None
