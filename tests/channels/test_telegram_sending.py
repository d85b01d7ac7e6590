"""How messages leave for Telegram: keyboards, pictures, and what each way of failing means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.contract import (
    Ambiguous,
    ConnectionFailed,
    Misconfigured,
    RecipientGone,
    RecipientMoved,
    Rejected,
    SendError,
    SendResult,
    Throttled,
)
from bot.channels.telegram.errors import clean
from core.messages import Address, Ask, Choice, Content, MessageKind
from tests.channels.harness_telegram import CITIZEN, TelegramHarness, channel_for, open_telegram
from tests.fakes.telegram import TOKEN, FakeTelegram, Fault

GROUP = -4100
HELLO = Content("Xin chào")


@pytest_asyncio.fixture
async def harness(tmp_path: Path) -> AsyncIterator[TelegramHarness]:
    """A channel that polls; for sending the mode does not matter."""
    opened = await open_telegram(tmp_path, "polling")
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("fault", "error", "arrived"),
    [
        (Fault.THROTTLE, Throttled, 0),
        (Fault.THROTTLE_BARE, Throttled, 0),
        (Fault.SERVER_ERROR, ConnectionFailed, 0),
        (Fault.BAD_GATEWAY, ConnectionFailed, 0),
        (Fault.GATEWAY_PAGE, Ambiguous, 0),
        (Fault.PROXY_PAGE, Misconfigured, 0),
        (Fault.DROP_BEFORE, Ambiguous, 0),
        (Fault.DROP_AFTER, Ambiguous, 1),
        (Fault.GARBAGE, Ambiguous, 1),
        (Fault.UNAUTHORIZED, Misconfigured, 0),
        (Fault.CONFLICT, Misconfigured, 0),
        (Fault.BLOCKED, RecipientGone, 0),
        (Fault.UNKNOWN_400, Rejected, 0),
        (Fault.TOO_LARGE, Rejected, 0),
        (Fault.MIGRATED, RecipientMoved, 0),
    ],
)
async def test_every_fault_is_one_error(
    harness: TelegramHarness, fault: Fault, error: type[SendError], arrived: int
) -> None:
    harness.fake.faults.next(fault, retry_after=7)
    with pytest.raises(SendError) as caught:
        await harness.channel.send(harness.citizen, HELLO)
    assert type(caught.value) is error
    assert harness.fake.world.sends(CITIZEN) == arrived
    if fault is Fault.THROTTLE:
        assert isinstance(caught.value, Throttled)
        assert caught.value.seconds == 7


@pytest.mark.parametrize(("fault", "arrived"), [(Fault.TIMEOUT_AFTER, 1), (Fault.TIMEOUT_BEFORE, 0)])
async def test_silence_after_the_request_is_ambiguous(
    harness: TelegramHarness, tmp_path: Path, fault: Fault, arrived: int
) -> None:
    hasty = channel_for(harness.fake, tmp_path, seconds=0.3)
    harness.fake.faults.next(fault)
    with pytest.raises(Ambiguous):
        await hasty.send(harness.citizen, HELLO)
    assert harness.fake.world.sends(CITIZEN) == arrived
    await hasty.stop()


async def test_what_never_left_is_safe_to_repeat(harness: TelegramHarness) -> None:
    await harness.fake.close()
    with pytest.raises(ConnectionFailed):
        await harness.channel.send(harness.citizen, HELLO)


async def test_a_stopped_channel_sends_nothing_and_says_so(harness: TelegramHarness) -> None:
    await harness.channel.stop()
    with pytest.raises(ConnectionFailed):
        await harness.channel.send(harness.citizen, HELLO)


async def test_an_odd_answer_after_accepting_is_a_success_without_id(harness: TelegramHarness) -> None:
    harness.fake.faults.next(Fault.ODD)
    assert await harness.channel.send(harness.citizen, HELLO) == SendResult(())
    assert harness.fake.world.times("Xin chào") == 1


async def test_people_who_cannot_be_reached(harness: TelegramHarness) -> None:
    fake = harness.fake
    fake.world.person(71)
    fake.people.start(72)
    fake.groups.block(72)
    fake.people.start(73)
    fake.groups.deactivate(73)
    fake.groups.join(CITIZEN, GROUP)
    fake.groups.kick(CITIZEN, GROUP)
    for who in ("70", "71", "72", "73", str(GROUP)):
        with pytest.raises(RecipientGone):
            await harness.channel.send(Address("telegram", harness.channel.account, who), HELLO)


async def test_a_migrated_group_tells_its_new_address(harness: TelegramHarness) -> None:
    harness.fake.groups.join(CITIZEN, GROUP)
    new = harness.fake.groups.migrate(CITIZEN, GROUP)
    old = Address("telegram", harness.channel.account, str(GROUP))
    with pytest.raises(RecipientMoved) as caught:
        await harness.channel.send(old, HELLO)
    assert caught.value.new == Address("telegram", harness.channel.account, str(new))
    await harness.channel.send(caught.value.new, HELLO)
    assert harness.fake.world.sends(new) == 1


async def test_an_address_of_another_kind_is_refused(harness: TelegramHarness) -> None:
    with pytest.raises(Rejected):
        await harness.channel.send(Address("telegram", harness.channel.account, "bà Lan"), HELLO)


async def test_half_a_letter_is_refused_and_not_repeated(harness: TelegramHarness) -> None:
    with pytest.raises(Rejected) as caught:
        await harness.channel.send(harness.citizen, Content("bà Lan \ud83d"))
    assert "Lan" not in str(caught.value)


async def test_choices_stand_one_below_the_other(harness: TelegramHarness) -> None:
    choices = (Choice("Một", "a"), Choice("Hai", "b"), Choice("Trang", url="https://example.org/"))
    result = await harness.channel.send(harness.citizen, Content("Chọn", choices))
    (number,) = result.external_ids
    markup = harness.fake.world.markups[(CITIZEN, int(number))]
    assert [len(row) for row in markup["inline_keyboard"]] == [1, 1, 1]
    assert harness.fake.people.tap(CITIZEN, "Trang") == []


@pytest.mark.parametrize("action", ["", "a" * 65, "đ" * 33])
async def test_an_action_that_no_button_can_carry_is_refused(harness: TelegramHarness, action: str) -> None:
    with pytest.raises(Rejected):
        await harness.channel.send(harness.citizen, Content("Chọn", (Choice("Một", action),)))
    assert harness.fake.world.calls["sendmessage"] == 0


async def test_the_longest_action_comes_back_whole(harness: TelegramHarness) -> None:
    (envelope,) = await harness.does(MessageKind.CHOICE, action="đ" * 32)
    event = harness.telegram.read([envelope])
    assert event is not None
    assert event.action == "đ" * 32


@pytest.mark.parametrize(
    ("ask", "kind"), [(Ask.LOCATION, MessageKind.LOCATION), (Ask.PHONE, MessageKind.PHONE)]
)
async def test_asking_shows_telegrams_own_button(
    harness: TelegramHarness, ask: Ask, kind: MessageKind
) -> None:
    content = Content("Ở đâu ạ?", (Choice("Bỏ qua", "skip"),), ask=ask)
    await harness.channel.send(harness.citizen, content)
    screen = harness.fake.world.screen(CITIZEN)[-1]
    assert screen.buttons == ()
    assert screen.keyboard[1:] == ("Bỏ qua",)
    for words, wanted in ((screen.keyboard[0], kind), ("Bỏ qua", MessageKind.TEXT)):
        event = harness.telegram.read(await harness.receive(harness.fake.people.tap(CITIZEN, words)))
        assert event is not None
        assert event.kind is wanted


async def test_a_group_is_asked_without_the_private_button(harness: TelegramHarness) -> None:
    harness.fake.groups.join(CITIZEN, GROUP)
    group = Address("telegram", harness.channel.account, str(GROUP))
    await harness.channel.send(group, Content("Ở đâu?", (Choice("Bỏ qua", "skip"),), ask=Ask.LOCATION))
    assert harness.fake.world.screen(GROUP)[-1].buttons == ("Bỏ qua",)


async def test_marks_in_the_text_are_only_letters(harness: TelegramHarness) -> None:
    text = "<b>không đậm</b> *sao* _gạch_ [x](http://y) &amp; <script>"
    await harness.channel.send(harness.citizen, Content(text))
    assert harness.shown()[-1].text == text


async def test_eight_at_once_all_arrive(harness: TelegramHarness) -> None:
    sends = (harness.channel.send(harness.citizen, Content(f"tin {n}")) for n in range(8))
    results = await asyncio.gather(*sends)
    assert len({result.external_ids for result in results}) == 8


@pytest.mark.parametrize("description", ['bad "nhà bà Lan" x', "inline URL 'http://lan' x", "Lan: Đường 12"])
def test_a_reason_quotes_nobody(description: str) -> None:
    reason = clean(description)
    assert "nhà" not in reason
    assert "http" not in reason
    assert "12" not in reason
    assert clean("Bad Request: can't parse entities") == "Bad Request: can't parse entities"


def test_a_wrong_token_is_refused_without_being_repeated(tmp_path: Path) -> None:
    for wrong in ("", "abc", TOKEN + " ", f"x{TOKEN}", TOKEN + "/getMe"):
        with pytest.raises(ValueError, match="not the token") as caught:
            channel_for(_nowhere(), tmp_path, token=wrong)
        assert TOKEN not in str(caught.value)


def _nowhere() -> FakeTelegram:
    fake = FakeTelegram.__new__(FakeTelegram)
    fake.base_url = "http://127.0.0.1:9"
    return fake
