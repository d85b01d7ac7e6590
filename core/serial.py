"""Contents as JSON values and back, for the outbox."""

from __future__ import annotations

from typing import Any

from core.messages import Ask, Choice, Content, Picture


def content_to_json(content: Content) -> dict[str, Any]:
    """Only what is set, so that a row reads like the message it holds."""
    value: dict[str, Any] = {"text": content.text}
    if content.choices:
        value["choices"] = [[c.title, c.action, c.url] for c in content.choices]
    if content.pictures:
        value["pictures"] = [[p.stored, p.alt] for p in content.pictures]
    if content.ask is not Ask.NOTHING:
        value["ask"] = content.ask.value
    return value


def content_from_json(value: dict[str, Any]) -> Content:
    """The inverse of `content_to_json`."""
    return Content(
        text=value["text"],
        choices=tuple(Choice(title, action, url) for title, action, url in value.get("choices", ())),
        pictures=tuple(Picture(stored, alt) for stored, alt in value.get("pictures", ())),
        ask=Ask(value.get("ask", Ask.NOTHING)),
    )
