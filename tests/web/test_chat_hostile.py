"""Hostile words on the page: whatever stands in a message, nothing of it ever runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.async_api import Browser, Page, expect

from core.messages import Choice, Content, Picture
from tests.web.conftest import Chat, Watched

pytestmark = pytest.mark.browser

PAYLOADS = (
    "<script>canary()</script>",
    "<img src=x onerror=canary()>",
    "<svg/onload=canary()>",
    "<svg><script>canary()</script></svg>",
    "<iframe srcdoc='<script>parent.canary()</script>'>",
    "<iframe src=javascript:canary()>",
    "<a href=javascript:canary()>x</a>",
    "<body onload=canary()>",
    "<details open ontoggle=canary()>",
    "<video><source onerror=canary()></video>",
    "<input autofocus onfocus=canary()>",
    "<style>@import 'javascript:canary()'</style>",
    "<math><mtext><table><mglyph><style><!--</style><img src onerror=canary()>",
    "<noscript><p title='</noscript><img src=x onerror=canary()>'>",
    "'\"><img src=x onerror=canary()>",
    '"onmouseover=canary() x="',
    "javascript:canary()",
    "data:text/html,<script>canary()</script>",
    'https://a.vn/"onclick=canary()',
    "https://a.vn/'><script>canary()</script>",
    "https://a.vn/\u202egnp.exe",
    "https://%6a%61vascript:canary()@a.vn",
    "{{constructor.constructor('canary()')()}}",
    "${canary()}",
    "`${canary()}`",
    "</textarea><script>canary()</script>",
    "</title><script>canary()</script>",
    "<!--><script>canary()</script>-->",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example><button>Gửi</button></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "&lt;script&gt;canary()&lt;/script&gt;",
    "\u2028<script>canary()</script>\u2029",
    "__proto__",
    "constructor",
)


async def prepared(chat: Chat, browser: Browser, watch: Callable[[Page], Watched]) -> Watched:
    page = await browser.new_page()
    watched = watch(page)
    await page.add_init_script(
        """window.fired = []; window.violations = [];
        window.canary = () => window.fired.push(new Error().stack);
        document.addEventListener('securitypolicyviolation', (e) => window.violations.push(e.violatedDirective));"""
    )
    await page.goto(f"{chat.url}/chat")
    await expect(page.locator("article")).to_have_count(1)
    return watched


async def assert_inert(watched: Watched) -> None:
    page = watched.page
    await page.wait_for_timeout(300)
    assert await page.evaluate("window.fired") == []
    assert await page.evaluate("window.violations") == []
    log = "#log, #quoted, #alert"
    assert await page.locator(log).locator("script, iframe, svg, form, input, style, meta, link").count() == 0
    hrefs = await page.eval_on_selector_all("#log a", "all => all.map((one) => one.protocol)")
    assert set(hrefs) <= {"https:", "tel:", "http:"}
    assert not [c for c in watched.complaints if "404" not in c]


async def test_words_of_the_office_are_only_words(
    chat: Chat, browser: Browser, watch: Callable[[Page], Watched]
) -> None:
    watched = await prepared(chat, browser, watch)
    session = chat.backend.sessions()[0]
    for payload in PAYLOADS:
        choices = (Choice(payload, payload), Choice(payload, url=payload))
        pictures = (Picture(payload, payload),)
        await chat.backend.say(session, Content(payload, choices, pictures))
    page = watched.page
    await expect(page.locator("article")).to_have_count(1 + len(PAYLOADS))
    shown = await page.locator("article:not(.mine) .bubble").all_inner_texts()
    assert "<script>canary()</script>" in shown[1]
    for button in await page.get_by_role("button", name="Trả lời tin").all():
        await button.click()
    await assert_inert(watched)


async def test_words_of_the_person_are_only_words(
    chat: Chat, browser: Browser, watch: Callable[[Page], Watched]
) -> None:
    watched = await prepared(chat, browser, watch)
    page = watched.page
    for payload in PAYLOADS:
        await page.fill("#text", payload)
        await page.click("#send")
    await expect(page.locator("article.mine")).to_have_count(len(PAYLOADS))
    await expect(page.locator("article:not(.mine)")).to_have_count(1 + len(PAYLOADS))
    await assert_inert(watched)
    await page.reload()
    await expect(page.locator("article.mine")).to_have_count(len(PAYLOADS))
    await assert_inert(watched)


async def test_hostile_lines_in_the_raw_answer_are_only_words(
    chat: Chat, browser: Browser, watch: Callable[[Page], Watched]
) -> None:
    watched = await prepared(chat, browser, watch)
    await watched.page.goto(
        f"{chat.url}/chat?start=%3Cscript%3Ecanary()%3C/script%3E&embed=%22onload=canary()"
    )
    await expect(watched.page.locator("article")).to_have_count(1)
    await watched.page.wait_for_timeout(300)
    assert await watched.page.evaluate("window.fired") == []
    assert await watched.page.evaluate("window.violations") == []
