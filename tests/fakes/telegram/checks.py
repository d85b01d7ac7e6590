"""The limits of the Bot API: what it refuses, with its own words for it."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.fakes.telegram.world import Form, Raw, Refusal

TEXT = 4096
CAPTION = 1024
RAW_BYTES = 32 * 1024
CALLBACK_BYTES = 64
BUTTONS = 100
ANSWER = 200
PHOTO_BYTES = 10 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024

_TAG_NAMES = "b strong i em u ins s strike del a code pre tg-spoiler blockquote span tg-emoji"
_TAGS = frozenset(_TAG_NAMES.split())
_TAG = re.compile(r"<(/?)([A-Za-z-]*)([^<>]*)>?")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")


def units(text: str) -> int:
    """Length in UTF-16 units, the strictest reading of «characters»."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible(form: Form, field: str, limit: int) -> str:
    """The text as it will be shown. Refuses what is too long or cannot be parsed."""
    raw = form.text(field)
    if len(raw.encode("utf-8", "replace")) > RAW_BYTES:
        raise Refusal(400, "Bad Request: text is too long")
    shown = _CONTROL.sub(" ", parse(raw, form.text("parse_mode"))).strip()
    if units(shown) > limit:
        name = "message caption" if field == "caption" else "message"
        raise Refusal(400, f"Bad Request: {name} is too long")
    return shown


def parse(text: str, mode: str) -> str:
    """Take the marks out of a text. Refuses broken marks, as «can't parse entities»."""
    match mode.lower():
        case "":
            return text
        case "html":
            return _html(text)
        case "markdownv2":
            return _markdown(text)
        case _:
            raise Refusal(400, "Bad Request: unsupported parse_mode")


def _broken(detail: str) -> Refusal:
    return Refusal(400, f"Bad Request: can't parse entities: {detail}")


def _html(text: str) -> str:
    stack: list[str] = []
    for match in _TAG.finditer(text):
        closing, name = match[1], match[2].lower()
        if not match[0].endswith(">") or name not in _TAGS:
            raise _broken(f'Unsupported start tag "{name}" at byte offset {match.start()}')
        if not closing:
            stack.append(name)
        elif not stack or stack.pop() != name:
            raise _broken(f'Unmatched end tag at byte offset {match.start()}, expected "</{name}>"')
    if stack:
        raise _broken(f'Can\'t find end tag corresponding to start tag "{stack[-1]}"')
    return html.unescape(_TAG.sub("", text))


def _markdown(text: str) -> str:
    plain = re.sub(r"\\[_*\[\]()~`>#+\-=|{}.!\\]", "x", text)
    plain = re.sub(r"`[^`]*`", "", plain)
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain)
    reserved = re.search(r"[#+\-=|{}.!()\[\]>`]", plain)
    if reserved:
        raise _broken(f"Character '{reserved[0]}' is reserved and must be escaped with the preceding '\\'")
    for mark in "*_~":
        if plain.count(mark) % 2:
            raise _broken(f"Can't find end of the entity starting with {mark}")
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)[*_~`]", "", text))


def markup(form: Form, *, private: bool) -> Raw | None:
    """The keyboard of a message. Refuses buttons that Telegram would refuse."""
    given = form.json("reply_markup")
    if given in (None, {}):
        return None
    if not isinstance(given, dict):
        raise Refusal(400, "Bad Request: object expected as reply markup")
    for row in _rows(given.get("inline_keyboard")):
        for button in row:
            _inline_button(button)
    for row in _rows(given.get("keyboard")):
        for button in row:
            _plain_button(button, private)
    return given


def _rows(rows: Any) -> list[list[Any]]:
    if rows is None:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refusal(400, "Bad Request: field of the keyboard must be an Array of Arrays")
    if sum(len(row) for row in rows) > BUTTONS:
        raise Refusal(400, "Bad Request: REPLY_MARKUP_TOO_LONG")
    return rows


def _inline_button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise Refusal(400, "Bad Request: can't parse inline keyboard button: text must be non-empty")
    if "url" in button:
        if not re.match(r"(https?|tg)://[^\s/]+", str(button["url"])):
            raise Refusal(400, f"Bad Request: inline keyboard button URL '{button['url']}' is invalid")
        return
    if "callback_data" not in button:
        raise Refusal(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed")
    if not 1 <= len(str(button["callback_data"]).encode()) <= CALLBACK_BYTES:
        raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")


def _plain_button(button: Any, private: bool) -> None:
    text = button if isinstance(button, str) else str(button.get("text") or "")
    if not text.strip():
        raise Refusal(400, "Bad Request: keyboard button text must be non-empty")
    wants = {} if isinstance(button, str) else button
    if not private and wants.get("request_contact"):
        raise Refusal(400, "Bad Request: phone number can be requested in private chats only")
    if not private and wants.get("request_location"):
        raise Refusal(400, "Bad Request: location can be requested in private chats only")


def picture(data: bytes) -> None:
    """Refuse what is no picture or too large."""
    if not data:
        raise Refusal(400, "Bad Request: file must be non-empty")
    if len(data) > PHOTO_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    if not data.startswith(_IMAGES):
        raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
