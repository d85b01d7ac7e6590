"""The fake delivers updates as Telegram does: offsets, conflicts, ordered pushing with retries; and its doors."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from tests.fakes.telegram import TOKEN, FakeTelegram

USER = 42
GROUP = -4100


class Bot:
    """A program behind the bot: calls, and receives at a webhook that can be told what to answer."""

    def __init__(self, fake: FakeTelegram, session: aiohttp.ClientSession) -> None:
        self.fake = fake
        self.session = session
        self.got: list[dict[str, Any]] = []
        self.headers: list[str] = []
        self.answers: list[web.Response] = []
        self.slow_chat: int | None = None
        self.url = ""

    async def call(self, method: str, **values: Any) -> tuple[int, Any]:
        async with self.session.post(f"{self.fake.base_url}/bot{TOKEN}/{method}", json=values) as answer:
            return answer.status, (await answer.json()).get("result")

    async def hook(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.headers.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        self.got.append(update)
        if update.get("message", {}).get("chat", {}).get("id") == self.slow_chat:
            return web.Response(status=500)
        return self.answers.pop(0) if self.answers else web.Response()

    async def until(self, number: int) -> None:
        for _ in range(1000):
            if len(self.got) >= number:
                return
            await asyncio.sleep(0.005)
        raise TimeoutError(f"{len(self.got)} of {number} updates came")


@pytest_asyncio.fixture
async def bot() -> AsyncIterator[Bot]:
    fake = FakeTelegram()
    await fake.start()
    async with aiohttp.ClientSession() as session:
        bot = Bot(fake, session)
        app = web.Application()
        app.router.add_post("/hook", bot.hook)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        yield bot
        await fake.close()
        await runner.cleanup()


async def test_offsets_confirm(bot: Bot) -> None:
    for text in "abc":
        bot.fake.people.text(USER, text)
    _, updates = await bot.call("getUpdates")
    assert [u["message"]["text"] for u in updates] == ["a", "b", "c"]
    ids = [u["update_id"] for u in updates]
    assert ids == sorted(ids)
    assert len((await bot.call("getUpdates"))[1]) == 3
    assert len((await bot.call("getUpdates", offset=ids[1], limit=1))[1]) == 1
    assert len((await bot.call("getUpdates"))[1]) == 2
    assert [u["update_id"] for u in (await bot.call("getUpdates", offset=-1))[1]] == [ids[2]]
    assert (await bot.call("getUpdates", offset=ids[2] + 1))[1] == []


async def _soon(call: asyncio.Task[tuple[int, Any]]) -> tuple[int, Any]:
    async with asyncio.timeout(2):
        return await call


async def test_a_poll_waits_but_not_for_ever(bot: Bot) -> None:
    before = time.monotonic()
    assert await bot.call("getUpdates", timeout=1) == (200, [])
    assert 0.9 < time.monotonic() - before < 3
    waiting = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    bot.fake.people.text(USER, "a")
    assert len((await _soon(waiting))[1]) == 1


async def test_a_second_poller_ends_the_first(bot: Bot) -> None:
    first = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(bot.call("getUpdates", timeout=30))
    assert (await _soon(first))[0] == 409
    bot.fake.people.text(USER, "a")
    assert len((await _soon(second))[1]) == 1


async def test_polling_and_webhook_exclude_each_other(bot: Bot) -> None:
    bot.answers = [web.Response(status=500)] * 99
    await bot.call("setWebhook", url=bot.url)
    assert (await bot.call("getUpdates"))[0] == 409
    bot.fake.people.text(USER, "a")
    await bot.until(2)
    await bot.call("deleteWebhook")
    assert len((await bot.call("getUpdates"))[1]) == 1
    await bot.call("deleteWebhook", drop_pending_updates=True)
    assert (await bot.call("getUpdates"))[1] == []


async def test_only_what_was_asked_for_is_delivered(bot: Bot) -> None:
    await bot.call("getUpdates", allowed_updates=["callback_query"])
    assert bot.fake.people.text(USER, "a") == []
    # Left out means «as before», an empty list «the usual».
    await bot.call("getUpdates")
    assert bot.fake.people.text(USER, "a") == []
    await bot.call("getUpdates", allowed_updates=[])
    assert len(bot.fake.people.text(USER, "a")) == 1


async def test_pushing_shows_the_secret_and_keeps_the_order_of_a_chat(bot: Bot) -> None:
    for text in "abc":
        bot.fake.people.text(USER, text)
    bot.answers = [web.Response(status=500), web.Response(status=403)]
    await bot.call("setWebhook", url=bot.url, secret_token="s3cret_-")
    await bot.until(5)
    assert [u["message"]["text"] for u in bot.got] == ["a", "a", "a", "b", "c"]
    assert set(bot.headers) == {"s3cret_-"}
    _, info = await bot.call("getWebhookInfo")
    assert "403" in info["last_error_message"]
    await asyncio.sleep(0.05)
    assert not bot.fake.updates.waiting


async def test_a_chat_that_fails_holds_up_only_itself(bot: Bot) -> None:
    bot.slow_chat = USER
    await bot.call("setWebhook", url=bot.url)
    bot.fake.people.text(USER, "kẹt")
    bot.fake.people.text(USER, "chờ")
    bot.fake.people.text(43, "qua")
    await bot.call("sendMessage", chat_id=USER, text="a", reply_markup=_button())
    bot.fake.people.tap(USER, "Chọn")
    await bot.until(4)
    kinds = {u["message"]["text"] if "message" in u else "tap" for u in bot.got}
    assert kinds == {"kẹt", "qua", "tap"}


def _button() -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Chọn", "callback_data": "x"}]]}


async def test_retry_after_is_honoured(bot: Bot) -> None:
    bot.answers = [web.Response(status=503, headers={"Retry-After": "1"})]
    await bot.call("setWebhook", url=bot.url)
    bot.fake.people.text(USER, "a")
    before = time.monotonic()
    await bot.until(2)
    assert time.monotonic() - before > 0.8


async def test_an_update_can_come_twice(bot: Bot) -> None:
    bot.fake.updates.copies = 2
    await bot.call("setWebhook", url=bot.url)
    bot.fake.people.text(USER, "a")
    await bot.until(2)
    assert bot.got[0] == bot.got[1]


async def test_a_method_in_the_answer_is_carried_out(bot: Bot) -> None:
    reply = {"method": "sendMessage", "chat_id": USER, "text": "ai biết?"}
    bot.answers = [web.json_response(reply)]
    await bot.call("setWebhook", url=bot.url)
    bot.fake.people.text(USER, "a")
    await bot.until(1)
    await asyncio.sleep(0.05)
    assert bot.fake.world.times("ai biết?") == 1


@pytest.mark.parametrize(
    "values",
    [
        {"url": "http://example.org/hook"},
        {"url": "https://example.org:9999/hook"},
        {"url": "https://example.org/hook", "secret_token": "có dấu"},
        {"url": "https://example.org/hook", "secret_token": "a" * 257},
    ],
)
async def test_a_webhook_address_has_rules(bot: Bot, values: dict[str, str]) -> None:
    assert (await bot.call("setWebhook", **values))[0] == 400


async def test_an_album_comes_in_parts(bot: Bot) -> None:
    bot.fake.people.album(USER, [b"1", b"2", b"3"], "ba tấm")
    _, updates = await bot.call("getUpdates")
    assert len({u["message"]["media_group_id"] for u in updates}) == 1
    assert [u["message"].get("caption") for u in updates] == ["ba tấm", None, None]
