"""What our own web page may post, read strictly: known fields of a known kind, each in its size."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from bot.channels.contract import Malformed

MAX_TEXT = 10_000
MAX_PHOTOS = 5
STORED_NAME = re.compile(r"[0-9a-f]{32}\.(?:jpg|png|webp)")
STORED_RECORDING = re.compile(r"[0-9a-f]{32}\.(?:webm|m4a|ogg|aac|mp3|amr)")
STORED_DOCUMENT = re.compile(r"[0-9a-f]{32}\.(?:pdf|docx|xlsx)")

_MAX_DEPTH = 8
_MAX_ACTION = 512
_MAX_TITLE = 500
_MAX_NAME = 300
# Only shown to whoever spoke; how long a recording may be is decided by its bytes.
_MAX_SECONDS = 3600
_CLIENT_ID = re.compile(r"[0-9A-Za-z_-]{8,64}")
_START = re.compile(r"[0-9A-Za-z_-]{1,64}")
# Takes every letter once, also of a text that never ends: each body is read on the thread that all others wait for.
_MARKS = re.compile(r'(?s)"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]')
_PHONE = re.compile(r"\+?[0-9][0-9 .-]{6,18}[0-9]")


class PageKind(StrEnum):
    """What the page can post. `begin` opens a first conversation, `start` hands over a code from a link."""

    TEXT = "text"
    CHOICE = "choice"
    PHOTO = "photo"
    VOICE = "voice"
    DOCUMENT = "document"
    LOCATION = "location"
    PHONE = "phone"
    START = "start"
    BEGIN = "begin"


def read_page_message(body: bytes) -> dict[str, Any]:
    """Read and check one posted message. Raises Malformed with the name of what is wrong."""
    return _checked(strict_json(body))


def strict_json(body: bytes) -> dict[str, Any]:
    """One JSON object, read without Python's leniency. Raises Malformed.

    Python itself takes NaN and doubled keys, and answers a thousand brackets with RecursionError.
    """
    try:
        text = body.decode("utf-8")
        if _depth(text) > _MAX_DEPTH:
            raise Malformed("json")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Malformed("json") from None
    if not isinstance(value, dict):
        raise Malformed("json")
    return value


def _depth(text: str) -> int:
    """An upper bound of the nesting; brackets inside of strings are counted out roughly but safely."""
    deepest = level = 0
    for mark in _MARKS.finditer(text):
        level += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        deepest = max(deepest, level)
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Malformed("json")
    return value


def _refuse_constant(_name: str) -> float:
    raise Malformed("json")


def clean_text(value: object, limit: int, reason: str) -> str:
    """Text of a person in NFC without control characters (PostgreSQL refuses NUL). Raises Malformed."""
    if not isinstance(value, str):
        raise Malformed(reason)
    # A half emoji is what remains when a phone cuts a text: never a reason to lose the message.
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) != "Cc")
    text = unicodedata.normalize("NFC", kept).strip()
    if len(text) > limit:
        raise Malformed(reason if limit != MAX_TEXT else "too_long")
    return text


def _checked(value: dict[str, Any]) -> dict[str, Any]:
    """Only the known fields of a known kind, each with its type and size. Raises Malformed."""
    try:
        kind = PageKind(value.get("kind", ""))
    except ValueError:
        raise Malformed("kind") from None
    message: dict[str, Any] = {"kind": kind.value, "id": _matching(value.get("id"), _CLIENT_ID, "id")}
    if value.get("text") is not None:
        message["text"] = clean_text(value["text"], MAX_TEXT, "text")
    if value.get("reply_to") is not None:
        message["reply_to"] = _matching(value["reply_to"], _CLIENT_ID, "reply_to")
    message.update(_OWN_FIELDS.get(kind, _no_fields)(value))
    if kind is PageKind.TEXT and not message.get("text"):
        raise Malformed("empty")
    return message


def _no_fields(_value: dict[str, Any]) -> dict[str, Any]:
    return {}


def _matching(value: object, pattern: re.Pattern[str], reason: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Malformed(reason)
    return value


def _choice_fields(value: dict[str, Any]) -> dict[str, Any]:
    title = clean_text(value.get("text"), _MAX_TITLE, "text")
    return {"text": title, "action": clean_text(value.get("action"), _MAX_ACTION, "action")}


def _photo_fields(value: dict[str, Any]) -> dict[str, Any]:
    names = value.get("photos")
    if not isinstance(names, list) or not 1 <= len(names) <= MAX_PHOTOS:
        raise Malformed("photos")
    return {"photos": [_matching(name, STORED_NAME, "photos") for name in names]}


def _voice_fields(value: dict[str, Any]) -> dict[str, Any]:
    seconds = value.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= _MAX_SECONDS:
        raise Malformed("voice")
    return {"voice": _matching(value.get("voice"), STORED_RECORDING, "voice"), "seconds": seconds}


def _document_fields(value: dict[str, Any]) -> dict[str, Any]:
    name = clean_text(value.get("name"), _MAX_NAME, "document")
    return {"document": _matching(value.get("document"), STORED_DOCUMENT, "document"), "name": name}


def _location_fields(value: dict[str, Any]) -> dict[str, Any]:
    point = value.get("location")
    if not isinstance(point, list) or len(point) != 2:
        raise Malformed("location")
    for degree, bound in zip(point, (90, 180), strict=True):
        # bool is an int for Python, and an int of five thousand digits is no place on earth.
        if isinstance(degree, bool) or not isinstance(degree, int | float) or not -bound <= degree <= bound:
            raise Malformed("location")
    return {"location": [float(point[0]), float(point[1])]}


def _phone_fields(value: dict[str, Any]) -> dict[str, Any]:
    return {"phone": _matching(value.get("phone"), _PHONE, "phone")}


def _start_fields(value: dict[str, Any]) -> dict[str, Any]:
    return {"start": _matching(value.get("start"), _START, "start")}


_OWN_FIELDS: dict[PageKind, Callable[[dict[str, Any]], dict[str, Any]]] = {
    PageKind.CHOICE: _choice_fields,
    PageKind.PHOTO: _photo_fields,
    PageKind.VOICE: _voice_fields,
    PageKind.DOCUMENT: _document_fields,
    PageKind.LOCATION: _location_fields,
    PageKind.PHONE: _phone_fields,
    PageKind.START: _start_fields,
}
