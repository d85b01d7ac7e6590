"""The token life of the Zalo channel: one exchange among many, what a crash costs, consent, refusals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import pytest_asyncio

from bot.channels.contract import ConnectionFailed, Misconfigured, TokenPair
from bot.channels.zalo.api import secret_proof
from bot.channels.zalo.tokens import challenge, granted
from bot.channels.zalo.wire import Reply
from core.messages import Address, Content
from tests.channels.harness_zalo import CITIZEN, MemoryVault, channel_for
from tests.fakes.zalo import Fault, ZaloFake

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[ZaloFake]:
    """A fake with one citizen who has written."""
    opened = ZaloFake()
    await opened.start()
    opened.citizen.text(CITIZEN, "Chào phường")
    yield opened
    await opened.stop()


def citizen(fake: ZaloFake) -> Address:
    return Address("zalo", fake.account.oa_id, CITIZEN)


def test_vectors() -> None:
    assert challenge(VERIFIER) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    proof = secret_proof("AppSecret_Test-01", "ACCESS_TOKEN_TEST")
    assert proof == "9f239ee360c248112186e7cbf8694500afe3930829abcf7ee56c2575ef7b9e2c"


async def test_two_channels_exchange_once(fake: ZaloFake, tmp_path: Path) -> None:
    vault, seed = MemoryVault(), fake.refresh_token()
    channels = [channel_for(fake, vault, tmp_path, first_refresh_token=seed) for _ in range(2)]
    await asyncio.gather(*(channel.start() for channel in channels))
    assert (fake.world.exchanges, fake.world.refused_exchanges) == (1, 0)
    fake.expire_access()
    await asyncio.gather(
        *(channel.send(citizen(fake), Content(str(n))) for n in range(10) for channel in channels)
    )
    assert (fake.world.exchanges, fake.world.refused_exchanges) == (2, 0)
    assert fake.accepted(CITIZEN) == 20
    vault.age(timedelta(hours=21))
    now = datetime.now(UTC)
    await asyncio.gather(*(channel.maintain(now) for channel in channels for _ in range(3)))
    assert (fake.world.exchanges, fake.world.refused_exchanges) == (3, 0)
    for channel in channels:
        await channel.stop()


async def test_maintain_leaves_a_young_token_alone(fake: ZaloFake, tmp_path: Path) -> None:
    vault = MemoryVault()
    channel = channel_for(fake, vault, tmp_path, first_refresh_token=fake.refresh_token())
    await channel.start()
    await channel.maintain(datetime.now(UTC) + timedelta(hours=19))
    assert fake.world.exchanges == 1
    await channel.maintain(datetime.now(UTC) + timedelta(hours=21))
    assert fake.world.exchanges == 2
    await channel.stop()


async def test_replica_takes_over_what_another_renewed(fake: ZaloFake, tmp_path: Path) -> None:
    vault = MemoryVault()
    first = channel_for(fake, vault, tmp_path, first_refresh_token=fake.refresh_token())
    second = channel_for(fake, vault, tmp_path)
    await first.start()
    await second.start()
    await first.maintain(datetime.now(UTC) + timedelta(hours=21))
    # The second one still holds the dead token and learns of the new pair by the refusal.
    await second.send(citizen(fake), Content("a"))
    assert (fake.world.exchanges, fake.accepted(CITIZEN)) == (2, 1)
    await first.stop()
    await second.stop()


async def test_crash_between_exchange_and_storing_needs_a_person(fake: ZaloFake, tmp_path: Path) -> None:
    vault, seed = MemoryVault(), fake.refresh_token()
    vault.forget_next = True
    channel = channel_for(fake, vault, tmp_path, first_refresh_token=seed)
    with pytest.raises(ConnectionResetError):
        await channel.start()
    await channel.stop()
    again = channel_for(fake, vault, tmp_path, first_refresh_token=seed)
    with pytest.raises(Misconfigured):
        await again.start()
    # A new token in the settings mends it, although a dead pair may be stored.
    vault.pair = TokenPair("dead", "dead", NOW)
    mended = channel_for(fake, vault, tmp_path, first_refresh_token=fake.refresh_token())
    await mended.start()
    await mended.send(citizen(fake), Content("a"))
    assert fake.world.token_log[-2] == "dead"
    await again.stop()
    await mended.stop()


async def test_failed_exchange_keeps_the_old_pair(fake: ZaloFake, tmp_path: Path) -> None:
    vault = MemoryVault()
    channel = channel_for(fake, vault, tmp_path, first_refresh_token=fake.refresh_token(), total=0.5)
    await channel.start()
    kept, late = vault.pair, datetime.now(UTC) + timedelta(hours=21)
    for fault in (Fault("http"), Fault("drop_before")):
        fake.fail_next(fault, "token")
        with pytest.raises(ConnectionFailed):
            await channel.maintain(late)
        assert vault.pair == kept
        await channel.send(citizen(fake), Content("a"))
    fake.revoke()
    with pytest.raises(Misconfigured):
        await channel.send(citizen(fake), Content("b"))
    assert vault.pair == kept
    await channel.stop()


async def test_consent_brings_a_channel_to_life(fake: ZaloFake, tmp_path: Path) -> None:
    vault, back = MemoryVault(), "https://phuong.example/zalo/back"
    fake.world.redirect_uri = back
    channel = channel_for(fake, vault, tmp_path)
    with pytest.raises(Misconfigured):
        await channel.start()
    with pytest.raises(Misconfigured):
        await channel.send(citizen(fake), Content("a"))
    code = await consent(channel.consent_url("s1 ă", VERIFIER, back))
    with pytest.raises(Misconfigured):
        await channel.redeem(code, "another-verifier")
    code = await consent(channel.consent_url("s1 ă", VERIFIER, back))
    await channel.redeem(code, VERIFIER)
    with pytest.raises(Misconfigured):
        await channel.redeem(code, VERIFIER)
    await channel.send(citizen(fake), Content("b"))
    assert vault.pair is not None
    assert "AT-" not in repr(vault.pair)
    await channel.stop()


async def consent(url: str) -> str:
    """Press the button on the consent page; returns the code that comes back."""
    async with aiohttp.ClientSession() as session, session.get(url, allow_redirects=False) as response:
        assert response.status == 302
        query = parse_qs(urlsplit(response.headers["Location"]).query)
        assert query["state"] == ["s1 ă"]
        return query["code"][0]


@pytest.mark.parametrize(
    "body",
    [
        b'{"error_name":"Invalid refresh token","error_reason":"","error_description":""}',
        b'{"error":-14003,"error_name":"Invalid redirect uri"}',
        b'{"access_token":"a"}',
        b'{"access_token":"a","refresh_token":""}',
        b'{"access_token":"a","refresh_token":null,"expires_in":"90000"}',
        b'{"access_token":{},"refresh_token":["b"]}',
        b"{}",
    ],
)
def test_only_two_tokens_are_a_success(body: bytes) -> None:
    with pytest.raises(Misconfigured):
        granted(Reply(200, body), NOW)


def test_life_time_is_read_as_it_comes() -> None:
    for given, hours in (('"90000"', 25), ("90000", 25), ('"soon"', 6), ("null", 6)):
        body = f'{{"access_token":"a","refresh_token":"b","expires_in":{given}}}'
        assert granted(Reply(200, body.encode()), NOW).expires_at == NOW + timedelta(hours=hours)


@pytest.mark.parametrize(("status", "body"), [(503, b"{}"), (502, b"<html>"), (200, b"<html>"), (429, b"")])
def test_broken_token_server_is_no_refusal(status: int, body: bytes) -> None:
    with pytest.raises(ConnectionFailed):
        granted(Reply(status, body), NOW)
