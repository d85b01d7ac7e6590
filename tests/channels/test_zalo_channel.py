"""The Zalo channel against the strict fake: sending, its errors, windows, pictures, names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio

from bot.channels.contract import (
    Ambiguous,
    ConnectionFailed,
    CredentialExpired,
    Misconfigured,
    RecipientGone,
    Rejected,
    ReplyWindow,
    SendError,
    Throttled,
    WindowClosed,
)
from core.fitting import fit
from core.messages import (
    Address,
    Ask,
    Choice,
    Content,
    IncomingMessage,
    MessageKind,
    Picture,
    Receipt,
    StaffTakeover,
)
from tests.channels.harness_zalo import CITIZEN, ZaloHarness, channel_for, open_zalo
from tests.fakes.zalo import Fault

NOW = datetime(2026, 11, 20, 8, 30, 15, tzinfo=UTC)


@pytest_asyncio.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ZaloHarness]:
    """A started channel with an open window."""
    opened = await open_zalo(tmp_path)
    yield opened
    await opened.close()


async def test_text_and_buttons_and_tap(harness: ZaloHarness) -> None:
    choices = (Choice("Gửi phản ánh", "report.new"), Choice("Cổng DVC", url="https://dichvucong.gov.vn"))
    sent = await harness.channel.send(harness.citizen, Content("Anh/chị cần gì?", choices))
    (message,) = harness.fake.chat(CITIZEN)
    assert sent.external_ids == (message.message_id,)
    assert [(one.title, one.type, one.payload) for one in message.buttons] == [
        ("Gửi phản ánh", "oa.query.hide", "#nd:report.new"),
        ("Cổng DVC", "oa.open.url", "https://dichvucong.gov.vn"),
    ]
    (envelope,) = harness.take(harness.fake.citizen.tap(CITIZEN, "Gửi phản ánh"))
    found = harness.channel.read([envelope])
    assert isinstance(found, IncomingMessage)
    assert (found.kind, found.action) == (MessageKind.CHOICE, "report.new")
    assert harness.fake.citizen.tap(CITIZEN, "Cổng DVC") == []


async def test_text_is_composed_and_fits(harness: ZaloHarness) -> None:
    decomposed = "phu\u031bo\u031b\u0300ng " * 400
    choices = tuple(Choice(f"Khu phố {number}", f"area.{number}") for number in range(1, 8))
    for part in fit(Content(decomposed, choices, ask=Ask.PHONE), harness.channel.limits):
        await harness.channel.send(harness.citizen, part)
    shown = harness.shown()
    assert len(shown) >= 2
    assert shown[0].text.startswith("phường")
    assert len(shown[-1].choices) == 4
    assert "7. Khu phố 7" in shown[-1].text


async def test_unfitted_content_is_refused_before_it_leaves(harness: ZaloHarness) -> None:
    picture = Picture("a.jpg")
    for content in (
        Content("a", pictures=(picture, picture)),
        Content("a", choices=(Choice("b", "c"),) * 5),
        Content("a", choices=(Choice("b", "c"),), pictures=(picture,)),
    ):
        with pytest.raises(Rejected):
            await harness.channel.send(harness.citizen, content)
    assert harness.fake.attempts(CITIZEN) == 0


async def test_echo_receipt_and_takeover(harness: ZaloHarness) -> None:
    sent = await harness.channel.send(harness.citizen, Content("Đã nhận"))
    echo, received = harness.fake.events.log[-2:]
    assert echo.name == "oa_send_text"
    assert harness.take([echo]) == []
    assert harness.take([received]) == []
    seen = harness.channel.read(harness.take(harness.fake.citizen.sees(CITIZEN)))
    assert seen == Receipt(harness.citizen, sent.external_ids, seen=True)
    staff = harness.fake.citizen.staff_types(CITIZEN, "Tôi gọi lại cho bà nhé")
    assert harness.channel.read(harness.take(staff)) == StaffTakeover(harness.citizen)


async def test_window_follows_the_last_interaction(harness: ZaloHarness) -> None:
    fake, channel = harness.fake, harness.channel
    content = Content("Nhắc lịch tiêm")
    assert channel.reply_window(NOW - timedelta(hours=48), NOW) is ReplyWindow.OPEN
    assert channel.reply_window(NOW - timedelta(hours=49), NOW) is ReplyWindow.PAID
    assert channel.reply_window(NOW - timedelta(days=7, seconds=1), NOW) is ReplyWindow.CLOSED
    assert channel.reply_window(None, NOW) is ReplyWindow.CLOSED
    fake.citizen.pass_time(CITIZEN, 50)
    balances: tuple[Literal["no_account", "no_balance"], ...] = ("no_account", "no_balance")
    for balance in balances:
        fake.world.switches.balance = balance
        with pytest.raises(WindowClosed):
            await channel.send(harness.citizen, content)
    fake.world.switches.balance = "ok"
    await channel.send(harness.citizen, content)
    assert fake.chat(CITIZEN)[-1].charged
    fake.citizen.pass_time(CITIZEN, 24 * 7)
    with pytest.raises(WindowClosed):
        await channel.send(harness.citizen, content)
    fake.citizen.block(CITIZEN)
    with pytest.raises(RecipientGone):
        await channel.send(harness.citizen, content)
    assert fake.accepted(CITIZEN) == 1


async def test_expired_token_is_renewed_and_the_call_repeated_once(harness: ZaloHarness) -> None:
    before = harness.fake.world.exchanges
    harness.fake.expire_access()
    await harness.channel.send(harness.citizen, Content("a"))
    harness.fake.fail_next(Fault("code", -216), times=2)
    with pytest.raises(CredentialExpired):
        await harness.channel.send(harness.citizen, Content("b"))
    await harness.channel.send(harness.citizen, Content("c"))
    assert [message.text for message in harness.fake.chat(CITIZEN)] == ["a", "c"]
    assert harness.fake.world.exchanges == before + 2


@pytest.mark.parametrize(
    ("fault", "error", "arrived"),
    [
        (Fault("http", status=500), ConnectionFailed, 0),
        (Fault("http", status=504), ConnectionFailed, 0),
        (Fault("http", status=429), Throttled, 0),
        (Fault("http", status=404), CredentialExpired, 0),
        (Fault("drop_before"), Ambiguous, 0),
        (Fault("drop_after"), Ambiguous, 1),
        (Fault("garbage"), Ambiguous, 1),
        (Fault("hang", seconds=2), Ambiguous, 1),
        (Fault("code", -32, "rate limit"), Throttled, 0),
        (Fault("code", -9999), Rejected, 0),
    ],
)
async def test_faults_of_the_line(tmp_path: Path, fault: Fault, error: type[SendError], arrived: int) -> None:
    harness = await open_zalo(tmp_path)
    channel = channel_for(harness.fake, harness.vault, harness.media, total=0.5)
    exchanges = harness.fake.world.exchanges
    try:
        times = 2 if error is CredentialExpired else 1
        harness.fake.fail_next(fault, times=times)
        with pytest.raises(error):
            await channel.send(harness.citizen, Content("Chào bà"))
        assert harness.fake.accepted(CITIZEN) == arrived
        assert harness.fake.world.exchanges == exchanges + (times - 1)
    finally:
        await channel.stop()
        await harness.close()


async def test_nobody_listens(harness: ZaloHarness) -> None:
    await harness.channel.stop()
    await harness.fake.stop()
    with pytest.raises(ConnectionFailed):
        await harness.channel.send(harness.citizen, Content("a"))


async def test_burst_is_throttled(harness: ZaloHarness) -> None:
    harness.fake.world.switches.burst_limit = 3
    results = await asyncio.gather(
        *(harness.channel.send(harness.citizen, Content(str(number))) for number in range(5)),
        return_exceptions=True,
    )
    throttled = [one for one in results if isinstance(one, Throttled)]
    assert len(throttled) == 2
    assert all(0 < one.seconds <= 60 for one in throttled)
    assert harness.fake.accepted(CITIZEN) == 3


async def test_profile(harness: ZaloHarness) -> None:
    harness.fake.world.person(CITIZEN).name = "Bà Lan"
    assert await harness.channel.profile(harness.citizen) == "Bà Lan"
    stranger = Address("zalo", harness.channel.account, "404")
    assert await harness.channel.profile(stranger) is None
    for fault, times in ((Fault("http"), 1), (Fault("garbage"), 1), (Fault("drop_before"), 2)):
        # The client repeats a cut GET once by itself, so the line has to break twice.
        harness.fake.fail_next(fault, "detail", times)
        assert await harness.channel.profile(harness.citizen) is None


async def test_secret_proof(harness: ZaloHarness) -> None:
    harness.fake.world.switches.require_proof = True
    with pytest.raises(Misconfigured):
        await harness.channel.send(harness.citizen, Content("a"))
    proving = channel_for(harness.fake, harness.vault, harness.media, app_secret_proof=True)
    await proving.send(harness.citizen, Content("b"))
    await proving.stop()


async def test_small_duties(harness: ZaloHarness) -> None:
    channel = harness.channel
    assert channel.deep_link("HANH-7K") == f"https://zalo.me/{channel.account}"
    assert (await channel.poll("c")).envelopes == ()
    assert channel.polls is False
    await channel.stop()
    await channel.send(harness.citizen, Content("Một lần nữa"))


async def test_an_approved_template_needs_no_window_and_carries_what_fits(harness: ZaloHarness) -> None:
    harness.fake.world.templates["357"] = {"noi_dung": 200}
    harness.fake.world.switches.balance = "ok"
    harness.fake.world.shift += 8 * 24 * 3600
    await harness.channel.maintain(datetime.now(UTC) + timedelta(days=8))
    with pytest.raises(WindowClosed):
        await harness.channel.send(harness.citizen, Content("Cúp nước"))
    channel = channel_for(harness.fake, harness.vault, harness.media, template_id="357")
    try:
        sent = await channel.knock(harness.citizen, Content("Phường Mẫu thông báo:\n\n" + "cúp nước " * 60))
        message = harness.fake.chat(CITIZEN)[-1]
        assert sent.external_ids == (message.message_id,)
        assert message.text.startswith("noi_dung: Phường Mẫu thông báo: cúp nước")
        assert message.text.endswith("…")
        assert message.charged
        harness.fake.world.templates.clear()
        with pytest.raises(Rejected):
            await channel.knock(harness.citizen, Content("Cúp nước"))
    finally:
        await channel.stop()
