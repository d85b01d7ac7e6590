"""Bad input at the open door: forged, oversized, malformed, repeated. Each gets a clear answer, never a 500."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.phones import ZaloPhone
from tests.e2e.wards import TELEGRAM_SECRET, Place, open_place, telegram_settings, zalo_settings
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import ZaloFake
from tests.product import Product, free_port

GOOD = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET, "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad-input")


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    telegram, zalo, port = FakeTelegram(), ZaloFake(), free_port()
    await telegram.start()
    await zalo.start()
    settings = (
        telegram_settings(telegram, "webhook", port) | zalo_settings(zalo) | {"NGHEDAN_PORT": str(port)}
    )
    product = Product(tmp_path / "product", settings)
    await asyncio.to_thread(product.start)
    yield Place(product, lambda: ZaloPhone(zalo, "2500000000000001"), telegram, zalo)
    product.kill()
    await telegram.close()
    await zalo.stop()


def _update(number: int, text: str = "xin chào", user: int = 77) -> bytes:
    person = {"id": user, "is_bot": False, "first_name": "Lan"}
    message = {"message_id": number, "date": 1795000000, "from": person, "text": text}
    message["chat"] = {"id": user, "type": "private", "first_name": "Lan"}
    return json.dumps({"update_id": number, "message": message}).encode()


def _recorded(product: Product) -> int:
    with sqlite3.connect(product.database) as connection:
        (count,) = connection.execute("SELECT count(*) FROM inbox").fetchone()
    return int(count)


def _waiting(product: Product) -> int:
    with sqlite3.connect(product.database) as connection:
        (count,) = connection.execute("SELECT count(*) FROM inbox WHERE status = 'new'").fetchone()
    return int(count)


TELEGRAM_CASES: list[tuple[str, dict[str, str], bytes, int]] = [
    ("no secret", {}, _update(1), 401),
    ("wrong secret", {"X-Telegram-Bot-Api-Secret-Token": "x" * 32}, _update(2), 401),
    ("empty", GOOD, b"", 400),
    ("not JSON", GOOD, b"hello", 400),
    ("a list", GOOD, b"[]", 400),
    ("NaN", GOOD, b'{"update_id": NaN}', 400),
    ("deep", GOOD, b'{"update_id":1,"a":' + b"[" * 100_000, 400),
    ("huge number", GOOD, b'{"update_id":' + b"9" * 5000 + b"}", 400),
    ("lone surrogate", GOOD, b'{"update_id": 9, "message": {"text": "\\ud800"}}', 200),
    ("broken UTF-8", GOOD, b'{"update_id": 9, "x": "\xff\xfe"}', 400),
    ("oversized", GOOD, b"x" * 300_000, 413),
    ("compressed", GOOD | {"Content-Encoding": "gzip"}, _update(3), 415),
    ("unknown kind", GOOD, b'{"update_id": 10, "poll": {}}', 200),
    ("message is a number", GOOD, b'{"update_id": 11, "message": 5}', 200),
    ("text is a list", GOOD, b'{"update_id": 12, "message": {"text": []}}', 200),
]


async def test_telegram_webhook_refuses_what_is_bad(place: Place) -> None:
    seen = {}
    async with aiohttp.ClientSession() as http:
        for name, headers, body, _ in TELEGRAM_CASES:
            url = f"{place.product.url}/webhooks/telegram"
            async with http.post(url, data=body, headers=headers, skip_auto_headers=["User-Agent"]) as answer:
                seen[name] = answer.status
                assert "Traceback" not in await answer.text()
    expected = {name: status for name, _, _, status in TELEGRAM_CASES}
    assert {k: (401 if v == 403 else v) for k, v in seen.items()} == expected


async def test_zalo_webhook_records_only_what_is_signed(place: Place) -> None:
    assert place.zalo is not None
    url = f"{place.product.url}/webhooks/zalo"
    signed = place.zalo.citizen.text("2500000000000009", "xin chào")[0]
    flipped = signed.body.replace(b"xin", b"xim")
    headers = {k: v for k, v in signed.headers.items() if k.lower() != "content-length"}
    async with aiohttp.ClientSession() as http:
        statuses = []
        for body, sent in ((b"{}", {}), (flipped, headers), (b"not json", headers), (signed.body, headers)):
            async with http.post(url, data=body, headers=sent) as answer:
                statuses.append(answer.status)
        assert statuses == [200, 200, 200, 200]
        assert _recorded(place.product) == 1
        async with http.post(url, data=signed.body, headers=headers) as answer:
            assert answer.status == 200
    assert _recorded(place.product) == 1


async def test_repeated_update_is_recorded_once_and_answered_once(place: Place) -> None:
    assert place.telegram is not None
    place.telegram.people.start(500)
    await _settled(place)
    url = f"{place.product.url}/webhooks/telegram"
    async with aiohttp.ClientSession() as http:

        async def post() -> int:
            async with http.post(url, data=_update(700_000, user=500), headers=GOOD) as answer:
                return answer.status

        assert set(await asyncio.gather(*(post() for _ in range(30)))) == {200}
    await _settled(place)
    assert _recorded(place.product) == 2
    # One answer to the start, one to the update, whenever the first of them arrived.
    assert len(place.telegram.world.screen(500)) == 2


STRANGE = [
    "a" * 10_000,
    "Đường ngập " * 900,
    "😀" * 2_000,
    "\u200b\u200c\u200d\ufeff",
    "\u202eabc\u202c",
    "to\u0302\u0301i muo\u0302\u0301n la\u0300m ca\u0306n cu\u031bo\u031b\u0301c",
    "ｌａｍ ｃａｎ ｃｕｏｃ",
    "'; DROP TABLE ticket; --",
    "{0} {ward} %s %(x)s",
    "/start " + "x" * 500,
    "/" * 100,
    "1" * 400,
    "\x00\x01\x02",
    "<script>alert(1)</script>",
]


async def test_strange_texts_get_a_kind_answer_on_every_channel(place: Place) -> None:
    assert place.telegram is not None
    assert place.zalo is not None
    for number, text in enumerate(STRANGE):
        user = 9000 + number
        async with aiohttp.ClientSession() as http:
            body = _update(9000 + number, text, user)
            async with http.post(f"{place.product.url}/webhooks/telegram", data=body, headers=GOOD) as answer:
                assert answer.status == 200
        await place.zalo.delivery.register(f"{place.product.url}/webhooks/zalo")
        place.zalo.citizen.text(f"26{number:014d}", text)
    await place.zalo.delivery.idle()
    await _settled(place)
    with sqlite3.connect(place.product.database) as connection:
        parked = connection.execute("SELECT error FROM inbox WHERE status = 'parked'").fetchall()
        silent = connection.execute(
            "SELECT count(*) FROM inbox WHERE raw NOT LIKE '%user_received_message%'"
            " AND id NOT IN (SELECT inbox_id FROM delivery WHERE inbox_id IS NOT NULL)"
        ).fetchone()
    assert parked == []
    assert silent == (0,)
    log = place.product.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert "DROP TABLE" not in log


async def _settled(place: Place) -> None:
    async with asyncio.timeout(30):
        while _waiting(place.product):
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)


async def test_unknown_pages_are_simply_not_there(place: Place) -> None:
    async with aiohttp.ClientSession() as http:
        for path in ("/webhooks/nobody", "/chat/photos/../../etc/passwd", "/.env", "/.git/config"):
            async with http.get(f"{place.product.url}{path}") as answer:
                assert answer.status in (301, 302, 401, 404, 405), path
                assert answer.headers["X-Content-Type-Options"] == "nosniff", path


async def test_a_second_process_on_the_same_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    async with open_place("webchat", tmp_path / "p") as opened:
        twin = Product(tmp_path / "p", {"NGHEDAN_DATA_DIR": str(tmp_path / "p" / "data")})
        done = await asyncio.to_thread(twin.command, "run")
        assert done.returncode == 1
        assert done.stderr.strip().count("\n") == 0
        assert "đang chạy" in done.stderr
        assert opened.product.output
