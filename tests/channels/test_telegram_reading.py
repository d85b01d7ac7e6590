"""What we make of the raw JSON of Telegram's updates, however odd, and who is let in at all."""

from __future__ import annotations

import functools
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.contract import Malformed, Unauthentic
from bot.channels.telegram import TelegramChannel
from core.messages import Address, Envelope, IncomingMessage, MessageKind
from tests.channels.harness_telegram import SECRET
from tests.fakes.telegram import TOKEN

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@functools.cache
def offline() -> TelegramChannel:
    """A channel that never sees the network; one for all, for reading leaves nothing behind in it."""
    return TelegramChannel(
        TOKEN,
        base_url="http://127.0.0.1:9",
        mode="webhook",
        secret=SECRET,
        webhook_url=None,
        media=Path(),
        clock=lambda: NOW,
    )


def read(update: object) -> IncomingMessage | None:
    """What a channel makes of an update, whatever is in it."""
    raw = json.dumps(update)
    return offline().read([Envelope("telegram", "7000000001", "1", "telegram/7000000001/5", raw)])


def message(**fields: object) -> dict[str, object]:
    """A private message of person 5."""
    user = {"id": 5, "is_bot": False, "first_name": "Nguyễn", "last_name": "Thị Lan"}
    base = {"message_id": 9, "date": 1_790_000_000, "from": user, "chat": {"id": 5, "type": "private"}}
    return {"update_id": 1, "message": {**base, **fields}}


@pytest.mark.parametrize("given_secret", ["", "x", SECRET[:-1], SECRET + "x", SECRET.upper(), "ó\udc80"])
def test_the_secret_is_looked_at_before_the_body(given_secret: str) -> None:
    with pytest.raises(Unauthentic):
        offline().accept({"X-Telegram-Bot-Api-Secret-Token": given_secret}, b"not even JSON")


def test_without_a_secret_nothing_is_let_in(tmp_path: Path) -> None:
    channel = TelegramChannel(
        TOKEN, base_url="http://127.0.0.1:9", mode="webhook", secret="", webhook_url=None, media=tmp_path
    )
    with pytest.raises(Unauthentic):
        channel.accept({"X-Telegram-Bot-Api-Secret-Token": ""}, b'{"update_id":1}')


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"update_id":true}', b'{"update_id":NaN}', b"[" * 99999]
)
def test_an_unreadable_body_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        offline().accept(HEADERS, body)


def test_what_we_did_not_ask_for_is_taken_and_forgotten() -> None:
    assert offline().accept(HEADERS, b'{"update_id":1,"channel_post":{}}') == []


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
_FIELD_NAMES = (
    "from chat date text photo document voice sticker location venue contact reply_to_message "
    "media_group_id caption sender_chat message data new_chat_member old_chat_member edit_date"
)
_FIELDS = _FIELD_NAMES.split()


@settings(deadline=None)
@given(
    kind=st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
    event=_JSON | st.dictionaries(st.sampled_from(_FIELDS), _JSON, max_size=6),
    known=st.booleans(),
)
def test_no_field_however_odd_breaks_reading(kind: str, event: object, known: bool) -> None:
    if known and isinstance(event, dict):
        event = {"from": {"id": 5}, **event}
    body = json.dumps({"update_id": 1, kind: event}).encode()
    channel = offline()
    envelopes = channel.accept(HEADERS, body)
    assert len(envelopes) == 1
    found = channel.read(envelopes)
    if found is not None:
        json.dumps([found.text, found.phone, found.sender_name], ensure_ascii=False).encode()


def test_half_an_emoji_and_zero_bytes_do_not_reach_the_books() -> None:
    found = read(message(text="a\ud83d b\x00c"))
    assert found is not None
    assert found.text == "a\ufffd bc"


@pytest.mark.parametrize(
    "fields",
    [
        {"text": 7},
        {"photo": []},
        {"photo": [{"width": 3}]},
        {"location": {"latitude": 91, "longitude": 0}},
        {"location": {"latitude": "10", "longitude": True}},
        {"contact": {"phone_number": "0912"}},
        {"contact": {"phone_number": "0912", "user_id": 6}},
        {"voice": None},
        {"dice": {"value": 3}},
        {},
    ],
)
def test_what_cannot_be_understood_is_unsupported(fields: dict[str, object]) -> None:
    found = read(message(**fields))
    assert found is not None
    assert found.kind is MessageKind.UNSUPPORTED
    assert found.phone is None
    assert found.location is None


def test_the_largest_size_of_a_photo_is_taken() -> None:
    sizes = [{"file_id": f"f{w}", "width": w, "height": w, "file_size": w * w} for w in (90, 1280, 320)]
    found = read(message(photo=sizes, caption="cống"))
    assert found is not None
    assert (found.attachments[0].source, found.attachments[0].size, found.text) == ("f1280", 1280**2, "cống")


def test_a_photo_sent_as_a_file_is_a_photo() -> None:
    found = read(message(document={"file_id": "d", "mime_type": "image/jpeg", "file_name": "a.jpg"}))
    assert found is not None
    assert found.kind is MessageKind.PHOTO
    assert found.attachments[0].name == "a.jpg"


@pytest.mark.parametrize("odd", [{}, [], ["image/jpeg"], 1, None, True])
def test_a_file_with_an_odd_type_is_a_file(odd: object) -> None:
    found = read(message(document={"file_id": "d", "mime_type": odd}))
    assert found is not None
    assert found.kind is MessageKind.FILE


def test_a_venue_brings_name_and_place() -> None:
    point = {"latitude": 10.5, "longitude": 106.5}
    found = read(message(venue={"location": point, "title": "Chợ", "address": "12 Lê Lợi"}, location=point))
    assert found is not None
    assert (found.kind, found.text) == (MessageKind.LOCATION, "Chợ, 12 Lê Lợi")
    assert found.location is not None


def test_names_and_times_are_the_senders() -> None:
    found = read(message(text="a"))
    assert found is not None
    assert found.sender_name == "Nguyễn Thị Lan"
    assert found.sent_at == datetime.fromtimestamp(1_790_000_000, UTC)
    late = read(message(text="a", date=0))
    assert late is not None
    assert late.sent_at == NOW


async def test_an_anonymous_administrator_and_a_channel_are_not_read() -> None:
    assert read(message(text="a", sender_chat={"id": -100, "type": "channel"})) is None
    assert read(message(text="a", chat={"id": -100, "type": "channel"})) is None


def test_the_account_is_known_without_network() -> None:
    channel = offline()
    assert channel.account == "7000000001"
    assert Address("telegram", channel.account, "5").key == "telegram/7000000001/5"
    assert not channel.polls
