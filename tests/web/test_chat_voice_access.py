"""Who can speak on the page: keyboard, screen reader, sizes and contrast in every state."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.conftest import Chat
from tests.web.phone import opened, speaker, trembling_over
from tests.web.test_chat_access import COLOURS, contrast

pytestmark = pytest.mark.browser


async def test_the_keyboard_alone_is_enough_to_speak(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await speaker(browser))
    await page.locator("#mic").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#stop")).to_be_focused()
    await expect(page.locator("#stop")).to_have_accessible_description(re.compile("Đang ghi âm"))
    await page.wait_for_timeout(1300)
    await page.keyboard.press("Space")
    await expect(page.locator("#replay")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.locator("#deliver")).to_be_focused()
    await trembling_over(page)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: voice")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(320, "light"), (360, "dark"), pytest.param(1200, "light", marks=pytest.mark.long)],
)
async def test_every_state_can_be_read_and_hit(chat: Chat, browser: Browser, width: int, scheme: str) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": 640},
        permissions=["microphone"],
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = await opened(chat, context)
    await page.click("#size")
    await page.click("#mic")
    await expect(page.locator("#stop")).to_be_focused()
    await page.wait_for_timeout(1200)
    await looks_right(page)
    await page.click("#stop")
    await expect(page.locator("#replay")).to_be_focused()
    await trembling_over(page)
    before = await page.locator("#deliver").bounding_box()
    await page.click("#drop")
    await expect(page.locator("#drop")).to_have_text("Chạm lần nữa để bỏ")
    after = await page.locator("#deliver").bounding_box()
    assert before is not None
    assert after is not None
    assert (before["x"], before["width"]) == (after["x"], after["width"])
    await looks_right(page)
    await page.route("**/chat/api/recordings", lambda _route: None)
    await page.click("#deliver")
    await expect(page.locator("#drop")).to_be_focused()
    await looks_right(page)


async def looks_right(page: Page) -> None:
    """What stands in the panel is large, in sight, named, and stands out from what is behind it."""
    wrong = await page.evaluate(
        """() => [...document.querySelectorAll('#voice button, #voice p')].filter((one) => one.offsetParent)
          .filter((one) => { const box = one.getBoundingClientRect();
            const small = one.tagName === 'BUTTON' && (box.height < 44 || box.width < 44);
            return small || box.left < 0 || box.right > innerWidth || box.bottom > innerHeight
              || !one.textContent.trim(); }).map((one) => one.outerHTML)"""
    )
    assert wrong == []
    assert await page.evaluate("document.getAnimations().length") == 0
    for selector in ("#told", "#clock", "#stop", "#replay", "#deliver", "#drop"):
        if await page.locator(selector).is_visible():
            assert contrast(*await page.evaluate(COLOURS, selector)) >= 4.5, selector
