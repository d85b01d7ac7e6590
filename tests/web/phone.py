"""A phone in a person's hand: how the browser tests open the page and write."""

from __future__ import annotations

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.web.conftest import Chat

PHONE = {"width": 390, "height": 844}


async def phone(browser: Browser, **options: object) -> BrowserContext:
    return await browser.new_context(viewport=PHONE, locale="vi-VN", **options)  # type: ignore[arg-type]


async def opened(chat: Chat, context: BrowserContext, query: str = "") -> Page:
    page = await context.new_page()
    await page.goto(f"{chat.url}/chat{query}")
    await expect(page.locator("#log article").first).to_be_visible()
    return page


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.click("#send")


async def speaker(browser: Browser, **options: object) -> BrowserContext:
    """A person who allows the microphone when the browser asks."""
    return await phone(browser, permissions=["microphone"], **options)


async def speaks(page: Page, seconds: float = 1.6) -> None:
    """Taps «Nói», speaks, taps «Dừng»."""
    await page.get_by_role("button", name="Nói, gửi bản ghi âm").click()
    await expect(page.get_by_role("button", name="Dừng")).to_be_focused()
    await page.wait_for_timeout(seconds * 1000)
    await page.get_by_role("button", name="Dừng").click()
    await expect(page.get_by_role("button", name="Nghe lại")).to_be_focused()
    await trembling_over(page)


async def trembling_over(page: Page) -> None:
    """A second tap sooner than this is taken for one of a trembling hand."""
    await page.wait_for_timeout(450)
