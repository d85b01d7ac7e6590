"""Telegram's groups, taps, albums and files over real sockets, up to the neutral message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.contract import Rejected
from core.messages import Choice, Content, IncomingMessage, MessageKind
from tests.channels.harness_telegram import CITIZEN, TelegramHarness, open_telegram
from tests.fakes.telegram import USERNAME, Fault

GROUP = -4100


@pytest_asyncio.fixture
async def pushed(tmp_path: Path) -> AsyncIterator[TelegramHarness]:
    """A channel with a webhook."""
    harness = await open_telegram(tmp_path, "webhook")
    yield harness
    await harness.close()


async def test_the_time_of_a_tap_is_not_that_of_the_old_message(pushed: TelegramHarness) -> None:
    await pushed.channel.send(pushed.citizen, Content("?", (Choice("Có", "yes"),)))
    sent = pushed.fake.world.chats[CITIZEN].messages
    sent[max(sent)]["date"] -= 7 * 24 * 3600
    (envelope,) = await pushed.receive(pushed.fake.people.tap(CITIZEN, "Có"))
    event = pushed.channel.read([envelope])
    assert isinstance(event, IncomingMessage)
    assert abs((event.sent_at - datetime.now(UTC)).total_seconds()) < 60
    assert event.reply_to == str(max(sent))


async def test_a_tap_is_acknowledged_once_and_quickly(pushed: TelegramHarness) -> None:
    (envelope,) = await pushed.does(MessageKind.CHOICE, action="a")
    await pushed.channel.acknowledge(envelope)
    assert sum(pushed.fake.world.answered_taps.values()) == 1
    pushed.fake.faults.next(Fault.TIMEOUT_BEFORE, methods=("answerCallbackQuery",))
    (envelope,) = await pushed.does(MessageKind.CHOICE, action="a")
    await asyncio.wait_for(pushed.channel.acknowledge(envelope), 4.5)


async def test_an_album_is_joined_in_any_order(pushed: TelegramHarness) -> None:
    pictures = [b"\xff\xd8\xff1", b"\xff\xd8\xff2", b"\xff\xd8\xff3"]
    envelopes = await pushed.receive(pushed.fake.people.album(CITIZEN, pictures, "ba tấm"))
    forward, backward = pushed.telegram.read(envelopes), pushed.telegram.read(envelopes[::-1])
    assert forward == backward
    assert forward is not None
    assert forward.external_id == envelopes[0].external_id
    assert len(forward.message_ids) == 3
    fetched = [await pushed.channel.fetch(part, 100) for part in forward.attachments]
    assert fetched == pictures


async def test_group_messages_answer_to_the_group(pushed: TelegramHarness) -> None:
    fake = pushed.fake
    joined = await pushed.receive([fake.groups.join(CITIZEN, GROUP)[0]])
    event = pushed.telegram.read(joined)
    assert event is not None
    assert (event.kind, event.in_group) == (MessageKind.JOINED, True)
    assert fake.people.text(CITIZEN, "nói chuyện riêng", GROUP) == []
    numbers = fake.people.text(CITIZEN, f"/tracuu@{USERNAME} 12", GROUP)
    numbers += fake.people.text(CITIZEN, "/tracuu@other_bot 12", GROUP)
    first, foreign = await pushed.receive(numbers)
    event = pushed.telegram.read([first])
    assert event is not None
    assert (event.text, event.in_group, event.sender) == ("/tracuu 12", True, pushed.citizen)
    assert event.chat.external_id == str(GROUP)
    assert pushed.channel.read([foreign]) is None
    await pushed.channel.send(event.chat, Content("Số 12: đang xử lý"))
    assert fake.world.sends(GROUP) == 1
    left = await pushed.receive(fake.groups.kick(CITIZEN, GROUP))
    gone = pushed.telegram.read(left)
    assert gone is not None
    assert gone.kind is MessageKind.LEFT


async def test_other_bots_and_news_of_a_group_are_nobodys_message(pushed: TelegramHarness) -> None:
    fake = pushed.fake
    _, news = fake.groups.join(CITIZEN, GROUP)
    numbers = [news, *fake.groups.promote(CITIZEN, GROUP), *fake.groups.bot_speaks(GROUP, "/start")]
    for envelope in await pushed.receive(numbers):
        assert pushed.channel.read([envelope]) is None


async def test_a_file_that_is_too_large_or_gone_is_rejected(pushed: TelegramHarness) -> None:
    people = pushed.fake.people
    claimed = people.document(CITIZEN, "phim.zip", b"zip", size=21 * 1024 * 1024)
    small = people.document(CITIZEN, "don.pdf", b"%PDF-1", size=5)
    events = [pushed.telegram.read([e]) for e in await pushed.receive(claimed + small)]
    large, lying = (event.attachments[0] for event in events if event is not None)
    for attachment, limit in ((large, 10**9), (large, 100), (lying, 5)):
        with pytest.raises(Rejected):
            await pushed.channel.fetch(attachment, limit)
    assert await pushed.channel.fetch(lying, 6) == b"%PDF-1"
    pushed.fake.world.files.clear()
    with pytest.raises(Rejected):
        await pushed.channel.fetch(lying, 6)
