"""What one Telegram message carries: text, photo, place, phone … found field by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.telegram.fields import Raw, degrees, items, mapping, number, words
from core.messages import Attachment, Location, MessageKind


@dataclass(frozen=True, slots=True)
class Inside:
    """The content of a message, whoever sent it."""

    kind: MessageKind
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    phone: str | None = None


# The group's own news (somebody joined, the picture changed …): nobody waits for an answer.
_NEWS_FIELDS = """
    new_chat_members left_chat_member new_chat_title new_chat_photo delete_chat_photo pinned_message
    group_chat_created supergroup_chat_created channel_chat_created migrate_to_chat_id migrate_from_chat_id
    message_auto_delete_timer_changed forum_topic_created forum_topic_edited forum_topic_closed
    forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden video_chat_scheduled
    video_chat_started video_chat_ended video_chat_participants_invited boost_added chat_background_set
    proximity_alert_triggered write_access_allowed
"""
_NEWS = frozenset(_NEWS_FIELDS.split())
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


def look_inside(message: Raw) -> Inside | None:
    """The content of a message; UNSUPPORTED for what we do not know, None for news of a group."""
    for name, read in _CONTENTS:
        if name in message:
            return read(message) or Inside(MessageKind.UNSUPPORTED, words(message.get("caption")))
    if not _NEWS.isdisjoint(message):
        return None
    return Inside(MessageKind.UNSUPPORTED)


def _text(message: Raw) -> Inside | None:
    text = words(message["text"])
    return Inside(MessageKind.TEXT, text) if text else None


def _photo(message: Raw) -> Inside | None:
    sizes = [size for size in items(message["photo"]) if words(size.get("file_id"))]
    if not sizes:
        return None
    largest = max(
        sizes, key=lambda size: (number(size.get("width")) or 0) * (number(size.get("height")) or 0)
    )
    return _with_file(MessageKind.PHOTO, largest, message)


def _document(message: Raw) -> Inside | None:
    document = mapping(message["document"])
    # A photo sent «as a file» to keep its quality is a photo to everybody but Telegram.
    picture = words(document.get("mime_type")) in _PICTURES
    return _with_file(MessageKind.PHOTO if picture else MessageKind.FILE, document, message)


def _file(name: str, kind: MessageKind) -> Callable[[Raw], Inside | None]:
    return lambda message: _with_file(kind, mapping(message[name]), message)


def _with_file(kind: MessageKind, file: Raw, message: Raw) -> Inside | None:
    source = words(file.get("file_id"))
    if not source:
        return None
    attachment = Attachment(kind, source, words(file.get("file_name")), number(file.get("file_size")))
    return Inside(kind, words(message.get("caption")), (attachment,))


def _sticker(_message: Raw) -> Inside | None:
    return Inside(MessageKind.STICKER)


def _location(message: Raw) -> Inside | None:
    place = mapping(message["location"])
    latitude = degrees(place.get("latitude"), 90)
    longitude = degrees(place.get("longitude"), 180)
    if latitude is None or longitude is None:
        return None
    return Inside(MessageKind.LOCATION, location=Location(latitude, longitude))


def _venue(message: Raw) -> Inside | None:
    venue = mapping(message["venue"])
    found = _location(venue) if "location" in venue else None
    if found is None:
        return None
    named = (words(venue.get("title")), words(venue.get("address")))
    return Inside(found.kind, ", ".join(part for part in named if part), location=found.location)


def _contact(message: Raw) -> Inside | None:
    contact = mapping(message["contact"])
    owner = number(contact.get("user_id"))
    phone = words(contact.get("phone_number"))
    # Anybody can send anybody's card; only the own one proves whose number it is.
    if not phone or owner is None or owner != number(mapping(message.get("from")).get("id")):
        return None
    return Inside(MessageKind.PHONE, phone=phone)


# First match wins: an animation comes with a document, a venue with a location.
_CONTENTS: tuple[tuple[str, Callable[[Raw], Inside | None]], ...] = (
    ("text", _text),
    ("photo", _photo),
    ("animation", _file("animation", MessageKind.VIDEO)),
    ("video", _file("video", MessageKind.VIDEO)),
    ("video_note", _file("video_note", MessageKind.VIDEO)),
    ("voice", _file("voice", MessageKind.VOICE)),
    ("audio", _file("audio", MessageKind.VOICE)),
    ("sticker", _sticker),
    ("document", _document),
    ("contact", _contact),
    ("venue", _venue),
    ("location", _location),
)
