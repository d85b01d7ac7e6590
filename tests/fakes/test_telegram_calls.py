"""The fake Bot API refuses whom and when the real one refuses, with the real status and words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.fakes.telegram import FakeTelegram, Fault
from tests.fakes.telegram.caller import Caller, Clock

USER = 42
GROUP = -4100


@pytest_asyncio.fixture
async def call() -> AsyncIterator[Caller]:
    """A bot, one person who has started it, and a clock that stands still."""
    clock = Clock()
    fake = FakeTelegram(clock=clock)
    await fake.start()
    fake.people.start(USER)
    async with aiohttp.ClientSession() as session:
        yield Caller(fake, clock, session)
    await fake.close()


def inline(**button: object) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Chọn", **button}]]}


async def test_tokens_and_methods(call: Caller) -> None:
    assert (await call("getMe"))[0] == 200
    assert (await call("GETME"))[0] == 200
    assert (await call("getMe", token="7000000001:wrong"))[0] == 401
    assert (await call("getMe", token="nonsense"))[0] == 404
    assert await call.refused("sendFlowers") == (404, "Not Found: method not found")
    assert (await call.refused("__init__"))[0] == 404


async def test_who_cannot_be_written_to(call: Caller) -> None:
    fake = call.fake
    fake.world.person(7)
    fake.people.start(8)
    fake.groups.block(8)
    fake.people.start(9)
    fake.groups.deactivate(9)
    fake.groups.group(GROUP)
    for chat, status, words in (
        (6, 400, "chat not found"),
        (7, 403, "can't initiate conversation"),
        (8, 403, "blocked by the user"),
        (9, 403, "deactivated"),
        (GROUP, 403, "kicked from the group"),
    ):
        assert (await call.refused("sendMessage", chat_id=chat, text="a"))[0] == status
        assert words in (await call.refused("sendMessage", chat_id=chat, text="a"))[1]
    assert await call.refused("sendMessage", text="a") == (400, "Bad Request: chat_id is empty")


async def test_a_migrated_group_names_the_new_one(call: Caller) -> None:
    call.fake.groups.join(USER, GROUP)
    new = call.fake.groups.migrate(USER, GROUP)
    status, body = await call("sendMessage", chat_id=GROUP, text="a")
    assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": new})
    assert str(new).startswith("-100")
    await call.ok("sendMessage", chat_id=new, text="a")


async def test_editing(call: Caller) -> None:
    sent = await call.ok("sendMessage", chat_id=USER, text="a", reply_markup=inline(callback_data="x"))
    here = {"chat_id": USER, "message_id": sent["message_id"]}
    same = {**here, "text": "a", "reply_markup": inline(callback_data="x")}
    status, description = await call.refused("editMessageText", **same)
    assert status == 400
    assert "message is not modified" in description
    assert (await call.ok("editMessageText", **here, text="b"))["text"] == "b"
    assert "not modified" in (await call.refused("editMessageText", **here, text="b"))[1]
    await call.ok("editMessageReplyMarkup", **here, reply_markup=inline(callback_data="y"))
    assert "not found" in (await call.refused("editMessageText", chat_id=USER, message_id=999, text="b"))[1]
    assert "can't be edit" in (await call.refused("editMessageText", chat_id=USER, message_id=1, text="b"))[1]
    assert await call.ok("deleteMessage", **here) is True
    assert "not found" in (await call.refused("deleteMessage", **here))[1]


async def test_a_tap_is_answered_once_and_in_time(call: Caller) -> None:
    await call.ok("sendMessage", chat_id=USER, text="a", reply_markup=inline(callback_data="x"))
    call.fake.people.tap(USER, "Chọn")
    call.fake.people.tap(USER, "x")
    updates = await call.ok("getUpdates")
    first, second = (u["callback_query"]["id"] for u in updates if "callback_query" in u)
    assert await call.ok("answerCallbackQuery", callback_query_id=first) is True
    for query in (first, "unknown"):
        assert "query is too old" in (await call.refused("answerCallbackQuery", callback_query_id=query))[1]
    call.clock.now += 151
    assert "query is too old" in (await call.refused("answerCallbackQuery", callback_query_id=second))[1]


async def test_only_what_is_on_the_screen_can_be_tapped(call: Caller) -> None:
    with pytest.raises(ValueError, match="no such button"):
        call.fake.people.tap(USER, "Chọn")


async def test_message_numbers_start_anew_in_every_chat(call: Caller) -> None:
    call.fake.people.start(43)
    first = await call.ok("sendMessage", chat_id=USER, text="a")
    second = await call.ok("sendMessage", chat_id=43, text="a")
    assert first["message_id"] == second["message_id"]


async def test_rate_rules(call: Caller) -> None:
    call.fake.rates.enforced = True
    call.fake.groups.join(USER, GROUP)
    for _ in range(3):
        await call.ok("sendMessage", chat_id=USER, text="a")
    status, body = await call("sendMessage", chat_id=USER, text="a")
    assert (status, body["parameters"]["retry_after"]) == (429, 3)
    call.clock.now += 3
    await call.ok("sendMessage", chat_id=USER, text="a")
    for _ in range(20):
        await call.ok("sendMessage", chat_id=GROUP, text="a")
    assert (await call("sendMessage", chat_id=GROUP, text="a"))[0] == 429
    for user in range(100, 130):
        call.fake.people.start(user)
    call.clock.now += 60
    for user in range(100, 130):
        await call.ok("sendMessage", chat_id=user, text="a")
    assert (await call("sendMessage", chat_id=USER, text="a"))[0] == 429


async def test_faults_are_used_up_by_the_calls_they_are_for(call: Caller) -> None:
    call.fake.faults.next(Fault.THROTTLE, Fault.SERVER_ERROR, retry_after=9)
    assert (await call("getMe"))[0] == 200
    status, body = await call("sendMessage", chat_id=USER, text="a")
    assert (status, body["parameters"]) == (429, {"retry_after": 9})
    assert (await call("sendMessage", chat_id=USER, text="a"))[0] == 500
    call.fake.faults.next(Fault.DROP_AFTER, Fault.DROP_BEFORE)
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await call("sendMessage", chat_id=USER, text="a")
    assert call.fake.world.sends(USER) == 1
    assert (await call("sendMessage", chat_id=USER, text="a"))[0] == 200
