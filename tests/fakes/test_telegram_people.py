"""The fake's people and groups behave as in the app, and other programs can play them over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.fakes.telegram import USERNAME, FakeTelegram
from tests.fakes.telegram.caller import Caller, Clock

USER = 42
GROUP = -4100

ACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("text", {"text": "a", "as": "Bà Lan"}),
    ("tap", {"button": "Chọn"}),
    ("photo", {"caption": "b"}),
    ("album", {}),
    ("location", {"latitude": 10.5, "longitude": 106.5}),
    ("venue", {"latitude": 10.5, "longitude": 106.5, "title": "Chợ", "address": "Lê Lợi"}),
    ("contact", {"phone": "84912345678"}),
    ("voice", {}),
    ("video", {}),
    ("sticker", {}),
    ("document", {"name": "a.pdf"}),
    ("dice", {}),
    ("text", {"text": "sai"}),
    ("edit", {"text": "sửa"}),
    ("join-group", {"chat": GROUP}),
    ("promote-bot", {"chat": GROUP}),
    ("migrate-group", {"chat": GROUP}),
    ("block", {}),
    ("unblock", {}),
)


@pytest_asyncio.fixture
async def call() -> AsyncIterator[Caller]:
    """A bot, one person who has started it, and a clock that stands still."""
    clock = Clock()
    fake = FakeTelegram(clock=clock)
    await fake.start()
    async with aiohttp.ClientSession() as session:
        yield Caller(fake, clock, session)
    await fake.close()


async def test_privacy_of_groups(call: Caller) -> None:
    people, groups = call.fake.people, call.fake.groups
    groups.join(USER, GROUP)
    sent = await call.ok("sendMessage", chat_id=GROUP, text="a")
    assert people.text(USER, "riêng", GROUP) == []
    assert people.text(USER, f"@{USERNAME} ơi", GROUP) == []
    assert people.text(USER, "/tracuu", GROUP)
    assert people.text(USER, "vâng", GROUP, reply_to=sent["message_id"])
    groups.promote(USER, GROUP)
    assert people.text(USER, "ai cũng nghe", GROUP)
    groups.kick(USER, GROUP)
    assert people.text(USER, "/tracuu", GROUP) == []


async def test_who_blocked_the_bot_must_unblock_it_first(call: Caller) -> None:
    call.fake.people.start(USER)
    assert call.fake.groups.block(USER)
    with pytest.raises(ValueError, match="unblock"):
        call.fake.people.text(USER, "a")
    assert call.fake.groups.unblock(USER)
    assert call.fake.people.text(USER, "a")


BUTTON = {"inline_keyboard": [[{"text": "Chọn", "callback_data": "x"}]]}


async def post(call: Caller, path: str, **body: Any) -> tuple[int, Any]:
    """Knock at a door."""
    async with call.session.post(f"{call.fake.base_url}{path}", json=body) as answer:
        return answer.status, await answer.json()


async def get(call: Caller, path: str) -> Any:
    """Look through a door."""
    async with call.session.get(f"{call.fake.base_url}{path}") as answer:
        return await answer.json()


async def test_other_programs_can_play_people(call: Caller) -> None:
    assert (await post(call, f"/user/{USER}/start", start="to-5"))[0] == 200
    await call.ok("sendMessage", chat_id=USER, text="Chào", reply_markup=BUTTON)
    for act, body in ACTS:
        status, made = await post(call, f"/user/{USER}/{act}", **body)
        assert (status, bool(made["updates"])) == (200, True), act
    assert (await post(call, f"/user/{USER}/fly"))[0] == 404
    assert (await post(call, f"/user/{USER}/tap", button="không có"))[0] == 400


async def test_other_programs_can_look_and_count(call: Caller) -> None:
    await post(call, f"/user/{USER}/start")
    await post(call, f"/user/{USER}/join-group", chat=GROUP)
    await call.ok("sendMessage", chat_id=USER, text="Chào", reply_markup=BUTTON)
    chat = await get(call, f"/chats/{USER}")
    assert chat["screen"][0]["text"] == "Chào"
    assert chat["screen"][0]["buttons"] == ["Chọn"]
    assert chat["sends"] == 1
    assert {entry["id"] for entry in await get(call, "/chats")} == {USER, GROUP}
    assert (await get(call, "/counts"))["log"][0]["text"] == "Chào"


async def test_other_programs_can_break_things(call: Caller) -> None:
    await post(call, f"/user/{USER}/start")
    assert (await post(call, "/faults", faults=["throttle"], retry_after=3, copies=2))[0] == 200
    assert (await call("sendMessage", chat_id=USER, text="b"))[0] == 429
    assert (await post(call, "/faults", faults=["flood"]))[0] == 400
