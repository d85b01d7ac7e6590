"""Checks a consultation message field by field, as strictly as Zalo is known to, and says what it shows."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.zalo.world import Button, World

_QUERY = ("oa.query.show", "oa.query.hide")
_TYPES = (*_QUERY, "oa.open.url", "oa.open.phone", "oa.open.sms")
_FIELDS = {"text", "attachment", "quote_message_id"}


class Wrong(Exception):
    """The message is refused with a code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Checked:
    """What a valid message shows; `event` is the name of the echo that it causes."""

    text: str
    buttons: tuple[Button, ...] = ()
    pictures: tuple[str, ...] = ()
    event: str = "oa_send_text"


def check(world: World, message: object) -> Checked:
    """Raises Wrong; one bad button loses the whole message."""
    if not isinstance(message, dict) or not message or set(message) - _FIELDS:
        raise Wrong(-201, "message is invalid")
    text = message.get("text", "")
    if not isinstance(text, str):
        raise Wrong(-201, "text is invalid")
    if len(text) > 2000:
        raise Wrong(-210, "text exceeds 2000 characters")
    if "attachment" not in message:
        if not text.strip():
            raise Wrong(-201, "text is empty")
        return Checked(text)
    attachment = message["attachment"]
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if not isinstance(payload, dict):
        raise Wrong(-201, "attachment is invalid")
    if attachment.get("type") == "file":
        return _file(world, text, payload)
    if attachment.get("type") != "template":
        raise Wrong(-201, "attachment.type is invalid")
    return _template(world, text, payload)


def _file(world: World, text: str, payload: dict[str, object]) -> Checked:
    _upload(world, payload.get("token"))
    if text:
        raise Wrong(-201, "text is not allowed with a file")
    return Checked("", event="oa_send_file")


def _template(world: World, text: str, payload: dict[str, object]) -> Checked:
    kind = payload.get("template_type")
    if kind is None:
        if not text.strip():
            raise Wrong(-201, "text is empty")
        return Checked(text, buttons=_buttons(payload.get("buttons")))
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        raise Wrong(-201, "elements is invalid")
    element = elements[0]
    if kind == "request_user_info":
        if not all(isinstance(element.get(name), str) for name in ("title", "subtitle", "image_url")):
            raise Wrong(-201, "elements is invalid")
        return Checked(element["title"], event="oa_send_template")
    if kind != "media" or element.get("media_type") != "image":
        raise Wrong(-233, "message type is not supported")
    return _image(world, text, element)


def _image(world: World, text: str, element: dict[str, object]) -> Checked:
    if ("url" in element) == ("attachment_id" in element):
        raise Wrong(-201, "exactly one of url and attachment_id")
    if "url" in element:
        url = element["url"]
        if not isinstance(url, str) or not url.startswith("https://"):
            raise Wrong(-201, "url is invalid")
        return Checked(text, pictures=(url,), event="oa_send_image")
    return Checked(text, pictures=(_upload(world, element["attachment_id"]),), event="oa_send_image")


def _upload(world: World, found: object) -> str:
    upload = world.uploads.get(found) if isinstance(found, str) else None
    if upload is None or not isinstance(found, str):
        raise Wrong(-201, "attachment_id is invalid")
    if upload.expires_at <= world.now():
        raise Wrong(-100, "attachment_id was expired")
    return found


def _buttons(found: object) -> tuple[Button, ...]:
    if not isinstance(found, list) or not found:
        raise Wrong(-201, "buttons is invalid")
    if len(found) > 5:
        raise Wrong(-201, "buttons exceeds 5")
    return tuple(_button(one) for one in found)


def _button(found: object) -> Button:
    if not isinstance(found, dict) or set(found) - {"title", "type", "payload", "image_icon"}:
        raise Wrong(-201, "button is invalid")
    title, kind, payload = found.get("title"), found.get("type"), found.get("payload")
    if not isinstance(title, str) or not title.strip() or len(title) > 100:
        raise Wrong(-201, "button.title is invalid")
    if kind not in _TYPES:
        raise Wrong(-201, "button.type is invalid")
    if kind in _QUERY:
        if not isinstance(payload, str) or not payload or len(payload) > 1000:
            raise Wrong(-201, "button.payload is invalid")
        return Button(title, kind, payload)
    key = "url" if kind == "oa.open.url" else "phone_code"
    value = payload.get(key) if isinstance(payload, dict) else None
    if not isinstance(value, str) or not value:
        raise Wrong(-201, "button.payload is invalid")
    return Button(title, kind, value)
