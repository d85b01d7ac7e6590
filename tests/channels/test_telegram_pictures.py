"""Pictures on their way to Telegram: uploaded once, in albums, and what happens when an upload is forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.contract import ConnectionFailed, Rejected, SendResult
from core.messages import Choice, Content, Picture
from tests.channels.harness_telegram import CITIZEN, TelegramHarness, open_telegram
from tests.fakes.telegram import Fault
from tests.fakes.telegram.people import PNG


@pytest_asyncio.fixture
async def harness(tmp_path: Path) -> AsyncIterator[TelegramHarness]:
    """A channel that polls; for sending the mode does not matter."""
    opened = await open_telegram(tmp_path, "polling")
    yield opened
    await opened.close()


@pytest.mark.parametrize("number", [1, 2])
async def test_an_odd_answer_to_pictures_is_a_success_too(harness: TelegramHarness, number: int) -> None:
    (harness.media / "a.png").write_bytes(PNG)
    harness.fake.faults.next(Fault.ODD)
    content = Content("", pictures=(Picture("a.png"),) * number)
    assert await harness.channel.send(harness.citizen, content) == SendResult(())


async def test_a_picture_is_uploaded_once(harness: TelegramHarness) -> None:
    (harness.media / "a.png").write_bytes(PNG)
    content = Content("thông báo", pictures=(Picture("a.png"),))
    await harness.channel.send(harness.citizen, content)
    stored = len(harness.fake.world.files)
    await harness.channel.send(harness.citizen, content)
    assert len(harness.fake.world.files) == stored
    (harness.media / "a.png").write_bytes(PNG + b"changed")
    await harness.channel.send(harness.citizen, content)
    assert len(harness.fake.world.files) > stored


async def test_a_forgotten_upload_is_uploaded_again(harness: TelegramHarness) -> None:
    (harness.media / "a.png").write_bytes(PNG)
    content = Content("thông báo", pictures=(Picture("a.png"),))
    await harness.channel.send(harness.citizen, content)
    harness.fake.world.files.clear()
    with pytest.raises(ConnectionFailed):
        await harness.channel.send(harness.citizen, content)
    await harness.channel.send(harness.citizen, content)
    assert harness.fake.world.screen(CITIZEN)[-1].pictures == 1


async def test_an_album_has_one_caption_and_an_id_for_each_picture(harness: TelegramHarness) -> None:
    for name in ("a.png", "b.png", "c.png"):
        (harness.media / name).write_bytes(PNG)
    content = Content("ba tấm", pictures=(Picture("a.png"), Picture("b.png"), Picture("c.png")))
    result = await harness.channel.send(harness.citizen, content)
    assert len(result.external_ids) == 3
    assert harness.fake.world.sends(CITIZEN) == 1
    screen = harness.fake.world.screen(CITIZEN)[-1]
    assert (screen.text, screen.pictures) == ("ba tấm", 3)
    with pytest.raises(Rejected):
        await harness.channel.send(harness.citizen, Content("", (Choice("a", "a"),), content.pictures))
