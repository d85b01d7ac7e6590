"""How updates reach us from Telegram: polling and webhook over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.contract import ConnectionFailed, Misconfigured
from core.messages import IncomingMessage
from tests.channels.harness_telegram import CITIZEN, SECRET, TelegramHarness, channel_for, open_telegram
from tests.fakes.telegram import USERNAME, FakeTelegram, Fault

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest_asyncio.fixture
async def pushed(tmp_path: Path) -> AsyncIterator[TelegramHarness]:
    """A channel with a webhook."""
    harness = await open_telegram(tmp_path, "webhook")
    yield harness
    await harness.close()


@pytest_asyncio.fixture
async def polled(tmp_path: Path) -> AsyncIterator[TelegramHarness]:
    """A channel that polls."""
    harness = await open_telegram(tmp_path, "polling")
    yield harness
    await harness.close()


async def test_a_poison_update_blocks_nobody(polled: TelegramHarness) -> None:
    fake = polled.fake
    before = fake.people.text(CITIZEN, "trước")
    number = fake.updates.number()
    fake.updates.inject({"update_id": number, "message": {"date": "x", "chat": 7, "from": []}}, "poison")
    after = fake.people.text(CITIZEN, "sau")
    envelopes = await polled.receive([*before, number, *after])
    texts = [event.text for e in envelopes if isinstance(event := polled.channel.read([e]), IncomingMessage)]
    assert texts == ["trước", "sau"]


async def test_the_cursor_confirms_what_was_stored(polled: TelegramHarness) -> None:
    (number,) = polled.fake.people.text(CITIZEN, "một")
    batch = await polled.channel.poll(None)
    assert batch.cursor == str(number + 1)
    # The process died before it stored the batch: the same comes again.
    again = await polled.channel.poll(None)
    assert [e.external_id for e in again.envelopes][-1] == str(number)
    (later,) = polled.fake.people.text(CITIZEN, "hai")
    batch = await polled.channel.poll(batch.cursor)
    assert [e.external_id for e in batch.envelopes] == [str(later)]
    assert number not in polled.fake.updates.waiting


async def test_numbers_that_start_anew_lose_nothing(
    polled: TelegramHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.channel.POLL_SECONDS", 0)
    cursor = (await polled.channel.poll(None)).cursor
    cursor = (await polled.channel.poll(cursor)).cursor
    assert cursor == "0"
    text = polled.fake.world.message(
        polled.fake.world.chats[CITIZEN], {"id": CITIZEN}, {"text": "sau một tuần"}
    )
    polled.fake.updates.inject({"update_id": 17, "message": text}, "chat")
    batch = await polled.channel.poll(cursor)
    assert [envelope.external_id for envelope in batch.envelopes] == ["17"]
    assert batch.cursor == "18"


async def test_a_poll_waits_for_news(polled: TelegramHarness) -> None:
    cursor = (await polled.channel.poll(None)).cursor
    waiting = asyncio.create_task(polled.channel.poll(cursor))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    polled.fake.people.text(CITIZEN, "đây")
    batch = await asyncio.wait_for(waiting, 5)
    assert len(batch.envelopes) == 1
    assert polled.fake.world.calls["getupdates"] < 6


async def test_stopping_ends_a_poll_that_waits(polled: TelegramHarness) -> None:
    cursor = (await polled.channel.poll(None)).cursor
    waiting = asyncio.create_task(polled.channel.poll(cursor))
    await asyncio.sleep(0.1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await polled.channel.stop()
    with pytest.raises(ConnectionFailed):
        await polled.channel.poll(cursor)


async def test_two_pollers_and_a_foreign_webhook_are_a_wrong_set_up(polled: TelegramHarness) -> None:
    cursor = (await polled.channel.poll(None)).cursor
    first = asyncio.create_task(polled.channel.poll(cursor))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(polled.channel.poll(cursor))
    with pytest.raises(Misconfigured):
        await first
    polled.fake.people.text(CITIZEN, "ai nhận?")
    assert len((await second).envelopes) == 1
    polled.fake.faults.next(Fault.CONFLICT, methods=("getUpdates",))
    with pytest.raises(Misconfigured) as caught:
        await polled.channel.poll(None)
    assert caught.value.code == "409"


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.SERVER_ERROR, Fault.GATEWAY_PAGE, Fault.GARBAGE])
async def test_a_failed_poll_may_simply_be_repeated(polled: TelegramHarness, fault: Fault) -> None:
    numbers = polled.fake.people.text(CITIZEN, "vẫn còn")
    polled.fake.faults.next(fault, methods=("getUpdates",))
    with pytest.raises(ConnectionFailed):
        await polled.channel.poll(None)
    assert await polled.receive(numbers)


async def test_an_update_sent_twice_has_one_id(pushed: TelegramHarness, polled: TelegramHarness) -> None:
    for harness in (pushed, polled):
        harness.fake.updates.copies = 3
        harness.door.taken.clear()
        await harness.receive(harness.fake.people.text(CITIZEN, "một lần"))
        await asyncio.sleep(0.1)
        assert len(harness.door.taken) == 3
        assert len({envelope.external_id for envelope in harness.door.taken}) == 1


async def test_telegram_tries_again_until_the_webhook_answers_well(pushed: TelegramHarness) -> None:
    pushed.door.status = 503
    numbers = pushed.fake.people.text(CITIZEN, "một") + pushed.fake.people.text(CITIZEN, "hai")
    await asyncio.sleep(0.3)
    assert len(pushed.door.bodies) > 2
    pushed.door.status = 200
    events = [pushed.channel.read([envelope]) for envelope in await pushed.receive(numbers)]
    assert [event.text for event in events if isinstance(event, IncomingMessage)] == ["một", "hai"]


async def test_start_registers_exactly_what_we_read(pushed: TelegramHarness) -> None:
    updates = pushed.fake.updates
    assert updates.webhook is not None
    assert updates.webhook.secret == SECRET
    assert updates.allowed == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_maintain_takes_a_lost_webhook_back(pushed: TelegramHarness) -> None:
    calls = pushed.fake.world.calls
    await pushed.channel.maintain(NOW)
    assert calls["setwebhook"] == 1
    await pushed.fake.updates.set_webhook(None, drop=False)
    await pushed.channel.maintain(NOW)
    assert calls["setwebhook"] == 2
    assert pushed.fake.updates.webhook is not None


async def test_starting_to_poll_keeps_what_waits(tmp_path: Path) -> None:
    pushed = await open_telegram(tmp_path, "webhook")
    pushed.door.status = 503
    numbers = pushed.fake.people.text(CITIZEN, "đừng mất")
    polling = channel_for(pushed.fake, tmp_path, "polling")
    await polling.start()
    batch = await polling.poll(None)
    assert [e.external_id for e in batch.envelopes] == [str(n) for n in numbers]
    await polling.stop()
    await pushed.close()


async def test_a_start_that_fails_can_be_repeated(tmp_path: Path) -> None:
    fake = FakeTelegram()
    await fake.start()
    channel = channel_for(fake, tmp_path)
    for fault, error in ((Fault.BAD_GATEWAY, ConnectionFailed), (Fault.UNAUTHORIZED, Misconfigured)):
        fake.faults.next(fault, methods=("getMe",))
        with pytest.raises(error):
            await channel.start()
    assert channel.deep_link("x") is None
    await channel.start()
    assert channel.deep_link("to-5") == f"https://t.me/{USERNAME}?start=to-5"
    assert channel.deep_link("có dấu") is None
    assert channel.deep_link("a" * 65) is None
    await channel.stop()
    await fake.close()


async def test_a_webhook_needs_an_address_and_a_proper_secret(tmp_path: Path) -> None:
    fake = FakeTelegram()
    await fake.start()
    channel = channel_for(fake, tmp_path, "webhook", None)
    with pytest.raises(Misconfigured):
        await channel.start()
    channel = channel_for(fake, tmp_path, "webhook", "http://example.org/hook")
    with pytest.raises(Misconfigured):
        await channel.start()
    await channel.stop()
    await fake.close()
