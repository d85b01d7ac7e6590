"""A real server with the chat routes, and a real browser."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar, web
from playwright.async_api import Browser, Page, async_playwright

from bot.web.chat import ChatSettings, add_chat_routes
from core.messages import Choice, Content, IncomingMessage, MessageKind
from tests.web.memory_backend import MemoryBackend

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps; who may hear it is decided by each context.
    "--use-fake-device-for-media-stream",
)


def office(message: IncomingMessage) -> Content | None:
    """Answers as the product does, only simpler."""
    if message.kind is MessageKind.JOINED:
        return Content("Dạ, em chào bác.", (Choice("Gửi phản ánh", "report"), Choice("Gặp cán bộ", "call")))
    if message.start:
        return Content(f"Mã: {message.start}")
    return Content(f"Đã nhận: {message.kind.value}")


@dataclass
class Chat:
    """The running web chat of a test."""

    url: str
    backend: MemoryBackend
    runner: web.AppRunner

    @property
    def origin(self) -> dict[str, str]:
        return {"Origin": self.url}

    async def stop(self) -> None:
        await self.runner.cleanup()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def start_chat(folder: Path, port: int, tls: ssl.SSLContext | None = None, **settings: object) -> Chat:
    backend = MemoryBackend(folder / "incoming", office)
    app = web.Application()
    url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    chosen = {"public_url": url, "ward_name": "Phường Hoa Sen", "hotline": "1900 0368", "voice": True}
    add_chat_routes(app, backend, backend.channel, ChatSettings(**{**chosen, **settings}))  # type: ignore[arg-type]
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls).start()
    return Chat(url, backend, runner)


@pytest_asyncio.fixture(loop_scope="session")
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    running = await start_chat(tmp_path, free_port(), messages_per_minute=60)
    yield running
    await running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all tests of this folder: the browser lives in it."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def launched_browser() -> AsyncIterator[Browser]:
    """Launched once: that takes longer than most of what is tried with it."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is missing")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(launched_browser: Browser) -> AsyncIterator[Browser]:
    """As good as new for every test: what it kept goes with its contexts."""
    yield launched_browser
    for context in launched_browser.contexts:
        await context.close()


@dataclass
class Watched:
    """A page that remembers every complaint of the browser."""

    page: Page
    complaints: list[str]


@pytest_asyncio.fixture(loop_scope="session")
async def watch() -> Callable[[Page], Watched]:
    def begin(page: Page) -> Watched:
        complaints: list[str] = []
        page.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Watched(page, complaints)

    return begin
