"""Zalo's webhook: what is authentic, what is kept, and what odd bodies become."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.channels.contract import Malformed, Unauthentic
from bot.channels.zalo.webhook import Accepted, Webhook, signature
from core.messages import MessageKind
from tests.channels.harness_zalo import CITIZEN, open_zalo

APP, OA, SECRET = "1234567890123456789", "388613280878808645", "OaSecret_Test-01"
# The published example, byte for byte.
BODY = (
    '{"app_id":"1234567890123456789","user_id_by_app":"552177279717587730","event_name":"user_send_text",'
    '"timestamp":"1760000000123","sender":{"id":"2512523625412515"},'
    '"recipient":{"id":"388613280878808645"},'
    '"message":{"msg_id":"96d3cdf3af150460909","text":"Xin chào phường"}}'
).encode()
MAC = "4225ed6755e1d31581c4041bbf9bd946d50ea06db1671821e56c240a6801c218"
NOW = datetime.fromtimestamp(1760000000, UTC) + timedelta(minutes=1)


def door() -> Webhook:
    return Webhook("zalo", APP, OA, SECRET)


def headers(mac: str = f"mac={MAC}") -> dict[str, str]:
    return {"X-ZEvent-Signature": mac}


def signed(event: dict[str, object]) -> tuple[dict[str, str], bytes]:
    raw = json.dumps(event, ensure_ascii=False).encode()
    return headers(f"mac={signature(APP, raw, str(event.get('timestamp', '')), SECRET)}"), raw


def from_user(name: str, message: object, **more: object) -> dict[str, object]:
    return {
        "app_id": APP,
        "event_name": name,
        "timestamp": "1760000000123",
        "sender": {"id": CITIZEN},
        "recipient": {"id": OA},
        "message": message,
        **more,
    }


def test_signature_of_the_published_example() -> None:
    assert len(BODY) == 275
    assert signature(APP, BODY, "1760000000123", SECRET) == MAC
    (envelope,) = door().accept(headers(), BODY, NOW).envelopes
    assert envelope.external_id == "96d3cdf3af150460909"
    assert envelope.sender_key == f"zalo/{OA}/{CITIZEN}"
    assert envelope.raw == BODY.decode()


@pytest.mark.parametrize("form", ["mac={}", "mac = {}", "{}", " mac={} "])
def test_signature_header_forms(form: str) -> None:
    assert door().accept(headers(form.format(MAC)), BODY, NOW).envelopes
    assert door().accept({"x-zevent-signature": form.format(MAC.upper())}, BODY, NOW).envelopes


def test_reserialised_body_is_refused() -> None:
    with pytest.raises(Unauthentic) as refused:
        door().accept(headers(), json.dumps(json.loads(BODY)).encode(), NOW)
    assert refused.value.status == 200


def test_every_flipped_bit_is_refused() -> None:
    for place in range(len(BODY)):
        spoiled = bytearray(BODY)
        spoiled[place] ^= 1 << (place % 8)
        with pytest.raises(Unauthentic):
            door().accept(headers(), bytes(spoiled), NOW)


@pytest.mark.parametrize("mac", ["", "mac=", "mac=" + "0" * 64, MAC[:-1], "sha256=" + MAC, MAC + "0"])
def test_wrong_signature_header(mac: str) -> None:
    with pytest.raises(Unauthentic):
        door().accept(headers(mac), BODY, NOW)


def test_hmac_and_app_secret_are_refused() -> None:
    other = sha256(APP.encode() + BODY + b"1760000000123" + b"AppSecret_Test-01").hexdigest()
    with pytest.raises(Unauthentic):
        door().accept(headers(f"mac={other}"), BODY, NOW)


def test_timestamp_in_the_header_is_the_second_try() -> None:
    raw = json.dumps(from_user("user_send_text", {"msg_id": "1", "text": "a"}, timestamp=None)).encode()
    mac = signature(APP, raw, "1760000000999", SECRET)
    given = {**headers(f"mac={mac}"), "X-ZEvent-Timestamp": "1760000000999"}
    assert door().accept(given, raw, NOW).envelopes
    with pytest.raises(Unauthentic):
        door().accept(headers(f"mac={mac}"), raw, NOW)


def test_bytes_moved_between_body_and_header_stay_unreadable() -> None:
    raw = json.dumps(from_user("user_send_text", {"text": "a"}, timestamp=None)).encode()
    mac = signature(APP, raw, "1760000000999", SECRET)
    with pytest.raises(Malformed):
        door().accept({**headers(f"mac={mac}"), "X-ZEvent-Timestamp": "0999"}, raw + b"176000000", NOW)


def test_console_check_and_garbage() -> None:
    assert door().accept({}, b"{}", NOW) == Accepted()
    for garbage in (b"", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"event_name":"user_send_text"}'):
        with pytest.raises(Unauthentic):
            door().accept({}, garbage, NOW)


@pytest.mark.parametrize("raw", [b"{", b"[1]", b"\xff"])
def test_signed_but_unreadable(raw: bytes) -> None:
    given = {
        **headers(f"mac={signature(APP, raw, '1760000000123', SECRET)}"),
        "X-ZEvent-Timestamp": "1760000000123",
    }
    with pytest.raises(Malformed) as refused:
        door().accept(given, raw, NOW)
    assert refused.value.status == 200


def test_other_app_and_other_account_are_refused() -> None:
    other_app = from_user("user_send_text", {"msg_id": "1"}) | {"app_id": "999"}
    other_oa = from_user("user_send_text", {"msg_id": "1"}) | {"recipient": {"id": "999"}}
    other_follow: dict[str, object] = {
        "event_name": "follow",
        "oa_id": "999",
        "follower": {"id": CITIZEN},
        "timestamp": "1760000000123",
    }
    for event in (other_app, other_oa, other_follow):
        with pytest.raises(Unauthentic):
            door().accept(*signed(event), NOW)


def test_late_repeat_is_kept_and_old_replay_dropped() -> None:
    assert door().accept(headers(), BODY, NOW + timedelta(hours=3)).envelopes
    assert door().accept(headers(), BODY, NOW + timedelta(hours=25)) == Accepted(stale=True)


@pytest.mark.parametrize(
    "name",
    ["", "user_click_button", "change_oa_daily_quota", "user_send_group_text", "anonymous_send_text", "new"],
)
def test_events_that_concern_nobody(name: str) -> None:
    assert door().accept(*signed(from_user(name, {"msg_id": "1", "text": "a"})), NOW) == Accepted()


async def test_stale_calls_are_counted(tmp_path: Path) -> None:
    harness = await open_zalo(tmp_path)
    try:
        harness.fake.world.shift = -25 * 3600
        assert await harness.does(MessageKind.TEXT, text="cũ") == []
        assert harness.zalo.stale_events == 1
    finally:
        await harness.close()
