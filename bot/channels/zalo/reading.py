"""Understands recorded Zalo events: texts, taps, photos, places, contacts, receipts, takeovers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from bot.channels.zalo.event import ZaloEvent, items, parse_event, section, word
from core.messages import (
    Address,
    Attachment,
    Envelope,
    Event,
    IncomingMessage,
    Location,
    MessageKind,
    Receipt,
    StaffTakeover,
)

# A tap comes back as a text of the citizen that equals our payload, so the payload must not look like
# anything that people type. Buttons stay in a chat for years: another format needs another prefix.
PAYLOAD: Final = "#nd:"
START: Final = "#nd:start:"

_WITH_FILE: Final[Mapping[str, MessageKind]] = MappingProxyType(
    {
        "user_send_image": MessageKind.PHOTO,
        "user_send_audio": MessageKind.VOICE,
        "user_send_video": MessageKind.VIDEO,
        "user_send_file": MessageKind.FILE,
    }
)
_PLAIN: Final[Mapping[str, MessageKind]] = MappingProxyType(
    {
        "user_send_sticker": MessageKind.STICKER,
        # An animated picture is picked from the keyboard like a sticker; nobody reports a pothole with it.
        "user_send_gif": MessageKind.STICKER,
        "follow": MessageKind.JOINED,
        "unfollow": MessageKind.LEFT,
    }
)


def read(parts: Sequence[Envelope]) -> Event | None:
    """One event of the parts that belong together; None for what concerns nobody."""
    events = [event for event in (_read_one(part) for part in parts) if event is not None]
    messages = [event for event in events if isinstance(event, IncomingMessage)]
    if len(messages) > 1:
        return _merge(messages)
    return events[0] if events else None


def _merge(messages: list[IncomingMessage]) -> IncomingMessage:
    """Photos that waited together are one message with the first one's id and all texts."""
    texts = dict.fromkeys(message.text for message in messages if message.text)
    return replace(
        messages[0],
        text="\n".join(texts),
        attachments=tuple(one for message in messages for one in message.attachments),
        reply_to=next((message.reply_to for message in messages if message.reply_to), None),
        message_ids=tuple(one for message in messages for one in message.message_ids),
    )


def _read_one(part: Envelope) -> Event | None:
    event = parse_event(part.raw)
    person = event.person(part.account) if event else ""
    if event is None or not person:
        return None
    chat = Address(part.channel, part.account, person)
    if event.name in ("user_received_message", "user_seen_message"):
        return Receipt(chat, event.message_ids(), seen=event.name == "user_seen_message")
    if event.name.startswith("oa_send_"):
        return StaffTakeover(chat) if event.by_staff else None
    return _message(event, chat, part.external_id)


def _message(event: ZaloEvent, chat: Address, external_id: str) -> IncomingMessage:
    bare = IncomingMessage(
        sender=chat,
        chat=chat,
        external_id=external_id,
        kind=MessageKind.UNSUPPORTED,
        sent_at=event.happened_at() or datetime.now(UTC),
        text=word(event.message.get("text")),
        reply_to=word(event.message.get("quote_msg_id"), 200) or None,
        message_ids=event.message_ids(),
    )
    if event.name == "user_send_text":
        return _text(bare)
    if event.name in _PLAIN:
        return replace(bare, kind=_PLAIN[event.name])
    if event.name in _WITH_FILE:
        return _with_files(bare, event, _WITH_FILE[event.name])
    if event.name == "user_send_location":
        return _with_location(bare, event)
    if event.name == "user_send_link":
        return _link(bare, event)
    if event.name == "user_submit_info":
        return _contact(bare, event.info)
    return bare


def _text(bare: IncomingMessage) -> IncomingMessage:
    # A keyboard may put a capital at the start of a typed code; only the code itself keeps its case.
    lower = bare.text.casefold()
    if lower.startswith(START):
        return replace(bare, kind=MessageKind.JOINED, text="", start=bare.text[len(START) :].strip())
    if lower.startswith(PAYLOAD):
        return replace(bare, kind=MessageKind.CHOICE, text="", action=bare.text[len(PAYLOAD) :].strip())
    return replace(bare, kind=MessageKind.TEXT)


def _payloads(event: ZaloEvent) -> list[Mapping[str, object]]:
    attachments = [section(one) for one in items(event.message.get("attachments"))]
    return [section(one.get("payload")) for one in attachments]


def _with_files(bare: IncomingMessage, event: ZaloEvent, kind: MessageKind) -> IncomingMessage:
    """Old clients put an album into one event, so every attachment counts."""
    found = []
    for payload in _payloads(event):
        source = word(payload.get("url"), 2000)
        size = word(payload.get("size"), 12)
        if source:
            number = int(size) if size.isascii() and size.isdigit() else None
            found.append(Attachment(kind, source, word(payload.get("name"), 200), number))
    return replace(bare, kind=kind if found else MessageKind.UNSUPPORTED, attachments=tuple(found))


def _with_location(bare: IncomingMessage, event: ZaloEvent) -> IncomingMessage:
    for payload in _payloads(event):
        place = section(payload.get("coordinates"))
        latitude, longitude = _degrees(place.get("latitude"), 90), _degrees(place.get("longitude"), 180)
        if latitude is not None and longitude is not None:
            return replace(bare, kind=MessageKind.LOCATION, location=Location(latitude, longitude))
    return bare


def _degrees(value: object, most: float) -> float | None:
    try:
        number = float(value) if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        return None
    # NaN fails both comparisons, so it is refused as well.
    return number if number is not None and -most <= number <= most else None


def _link(bare: IncomingMessage, event: ZaloEvent) -> IncomingMessage:
    lines = [bare.text]
    for payload in _payloads(event):
        lines += [word(payload.get("description"), 2000), word(payload.get("url"), 2000)]
    text = "\n".join(dict.fromkeys(line for line in lines if line))
    return replace(bare, kind=MessageKind.TEXT, text=text) if text else bare


def _contact(bare: IncomingMessage, info: Mapping[str, object]) -> IncomingMessage:
    phone = "".join(letter for letter in word(info.get("phone"), 40) if letter in "+0123456789")
    if not phone:
        return bare
    return replace(bare, kind=MessageKind.PHONE, phone=phone, sender_name=word(info.get("name"), 200) or None)
