"""The traps of the fake Zalo: what it must refuse, repeat and sign so that the tests above it mean something."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.fakes.zalo import Fault, Signed, ZaloFake

UID = "2512523625412515"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[ZaloFake]:
    """A fake with one citizen who has written."""
    opened = ZaloFake()
    await opened.start()
    opened.citizen.text(UID, "Chào phường")
    yield opened
    await opened.stop()


@pytest_asyncio.fixture
async def http(fake: ZaloFake) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the fake."""
    async with aiohttp.ClientSession(fake.base_url) as session:
        yield session


async def post(
    http: aiohttp.ClientSession, path: str, body: object, headers: dict[str, str]
) -> dict[str, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with http.post(path, data=data, headers=headers) as response:
        assert response.status == 200
        found: dict[str, Any] = await response.json()
        return found


async def say(http: aiohttp.ClientSession, token: str, message: object, user_id: str = UID) -> dict[str, Any]:
    body = {"recipient": {"user_id": user_id}, "message": message}
    headers = {"access_token": token, "Content-Type": "application/json"}
    return await post(http, "/v3.0/oa/message/cs", body, headers)


async def refresh(fake: ZaloFake, http: aiohttp.ClientSession, token: str, **more: str) -> dict[str, Any]:
    headers = {**FORM, "secret_key": fake.account.app_secret, **more}
    form = f"refresh_token={token}&app_id={fake.account.app_id}&grant_type=refresh_token"
    return await post(http, "/v4/oa/access_token", form.encode(), headers)


async def test_refresh_token_works_once(fake: ZaloFake, http: aiohttp.ClientSession) -> None:
    seed = fake.refresh_token()
    old = fake.world.access_token
    first = await refresh(fake, http, seed)
    assert first["expires_in"] == "90000"
    assert "error" not in first
    second = await refresh(fake, http, seed)
    assert second["error_name"] == "Invalid refresh token"
    assert "error" not in second
    assert (await say(http, old, {"text": "a"}))["error"] == -216
    assert (await say(http, first["access_token"], {"text": "a"}))["error"] == 0
    fake.expire_access()
    assert (await say(http, first["access_token"], {"text": "a"}))["error"] == -220


async def test_token_endpoint_checks_secret_and_form(fake: ZaloFake, http: aiohttp.ClientSession) -> None:
    seed = fake.refresh_token()
    for wrong in ({"secret_key": fake.account.oa_secret}, {"Content-Type": "application/json"}):
        assert "error_name" in await refresh(fake, http, seed, **wrong)
    assert "access_token" in await refresh(fake, http, seed)


async def test_only_the_bare_header_counts(fake: ZaloFake, http: aiohttp.ClientSession) -> None:
    fake.refresh_token()
    token = fake.world.access_token
    body = {"recipient": {"user_id": UID}, "message": {"text": "a"}}
    path, kind = "/v3.0/oa/message/cs", {"Content-Type": "application/json"}
    assert (await post(http, path, body, {"Authorization": f"Bearer {token}", **kind}))["error"] == -216
    assert (await post(http, f"{path}?access_token={token}", body, kind))["error"] == -216
    assert (await post(http, path, body, {"access_token": token, **FORM}))["error"] == -201


def buttons(*found: object) -> dict[str, object]:
    return {"text": "a", "attachment": {"type": "template", "payload": {"buttons": list(found)}}}


def media(element: dict[str, object], **more: object) -> dict[str, object]:
    payload = {"template_type": "media", "elements": [element]}
    return {"attachment": {"type": "template", "payload": payload}, **more}


QUERY = {"title": "t", "type": "oa.query.hide", "payload": "#x"}
LINK = {"title": "t", "type": "oa.open.url", "payload": {"url": "https://a.vn"}}


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"text": "a" * 2000}, 0),
        ({"text": "a" * 2001}, -210),
        ({"text": " "}, -201),
        ({}, -201),
        ({"text": "a", "buttons": []}, -201),
        (buttons(*[QUERY] * 5), 0),
        (buttons(*[QUERY] * 6), -201),
        (buttons(QUERY, LINK), 0),
        (buttons({**QUERY, "payload": {"url": "https://a.vn"}}), -201),
        (buttons({**LINK, "payload": "https://a.vn"}), -201),
        (buttons({**QUERY, "title": "t" * 101}), -201),
        (buttons({**QUERY, "payload": "p" * 1001}), -201),
        (buttons(), -201),
        (media({"media_type": "image", "url": "https://a.vn/a.jpg"}), 0),
        (media({"media_type": "image", "url": "http://a.vn/a.jpg"}), -201),
        (media({"media_type": "image", "url": "https://a.vn/a.jpg", "attachment_id": "x"}), -201),
        (media({"media_type": "image", "attachment_id": "unknown"}), -201),
        (media({"media_type": "hologram", "url": "https://a.vn"}), -233),
    ],
)
async def test_messages_are_checked(
    fake: ZaloFake, http: aiohttp.ClientSession, message: object, code: int
) -> None:
    fake.refresh_token()
    assert (await say(http, fake.world.access_token, message))["error"] == code
    assert (fake.attempts(UID), fake.accepted(UID)) == (1, 1 if code == 0 else 0)


async def test_clock_of_a_person(fake: ZaloFake, http: aiohttp.ClientSession) -> None:
    fake.refresh_token()
    token, text = fake.world.access_token, {"text": "a"}
    assert (await say(http, token, text))["data"]["quota"] == {"quota_type": "reply"}
    fake.citizen.pass_time(UID, 49)
    assert (await say(http, token, text))["error"] == -320
    fake.world.switches.balance = "no_balance"
    assert (await say(http, token, text))["error"] == -321
    fake.world.switches.balance = "ok"
    assert "quota" not in (await say(http, token, text))["data"]
    fake.citizen.sees(UID)
    fake.citizen.pass_time(UID, 120)
    assert (await say(http, token, text))["error"] == -230
    fake.citizen.text(UID, "Tôi hỏi thêm")
    assert (await say(http, token, text))["error"] == 0
    fake.citizen.block(UID)
    assert (await say(http, token, text))["error"] == -244
    fake.world.person("never")
    assert (await say(http, token, text, "never"))["error"] == -232
    assert (await say(http, token, text, "404"))["error"] == -201


async def test_uploads(fake: ZaloFake, http: aiohttp.ClientSession) -> None:
    fake.refresh_token()
    token = fake.world.access_token

    async def upload(data: bytes, field: str = "file") -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field(field, data, filename="a.jpg", content_type="image/jpeg")
        async with http.post("/v2.0/oa/upload/image", data=form, headers={"access_token": token}) as response:
            found: dict[str, Any] = await response.json()
            return found

    jpeg = b"\xff\xd8\xff" + b"0" * 100
    assert (await upload(jpeg + b"0" * 1024 * 1024))["error"] == -210
    assert (await upload(b"GIF89a"))["error"] == -201
    assert (await upload(jpeg, "image"))["error"] == -201
    found = (await upload(jpeg))["data"]["attachment_id"]
    element: dict[str, object] = {"media_type": "image", "attachment_id": found}
    assert (await say(http, token, media(element, text="Ảnh")))["error"] == 0
    fake.expire_uploads()
    assert (await say(http, token, media(element)))["error"] == -100


@pytest.mark.parametrize(("fault", "arrived"), [(Fault("drop_before"), 0), (Fault("drop_after"), 1)])
async def test_drops(fake: ZaloFake, http: aiohttp.ClientSession, fault: Fault, arrived: int) -> None:
    fake.refresh_token()
    fake.fail_next(fault)
    with pytest.raises(aiohttp.ClientError):
        await say(http, fake.world.access_token, {"text": "a"})
    assert fake.accepted(UID) == arrived


async def test_broken_server_lies_in_json(fake: ZaloFake, http: aiohttp.ClientSession) -> None:
    fake.fail_next(Fault("http", status=500))
    async with http.post("/v3.0/oa/message/cs", data=b"{}") as response:
        assert response.status == 500
        assert (await response.json())["error"] == -216


async def test_tap_needs_a_button(fake: ZaloFake, http: aiohttp.ClientSession) -> None:
    fake.refresh_token()
    with pytest.raises(LookupError):
        fake.citizen.tap(UID, "t")
    await say(http, fake.world.access_token, buttons(QUERY))
    (tapped,) = fake.citizen.tap(UID, "t")
    assert isinstance(tapped, Signed)
    event = json.loads(tapped.body)
    assert (event["event_name"], event["message"]["text"]) == ("user_send_text", "#x")


async def test_quota_detail_and_account(fake: ZaloFake, http: aiohttp.ClientSession) -> None:
    fake.refresh_token()
    headers = {"access_token": fake.world.access_token, "Content-Type": "application/json"}
    quota = await post(http, "/v3.0/oa/quota/message", {"user_id": UID}, headers)
    assert int(quota["data"]["last_interaction"]) > 10**12
    async with http.get("/v2.0/oa/getoa", headers=headers) as response:
        assert response.headers["X-RateLimit-Limit"] == "4000"
        assert (await response.json())["data"]["oa_id"] == fake.account.oa_id
    for user_id, code in ((UID, 0), ("404", -213)):
        query = {"data": json.dumps({"user_id": user_id})}
        async with http.get("/v3.0/oa/user/detail", params=query, headers=headers) as response:
            assert (await response.json())["error"] == code
