"""What Zalo's events become: messages, receipts, takeovers, and odd bodies that must not raise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.zalo.reading import read
from bot.channels.zalo.webhook import Accepted
from core.messages import Envelope, IncomingMessage, MessageKind, Receipt, StaffTakeover
from tests.channels.harness_zalo import CITIZEN, open_zalo
from tests.channels.test_zalo_webhook import NOW, OA, door, from_user, signed
from tests.examples import examples


def understood(event: dict[str, object]) -> IncomingMessage:
    accepted = door().accept(*signed(event), NOW)
    found = read(accepted.envelopes)
    assert isinstance(found, IncomingMessage)
    return found


def test_seen_is_kept_under_a_key_of_its_own_and_delivered_is_not_kept() -> None:
    sides: dict[str, object] = {"sender": {"id": OA}, "recipient": {"id": CITIZEN}}
    received = from_user("user_received_message", {"msg_id": "m1"}) | sides
    assert door().accept(*signed(received), NOW).envelopes == ()
    seen = from_user("user_seen_message", {"msg_ids": ["m1", "m2"]}) | sides
    (envelope,) = door().accept(*signed(seen), NOW).envelopes
    assert envelope.external_id not in ("m1", "m2")
    receipt = read([envelope])
    assert isinstance(receipt, Receipt)
    assert (receipt.message_ids, receipt.seen) == (("m1", "m2"), True)
    assert receipt.chat.external_id == CITIZEN


def test_echo_and_takeover() -> None:
    message = {"msg_id": "m1", "text": "Chào bà"}
    echo = from_user("oa_send_text", message) | {"sender": {"id": OA}, "recipient": {"id": CITIZEN}}
    staff = echo | {"sender": {"id": OA, "admin_id": "77"}}
    assert door().accept(*signed(echo), NOW) == Accepted()
    found = read(door().accept(*signed(staff), NOW).envelopes)
    assert isinstance(found, StaffTakeover)
    assert found.chat.external_id == CITIZEN


@pytest.mark.parametrize("phone", ["84912345678", 84912345678, "+84 912 345 678"])
def test_contact_layouts(phone: object) -> None:
    for more in ({"full_address": {"user_city": "Huế"}}, {"city": "Huế", "ward": "Thuận Hóa"}):
        event = from_user("user_submit_info", None, info={"name": "Nguyễn A", "phone": phone, **more})
        found = understood(event)
        assert found.kind is MessageKind.PHONE
        assert (found.phone or "").lstrip("+") == "84912345678"
        assert found.sender_name == "Nguyễn A"


def test_typed_codes_and_payloads() -> None:
    def said(text: str) -> IncomingMessage:
        return understood(from_user("user_send_text", {"msg_id": "1", "text": text}))

    assert (said("#nd:report.new").kind, said("#nd:report.new").action) == (MessageKind.CHOICE, "report.new")
    assert (said(" #Nd:start:HANH-7K ").kind, said("#nd:start:HANH-7K").start) == (
        MessageKind.JOINED,
        "HANH-7K",
    )
    assert said("#1 đường hỏng").kind is MessageKind.TEXT
    assert said("HANH-7K").text == "HANH-7K"


def test_gif_link_and_card() -> None:
    def sent(name: str, payload: object) -> IncomingMessage:
        attachments = [{"type": "x", "payload": payload}]
        return understood(from_user(name, {"msg_id": "1", "attachments": attachments}))

    assert sent("user_send_gif", {"url": "https://a.zdn.vn/a"}).kind is MessageKind.STICKER
    link = sent("user_send_link", {"url": "https://vnexpress.net", "description": "Tin"})
    assert (link.kind, link.text) == (MessageKind.TEXT, "Tin\nhttps://vnexpress.net")
    assert sent("user_send_business_card", {"url": "x"}).kind is MessageKind.UNSUPPORTED
    assert sent("user_send_hologram", {"url": "x"}).kind is MessageKind.UNSUPPORTED


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800\x00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["payload", "url", "coordinates", "latitude", "longitude", "id", "phone", "size"]),
        inner,
        max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip
NAMES = [
    *(f"user_send_{one}" for one in ("text", "image", "location", "file", "link", "audio", "sticker")),
    *("follow", "unfollow", "user_submit_info", "user_seen_message", "oa_send_text"),
]


@settings(max_examples=examples(300), deadline=None)
@given(
    name=st.sampled_from(NAMES),
    stamp=ODD,
    text=ODD,
    ids=ODD,
    attachments=ODD | st.lists(st.fixed_dictionaries({"payload": ODD}), max_size=2),
    info=ODD | st.fixed_dictionaries({"phone": ODD, "name": ODD}),
)
def test_odd_fields_never_raise(
    name: str, stamp: object, text: object, ids: object, attachments: object, info: object
) -> None:
    message = {"msg_id": ids, "msg_ids": ids, "text": text, "quote_msg_id": ids, "attachments": attachments}
    event = from_user(name, message, timestamp=stamp, info=info, follower=ids)
    parts = [Envelope("zalo", OA, "x", "k", json.dumps(event), None)] * 2
    found = read(parts)
    if isinstance(found, IncomingMessage):
        found.text.encode()
        assert "\0" not in found.text
        assert found.sent_at.tzinfo is not None


@pytest.mark.parametrize("raw", ["", "{", "[]", "{}", '{"message":1}'])
def test_unreadable_records_are_nobodys(raw: str) -> None:
    assert read([Envelope("zalo", OA, "x", "k", raw)]) is None


async def test_album_both_ways(tmp_path: Path) -> None:
    harness = await open_zalo(tmp_path)
    try:
        for one_event in (False, True):
            harness.fake.world.switches.album_in_one_event = one_event
            envelopes = await harness.does(MessageKind.PHOTO, photos=[b"a", b"bb", b"ccc"], text="Ổ gà")
            assert len(envelopes) == (1 if one_event else 3)
            assert {one.album for one in envelopes} == {f"photos:{CITIZEN}"}
            found = harness.channel.read(envelopes)
            assert isinstance(found, IncomingMessage)
            assert (found.text, len(found.attachments)) == ("Ổ gà", 3)
            assert len(found.message_ids) == len(envelopes)
            data = [await harness.channel.fetch(one, 10) for one in found.attachments]
            assert data == [b"a", b"bb", b"ccc"]
    finally:
        await harness.close()
