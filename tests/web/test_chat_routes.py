"""The routes of the web chat over real HTTP: sessions, refusals, idempotence, photos."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.web.sessions import SessionCookie, new_token
from tests.web.conftest import Chat, free_port, start_chat
from tests.web.visitor import opened, post

TEXT = {"kind": "text", "id": "0123456789abcdef", "text": "Đèn đường hỏng"}


async def test_a_session_is_a_closed_cookie_and_is_found_again(chat: Chat, client: ClientSession) -> None:
    url = f"{chat.url}/chat/api/session"
    async with client.post(url, json={}, headers=chat.origin) as answer:
        cookie = answer.headers["Set-Cookie"]
        assert (await answer.json())["new"] is True
        assert "no-store" in answer.headers["Cache-Control"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=2592000" in cookie
    async with client.post(url, json={}, headers=chat.origin) as answer:
        assert (await answer.json())["new"] is False
    assert len(chat.backend.sessions()) == 1


def test_the_cookie_behind_https_and_in_a_portal() -> None:
    token = new_token()
    assert len(token) == 43
    alone = SessionCookie(secure=True, framed=False).header(token)
    assert alone.startswith("__Host-nghedan_chat=")
    assert all(word in alone for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    framed = SessionCookie(secure=True, framed=True).header(token)
    assert "SameSite=None; Partitioned" in framed
    assert "SameSite=Lax" in SessionCookie(secure=False, framed=True).header(token)


async def test_a_planted_token_opens_nothing(chat: Chat, client: ClientSession) -> None:
    planted = "A" * 43
    headers = {**chat.origin, "Cookie": f"nghedan_chat={planted}"}
    async with client.post(f"{chat.url}/chat/api/session", json={}, headers=headers) as answer:
        assert planted not in answer.headers["Set-Cookie"]
    async with ClientSession() as stranger:
        history, cookie = f"{chat.url}/chat/api/history", {"Cookie": headers["Cookie"]}
        async with stranger.get(history, headers=cookie) as answer:
            assert answer.status == 401


async def test_the_same_message_twice_is_recorded_once(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    assert await post(chat, client, TEXT) == (201, {"ok": True, "known": False})
    assert await post(chat, client, TEXT) == (200, {"ok": True, "known": True})
    assert [message.text for message in chat.backend.messages()] == ["Đèn đường hỏng"]


async def test_everybody_reads_only_the_own_conversation(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    await post(chat, client, TEXT)
    async with ClientSession() as stranger:
        async with stranger.get(f"{chat.url}/chat/api/history") as answer:
            assert answer.status == 401
        async with stranger.get(f"{chat.url}/chat/api/events") as answer:
            assert answer.status == 401
    async with client.get(f"{chat.url}/chat/api/history") as answer:
        (line,) = [one for one in (await answer.json())["lines"] if one["mine"]]
        assert line["text"] == "Đèn đường hỏng"


ROUTES = ["session", "session/end", "messages", "photos"]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://127.0.0.1", "http://127.0.0.1:1"]
)
async def test_foreign_origins_change_nothing(
    chat: Chat, client: ClientSession, route: str, origin: str | None
) -> None:
    await opened(chat, client)
    before = len(chat.backend.sessions())
    headers = {"Origin": origin} if origin else {}
    async with client.post(f"{chat.url}/chat/api/{route}", json=TEXT, headers=headers) as answer:
        assert answer.status == 403
    assert not chat.backend.envelopes
    assert len(chat.backend.sessions()) == before


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_types_that_a_form_can_send_are_refused(chat: Chat, client: ClientSession, kind: str) -> None:
    await opened(chat, client)
    headers = {**chat.origin, "Content-Type": kind}
    for route in ("messages", "session", "session/end"):
        async with client.post(f"{chat.url}/chat/api/{route}", data=b"{}", headers=headers) as answer:
            assert answer.status == 415


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 60_000, b'{"kind":"text","id":"x"}'])
async def test_malformed_messages_get_a_kind_sentence(chat: Chat, client: ClientSession, body: bytes) -> None:
    await opened(chat, client)
    headers = {**chat.origin, "Content-Type": "application/json"}
    async with client.post(f"{chat.url}/chat/api/messages", data=body, headers=headers) as answer:
        assert answer.status == 400
        assert "ạ" in (await answer.json())["message"]


async def test_sizes(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    assert (await post(chat, client, {**TEXT, "text": "ộ" * 10_000}))[0] == 201
    assert (await post(chat, client, {**TEXT, "text": "ộ" * 10_001}))[0] == 400
    assert (await post(chat, client, {**TEXT, "text": "x" * 300_000}))[0] == 413

    async def endless() -> Any:
        for _ in range(40):
            yield b"x" * 10_000

    headers = {**chat.origin, "Content-Type": "application/json"}
    async with client.post(f"{chat.url}/chat/api/messages", data=endless(), headers=headers) as answer:
        assert answer.status == 413


async def test_a_flood_is_slowed_and_nothing_is_lost(tmp_path: Path, client: ClientSession) -> None:
    chat = await start_chat(tmp_path, free_port(), messages_per_minute=3)
    await opened(chat, client)
    for number in range(3):
        assert (await post(chat, client, {**TEXT, "id": f"flood-{number:04d}"}))[0] == 201
    url = f"{chat.url}/chat/api/messages"
    async with client.post(url, json={**TEXT, "id": "flood-0003"}, headers=chat.origin) as answer:
        assert answer.status == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert "tự gửi lại" in (await answer.json())["message"]
    await chat.stop()


async def test_a_store_that_is_down_is_a_503_with_a_time(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    chat.backend.down = True
    for method, route in (("POST", "messages"), ("POST", "session"), ("GET", "history"), ("GET", "events")):
        body = TEXT if method == "POST" else None
        url = f"{chat.url}/chat/api/{route}"
        async with client.request(method, url, json=body, headers=chat.origin) as answer:
            assert answer.status == 503
            assert answer.headers["Retry-After"]
            assert "ạ" in (await answer.json())["message"]


async def test_reading_the_page_changes_nothing(chat: Chat, client: ClientSession) -> None:
    for _ in range(5):
        async with client.get(f"{chat.url}/chat?start=moi-5") as answer:
            assert answer.status == 200
            assert "Set-Cookie" not in answer.headers
            page = await answer.text()
    assert not chat.backend.sessions()
    assert "Trợ lý tự động của Phường Hoa Sen" in page
    assert "<noscript>" in page
    assert "1900 0368" in page


async def test_the_page_names_who_may_frame_it(tmp_path: Path, client: ClientSession) -> None:
    portal = "https://phuonghoasen.gov.vn"
    name = "<script>alert(1)</script>"
    chat = await start_chat(tmp_path, free_port(), portal_origins=(portal,), ward_name=name)
    async with client.get(f"{chat.url}/chat") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert name not in await answer.text()
        assert answer.headers["Permissions-Policy"] == (
            "geolocation=(self), camera=(), microphone=(self), payment=()"
        )
    assert f"frame-ancestors 'self' {portal}" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "media-src blob:;" in policy
    await chat.stop()


async def test_files_are_kept_for_ever_under_their_hash(chat: Chat, client: ClientSession) -> None:
    async with client.get(f"{chat.url}/chat") as answer:
        tag = answer.headers["ETag"]
        path = (await answer.text()).split('src="')[1].split('"')[0]
    async with client.get(f"{chat.url}/chat", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304
    async with client.get(chat.url + path) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.content_type == "text/javascript"
    async with client.get(f"{chat.url}/chat/static/old/chat.js") as answer:
        assert "immutable" not in answer.headers["Cache-Control"]
    async with client.get(f"{chat.url}/chat/static/old/../chat.py") as answer:
        assert answer.status == 404


async def test_leaving_ends_the_session(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    jar = {cookie.key: cookie.value for cookie in client.cookie_jar}
    async with client.post(f"{chat.url}/chat/api/session/end", json={}, headers=chat.origin) as answer:
        assert answer.status == 204
        assert "Max-Age=0" in answer.headers["Set-Cookie"]
    async with ClientSession() as thief:
        header = {"Cookie": "; ".join(f"{key}={value}" for key, value in jar.items())}
        async with thief.get(f"{chat.url}/chat/api/history", headers=header) as answer:
            assert answer.status == 401


async def test_the_bare_address_leads_to_the_chat(chat: Chat, client: ClientSession) -> None:
    async with client.get(f"{chat.url}/") as answer:
        assert (answer.status, answer.url.path) == (200, "/chat")


async def test_packed_bodies_are_refused_unopened(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    for path, kind in (("messages", "application/json"), ("photos", "image/jpeg")):
        for body in (b"no gzip at all", gzip.compress(b"a" * 20_000_000)):
            headers = {**chat.origin, "Content-Type": kind, "Content-Encoding": "gzip"}
            async with client.post(f"{chat.url}/chat/api/{path}", data=body, headers=headers) as answer:
                assert answer.status == 415
    assert chat.backend.messages() == []


@pytest.mark.parametrize("after", ["999999999999999-i-1", "004102444800000-o-1", "²" * 15 + "-i-1", "%00"])
async def test_a_cursor_beyond_all_dates_is_no_cursor(chat: Chat, client: ClientSession, after: str) -> None:
    await opened(chat, client)
    await post(chat, client, TEXT)
    async with client.get(f"{chat.url}/chat/api/history", params={"after": after}) as answer:
        assert answer.status == 200
        assert TEXT["text"] in [line["text"] for line in (await answer.json())["lines"]]


async def test_a_host_that_is_none_is_not_ours(chat: Chat, client: ClientSession) -> None:
    headers = {"Host": "[", "Origin": "http://["}
    async with client.post(f"{chat.url}/chat/api/session", json={}, headers=headers) as answer:
        assert answer.status == 403


async def test_a_form_that_breaks_the_rules_is_refused(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    headers = {**chat.origin, "Content-Type": "multipart/form-data; boundary=b"}
    flood = b"--b\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(20_000)) + b"\r\nx\r\n--b--"
    async with client.post(f"{chat.url}/chat/api/photos", data=flood, headers=headers) as answer:
        assert answer.status == 400
