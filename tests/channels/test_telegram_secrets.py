"""The bot's token reaches the wire and nothing else: no log of any library, no exception, no traceback."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import pytest

from bot.channels.contract import SendError
from core.messages import Attachment, Content, MessageKind
from tests.channels.harness_telegram import CITIZEN, channel_for, open_telegram
from tests.fakes.telegram import TOKEN, Fault

SECRET_PART = TOKEN.split(":")[1]


async def test_no_log_shows_the_token(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for mode in ("polling", "webhook"):
        harness = await open_telegram(tmp_path, mode)
        await harness.channel.send(harness.citizen, Content("a"))
        (envelope,) = await harness.does(MessageKind.PHOTO)
        event = harness.telegram.read([envelope])
        assert event is not None
        await harness.channel.fetch(event.attachments[0], 10_000)
        for fault in Fault:
            if not fault.startswith("timeout"):
                harness.fake.faults.next(fault)
                try:
                    await harness.channel.send(harness.citizen, Content("b"))
                except SendError:
                    continue
        await harness.close()
    assert any(record.name.startswith("httpx") for record in caplog.records)
    assert any("withheld" in record.getMessage() for record in caplog.records)
    assert SECRET_PART not in caplog.text


@pytest.mark.parametrize("fault", [f for f in Fault if f not in {Fault.OK, Fault.ODD, Fault.TIMEOUT_BEFORE}])
async def test_no_error_shows_the_token(tmp_path: Path, fault: Fault) -> None:
    harness = await open_telegram(tmp_path, "polling")
    hasty = channel_for(harness.fake, tmp_path, seconds=0.3)
    attachment = Attachment(MessageKind.PHOTO, "nothing")
    harness.fake.faults.next(fault, fault, fault, methods=("sendMessage", "getFile", "getMe"))
    for call in (
        hasty.send(harness.citizen, Content("số nhà của bà Lan")),
        hasty.fetch(attachment, 5),
        hasty.start(),
    ):
        with pytest.raises(SendError) as caught:
            await call
        told = (
            "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(vars(caught.value))
        )
        assert SECRET_PART not in told
        assert "bà Lan" not in str(caught.value)
    await hasty.stop()
    await harness.close()


async def test_a_dead_provider_shows_nothing_either(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    harness = await open_telegram(tmp_path, "polling")
    await harness.fake.close()
    for call in (
        harness.channel.start(),
        harness.channel.poll(None),
        harness.channel.send(harness.citizen, Content("a")),
    ):
        with pytest.raises(SendError) as caught:
            await call
        context: BaseException | None = caught.value
        while context is not None:
            assert SECRET_PART not in repr(context)
            request = getattr(context, "_request", None)
            assert SECRET_PART not in str(getattr(request, "url", ""))
            context = context.__context__
    assert SECRET_PART not in caplog.text
    assert harness.fake.world.sends(CITIZEN) == 0
    await harness.close()


async def test_words_of_citizens_are_not_logged_when_an_answer_is_broken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    harness = await open_telegram(tmp_path, "polling")
    harness.fake.faults.next(Fault.GARBAGE)
    with pytest.raises(SendError):
        await harness.channel.send(harness.citizen, Content("số nhà của bà Lan"))
    assert "hotel" not in caplog.text
    assert "bà Lan" not in caplog.text
    await harness.close()
