"""Files of citizens: only from the allowed hosts, never from inside, never more than the limit."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.channels.contract import ConnectionFailed, Rejected
from bot.channels.zalo.media import Hosts, MediaFetch, is_public

TIMEOUT = aiohttp.ClientTimeout(total=2, connect=1, sock_read=0.5)


class Names(AbstractResolver):
    """Every name leads to one address, and the look-ups are remembered."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """One answer."""
        self.asked.append(host)
        return [ResolveResult(hostname=host, host=self.address, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to close."""


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(1000):
        await response.write(b"x" * 1000)
    return response


async def slow(request: web.Request) -> web.Response:
    await asyncio.sleep(1)
    return web.Response()


async def plain(request: web.Request) -> web.Response:
    return web.Response(body=b"photo")


async def away(request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": request.query["to"]})


async def broken(request: web.Request) -> web.Response:
    return web.Response(status=int(request.query["status"]))


@pytest_asyncio.fixture
async def server() -> AsyncIterator[str]:
    """A media server on loopback; yields its base URL."""
    app = web.Application()
    for path, handler in (("/plain", plain), ("/away", away), ("/broken", broken), ("/slow", slow)):
        app.router.add_get(path, handler)
    app.router.add_get("/endless", endless)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def fetched(source: str, limit: int = 100, hosts: tuple[str, ...] = ("127.0.0.1",)) -> bytes:
    client = MediaFetch(Hosts(hosts), None, TIMEOUT)
    try:
        return await client.fetch(source, limit)
    finally:
        await client.close()


@pytest.mark.parametrize(
    "source",
    [
        "http://127.0.0.1/a",
        "http://127.1/a",
        "http://2130706433/a",
        "http://0x7f000001/a",
        "http://0/a",
        "http://[::1]/a",
        "http://[::ffff:127.0.0.1]/a",
        "http://localhost:8080/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.5/a",
        "http://metadata.google.internal/",
        "https://evil.example/a",
        "https://zdn.vn.evil.example/a",
        "https://evilzdn.vn/a",
        "https://a.zdn.vn@evil.example/a",
        "https://evil.example@a.zdn.vn/a",
        "https://a.zdn.vn:6379/a",
        "https://a.zdn.vn:99999/a",
        "https://a.zdn.vn\\@evil.example/a",
        "file:///etc/passwd",
        "ftp://a.zdn.vn/a",
        "gopher://a.zdn.vn/a",
        "//a.zdn.vn/a",
        "",
        "a.zdn.vn/a",
        "https://",
        "https://a.zdn.vn/a\r\nHost: evil.example",
        "https://[::1",
    ],
)
async def test_foreign_sources_are_refused(source: str) -> None:
    names = Names("127.0.0.1")
    client = MediaFetch(Hosts(), names, TIMEOUT)
    with pytest.raises(Rejected):
        await client.fetch(source, 100)
    assert names.asked == []
    await client.close()


@pytest.mark.parametrize(
    ("source", "checked"),
    [
        ("http://a.zdn.vn/x.jpg?k=1%2F2", "https://a.zdn.vn/x.jpg?k=1%2F2"),
        ("https://a.zdn.vn/tệp đơn.pdf", "https://a.zdn.vn/t%E1%BB%87p%20%C4%91%C6%A1n.pdf"),
        ("http://photo.zalo.me:80/x", "https://photo.zalo.me/x"),
        ("https://ZADN.vn/x", "https://ZADN.vn/x"),
        ("https://b.f1.zdn.vn./x", "https://b.f1.zdn.vn./x"),
    ],
)
def test_allowed_hosts_are_asked_by_https(source: str, checked: str) -> None:
    assert str(Hosts().checked(source)) == checked


def test_no_line_break_reaches_the_request() -> None:
    with pytest.raises(Rejected):
        Hosts().checked("https://a.zdn.vn/a\rX: 1")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
        *("::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "x"),
    ],
)
async def test_allowed_name_that_leads_inside(address: str) -> None:
    assert not is_public(address)
    client = MediaFetch(Hosts(), Names(address), TIMEOUT)
    with pytest.raises(Rejected):
        await client.fetch("https://a.zdn.vn/x.jpg", 100)
    await client.close()


def test_public_addresses() -> None:
    for address in ("49.213.114.1", "2001:ee0:4c00::1", "64:ff9b::31d5:7201"):
        assert is_public(address)


async def test_fetch_within_the_limit(server: str) -> None:
    assert await fetched(f"{server}/plain", 5) == b"photo"
    assert await fetched(f"{server}/away?to=/plain") == b"photo"
    for too_large in (f"{server}/plain", f"{server}/endless"):
        with pytest.raises(Rejected):
            await fetched(too_large, 4)


@pytest.mark.parametrize(
    "to",
    ["http://localhost:1/a", "http://169.254.169.254/", "https://evil.example/", "file:///etc/passwd", ""],
)
async def test_redirects_stay_inside_the_list(server: str, to: str) -> None:
    with pytest.raises(Rejected):
        await fetched(f"{server}/away?to={to}")


async def test_gone_and_broken(server: str) -> None:
    for path in ("/broken?status=404", "/broken?status=206", "/nothing"):
        with pytest.raises(Rejected):
            await fetched(server + path)
    for path in ("/broken?status=503", "/slow"):
        with pytest.raises(ConnectionFailed):
            await fetched(server + path)
    with pytest.raises(ConnectionFailed):
        await fetched("http://127.0.0.1:9/a")
