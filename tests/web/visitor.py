"""A visitor without a browser: how the route tests open a session and post."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientSession

from tests.web.conftest import Chat


async def opened(chat: Chat, client: ClientSession) -> None:
    async with client.post(f"{chat.url}/chat/api/session", json={}, headers=chat.origin) as answer:
        assert answer.status == 200


async def post(chat: Chat, client: ClientSession, value: Any) -> tuple[int, dict[str, Any]]:
    url = f"{chat.url}/chat/api/messages"
    async with client.post(url, json=value, headers=chat.origin) as answer:
        return answer.status, await answer.json()
