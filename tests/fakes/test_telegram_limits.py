"""What a message may carry at the fake Bot API: lengths, buttons, marks, pictures, files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram.caller import Caller, Clock
from tests.fakes.telegram.people import PNG

USER = 42
GROUP = -4100


@pytest_asyncio.fixture
async def call() -> AsyncIterator[Caller]:
    """A bot, one person who has started it, and a clock that stands still."""
    clock = Clock()
    fake = FakeTelegram(clock=clock)
    await fake.start()
    fake.people.start(USER)
    async with aiohttp.ClientSession() as session:
        yield Caller(fake, clock, session)
    await fake.close()


def inline(**button: object) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Chọn", **button}]]}


@pytest.mark.parametrize(("length", "status"), [(4096, 200), (4097, 400)])
async def test_text_has_a_limit(call: Caller, length: int, status: int) -> None:
    assert (await call("sendMessage", chat_id=USER, text="a" * length))[0] == status
    assert (await call("sendMessage", chat_id=USER, text="🌊" * (length // 2) + "a" * (length % 2)))[
        0
    ] == status


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\t "}, "message text is empty"),
        ({"text": "a", "reply_markup": inline(callback_data="đ" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": inline(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": inline()}, "Text buttons are unallowed"),
        ({"text": "a", "reply_markup": inline(url="javascript:x")}, "is invalid"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": " "}]]}}, "non-empty"),
        ({"text": "a", "reply_markup": {"keyboard": [[{"text": "x"}] * 101]}}, "REPLY_MARKUP_TOO_LONG"),
        ({"text": "<b>a", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<script>a</script>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "a.", "parse_mode": "MarkdownV2"}, "can't parse entities"),
        ({"text": "*a", "parse_mode": "MarkdownV2"}, "can't parse entities"),
        ({"text": "a", "parse_mode": "Word"}, "unsupported parse_mode"),
        ({"text": "a" * 33_000}, "too long"),
    ],
)
async def test_what_a_message_may_not_have(call: Caller, values: dict[str, Any], words: str) -> None:
    status, description = await call.refused("sendMessage", chat_id=USER, **values)
    assert status == 400
    assert words in description
    assert call.fake.world.sends(USER) == 0


@pytest.mark.parametrize(
    ("text", "mode", "shown"),
    [("<b>a</b> &lt;", "HTML", "a <"), ("*a* b\\.", "MarkdownV2", "a b."), ("<b>", "", "<b>")],
)
async def test_marks_are_taken_out(call: Caller, text: str, mode: str, shown: str) -> None:
    assert (await call.ok("sendMessage", chat_id=USER, text=text, parse_mode=mode))["text"] == shown


async def test_private_buttons_are_refused_in_groups(call: Caller) -> None:
    call.fake.groups.join(USER, GROUP)
    for wish in ("request_location", "request_contact"):
        keyboard = {"keyboard": [[{"text": "x", wish: True}]]}
        assert (await call("sendMessage", chat_id=USER, text="a", reply_markup=keyboard))[0] == 200
        assert (await call("sendMessage", chat_id=GROUP, text="a", reply_markup=keyboard))[0] == 400


async def test_photos(call: Caller) -> None:
    status, body = await call.multipart("sendPhoto", {"photo": PNG}, chat_id=str(USER), caption="a")
    assert status == 200
    sizes = body["result"]["photo"]
    assert sizes[-1]["file_size"] == len(PNG)
    await call.ok("sendPhoto", chat_id=USER, photo=sizes[-1]["file_id"])
    assert (await call.multipart("sendPhoto", {"photo": PNG}, chat_id=str(USER), caption="a" * 1025))[
        0
    ] == 400
    assert (await call.multipart("sendPhoto", {"photo": b""}, chat_id=str(USER)))[0] == 400
    assert (await call.multipart("sendPhoto", {"photo": b"%PDF"}, chat_id=str(USER)))[1][
        "description"
    ].endswith("FAILED")
    assert (await call.multipart("sendPhoto", {"photo": PNG + bytes(10 * 1024 * 1024)}, chat_id=str(USER)))[
        0
    ] == 413
    assert (await call.refused("sendPhoto", chat_id=USER, photo="guess"))[0] == 400
    assert (await call.refused("sendPhoto", chat_id=USER))[0] == 400


@pytest.mark.parametrize(("number", "status"), [(1, 400), (2, 200), (10, 200), (11, 400)])
async def test_albums_have_two_to_ten_pictures(call: Caller, number: int, status: int) -> None:
    media = [{"type": "photo", "media": f"attach://p{n}"} for n in range(number)]
    files = {f"p{n}": PNG for n in range(number)}
    got, body = await call.multipart("sendMediaGroup", files, chat_id=str(USER), media=json.dumps(media))
    assert got == status
    if status == 200:
        assert len({message["media_group_id"] for message in body["result"]}) == 1
        assert call.fake.world.sends(USER) == 1
        assert call.fake.world.screen(USER)[-1].pictures == number


async def test_files(call: Caller) -> None:
    call.fake.people.document(USER, data=b"%PDF-1.4")
    call.fake.people.video(USER, size=20 * 1024 * 1024 + 1)
    _, document, video = await call.ok("getUpdates")
    found = await call.ok("getFile", file_id=document["message"]["document"]["file_id"])
    for token, status in ((TOKEN, 200), ("1:wrong", 401)):
        url = f"{call.fake.base_url}/file/bot{token}/{found['file_path']}"
        async with call.session.get(url) as answer:
            assert answer.status == status
            assert (await answer.read() == b"%PDF-1.4") is (status == 200)
    large = video["message"]["video"]["file_id"]
    assert await call.refused("getFile", file_id=large) == (400, "Bad Request: file is too big")
    assert "wrong file_id" in (await call.refused("getFile", file_id="guess"))[1]


async def test_commands(call: Caller) -> None:
    good = [{"command": "tracuu", "description": "Tra cứu"}]
    assert await call.ok("setMyCommands", commands=good) is True
    assert (await call.refused("setMyCommands", commands=[{"command": "Tra Cứu", "description": "x"}]))[
        0
    ] == 400
    assert (await call.refused("setMyCommands", commands=good * 101))[0] == 400
