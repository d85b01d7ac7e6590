"""A chat as a drawn phone shows it, the same for both providers; everything here is what the page gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Button:
    """A button under a message; `url` opens a page, `chosen` was tapped before."""

    title: str
    url: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Line:
    """One message. `at` in seconds since 1970; `pictures` are keys for `Phone.picture`; `place` is latitude
    and longitude; `quoted` the text that it answers."""

    ref: str
    mine: bool
    at: float
    text: str = ""
    pictures: tuple[str, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    place: tuple[float, float] | None = None
    quoted: str = ""


class Refused(Exception):
    """What the page asks for cannot be; the message is a sentence for whoever reads the page."""


class Phone(Protocol):
    """One person's phone. Acts raise ValueError or LookupError for what the fake does not let happen."""

    channel: str
    name: str

    def lines(self) -> list[Line]:
        """The whole chat, oldest first."""

    def keyboard(self) -> tuple[tuple[str, ...], ...]:
        """The titles of keys below the input line, row by row; empty where the provider knows none."""

    def picture(self, key: str) -> bytes | None:
        """The bytes of a picture of this chat."""

    def begin(self) -> None:
        """What opens a chat: the start button, or following the account."""

    def say(self, text: str, reply_to: str) -> None:
        """Type and send, perhaps as an answer to the message `reply_to`."""

    def tap(self, ref: str, title: str) -> None:
        """Tap a button of a message; an empty `ref` means the keyboard below the input line."""

    def show(self, photos: Sequence[bytes], caption: str) -> None:
        """Send one photo or several at once."""

    def stand(self, latitude: float, longitude: float) -> None:
        """Share a place."""
