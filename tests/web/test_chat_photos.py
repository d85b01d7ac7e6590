"""Photos of the web chat over real HTTP: what is taken, what is refused, who may see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, FormData

from bot.web.chat_guard import Refusal
from bot.web.held_bytes import HeldBytes
from core.messages import Content, Picture
from core.pictures.bars import draw_bars
from tests.channels.suite import CHART
from tests.web.conftest import Chat
from tests.web.visitor import opened, post

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64


async def test_photos_by_body_and_by_form(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    url = f"{chat.url}/chat/api/photos"
    headers = {**chat.origin, "Content-Type": "image/jpeg"}
    async with client.post(url, data=JPEG, headers=headers) as answer:
        assert answer.status == 201
        (name,) = (await answer.json())["photos"]
    form = FormData()
    for index in range(2):
        form.add_field("photo", JPEG, filename=f"../../{index}.php", content_type="image/jpeg")
    async with client.post(url, data=form, headers=chat.origin) as answer:
        assert len((await answer.json())["photos"]) == 2
    picture = f"{chat.url}/chat/photos/{name}"
    async with client.get(picture) as answer:
        assert answer.status == 404  # not part of a conversation yet
    photo = {"kind": "photo", "id": "photo-0001", "photos": [name], "text": "Rác"}
    assert (await post(chat, client, photo))[0] == 201
    async with client.get(picture) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    async with ClientSession(cookies={}) as stranger, stranger.get(picture) as answer:
        assert answer.status == 401


NOT_PHOTOS = [b"", b"GIF89a....", b"<svg onload=alert(1)>", b"%PDF-1.7", b"MZ", b"RIFF1234WAVE", b"<html>"]


@pytest.mark.parametrize("data", NOT_PHOTOS)
async def test_what_is_no_photo_is_refused(chat: Chat, client: ClientSession, data: bytes) -> None:
    await opened(chat, client)
    headers = {**chat.origin, "Content-Type": "image/jpeg"}
    async with client.post(f"{chat.url}/chat/api/photos", data=data, headers=headers) as answer:
        assert answer.status == 415
    assert not list(chat.backend.folder.iterdir())


async def test_slow_uploads_keep_nobody_waiting(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    url, headers = f"{chat.url}/chat/api/photos", {**chat.origin, "Content-Type": "image/jpeg"}
    going_on = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield JPEG[:20]
        await going_on.wait()
        yield JPEG[20:]

    slow = [asyncio.ensure_future(client.post(url, data=slowly(), headers=headers)) for _ in range(12)]
    await asyncio.sleep(0.3)
    async with asyncio.timeout(5), client.post(url, data=JPEG, headers=headers) as answer:
        assert answer.status == 201
    going_on.set()
    assert {(await one).status for one in slow} == {201}


def test_all_uploads_together_hold_no_more_than_is_there_and_give_it_back() -> None:
    held = HeldBytes(10)
    with held.one() as first, held.one() as second:
        first(6)
        second(4)
        with pytest.raises(Refusal) as refused:
            second(1)
        assert refused.value.status == 503
    with held.one() as again:
        again(10)


@pytest.mark.parametrize("kind", ["photos", "recordings", "documents"])
async def test_when_all_is_full_the_page_is_told_to_come_again(
    kind: str, chat: Chat, client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(chat, client)
    url, media = (
        f"{chat.url}/chat/api/{kind}",
        "image/jpeg" if kind == "photos" else "application/octet-stream",
    )
    if kind == "documents":
        monkeypatch.setattr(chat.backend, "awaits_document", yes)
    headers = {**chat.origin, "Content-Type": media}
    with monkeypatch.context() as full:
        full.setattr(HeldBytes, "room", property(lambda _: len(JPEG) - 1))
        async with client.post(url, data=JPEG, headers=headers) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    async with client.post(url, data=JPEG, headers=headers) as answer:
        assert answer.status == (201 if kind == "photos" else 415)


async def yes(_external_id: str) -> bool:
    return True


async def test_too_much_photo_is_refused(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    url = f"{chat.url}/chat/api/photos"
    headers = {**chat.origin, "Content-Type": "image/jpeg"}
    async with client.post(url, data=JPEG + b"\0" * 10 * 1024 * 1024, headers=headers) as answer:
        assert answer.status == 413
    many = FormData()
    for _ in range(6):
        many.add_field("photo", JPEG, filename="a.jpg", content_type="image/jpeg")
    async with client.post(url, data=many, headers=chat.origin) as answer:
        assert answer.status == 400
    headers = {**chat.origin, "Content-Type": "multipart/form-data; boundary=x"}
    async with client.post(url, data=b"rubbish", headers=headers) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc%2fpasswd", "%2e%2e", "a" * 300, "%00.jpg", "con.jpg", "x.svg"]
)
async def test_pictures_have_only_names_of_ours(chat: Chat, client: ClientSession, name: str) -> None:
    await opened(chat, client)
    async with client.get(f"{chat.url}/chat/photos/{name}") as answer:
        assert answer.status == 404


async def test_a_drawn_picture_is_shown_to_its_person_alone(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    chart = Picture.drawn(CHART)
    chat.backend.drawn[chart.stored] = draw_bars(CHART)
    url = f"{chat.url}/chat/photos/{chart.stored}"
    async with client.get(url) as answer:
        assert answer.status == 404  # nobody has sent it
    await chat.backend.say(chat.backend.sessions()[0], Content("Sáng nay", pictures=(chart,)))
    async with client.get(url) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/png"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert await answer.read() == chat.backend.drawn[chart.stored]
    async with ClientSession(cookies={}) as stranger, stranger.get(url) as answer:
        assert answer.status == 401
