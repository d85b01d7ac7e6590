"""What is said on the web chat over real HTTP: taken in by its bytes, and nothing else, where somebody can listen."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.recordings import MAX_BYTES, MAX_SECONDS
from core.messages import MessageKind
from tests import sounds
from tests.web.conftest import Chat, free_port, start_chat
from tests.web.visitor import opened, post

TYPE = "application/octet-stream"


async def _send(
    chat: Chat, client: ClientSession, data: bytes, kind: str = TYPE
) -> tuple[int, dict[str, str]]:
    headers = {**chat.origin, "Content-Type": kind}
    async with client.post(f"{chat.url}/chat/api/recordings", data=data, headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize("kind", sounds.KINDS)
async def test_every_kind_is_taken_and_told_with_its_words(
    chat: Chat, client: ClientSession, kind: str
) -> None:
    await opened(chat, client)
    ending, make = sounds.KINDS[kind]
    status, answer = await _send(chat, client, make(5))
    assert (status, answer["voice"].rpartition(".")[2]) == (201, ending)
    told = {"kind": "voice", "id": "voice-0001", "voice": answer["voice"], "seconds": 5, "text": "Ngõ 5"}
    assert (await post(chat, client, told))[0] == 201
    (message,) = [one for one in chat.backend.messages() if one.kind is MessageKind.VOICE]
    (attachment,) = message.attachments
    assert (message.text, attachment.kind) == ("Ngõ 5", MessageKind.VOICE)
    assert await chat.backend.channel.fetch(attachment, MAX_BYTES) == make(5)
    (line,) = [one for one in await chat.backend.history(chat.backend.sessions()[0], None, 9) if one.mine]
    assert (line.text, line.as_json()["voice"]) == ("Ngõ 5", 5)


@pytest.mark.parametrize(
    ("data", "kind", "status", "error"),
    [
        (b"", TYPE, 415, "voice"),
        (b"<html><script>alert(1)</script>", TYPE, 415, "voice"),
        (b"\xff\xd8\xff\xe0" + bytes(64), TYPE, 415, "voice"),
        (sounds.webm(5, kind=1, codec=b"V_VP8"), TYPE, 415, "voice"),
        (sounds.webm(5)[:-9], TYPE, 415, "voice"),
        (sounds.webm(MAX_SECONDS + 5), TYPE, 415, "voice"),
        (sounds.m4a_pieces(MAX_SECONDS + 5), TYPE, 415, "voice"),
        (sounds.webm(5) + bytes(MAX_BYTES), TYPE, 413, "voice_large"),
        (sounds.webm(5), "multipart/form-data; boundary=x", 415, "type"),
    ],
)
async def test_what_nobody_could_listen_to_is_refused_in_words_and_in_no_log(
    chat: Chat,
    client: ClientSession,
    caplog: pytest.LogCaptureFixture,
    data: bytes,
    kind: str,
    status: int,
    error: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    await opened(chat, client)
    found, answer = await _send(chat, client, data, kind)
    assert (found, answer["error"]) == (status, error)
    assert answer["message"]
    assert not list(chat.backend.folder.iterdir())
    assert not [record for record in caplog.records if record.name.startswith("bot")]


async def test_strangers_and_foreign_pages_leave_nothing(chat: Chat, client: ClientSession) -> None:
    async with ClientSession() as stranger:
        assert (await _send(chat, stranger, sounds.webm(5)))[0] == 401
    await opened(chat, client)
    headers = {"Origin": "https://evil.example", "Content-Type": TYPE}
    url = f"{chat.url}/chat/api/recordings"
    async with client.post(url, data=sounds.webm(5), headers=headers) as answer:
        assert answer.status == 403
    assert not list(chat.backend.folder.iterdir())


async def test_a_tape_that_never_ends_is_slowed_down(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    statuses = [(await _send(chat, client, sounds.webm(1)))[0] for _ in range(11)]
    assert statuses == [201] * 10 + [429]


async def test_where_nobody_can_listen_nothing_is_taken(tmp_path: Path, client: ClientSession) -> None:
    chat = await start_chat(tmp_path, free_port(), voice=False)
    await opened(chat, client)
    status, answer = await _send(chat, client, sounds.webm(5))
    assert (status, answer["error"]) == (403, "voice_unheard")
    async with client.get(f"{chat.url}/chat") as page:
        assert 'data-voice="no"' in await page.text()
        assert "microphone=()" in page.headers["Permissions-Policy"]
        assert "media-src" not in page.headers["Content-Security-Policy"]
    await chat.stop()
