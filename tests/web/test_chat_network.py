"""The chat page when the net, the server or the browser goes away: nothing is lost, nothing comes twice."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Route, expect

from core.messages import Content, MessageKind
from tests.web.conftest import Chat
from tests.web.phone import opened, phone, say

pytestmark = pytest.mark.browser


async def test_the_conversation_is_there_after_the_browser_was_closed(chat: Chat, browser: Browser) -> None:
    first = await phone(browser)
    page = await opened(chat, first)
    await say(page, "Tôi hỏi về căn cước")
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: text")
    cookies = await first.storage_state()
    assert not cookies["origins"], "nothing personal in the storage of the browser"
    await first.close()
    await chat.backend.say(chat.backend.sessions()[0], Content("Trả lời khi bác vắng mặt"))
    page = await opened(chat, await phone(browser, storage_state=cookies))
    await expect(page.get_by_role("log")).to_contain_text("Tôi hỏi về căn cước")
    await expect(page.get_by_role("log")).to_contain_text("Trả lời khi bác vắng mặt")
    assert len(chat.backend.sessions()) == 1


async def test_offline_text_is_sent_exactly_once_later(chat: Chat, browser: Browser) -> None:
    context = await phone(browser)
    page = await opened(chat, context)
    await context.set_offline(True)
    await say(page, "Tin lúc mất mạng")
    await say(page, "Tin thứ hai")
    await expect(page.locator("article.unsent").first).to_contain_text("Chưa gửi được, đang thử lại")
    await expect(page.locator("#state")).not_to_be_empty()
    await context.set_offline(False)
    await expect(page.locator("article.unsent")).to_have_count(0)
    await expect(page.locator("article:not(.mine)", has_text="Đã nhận: text")).to_have_count(2)
    texts = [m.text for m in chat.backend.messages() if m.kind is MessageKind.TEXT]
    assert texts == ["Tin lúc mất mạng", "Tin thứ hai"]
    await expect(page.locator("article.mine")).to_have_count(2)
    await expect(page.locator("#state")).to_be_empty()


async def test_a_lost_receipt_does_not_double_the_message(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    tries = []

    async def lose(route: Route) -> None:
        tries.append(route.request.post_data)
        await route.fetch()
        if len(tries) <= 2:
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/chat/api/messages", lose)
    await say(page, "Chỉ một lần")
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: text")
    await page.wait_for_timeout(3500)
    assert len(tries) == 3
    assert len(set(tries)) == 1
    assert [m.text for m in chat.backend.messages()][1:] == ["Chỉ một lần"]
    await expect(page.locator("article.mine")).to_have_count(1)


async def test_a_refused_text_returns_to_the_field(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    await page.evaluate("document.getElementById('text').removeAttribute('maxlength')")
    await say(page, "đ" * 10_001)
    await expect(page.get_by_role("alert")).to_contain_text("10.000 chữ cái")
    assert len(await page.input_value("#text")) == 10_001
    await expect(page.locator("article.mine")).to_have_count(0)


async def test_a_restarted_server_is_found_again(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    chat.backend.down = True
    await say(page, "Lúc máy chủ bận")
    await expect(page.locator("article.unsent")).to_contain_text("Hệ thống đang bận")
    chat.backend.down = False
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: text", timeout=15_000)


async def test_a_broken_connection_leads_nobody_back_to_what_was_read(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    (person,) = chat.backend.sessions()
    for number in range(15):
        await chat.backend.say(person, Content(f"Dạ, tin số {number} đây ạ."))
    await expect(page.locator("#log article").last).to_contain_text("tin số 14")
    told_again = page.expect_response("**/chat/api/history*")
    async with told_again:
        await page.route("**/chat/api/events*", lambda route: route.fulfill(status=503))
        await page.evaluate("dispatchEvent(new Event('online'))")
    await page.unroute("**/chat/api/events*")
    await page.wait_for_timeout(300)
    await expect(page.locator("#log article").last).to_be_in_viewport()
    await expect(page.locator("#newer")).to_be_hidden()


async def test_a_session_that_is_gone_begins_anew_and_loses_nothing(chat: Chat, browser: Browser) -> None:
    page = await opened(chat, await phone(browser))
    chat.backend.forget_sessions()
    await say(page, "Còn đó không?")
    await expect(page.get_by_role("log")).to_contain_text("Đã nhận: text")
    assert [m.text for m in chat.backend.messages() if m.kind is MessageKind.TEXT] == ["Còn đó không?"]
