"""Contents as JSON values and back, for the outbox."""

from __future__ import annotations

from typing import Any

from core.messages import Ask, Choice, Content, Picture
from core.pictures.charts import chart_from_json, chart_to_json


def content_to_json(content: Content) -> dict[str, Any]:
    """Only what is set, so that a row reads like the message it holds."""
    value: dict[str, Any] = {"text": content.text}
    if content.choices:
        value["choices"] = [[c.title, c.action, c.url] for c in content.choices]
    if content.pictures:
        value["pictures"] = [_picture_to_json(picture) for picture in content.pictures]
    if content.ask is not Ask.NOTHING:
        value["ask"] = content.ask.value
    return value


def content_from_json(value: dict[str, Any]) -> Content:
    """The inverse of `content_to_json`."""
    return Content(
        text=value["text"],
        choices=tuple(Choice(title, action, url) for title, action, url in value.get("choices", ())),
        pictures=tuple(_picture_from_json(*parts) for parts in value.get("pictures", ())),
        ask=Ask(value.get("ask", Ask.NOTHING)),
    )


def _picture_to_json(picture: Picture) -> list[Any]:
    kept = [picture.stored, picture.alt]
    return kept if picture.chart is None else [*kept, chart_to_json(picture.chart)]


def _picture_from_json(stored: str, alt: str, chart: dict[str, Any] | None = None) -> Picture:
    return Picture(stored, alt, None if chart is None else chart_from_json(chart))
