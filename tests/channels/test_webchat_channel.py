"""The web chat channel beyond the contract: hostile bodies, names of files, seals."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from bot.channels.contract import Malformed, Rejected, Unauthentic
from bot.channels.webchat import WebChatChannel
from core.messages import Attachment, IncomingMessage, MessageKind

SESSION = "ab" * 16


@pytest.fixture
def channel(tmp_path: Path) -> WebChatChannel:
    return WebChatChannel(tmp_path / "incoming", lambda _: None, "https://chat.example.vn/")


def take(channel: WebChatChannel, body: Any) -> IncomingMessage:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    (envelope,) = channel.accept(channel.session_headers(SESSION), raw)
    event = channel.read([envelope])
    assert event is not None
    return event


def message(**fields: Any) -> dict[str, Any]:
    return {"kind": "text", "id": "0123456789abcdef", "text": "Đường hỏng", **fields}


def test_the_envelope_is_unique_by_session_and_page_id(channel: WebChatChannel) -> None:
    (envelope,) = channel.accept(channel.session_headers(SESSION), json.dumps(message()).encode())
    assert envelope.external_id == f"{SESSION}:0123456789abcdef"
    assert envelope.sender_key == f"webchat/web/{SESSION}"


@pytest.mark.parametrize("seal", ["", "0" * 64, "é"])
def test_without_the_seal_nobody_speaks_for_a_session(channel: WebChatChannel, seal: str) -> None:
    headers = {"x-nghedan-session": SESSION, "x-nghedan-seal": seal}
    with pytest.raises(Unauthentic):
        channel.accept(headers, json.dumps(message()).encode())


def test_a_seal_does_not_outlive_its_process(tmp_path: Path, channel: WebChatChannel) -> None:
    other = WebChatChannel(tmp_path, lambda _: None, "https://chat.example.vn")
    with pytest.raises(Unauthentic):
        channel.accept(other.session_headers(SESSION), json.dumps(message()).encode())


BAD = [
    b"",
    b"null",
    b"[]",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b'{"kind":"text","id":"0123456789","text":"a","text":"b"}',
    b'{"kind":"location","id":"0123456789","location":[NaN,1]}',
    b'{"kind":"location","id":"0123456789","location":[1e999,1]}',
    b'{"kind":"location","id":"0123456789","location":[' + b"9" * 5000 + b",1]}",
    b'{"kind":"location","id":"0123456789","location":[true,1]}',
    b'{"kind":"location","id":"0123456789","location":[91,1]}',
    b'{"kind":"location","id":"0123456789","location":[1]}',
    b'{"kind":[],"id":"0123456789","text":"a"}',
    b'{"kind":"admin","id":"0123456789","text":"a"}',
    b'{"kind":"text","id":"../../../etc","text":"a"}',
    b'{"kind":"text","id":"short","text":"a"}',
    b'{"kind":"text","id":"0123456789","text":""}',
    b'{"kind":"text","id":"0123456789","text":"\\u0000 \\u0007"}',
    b'{"kind":"text","id":"0123456789","text":7}',
    b'{"kind":"text","id":"0123456789","text":"a","reply_to":{"$ne":1}}',
    b'{"kind":"photo","id":"0123456789","photos":[]}',
    b'{"kind":"photo","id":"0123456789","photos":["../../etc/passwd"]}',
    b'{"kind":"photo","id":"0123456789","photos":"0"}',
    b'{"kind":"voice","id":"0123456789","seconds":3}',
    b'{"kind":"voice","id":"0123456789","seconds":3,"voice":"../../etc/passwd"}',
    b'{"kind":"voice","id":"0123456789","seconds":3,"voice":"' + b"a" * 32 + b'.jpg"}',
    b'{"kind":"voice","id":"0123456789","seconds":true,"voice":"' + b"a" * 32 + b'.webm"}',
    b'{"kind":"voice","id":"0123456789","seconds":-1,"voice":"' + b"a" * 32 + b'.webm"}',
    b'{"kind":"voice","id":"0123456789","seconds":1e9,"voice":"' + b"a" * 32 + b'.webm"}',
    b'{"kind":"start","id":"0123456789","start":"a b"}',
    b'{"kind":"phone","id":"0123456789","phone":"113; drop"}',
]


@pytest.mark.parametrize("body", BAD, ids=lambda body: repr(body[:60]))
def test_malformed_bodies_are_refused_with_a_reason(channel: WebChatChannel, body: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        take(channel, body)
    assert str(caught.value)


def test_brackets_inside_of_text_are_not_depth(channel: WebChatChannel) -> None:
    text = '[[[[[[[[[[{{{{{{ \\" " ]'
    assert take(channel, message(text=text)).text == text


@pytest.mark.parametrize("unit", [b'\\"', b"\\", b'"', b'"\\', b"[", b'"[\\\n'], ids=repr)
def test_no_body_takes_long_to_read(channel: WebChatChannel, unit: bytes) -> None:
    body = b'"' + unit * (256 * 1024 // len(unit))
    began = process_time()
    with pytest.raises(Malformed):
        take(channel, body)
    assert process_time() - began < 2


def test_control_characters_go_and_half_emojis_stay_readable(channel: WebChatChannel) -> None:
    body = b'{"kind":"text","id":"0123456789","text":"a\\u0000b\\nc \\ud83d"}'
    assert take(channel, body).text == "ab\nc �"


def test_text_is_composed_and_long_text_is_taken(channel: WebChatChannel) -> None:
    assert take(channel, message(text="Đươ\u0300ng")).text == "Đường"
    assert len(take(channel, message(text="đ" * 10_000)).text) == 10_000
    with pytest.raises(Malformed, match="too_long"):
        take(channel, message(text="đ" * 10_001))


def test_unknown_fields_are_not_kept(channel: WebChatChannel) -> None:
    (envelope,) = channel.accept(
        channel.session_headers(SESSION), json.dumps(message(session="other", at="2000-01-01")).encode()
    )
    kept = json.loads(envelope.raw)
    assert kept["session"] == SESSION
    assert not kept["at"].startswith("2000")


NAMES = [
    "",
    ".",
    "..",
    "/etc/passwd",
    "../secret.jpg",
    "a" * 300,
    f"{'a' * 32}.jpg\n",
    f"{'a' * 32}.jpg\0",
    f"{'a' * 32}.svg",
    f"..\u2215{'a' * 29}.jpg",
    "\uff41" * 32 + ".jpg",
    "CON",
]


@pytest.mark.parametrize("name", NAMES)
async def test_only_names_of_ours_are_read(channel: WebChatChannel, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    with pytest.raises(Rejected):
        await channel.fetch(Attachment(MessageKind.PHOTO, name), 1000)


def test_the_deep_link_is_quoted(channel: WebChatChannel) -> None:
    assert channel.deep_link("to-5") == "https://chat.example.vn/chat?start=to-5"
    assert channel.deep_link("a&b") == "https://chat.example.vn/chat?start=a%26b"
