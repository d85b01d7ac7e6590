"""The chat page in a real browser: what a person does with it, on a phone-sized screen."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, expect

from core.messages import Ask, Choice, Content, MessageKind
from tests import papers
from tests.web.conftest import Chat, Watched
from tests.web.phone import opened, phone, say

pytestmark = pytest.mark.browser


async def test_the_first_visit_greets_once(
    chat: Chat, browser: Browser, watch: Callable[[Page], Watched]
) -> None:
    context = await phone(browser)
    page = await context.new_page()
    watched = watch(page)
    await page.goto(f"{chat.url}/chat")
    await expect(page.get_by_role("log")).to_contain_text("Dạ, em chào bác.")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Phường Hoa Sen")
    await expect(page.locator(".day")).to_have_text("Hôm nay")
    assert re.fullmatch(r"\d\d:\d\d", await page.locator("time").first.inner_text())
    await page.reload()
    await expect(page.locator("#log article")).to_have_count(1)
    assert [message.kind for message in chat.backend.messages()] == [MessageKind.JOINED]
    assert not watched.complaints


async def test_text_goes_out_and_the_answer_comes(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    await say(page, "Đèn đường hỏng")
    await expect(page.locator("article.mine")).to_have_text(re.compile("Đèn đường hỏng"))
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: text")
    await expect(page.locator("article.mine")).to_have_count(1)
    await expect(page.locator("#typing")).to_be_empty()
    assert await page.input_value("#text") == ""


async def test_a_tapped_choice_shows_its_title_and_stays(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    await page.get_by_role("button", name="Gặp cán bộ").dblclick()
    await expect(page.locator("article.mine")).to_have_text(re.compile("Gặp cán bộ"))
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: choice")
    taps = [m for m in chat.backend.messages() if m.kind is MessageKind.CHOICE]
    assert [(tap.action, tap.text) for tap in taps] == [("call", "Gặp cán bộ")]
    await page.get_by_role("button", name="Gửi phản ánh").click()
    await expect(page.locator("article.mine")).to_have_count(2)


async def test_links_open_elsewhere_and_unsafe_ones_do_not_exist(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    choices = (
        Choice("Cổng dịch vụ công", url="https://dichvucong.gov.vn/"),
        Choice("Gọi phường", url="tel:19000368"),
        Choice("Bẫy", url="javascript:alert(1)"),
    )
    text = "Xem https://phuong.gov.vn/pa?a=1&b=2. Đừng mở http://evil.example hay javascript:x"
    await chat.backend.say(chat.backend.sessions()[0], Content(text, choices))
    link = page.get_by_role("link", name="Cổng dịch vụ công")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(page.locator("a.choice")).to_have_count(2)
    bubble = page.locator(".bubble a")
    await expect(bubble).to_have_count(1)
    await expect(bubble).to_have_attribute("href", "https://phuong.gov.vn/pa?a=1&b=2")


async def test_a_photo_is_made_small_before_it_leaves(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    large = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Dien thoai cua ba Lan"
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(large, "JPEG", quality=92, exif=exif)
    files = [FilePayload(name=f"{i}.jpg", mimeType="image/jpeg", buffer=large.getvalue()) for i in range(2)]
    await page.fill("#text", "Rác ở đầu hẻm")
    await page.set_input_files("#files", files)
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: photo")
    (message,) = [m for m in chat.backend.messages() if m.kind is MessageKind.PHOTO]
    assert message.text == "Rác ở đầu hẻm"
    assert len(message.attachments) == 2
    data = await chat.backend.channel.fetch(message.attachments[0], 10_000_000)
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (1600, 1067)
        assert not picture.getexif()
    assert len(data) < len(large.getvalue())
    image = page.locator("article.mine img").first
    await image.scroll_into_view_if_needed()
    await expect(image).to_have_js_property("naturalWidth", 1600)
    await expect(page.locator("#upload")).to_be_hidden()


async def test_an_upload_can_be_cancelled(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    await page.route("**/chat/api/photos", lambda _route: None)
    small = io.BytesIO()
    Image.new("RGB", (50, 50)).save(small, "PNG")
    file = FilePayload(name="a.png", mimeType="image/png", buffer=small.getvalue())
    await page.set_input_files("#files", [file])
    await expect(page.get_by_role("group", name="Đang gửi ảnh")).to_be_visible()
    await page.get_by_role("button", name="Hủy").click()
    await expect(page.locator("#upload")).to_be_hidden()
    await expect(page.locator("#alert")).to_be_empty()
    assert MessageKind.PHOTO not in {m.kind for m in chat.backend.messages()}


async def test_a_file_that_is_no_photo_is_explained(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    file = FilePayload(name="thu.heic", mimeType="image/heic", buffer=b"\0\0\0\x18ftypheic")
    await page.set_input_files("#files", [file])
    await expect(page.locator("#alert")).to_contain_text("không đọc được ảnh thu.heic")


async def test_the_place_is_sent_when_allowed(chat: Chat, browser: Browser) -> None:
    place = {"latitude": 20.31234567, "longitude": 106.2}
    page = await opened(chat, await phone(browser, geolocation=place, permissions=["geolocation"]))
    await chat.backend.say(chat.backend.sessions()[0], Content("Ở đâu ạ?", ask=Ask.LOCATION))
    await page.locator("article").get_by_role("button", name="Gửi vị trí của tôi").click()
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: location")
    (message,) = [m for m in chat.backend.messages() if m.kind is MessageKind.LOCATION]
    assert message.location is not None
    assert message.location.latitude == 20.31235
    await expect(page.locator("article.mine")).to_contain_text("Vị trí của tôi")


async def test_a_refused_place_is_explained(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    await page.get_by_role("button", name="Gửi vị trí của tôi").click()
    await expect(page.get_by_role("alert")).to_contain_text("gõ địa chỉ")


async def test_a_reply_names_the_message_it_answers(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    card = await chat.backend.say(chat.backend.sessions()[0], Content("PA-0148: ổ gà\nđường Trần Phú"))
    await page.get_by_role("button", name="Trả lời tin: PA-0148").click()
    await expect(page.locator("#quoted")).to_have_text("PA-0148: ổ gà đường Trần Phú")
    await page.keyboard.type("Đã cử tổ sửa đường")
    await page.keyboard.press("Enter")
    await expect(page.locator("article.mine .cited")).to_contain_text("PA-0148")
    await expect(page.locator("#quote")).to_be_hidden()
    assert chat.backend.messages()[-1].reply_to == card
    await page.reload()
    await expect(page.locator("article.mine .cited")).to_contain_text("PA-0148")
    await page.get_by_role("button", name="Trả lời tin: PA-0148").click()
    await page.keyboard.press("Escape")
    await expect(page.locator("#quote")).to_be_hidden()


async def test_a_phone_number_that_was_asked_for_is_one(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    await chat.backend.say(chat.backend.sessions()[0], Content("Số điện thoại ạ?", ask=Ask.PHONE))
    await page.get_by_role("button", name="Nhập số điện thoại").click()
    await page.keyboard.type("0912 345 678")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: phone")
    assert chat.backend.messages()[-1].phone == "0912 345 678"
    await expect(page.locator("article.mine")).to_contain_text("0912 345 678")


async def test_a_code_in_the_link_is_handed_over_and_removed(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser), "?start=moi-5&embed=1")
    await expect(page.get_by_role("log")).to_contain_text("Mã: moi-5")
    assert page.url == f"{chat.url}/chat?embed=1"
    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text("Mã: moi-5")
    assert [m.start for m in chat.backend.messages()] == ["moi-5"]


async def test_leaving_needs_two_taps_and_forgets(chat: Chat, browser: Browser) -> None:
    context = await phone(browser)
    page = await opened(chat, context)
    await say(page, "Chuyện riêng")
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: text")
    await page.get_by_role("button", name="Kết thúc, xóa khỏi máy này").click()
    async with page.expect_navigation():
        await page.get_by_role("button", name="Chạm lần nữa để xóa").click()
    await expect(page.get_by_role("log")).to_contain_text("Dạ, em chào bác.")
    await expect(page.get_by_role("log")).not_to_contain_text("Chuyện riêng")
    assert len(chat.backend.sessions()) == 1


async def test_an_empty_send_says_what_to_do(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    await page.click("#send")
    await expect(page.locator("#alert")).to_contain_text("chạm một nút ở phía trên")
    await page.fill("#text", "Đèn đường hỏng")
    await page.dblclick("#send")
    await expect(page.locator("#alert")).to_be_empty()
    await expect(page.locator("article.mine")).to_have_count(1)


async def test_an_answer_taller_than_the_screen_is_shown_from_its_first_word(
    chat: Chat, browser: Browser
) -> None:
    page = await opened(chat, await phone(browser))
    long = "\n".join(f"Bước {number}: mang giấy tờ đến nơi tiếp nhận." for number in range(30))
    await chat.backend.say(chat.backend.sessions()[0], Content(long, (Choice("Đúng ý", "yes"),)))
    await expect(page.locator("article")).to_have_count(2)
    await page.wait_for_timeout(300)
    first = await page.evaluate(
        """document.querySelector('article:last-child .bubble').getBoundingClientRect().top
          - document.getElementById('scroll').getBoundingClientRect().top"""
    )
    assert 0 <= first < 100
    await chat.backend.say(chat.backend.sessions()[0], Content("Một tin nữa"))
    await expect(page.locator("#newer")).to_be_visible()
    await say(page, "Dạ")
    await expect(page.locator("#newer")).to_be_hidden()
    await expect(page.get_by_text("Đã nhận: text")).to_be_in_viewport()


async def test_whoever_is_asked_for_a_document_picks_one(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    (person,) = chat.backend.sessions()
    await chat.backend.say(person, Content("Anh/chị gửi một tệp.", ask=Ask.DOCUMENT))
    chat.backend.asked.add(person)
    for file, shown in ((b"MZ", "Em chỉ gửi kèm được tệp PDF"), (papers.pdf(), "Đã nhận: file")):
        async with page.expect_file_chooser() as chooser:
            await page.get_by_role("button", name="Chọn tệp").click()
        chosen = FilePayload(name="Lịch tiêm.pdf", mimeType="application/pdf", buffer=file)
        await (await chooser.value).set_files(chosen)
        await expect(page.locator("main")).to_contain_text(shown)
    await expect(page.locator("article.mine")).to_have_text(re.compile("Lịch tiêm.pdf"))
    await expect(page.locator("#upload")).to_be_hidden()
