"""The contract of receiving: every channel, against its own fake provider, keeps the same promises."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.channels.contract import (
    Malformed,
    Rejected,
    ReplyWindow,
    Unauthentic,
)
from core.messages import Content, IncomingMessage, MessageKind
from tests import papers, sounds
from tests.channels.harness import Harness
from tests.channels.suite import CANNOT, HANDS_OVER, REFUSAL, picture


async def arrives(harness: Harness, kind: MessageKind, **fields: object) -> IncomingMessage:
    """What the channel reads of an act."""
    envelopes = await harness.does(kind, **fields)
    event = harness.channel.read(envelopes)
    assert isinstance(event, IncomingMessage)
    return event


@pytest.mark.parametrize("kind", list(MessageKind))
async def test_every_kind_of_message_arrives_as_that_kind(harness: Harness, kind: MessageKind) -> None:
    if kind in CANNOT[harness.name]:
        assert not await harness.does(kind)
        return
    if kind is MessageKind.JOINED:
        await harness.does(MessageKind.LEFT)
    event = await arrives(harness, kind, text="Đèn đường hỏng", action="pick:3")
    assert event.kind is kind
    assert event.sender == event.chat == harness.citizen
    assert event.external_id
    assert event.sent_at.tzinfo is not None
    assert abs(event.sent_at - datetime.now(UTC)).days < 400


@pytest.mark.parametrize("kind", list(MessageKind))
async def test_envelopes_name_channel_account_and_person(harness: Harness, kind: MessageKind) -> None:
    for envelope in await harness.does(kind, text="Xin chào"):
        assert (envelope.channel, envelope.account) == (harness.channel.name, harness.channel.account)
        assert envelope.sender_key == harness.citizen.key
        assert envelope.external_id
        assert envelope.raw


@pytest.mark.parametrize("text", ["Đường bị ngập 🌊", "1", "/start", "<b>&amp;", "dòng 1\ndòng 2"])
async def test_text_arrives_letter_by_letter(harness: Harness, text: str) -> None:
    assert (await arrives(harness, MessageKind.TEXT, text=text)).text == text


async def test_a_tap_brings_its_action(harness: Harness) -> None:
    event = await arrives(harness, MessageKind.CHOICE, action="tickets:new")
    assert event.action == "tickets:new"


async def test_a_deep_link_brings_its_parameter(harness: Harness) -> None:
    assert (await arrives(harness, MessageKind.TEXT, start="to-5")).start == "to-5"
    link = harness.channel.deep_link("to-5")
    assert link is None or ("to-5" in link) is (harness.name in HANDS_OVER)


async def test_a_place_arrives_as_coordinates(harness: Harness) -> None:
    event = await arrives(harness, MessageKind.LOCATION, latitude=16.4637, longitude=107.5909)
    assert event.location is not None
    assert event.location.latitude == pytest.approx(16.4637)
    assert event.location.longitude == pytest.approx(107.5909)


async def test_the_own_phone_number_arrives(harness: Harness) -> None:
    if MessageKind.PHONE in CANNOT[harness.name]:
        return
    event = await arrives(harness, MessageKind.PHONE, phone="84912345678")
    assert event.phone is not None
    assert event.phone.endswith("912345678")


async def test_a_photo_can_be_fetched_up_to_the_limit(harness: Harness) -> None:
    data = picture("red")
    event = await arrives(harness, MessageKind.PHOTO, photos=[data])
    (attachment,) = event.attachments
    assert attachment.kind is MessageKind.PHOTO
    assert await harness.channel.fetch(attachment, 1_000_000) == data
    with pytest.raises(Rejected):
        await harness.channel.fetch(attachment, len(data) - 1)


@pytest.mark.parametrize("kind", ["opus", "webm", "m4a", "amr"])
async def test_a_spoken_message_can_be_fetched_up_to_the_limit(harness: Harness, kind: str) -> None:
    data = sounds.KINDS[kind][1](3)
    event = await arrives(harness, MessageKind.VOICE, data=data)
    (attachment,) = event.attachments
    assert attachment.kind is MessageKind.VOICE
    assert await harness.channel.fetch(attachment, 1_000_000) == data
    with pytest.raises(Rejected):
        await harness.channel.fetch(attachment, len(data) - 1)


async def test_a_document_can_be_fetched_up_to_the_limit_and_has_its_name(harness: Harness) -> None:
    data = papers.pdf(5000)
    event = await arrives(harness, MessageKind.FILE, data=data)
    (attachment,) = event.attachments
    assert (event.kind, attachment.kind, attachment.name) == (MessageKind.FILE, MessageKind.FILE, "don.pdf")
    assert await harness.channel.fetch(attachment, 1_000_000) == data
    with pytest.raises(Rejected):
        await harness.channel.fetch(attachment, len(data) - 1)


async def test_an_album_is_one_message(harness: Harness) -> None:
    photos = [picture(color) for color in ("red", "green", "blue")]
    envelopes = await harness.does(MessageKind.PHOTO, photos=photos, text="Rác ở đầu hẻm")
    if len(envelopes) > 1:
        assert len({envelope.album for envelope in envelopes}) == 1
        assert envelopes[0].album
        assert len({envelope.external_id for envelope in envelopes}) == len(envelopes)
    event = harness.channel.read(envelopes)
    assert isinstance(event, IncomingMessage)
    assert event.kind is MessageKind.PHOTO
    assert len(event.attachments) == 3
    assert event.text == "Rác ở đầu hẻm"


async def test_reading_again_gives_the_same_message(harness: Harness) -> None:
    envelopes = await harness.does(MessageKind.TEXT, text="Một lần thôi")
    first, again = (harness.channel.read(envelopes) for _ in range(2))
    assert first == again


async def test_two_acts_are_two_messages(harness: Harness) -> None:
    first = await harness.does(MessageKind.TEXT, text="như nhau")
    second = await harness.does(MessageKind.TEXT, text="như nhau")
    assert not {e.external_id for e in first} & {e.external_id for e in second}


async def test_a_forged_call_is_refused(harness: Harness) -> None:
    forged = await harness.forge()
    if forged is None:
        return
    headers, body = forged
    with pytest.raises(Unauthentic) as caught:
        harness.channel.accept(headers, body)
    assert caught.value.status in REFUSAL[harness.name]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"a":NaN}'])
async def test_rubbish_is_never_taken(harness: Harness, body: bytes) -> None:
    try:
        assert not harness.channel.accept({}, body)
    except (Unauthentic, Malformed):
        return


async def test_acknowledging_a_tap_raises_nothing(harness: Harness) -> None:
    (envelope,) = await harness.does(MessageKind.CHOICE, action="pick:1")
    for _ in range(2):
        await harness.channel.acknowledge(envelope)


async def test_reading_nothing_is_nothing(harness: Harness) -> None:
    assert harness.channel.read([]) is None


async def test_the_window_is_told_for_every_moment(harness: Harness) -> None:
    now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    for last in (None, now):
        assert harness.channel.reply_window(last, now) in ReplyWindow
    assert harness.channel.reply_window(now, now) is ReplyWindow.OPEN


async def test_limits_and_pace_are_usable(harness: Harness) -> None:
    limits, pace = harness.channel.limits, harness.channel.pace
    assert min(limits.text, limits.choices, limits.choice_title, limits.pictures) > 0
    assert pace.per_second > 0
    assert pace.burst >= 1
    assert 1 <= pace.hands <= 32


async def test_stopping_and_starting_again(harness: Harness) -> None:
    await harness.channel.stop()
    await harness.channel.stop()
    await harness.channel.start()
    await harness.channel.send(harness.citizen, Content("Lại đây ạ"))
    assert "Lại đây ạ" in harness.shown()[-1].text
