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
