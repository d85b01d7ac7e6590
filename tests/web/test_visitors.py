"""Visitors behind a proxy each have a limit of their own, and nobody gets another one by forging a header."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.web.visitor import Visitors
from tests.web.conftest import Chat, free_port, start_chat

PORTAL = "10.0.0.5"
OUTSIDE = "203.0.113.9"


def key(peer: str, *headers: tuple[str, str], proxies: Sequence[str] = ()) -> str:
    request = make_mocked_request("POST", "/chat/api/session", headers=CIMultiDict(headers))
    return Visitors(proxies).key(request.clone(remote=peer))


def test_without_a_proxy_the_peer_is_the_visitor() -> None:
    assert key(OUTSIDE) == OUTSIDE


@pytest.mark.parametrize("header", ["X-Real-IP", "X-Forwarded-For"])
def test_a_header_from_elsewhere_is_ignored(header: str) -> None:
    assert key(OUTSIDE, (header, "198.51.100.7")) == OUTSIDE
    assert key(OUTSIDE, (header, "198.51.100.7"), proxies=[PORTAL]) == OUTSIDE
    assert key(OUTSIDE, (header, "127.0.0.1")) == OUTSIDE


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_a_proxy_on_this_machine_is_believed(peer: str) -> None:
    assert key(peer, ("X-Real-IP", "198.51.100.7")) == "198.51.100.7"
    assert key(peer, ("X-Forwarded-For", "198.51.100.7")) == "198.51.100.7"


@pytest.mark.parametrize("proxies", [[PORTAL], ["10.0.0.0/24"], ["10.0.0.9/24"]])
def test_a_proxy_of_the_settings_is_believed(proxies: list[str]) -> None:
    assert key(PORTAL, ("X-Real-IP", "198.51.100.7"), proxies=proxies) == "198.51.100.7"


def test_only_the_last_hop_counts_because_anybody_may_write_those_before() -> None:
    forged = ("X-Forwarded-For", "192.0.2.1, 192.0.2.2, 198.51.100.7")
    assert key("127.0.0.1", forged) == "198.51.100.7"
    split = [("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-For", "198.51.100.7")]
    assert key("127.0.0.1", *split) == "198.51.100.7"


def test_hops_that_are_our_own_proxies_are_passed_over() -> None:
    chain = ("X-Forwarded-For", f"192.0.2.1, 198.51.100.7, {PORTAL}")
    assert key("127.0.0.1", chain, proxies=[PORTAL]) == "198.51.100.7"
    assert key("127.0.0.1", chain) == PORTAL


@pytest.mark.parametrize("written", ["", "unknown", "1.2.3", "a" * 5000, "1.2.3.4:80"])
def test_a_hop_that_cannot_be_read_leaves_the_peer(written: str) -> None:
    assert key("127.0.0.1", ("X-Real-IP", written)) == "127.0.0.1"
    assert key("127.0.0.1", ("X-Forwarded-For", f"192.0.2.1, {written}")) == "127.0.0.1"


def test_a_household_is_one_visitor_however_many_addresses_it_has() -> None:
    one, other = (key("::1", ("X-Real-IP", f"2001:db8:1:2::{n}")) for n in (1, 2))
    assert one == other != key("::1", ("X-Real-IP", "2001:db8:1:3::1"))


async def opened(chat: Chat, visitor: str) -> int:
    headers = {**chat.origin, "X-Real-IP": visitor}
    async with (
        ClientSession() as browser,
        browser.post(f"{chat.url}/chat/api/session", json={}, headers=headers) as answer,
    ):
        return answer.status


async def test_one_busy_visitor_behind_the_portal_does_not_shut_out_the_others(tmp_path: Path) -> None:
    chat = await start_chat(tmp_path, free_port(), sessions_per_minute=2)
    busy = [await opened(chat, "198.51.100.7") for _ in range(4)]
    other = await opened(chat, "198.51.100.8")
    await chat.stop()
    assert (busy, other) == ([200, 200, 429, 429], 200)
