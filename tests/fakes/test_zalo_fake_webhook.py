"""The fake Zalo as a caller of webhooks: signatures, echoes, repeats, tricks, and its use by hand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import aiohttp
import pytest_asyncio

from tests.fakes.zalo import ZaloFake
from tests.fakes.zalo.receiver import Receiver

UID = "2512523625412515"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[ZaloFake]:
    """A fake with one citizen who has written."""
    opened = ZaloFake()
    await opened.start()
    opened.citizen.text(UID, "Chào phường")
    yield opened
    await opened.stop()


@pytest_asyncio.fixture
async def http(fake: ZaloFake) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the fake."""
    async with aiohttp.ClientSession(fake.base_url) as session:
        yield session


async def post(
    http: aiohttp.ClientSession, path: str, body: object, headers: dict[str, str]
) -> dict[str, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with http.post(path, data=data, headers=headers) as response:
        assert response.status == 200
        found: dict[str, Any] = await response.json()
        return found


async def say(http: aiohttp.ClientSession, token: str, message: object, user_id: str = UID) -> dict[str, Any]:
    body = {"recipient": {"user_id": user_id}, "message": message}
    headers = {"access_token": token, "Content-Type": "application/json"}
    return await post(http, "/v3.0/oa/message/cs", body, headers)


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A webhook on loopback."""
    opened = Receiver()
    await opened.start()
    yield opened
    await opened.stop()


def authentic(fake: ZaloFake, headers: dict[str, str], body: bytes) -> bool:
    stamp = json.loads(body)["timestamp"].encode()
    account = fake.account
    mac = sha256(account.app_id.encode() + body + stamp + account.oa_secret.encode()).hexdigest()
    return headers["X-ZEvent-Signature"] == f"mac={mac}"


async def test_events_are_signed_and_echoed(
    fake: ZaloFake, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    assert await fake.delivery.register(receiver.url)
    assert receiver.calls[0][1] == b"{}"
    assert "X-ZEvent-Signature" not in receiver.calls[0][0]
    fake.citizen.text(UID, "Đèn đường hỏng")
    fake.refresh_token()
    sent = await say(http, fake.world.access_token, {"text": "Đã nhận"})
    fake.citizen.sees(UID)
    fake.citizen.staff_types(UID, "Tôi gọi lại nhé")
    await fake.delivery.idle()
    echo, received, seen, staff = receiver.names()[1:], *[json.loads(c[1]) for c in receiver.calls[-3:]]
    assert echo == ["oa_send_text", "user_received_message", "user_seen_message", "oa_send_text"]
    assert all(authentic(fake, headers, body) for headers, body in receiver.calls[1:])
    assert received["message"]["msg_id"] == sent["data"]["message_id"]
    assert seen["message"]["msg_ids"] == [sent["data"]["message_id"]]
    assert seen["sender"]["id"] == fake.account.oa_id
    assert "admin_id" in staff["sender"]
    assert "admin_id" not in json.loads(receiver.calls[2][1])["sender"]


async def test_repeats_until_switched_off(fake: ZaloFake, receiver: Receiver) -> None:
    fake.delivery.retry_seconds = (0.01, 0.01)
    fake.delivery.patience = 0.2
    assert await fake.delivery.register(receiver.url)
    receiver.answers = [lambda: 500, lambda: 0.5]
    fake.citizen.text(UID, "a")
    await fake.delivery.idle()
    assert [call[0].get("num_retry") for call in receiver.calls[1:]] == [None, "1", "2"]
    assert len({call[1] for call in receiver.calls[1:]}) == 1
    receiver.answers = [lambda: 401] * 3
    fake.citizen.text(UID, "b")
    await fake.delivery.idle()
    assert fake.delivery.disabled
    receiver.answers = [lambda: 404]
    assert not await fake.delivery.register(receiver.url)


async def test_duplicate_reorder_tamper(fake: ZaloFake, receiver: Receiver) -> None:
    assert await fake.delivery.register(receiver.url)
    switches = fake.world.switches

    async def heard(*texts: str) -> list[str]:
        before = len(receiver.calls)
        for text in texts:
            fake.citizen.text(UID, text)
        await fake.delivery.idle()
        return [json.loads(body)["message"]["text"] for _, body in receiver.calls[before:]]

    switches.duplicate = True
    assert await heard("a") == ["a", "a"]
    switches.duplicate, switches.reorder = False, True
    assert await heard("a", "b") == ["b", "a"]
    switches.reorder, switches.tamper = False, True
    await heard("c")
    assert not authentic(fake, *receiver.calls[-1])


async def test_by_hand(fake: ZaloFake, http: aiohttp.ClientSession, receiver: Receiver) -> None:
    async def act(what: str, body: object | None = None, status: int = 200) -> None:
        async with http.post(f"/user/7/{what}", json=body or {}) as response:
            assert response.status == status, (what, await response.text())

    async with http.post("/fake/webhook", json={"url": receiver.url}) as response:
        assert response.status == 200
    for what in ("photo", "album", "gif", "voice", "video", "sticker", "file", "follow", "unfollow", "block"):
        await act(what)
    await act("text", {"text": "Xin chào"})
    await act("location", {"latitude": 16.46, "longitude": 107.59})
    await act("contact", {"phone": "84912345678"})
    await act("wait", {"hours": 3})
    await act("tap", {"title": "không có"}, 400)
    await act("location", {}, 400)
    await act("fly", {}, 404)
    await fake.delivery.idle()
    assert len(receiver.names()) == 13
    async with http.get("/chats/7") as response:
        assert (await response.json())["accepted"] == 0
    async with http.post("/fake/switches", json={"balance": "ok"}) as response:
        assert (await response.json())["balance"] == "ok"
    async with http.post("/fake/fault", json={"kind": "code", "code": -32}) as response:
        assert (await response.json())["waiting"] == 1
    for path in ("/fake/switches", "/fake/fault"):
        async with http.post(path, json={"unknown": 1}) as response:
            assert response.status == 400
