"""The one line in a portal: another site, its strict policy, its keyboard users."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from tests.web.conftest import Chat, free_port, start_chat

pytestmark = pytest.mark.browser

OPEN = "Mở trò chuyện với trợ lý của phường"


@dataclass
class Portal:
    """A ward's portal beside its chat; `stranger` is a site that frames the chat without being asked to."""

    url: str
    stranger: str
    chat: Chat


async def serve_portal(
    chat: Chat, ports: tuple[int, int], host: str, tls: ssl.SSLContext | None
) -> web.AppRunner:
    """A page with a content policy that allows the chat and nothing else, and the line twice."""
    policy = f"default-src 'none'; script-src {chat.url}; frame-src {chat.url}; style-src 'none'"
    line = f'<script src="{chat.url}/widget.js" defer></script>'

    async def page(request: web.Request) -> web.Response:
        frame = f'<iframe src="{chat.url}/chat"></iframe>' if request.path == "/frame" else line + line
        text = f"<!doctype html><title>Cổng</title><body><a href=#>Tin tức</a>{frame}</body>"
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/frame", page)
    runner = web.AppRunner(app)
    await runner.setup()
    for port in ports:
        await web.TCPSite(runner, host, port, ssl_context=tls).start()
    return runner


async def open_portal(folder: Path, host: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[Portal]:
    ports = free_port(), free_port()
    own, stranger = (f"{'https' if tls else 'http'}://{host}:{port}" for port in ports)
    chat = await start_chat(folder, free_port(), tls, portal_origins=(own,))
    runner = await serve_portal(chat, ports, host, tls)
    yield Portal(own, stranger, chat)
    await runner.cleanup()
    await chat.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    """Another origin of the same site, as phuong.gov.vn and chat.phuong.gov.vn are."""
    async for opened in open_portal(tmp_path, "127.0.0.1"):
        yield opened


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    """A certificate that nobody trusts."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is missing")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest_asyncio.fixture(loop_scope="session")
async def far_portal(tmp_path: Path, tls: ssl.SSLContext) -> AsyncIterator[Portal]:
    """Another site, by https: two names of loopback are two sites."""
    async for opened in open_portal(tmp_path, "localhost", tls):
        yield opened


async def visited(url: str, browser: Browser, width: int = 1100) -> tuple[Page, list[str]]:
    page = await browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url)
    return page, complaints


async def test_one_button_opens_the_chat(portal: Portal, browser: Browser) -> None:
    page, complaints = await visited(portal.url, browser)
    button = page.get_by_role("button", name=OPEN)
    await expect(button).to_have_count(1)
    box = await button.bounding_box()
    assert box is not None
    assert box["width"] >= 60
    assert box["x"] > 900
    assert await page.locator("iframe").count() == 0, "nothing is loaded before somebody wants it"
    await button.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    frame = page.frame_locator("iframe")
    await expect(frame.locator("#text")).to_be_visible()
    await expect(frame.locator("html")).to_have_class("embed")
    await expect(frame.locator("article")).to_contain_text("Dạ, em chào bác.")
    await frame.locator("#text").fill("Từ cổng của phường")
    await frame.locator("#send").click()
    await expect(frame.locator("#log")).to_contain_text("Đã nhận: text")
    assert not [c for c in complaints if "favicon" not in c and "404" not in c]


async def test_whoever_speaks_in_the_panel_and_closes_it_is_not_listened_to(
    portal: Portal, browser: Browser
) -> None:
    context = await browser.new_context(permissions=["microphone"])
    page = await context.new_page()
    await page.goto(portal.url)
    await page.get_by_role("button", name=OPEN).click()
    frame = page.frame_locator("iframe")
    await frame.locator("#mic").click()
    await expect(frame.locator("#told")).to_contain_text("Đang ghi âm")
    await page.wait_for_timeout(1300)
    await page.get_by_role("button", name="Đóng").click()
    await page.get_by_role("button", name=OPEN).click()
    await expect(frame.locator("#told")).to_contain_text("Đã ghi xong, chưa gửi")
    await page.wait_for_timeout(450)  # a tap so soon would be one of a trembling hand
    await frame.locator("#deliver").click()
    await expect(frame.locator("#log")).to_contain_text("Đã nhận: voice")


async def test_a_portal_that_shuts_the_microphone_out_gets_no_button(
    portal: Portal, browser: Browser
) -> None:
    page, _ = await visited(f"{portal.url}/frame", browser)
    frame = page.frame_locator("iframe")
    await expect(frame.locator("article")).to_have_count(1)
    await expect(frame.locator("#mic")).to_be_hidden()


async def test_escape_and_the_button_close_it(portal: Portal, browser: Browser) -> None:
    page, _ = await visited(portal.url, browser)
    opener = page.get_by_role("button", name=OPEN)
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Đóng")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()
    await opener.click()
    await page.frame_locator("iframe").locator("#text").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await opener.click()
    await page.get_by_role("button", name="Đóng").click()
    await expect(opener).to_be_visible()


async def test_the_keyboard_stays_inside(portal: Portal, browser: Browser) -> None:
    page, _ = await visited(portal.url, browser)
    await page.get_by_role("button", name=OPEN).click()
    await expect(page.frame_locator("iframe").locator("#text")).to_be_visible()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(15):
            await page.keyboard.press(key)
            # Between two processes of the browser the focus needs a moment.
            await page.wait_for_function("document.activeElement.id === 'nghedan-widget'", timeout=3000)


async def test_a_message_of_somebody_else_closes_nothing(portal: Portal, browser: Browser) -> None:
    page, _ = await visited(portal.url, browser)
    await page.get_by_role("button", name=OPEN).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.evaluate("window.postMessage('nghedan:close', '*')")
    await page.wait_for_timeout(200)
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_on_a_phone_it_fills_the_screen(portal: Portal, browser: Browser) -> None:
    page, _ = await visited(portal.url, browser, width=390)
    await page.get_by_role("button", name=OPEN).click()
    box = await page.get_by_role("dialog").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 800}


async def test_other_sites_may_not_frame_the_chat(portal: Portal, browser: Browser) -> None:
    page, complaints = await visited(f"{portal.stranger}/frame", browser)
    await page.wait_for_timeout(500)
    assert any("frame-ancestors" in complaint for complaint in complaints)


async def test_a_foreign_site_keeps_the_conversation_by_https(far_portal: Portal, browser: Browser) -> None:
    context = await browser.new_context(ignore_https_errors=True)
    for visit in range(2):
        page = await context.new_page()
        await page.goto(far_portal.url)
        await page.get_by_role("button", name=OPEN).click()
        frame = page.frame_locator("iframe")
        await expect(frame.locator("article").first).to_contain_text("Dạ, em chào bác.")
        if visit == 0:
            await frame.locator("#text").fill("Từ cổng khác")
            await frame.locator("#send").click()
        await expect(frame.locator("#log")).to_contain_text("Từ cổng khác")
        await expect(frame.locator("#log")).to_contain_text("Đã nhận: text")
        await page.close()
    (cookie,) = await context.cookies(far_portal.chat.url)
    assert cookie["name"] == "__Host-nghedan_chat"
    assert cookie["httpOnly"]
    assert cookie["secure"]
    assert cookie["sameSite"] == "None"
    assert cookie.get("partitionKey")
    assert len(far_portal.chat.backend.sessions()) == 1


async def test_where_cookies_are_blocked_the_own_page_is_offered(tmp_path: Path, browser: Browser) -> None:
    # By plain http a browser keeps no cookie for a foreign frame.
    async for far in open_portal(tmp_path, "localhost"):
        page, _ = await visited(far.url, browser)
        await page.get_by_role("button", name=OPEN).click()
        link = page.frame_locator("iframe").get_by_role("link", name="Mở trang trò chuyện riêng")
        await expect(link).to_have_attribute("href", "/chat")
        await page.wait_for_timeout(1500)
        assert len(far.chat.backend.sessions()) == 1
