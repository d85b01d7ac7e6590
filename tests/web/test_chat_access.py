"""Who can use the page: keyboard, contrast, sizes, weight, names for screen readers."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, Response, expect

from core.messages import Choice, Content
from tests.web.conftest import Chat

pytestmark = pytest.mark.browser

MAX_BYTES = 40_000
PAIRS = (
    ".top h1",
    ".top p",
    ".size",
    ".note p",
    ".note a",
    ".day",
    "article:not(.mine) .bubble",
    "article.mine .bubble",
    ".bubble a",
    ".choice",
    ".choice.ask",
    ".meta time",
    ".meta button",
    "#send",
    "#photo",
    "#text",
    "#typing",
)
# The colour that is really behind a text: the nearest one that is not transparent.
COLOURS = """(selector) => {
  const node = document.querySelector(selector);
  let back = node;
  const clear = (one) => getComputedStyle(one).backgroundColor === 'rgba(0, 0, 0, 0)';
  while (back.parentElement && clear(back)) back = back.parentElement;
  return [getComputedStyle(node).color, getComputedStyle(back).backgroundColor];
}"""


def luminance(colour: str) -> float:
    parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(front: str, back: str) -> float:
    light, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


async def filled(chat: Chat, page: Page) -> None:
    await page.goto(f"{chat.url}/chat")
    await expect(page.locator("article")).to_have_count(1)
    content = Content(
        "Xem https://phuong.gov.vn/ ạ", (Choice("Có", "yes"), Choice("Trang", url="https://a.vn/"))
    )
    await chat.backend.say(chat.backend.sessions()[0], content)
    await page.fill("#text", "Xin chào")
    await page.keyboard.press("Enter")
    await expect(page.locator("article")).to_have_count(4)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_stands_out(chat: Chat, browser: Browser, scheme: str) -> None:
    page = await (await browser.new_context(color_scheme=scheme)).new_page()  # type: ignore[arg-type]
    await filled(chat, page)
    await page.evaluate("document.querySelector('.choice').classList.add('ask')")
    faint = {}
    for selector in PAIRS:
        front, back = await page.evaluate(COLOURS, selector)
        if (ratio := contrast(front, back)) < 4.5:
            faint[selector] = ratio
    assert not faint
    await page.evaluate(
        "document.getElementById('alert').append(Object.assign(document.createElement('a'), {href: '/chat'}))"
    )
    assert contrast(*await page.evaluate(COLOURS, "#alert a")) >= 4.5
    for name in ("state", "alert"):
        await page.evaluate("(id) => { document.getElementById(id).textContent = 'x'; }", name)
        assert contrast(*await page.evaluate(COLOURS, f"#{name}")) >= 4.5


@pytest.mark.parametrize("width", [320, 390, 1200])
async def test_targets_are_large_and_nothing_is_cut(chat: Chat, browser: Browser, width: int) -> None:
    page = await (await browser.new_context(viewport={"width": width, "height": 700})).new_page()
    await filled(chat, page)
    for large in (False, True):
        if large:
            await page.click("#size")
        small = await page.evaluate(
            """() => [...document.querySelectorAll('button, textarea, a.choice')]
              .filter((one) => one.offsetParent)
              .map((one) => [one.outerHTML.slice(0, 60), one.getBoundingClientRect()])
              .filter(([, box]) => box.height < 44 || box.width < 44)
              .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
        )
        assert small == []
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
        cut = await page.evaluate(
            """() => [...document.querySelectorAll('.composer *')]
              .some((one) => one.getBoundingClientRect().right > innerWidth)"""
        )
        assert not cut
    assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == "23px"
    await page.reload()
    await expect(page.locator("#size")).to_have_attribute("aria-pressed", "true")


async def test_the_keyboard_alone_is_enough(chat: Chat, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(f"{chat.url}/chat")
    await expect(page.locator("article")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("Bằng bàn phím")
    await page.keyboard.press("Enter")
    await expect(page.locator("article")).to_have_count(3)
    await page.reload()
    await expect(page.locator("article")).to_have_count(3)
    order = []
    for _ in range(30):
        await page.keyboard.press("Tab")
        seen = await page.evaluate(
            """() => { const one = document.activeElement;
              if (one === document.body) return ['', 'auto'];
              const name = one.getAttribute('aria-label') || one.id || one.textContent;
              return [name, getComputedStyle(one).outlineStyle]; }"""
        )
        if seen[0] in order:
            break
        order.append(seen[0])
        assert seen[1] != "none", f"{seen[0]} shows no focus"
    for name in ("Gửi phản ánh", "Gặp cán bộ", "Gửi ảnh", "Gửi vị trí của tôi", "text", "send", "size"):
        assert name in order, order
    await page.get_by_role("button", name="Gặp cán bộ").focus()
    await page.keyboard.press("Space")
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: choice")


async def test_a_screen_reader_finds_its_way(chat: Chat, browser: Browser) -> None:
    page = await browser.new_page()
    await filled(chat, page)
    for role in ("banner", "main", "log", "form"):
        await expect(page.get_by_role(role)).to_have_count(1)
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await expect(page.get_by_label("Nội dung tin nhắn")).to_have_count(1)
    await expect(page.locator("html")).to_have_attribute("lang", "vi")
    await expect(page.locator("article.mine .bubble")).to_have_text("Tôi: Xin chào")
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll('button, a, img')].filter((one) =>
          !(one.getAttribute('aria-label') || one.textContent.trim() || one.alt)).map((one) => one.outerHTML)"""
    )
    assert nameless == []


async def test_reduced_motion_is_respected(chat: Chat, browser: Browser) -> None:
    page = await (await browser.new_context(reduced_motion="reduce")).new_page()
    await filled(chat, page)
    assert await page.evaluate("document.getAnimations().length") == 0


async def test_the_page_is_light(chat: Chat, browser: Browser) -> None:
    page = await browser.new_page()
    sizes: dict[str, int] = {}
    foreign: list[str] = []

    async def weigh(response: Response) -> None:
        if "/events" in response.url:
            return
        if not response.url.startswith(chat.url):
            foreign.append(response.url)
        parts = await response.request.sizes()
        sizes[response.url] = parts["responseBodySize"] + parts["responseHeadersSize"]

    page.on("response", weigh)
    await page.goto(f"{chat.url}/chat")
    await expect(page.locator("article")).to_have_count(1)
    await page.wait_for_timeout(300)
    assert not foreign
    assert len(sizes) >= 12
    assert sum(sizes.values()) < MAX_BYTES, sizes


async def test_without_scripts_the_page_says_what_to_do(chat: Chat, browser: Browser) -> None:
    page = await (await browser.new_context(java_script_enabled=False)).new_page()
    await page.goto(f"{chat.url}/chat")
    await expect(page.locator("noscript p")).to_contain_text("1900 0368")


async def test_large_letters_leave_room_on_a_small_phone(chat: Chat, browser: Browser) -> None:
    page = await (await browser.new_context(viewport={"width": 320, "height": 568})).new_page()
    await filled(chat, page)
    await page.click("#size")
    word = await page.evaluate(
        """() => { const name = document.querySelector('h1').firstChild, range = document.createRange();
          const end = name.data.indexOf(' ');
          range.setStart(name, 0); range.setEnd(name, end);
          return range.getClientRects().length; }"""
    )
    assert word == 1, "the ward's name is broken inside a word"
    assert await page.evaluate("document.getElementById('scroll').clientHeight") >= 568 / 2
