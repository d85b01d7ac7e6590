"""Speaking on the chat page, in a real browser whose microphone beeps: record, listen, send, lose nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from bot.recordings import MAX_BYTES, look_at
from core.messages import IncomingMessage, MessageKind
from tests.web.conftest import Chat, Watched, free_port, start_chat
from tests.web.phone import opened, phone, say, speaker, speaks, trembling_over

pytestmark = pytest.mark.browser

NO_MICROPHONE = """navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException('', '{name}'));"""


def spoken(chat: Chat) -> list[IncomingMessage]:
    return [one for one in chat.backend.messages() if one.kind is MessageKind.VOICE]


async def test_what_is_said_is_listened_to_and_sent_with_the_words_in_the_box(
    chat: Chat, browser: Browser, watch: Callable[[Page], Watched]
) -> None:
    page = await opened(chat, await speaker(browser))
    watched = watch(page)
    await page.fill("#text", "Đèn ngõ 5")
    await speaks(page, 2.2)
    await expect(page.get_by_role("status").filter(has_text="Đã ghi xong, chưa gửi")).to_be_visible()
    await expect(page.locator("#clock")).to_have_text("0:02")
    assert spoken(chat) == []
    await page.get_by_role("button", name="Nghe lại").click()
    await expect(page.locator("#clock")).to_have_text("0:01 / 0:02")
    await expect(page.get_by_role("button", name="Nghe lại")).to_be_visible()
    await expect(page.locator("#clock")).to_have_text("0:02")
    await page.get_by_role("group", name="Ghi âm").get_by_role("button", name="Gửi").click()
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: voice")
    await expect(page.locator("article.mine")).to_contain_text(re.compile(r"Đèn ngõ 5\s*Bản ghi âm 0:02"))
    await expect(page.locator("#mic")).to_be_focused()
    (message,) = spoken(chat)
    assert message.text == "Đèn ngõ 5"
    data = await chat.backend.channel.fetch(message.attachments[0], MAX_BYTES)
    found = look_at(data)
    assert found.ending == "webm"
    assert found.seconds == pytest.approx(2.2, abs=0.5)
    assert not watched.complaints
    await page.reload()
    await expect(page.locator("article.mine")).to_contain_text("Bản ghi âm 0:02")
    assert not await page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length")


async def test_whoever_cannot_record_sees_no_button(chat: Chat, browser: Browser) -> None:
    context = await speaker(browser)
    page = await opened(chat, context)
    await expect(page.locator("#mic")).to_be_visible()
    for missing in (
        "delete window.MediaRecorder",
        "MediaRecorder.isTypeSupported = () => false",
        "Object.defineProperty(window, 'isSecureContext', {value: false})",
        "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})",
    ):
        tab = await context.new_page()
        await tab.add_init_script(missing)
        await tab.goto(page.url)
        await expect(tab.locator("#log article").first).to_be_visible()
        await expect(tab.locator("#mic")).to_be_hidden()
    await say(tab, "Vẫn gõ được")
    await expect(tab.get_by_role("log")).to_contain_text("Đã nhận: text")


async def test_where_nobody_could_listen_there_is_no_button(tmp_path: Path, browser: Browser) -> None:
    deaf = await start_chat(tmp_path, free_port(), voice=False)
    page = await opened(deaf, await speaker(browser))
    await expect(page.locator("#mic")).to_be_hidden()
    policy = "document.featurePolicy.allowsFeature('microphone')"
    assert not await page.evaluate(policy)
    await page.context.close()
    await deaf.stop()


async def test_after_five_minutes_it_stops_by_itself(chat: Chat, browser: Browser) -> None:
    context = await speaker(browser)
    page = await context.new_page()
    await page.clock.install()
    await page.goto(f"{chat.url}/chat")
    await expect(page.locator("article")).to_have_count(1)
    await page.get_by_role("button", name="Nói, gửi bản ghi âm").click()
    await expect(page.locator("#told")).to_contain_text("Nói xong bấm Dừng")
    await page.clock.fast_forward("04:35")
    await expect(page.locator("#told")).to_contain_text("Sắp đủ 5 phút")
    await page.clock.fast_forward("00:25")
    await expect(page.locator("#told")).to_contain_text("Đủ 5 phút nên em dừng ghi")
    await expect(page.get_by_role("button", name="Nghe lại")).to_be_focused()
    await expect(page.get_by_role("button", name="Dừng")).to_be_hidden()


async def test_a_microphone_that_cannot_be_had_is_explained(chat: Chat, browser: Browser) -> None:
    context = await speaker(browser)
    page = await opened(chat, context)
    for error, words in (
        ("NotFoundError", "không tìm thấy micro"),
        ("NotReadableError", "Micro đang bận"),
        ("SecurityError", "chưa cho phép dùng micro"),
    ):
        tab = await context.new_page()
        await tab.add_init_script(NO_MICROPHONE.replace("{name}", error))
        await tab.goto(page.url)
        await tab.fill("#text", "đang gõ dở")
        await tab.click("#mic")
        await expect(tab.get_by_role("alert")).to_contain_text(words)
        await expect(tab.locator("#text")).to_have_value("đang gõ dở")
        await expect(tab.locator("#mic")).to_be_focused()


async def test_a_refused_microphone_is_explained(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    await page.click("#mic")
    await expect(page.get_by_role("alert")).to_contain_text("chưa cho phép dùng micro")
    await expect(page.locator("#row")).to_be_visible()


async def test_a_lost_connection_loses_nothing(chat: Chat, browser: Browser) -> None:
    context = await speaker(browser)
    page = await opened(chat, context)
    await speaks(page)
    await context.set_offline(True)
    await page.click("#deliver")
    await expect(page.locator("#told")).to_contain_text("Mạng yếu, em đang gửi lại")
    await trembling_over(page)
    await page.get_by_role("button", name="Thôi").click()
    await expect(page.locator("#told")).to_contain_text("Bản ghi âm chưa gửi, vẫn còn trên máy")
    await trembling_over(page)
    await page.click("#deliver")
    await expect(page.locator("#told")).to_contain_text("Mạng yếu, em đang gửi lại")
    await context.set_offline(False)
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: voice", timeout=15_000)
    assert len(spoken(chat)) == 1


async def test_what_the_server_refuses_stays_and_is_explained(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await speaker(browser))
    await speaks(page)

    async def spoil(route: Route) -> None:
        await route.continue_(post_data=b"<html>")

    await page.route("**/chat/api/recordings", spoil)
    await page.click("#deliver")
    await expect(page.get_by_role("alert")).to_contain_text("Em chưa đọc được bản ghi âm này")
    await expect(page.locator("#deliver")).to_be_focused()
    await page.unroute("**/chat/api/recordings")
    refusal = '{"message": "Em chưa đọc được tin này."}'
    await page.route("**/chat/api/messages", lambda route: route.fulfill(status=400, body=refusal))
    await trembling_over(page)
    await page.click("#deliver")
    await expect(page.get_by_role("alert")).to_contain_text("Em chưa đọc được tin này")
    await expect(page.locator("#told")).to_contain_text("vẫn còn trên máy")
    await page.unroute("**/chat/api/messages")
    await trembling_over(page)
    await page.click("#deliver")
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: voice")
    assert len(spoken(chat)) == 1


async def test_a_session_that_is_gone_begins_anew(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await speaker(browser))
    await speaks(page)
    chat.backend.forget_sessions()
    await page.click("#deliver")
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: voice")


async def test_a_tap_by_mistake_sends_nothing_and_leaving_needs_two(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await speaker(browser))
    await page.click("#mic")
    await expect(page.locator("#stop")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alert")).to_contain_text("ngắn quá")
    await trembling_over(page)
    await speaks(page)
    await page.get_by_role("button", name="Bỏ").click()
    await page.get_by_role("button", name="Chạm lần nữa để bỏ").click()
    await expect(page.locator("#voice")).to_be_hidden()
    await expect(page.locator("#text")).to_be_visible()
    assert list(chat.backend.folder.iterdir()) == []


async def test_out_of_sight_nobody_is_listened_to(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await speaker(browser))
    await page.click("#mic")
    await expect(page.locator("#stop")).to_be_focused()
    await page.wait_for_timeout(1200)
    await page.evaluate(
        """() => { Object.defineProperty(document, 'hidden', {value: true});
          document.dispatchEvent(new Event('visibilitychange')); }"""
    )
    await expect(page.locator("#told")).to_contain_text("Đã ghi xong, chưa gửi")
