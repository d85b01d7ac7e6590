"""How a neutral content is drawn at Telegram: keyboards, and pictures that are uploaded only once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
)

from bot.channels.contract import Rejected
from core.messages import Ask, Choice, Content, Picture
from core.pictures.bars import draw_bars

_CALLBACK_BYTES = 64
_REMEMBERED = 256
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""For a preview Telegram's machines would fetch what stands behind a link that is meant for one person."""


def keyboard(
    content: Content, titles: Mapping[Ask, str], *, private: bool
) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """What to tap below the text. Raises Rejected for an action that no button can carry."""
    # Telegram knows the request buttons in private chats only, and a plain button cannot open a page.
    plain = private and content.ask in titles and not any(choice.url for choice in content.choices)
    if plain:
        return _request_keyboard(content, titles[content.ask])
    if content.choices:
        return InlineKeyboardMarkup([[_button(choice)] for choice in content.choices])
    return None


def _request_keyboard(content: Content, title: str) -> ReplyKeyboardMarkup:
    asked = KeyboardButton(
        title,
        request_location=content.ask is Ask.LOCATION or None,
        request_contact=content.ask is Ask.PHONE or None,
    )
    others = [[KeyboardButton(choice.title)] for choice in content.choices]
    return ReplyKeyboardMarkup([[asked], *others], resize_keyboard=True, one_time_keyboard=True)


def _button(choice: Choice) -> InlineKeyboardButton:
    if choice.url:
        return InlineKeyboardButton(choice.title, url=choice.url)
    if not 1 <= len(choice.action.encode("utf-8", "replace")) <= _CALLBACK_BYTES:
        raise Rejected("callback_data", "an action must have 1 to 64 bytes")
    return InlineKeyboardButton(choice.title, callback_data=choice.action)


class Gallery:
    """Pictures on their way out: read from the data folder or drawn once, then sent by the id that Telegram gave."""

    def __init__(self, media: Path) -> None:
        self._media = media
        self._ids: dict[tuple[str, int, int], str] = {}

    async def open(self, picture: Picture) -> str | bytes:
        """The known file id, or the bytes to upload. Raises Rejected when there is no such file."""
        key = self._key(picture)
        known = self._ids.get(key)
        if known is not None:
            return known
        if picture.chart is not None:
            return await asyncio.to_thread(draw_bars, picture.chart)
        return await asyncio.to_thread(self._path(picture).read_bytes)

    def remember(self, pictures: Sequence[Picture], messages: Sequence[Message]) -> None:
        """Keep the ids of what was just uploaded: the same upload over and over is slowed by Telegram."""
        for picture, message in zip(pictures, messages, strict=False):
            if message.photo:
                self._ids[self._key(picture)] = message.photo[-1].file_id
        while len(self._ids) > _REMEMBERED:
            del self._ids[next(iter(self._ids))]

    def forget(self, pictures: Sequence[Picture]) -> bool:
        """Drop the ids of these pictures; True when there was one."""
        return any([self._ids.pop(self._key(picture), None) is not None for picture in pictures])

    def _key(self, picture: Picture) -> tuple[str, int, int]:
        if picture.chart is not None:
            return picture.stored, 0, 0
        try:
            state = self._path(picture).stat()
        except OSError:
            raise Rejected("picture", "no such file") from None
        return picture.stored, state.st_mtime_ns, state.st_size

    def _path(self, picture: Picture) -> Path:
        path = (self._media / picture.stored).resolve()
        if not path.is_relative_to(self._media.resolve()):
            raise Rejected("picture", "outside the data folder")
        return path
