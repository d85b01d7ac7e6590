"""Takes the pictures of the documents anew, from the running product in a real browser.

`python -m tests.pictures` plays one report between a citizen and an officer and writes docs/images/chat*.png. Look at
them before they are kept.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.product import ROOT, Product, running
from tests.web.conftest import ARGUMENTS, CHROMIUM

IMAGES = ROOT / "docs" / "images"
SCREEN = {"width": 430, "height": 760}
_PATIENCE = 90_000.0
_FRAME = """<body style="margin:0;background:#dfe6ee;font-family:'Noto Sans',sans-serif;display:inline-flex;
gap:28px;padding:26px 28px 30px">{figures}</body>"""
_FIGURE = """<figure style="margin:0;text-align:center"><figcaption style="font-size:24px;font-weight:600;
color:#12304f;padding-bottom:16px">{title}</figcaption><img width="430"
style="border-radius:22px;box-shadow:0 6px 18px #12304f55" src="data:image/png;base64,{data}"></figure>"""


async def take(browser: Browser, product: Product) -> dict[str, bytes]:
    """Play the report; returns the pictures by name."""
    made = await asyncio.to_thread(product.command, "invite", "officer", "--department", "KT", "--json")
    link = json.loads(made.stdout)["links"]["Web"]
    officer = await _opened(browser, link)
    citizen = await _opened(browser, f"{product.url}/chat")
    await _say(citizen, "làm căn cước mất bao lâu", "7 ngày làm việc")
    asked = await citizen.screenshot()
    await _say(citizen, "đèn đường hỏng mấy hôm nay không ai sửa", "xảy ra ở đâu")
    await _say(citizen, "trước nhà văn hóa tổ 5", "ảnh")
    await _tap(citizen, "Không có ảnh", "xem lại")
    await _tap(citizen, "Gửi", "Mã phiếu")
    filed = await citizen.screenshot()
    await _sees(officer, "PHIẾU MỚI")
    card = await officer.screenshot()
    await _tap(officer, "Trả lời", "viết câu trả lời")
    await _say(
        officer,
        "Tổ điện đã thay bóng mới tối qua, đèn trước nhà văn hóa đã sáng lại.",
        "XEM LẠI TRƯỚC KHI GỬI",
    )
    looked = await officer.screenshot()
    await _tap(officer, "Gửi và xong", "một ảnh kết quả")
    await _tap(officer, "Không chụp được", "vì sao chưa có ảnh")
    await _tap(officer, "Đã rời hiện trường", "đã xử lý xong")
    await _sees(citizen, "đã sáng lại")
    told = await citizen.screenshot()
    titles = ("Người dân gửi phản ánh", "Cán bộ xem lại rồi gửi", "Người dân nhận kết quả")
    strip = await _strip(browser, dict(zip(titles, (filed, looked, told), strict=True)))
    return {"chat-citizen": asked, "chat-officer": card, "chat": strip}


async def _opened(browser: Browser, url: str) -> Page:
    context = await browser.new_context(viewport=SCREEN, locale="vi-VN", device_scale_factor=1.5)
    page = await context.new_page()
    page.set_default_timeout(_PATIENCE)
    await page.goto(url)
    await expect(page.locator("#log article").first).to_be_visible(timeout=_PATIENCE)
    return page


async def _say(page: Page, text: str, then: str) -> None:
    await page.fill("#text", text)
    await page.click("#send")
    await _sees(page, then)


async def _tap(page: Page, title: str, then: str) -> None:
    await page.locator("#log").get_by_role("button", name=title, exact=True).last.click()
    await _sees(page, then)


async def _sees(page: Page, text: str) -> None:
    await expect(page.locator("#log article").filter(has_text=text).last).to_be_visible(timeout=_PATIENCE)
    # The page scrolls softly to what is new.
    await page.wait_for_timeout(1500)


async def _strip(browser: Browser, figures: dict[str, bytes]) -> bytes:
    """Several screens side by side under their titles."""
    page = await browser.new_page(viewport={"width": 1460, "height": 900}, device_scale_factor=1.2)
    drawn = "".join(
        _FIGURE.format(title=title, data=base64.b64encode(data).decode()) for title, data in figures.items()
    )
    await page.set_content(_FRAME.format(figures=drawn))
    return await page.locator("body").screenshot()


def _keep(name: str, data: bytes) -> None:
    """With 256 colours: a page of documents should load quickly."""
    picture = Image.open(io.BytesIO(data)).convert("RGB").quantize(256)
    picture.save(IMAGES / f"{name}.png", optimize=True)


async def _main(folder: Path) -> None:
    with running(folder, {"NGHEDAN_LOG_LEVEL": "ERROR"}) as product:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            for name, data in (await take(browser, product)).items():
                _keep(name, data)
            await browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(_main(Path(place)))
