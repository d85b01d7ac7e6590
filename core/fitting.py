"""Makes a content fit a channel: long text in parts, too many choices as a numbered menu, nothing lost."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from core.messages import Ask, Choice, Content, Limits

_BREAKS = ("\n\n", "\n", ". ", "; ", ", ", " ")


def length(text: str) -> int:
    """Length in UTF-16 units: what Telegram counts, and never less than what the others count."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def fit(content: Content, limits: Limits) -> tuple[Content, ...]:
    """Cut `content` into messages that a channel takes, in order; choices stand on the last one."""
    text = unicodedata.normalize("NFC", content.text)
    choices = tuple(_shorten(choice, limits.choice_title) for choice in content.choices)
    if len(choices) > limits.choices or any(length(c.title) > limits.choice_title for c in content.choices):
        text = f"{text}\n\n{_menu(content.choices)}" if text else _menu(content.choices)
        choices = choices[: limits.choices]
    parts = [
        replace(content, text=part, choices=(), pictures=(), ask=Ask.NOTHING) for part in _texts(text, limits)
    ]
    parts = _with_pictures(parts, content, limits)
    if choices or content.ask is not Ask.NOTHING:
        parts[-1] = replace(parts[-1], choices=choices, ask=content.ask)
    return tuple(parts)


def _with_pictures(parts: list[Content], content: Content, limits: Limits) -> list[Content]:
    pictures = content.pictures
    if not pictures:
        return parts or [replace(content, pictures=(), choices=(), ask=Ask.NOTHING)]
    groups = [pictures[at : at + limits.pictures] for at in range(0, len(pictures), limits.pictures)]
    plain = Content(text="")
    with_pictures = [replace(plain, pictures=group) for group in groups]
    alone = len(parts) == 1 and len(groups) == 1 and not content.choices and content.ask is Ask.NOTHING
    if alone and length(parts[0].text) <= limits.caption:
        return [replace(with_pictures[0], text=parts[0].text)]
    return with_pictures + parts


def _texts(text: str, limits: Limits) -> list[str]:
    """Split at the largest natural break before the limit, at worst between two letters."""
    parts: list[str] = []
    rest = text.strip()
    while length(rest) > limits.text:
        at = _cut(rest, limits.text)
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    if rest:
        parts.append(rest)
    return parts


def _cut(text: str, limit: int) -> int:
    end = _letters_within(text, limit)
    window = text[:end]
    for mark in _BREAKS:
        at = window.rfind(mark)
        # A break in the first half would leave a stub on one screen and a wall of text on the next.
        if at >= end // 2:
            return at + len(mark)
    while end > 1 and unicodedata.combining(text[end]):
        end -= 1
    return max(end, 1)


def _menu(choices: tuple[Choice, ...]) -> str:
    lines = [f"{number}. {choice.title}" for number, choice in enumerate(choices, start=1)]
    return "\n".join(lines)


def _shorten(choice: Choice, limit: int) -> Choice:
    title = unicodedata.normalize("NFC", choice.title)
    if length(title) <= limit:
        return replace(choice, title=title)
    return replace(choice, title=title[: _letters_within(title, limit - 1)].rstrip() + "…")


def _letters_within(text: str, limit: int) -> int:
    """How many letters from the start stay within `limit` UTF-16 units."""
    end, units = 0, 0
    while end < len(text):
        units += 2 if ord(text[end]) > 0xFFFF else 1
        if units > limit:
            break
        end += 1
    return end
