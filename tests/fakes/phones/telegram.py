"""The phone of a person at the fake Telegram: reads and plays its world."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from tests.fakes.phones.chat import Button, Line
from tests.fakes.telegram import FakeTelegram

Raw = dict[str, Any]


class TelegramPhone:
    """A Telegram user; the fake keeps both sides of the chat."""

    channel = "telegram"

    def __init__(self, fake: FakeTelegram, user: int, name: str) -> None:
        self.name = name
        self._fake = fake
        self._user = user
        self._tapped: set[tuple[str, str]] = set()
        fake.world.person(user, name)

    @property
    def _messages(self) -> dict[int, Raw]:
        return self._fake.world.chats[self._user].messages

    def lines(self) -> list[Line]:
        """All messages; an album is one line."""
        groups = itertools.groupby(
            self._messages.values(), key=lambda m: m.get("media_group_id") or m["message_id"]
        )
        return [self._line(list(group)) for _, group in groups]

    def _line(self, group: list[Raw]) -> Line:
        first, last = group[0], group[-1]
        place = first.get("location")
        markup = self._fake.world.markups.get((self._user, last["message_id"]), {})
        ref = str(last["message_id"])
        return Line(
            ref=ref,
            mine=first["from"]["id"] == self._user,
            at=float(first["date"]),
            text="\n".join(filter(None, (_text(message) for message in group))),
            pictures=tuple(message["photo"][-1]["file_id"] for message in group if "photo" in message),
            rows=self._rows(ref, markup.get("inline_keyboard", ())),
            place=(place["latitude"], place["longitude"]) if place else None,
            quoted=_text(first.get("reply_to_message", {})),
        )

    def _rows(self, ref: str, rows: Sequence[Sequence[Raw]]) -> tuple[tuple[Button, ...], ...]:
        return tuple(
            tuple(Button(one["text"], one.get("url", ""), (ref, one["text"]) in self._tapped) for one in row)
            for row in rows
        )

    def keyboard(self) -> tuple[tuple[str, ...], ...]:
        """The keyboard of the newest message that brought one or took it away."""
        found = [
            (number, markup)
            for (chat, number), markup in self._fake.world.markups.items()
            if chat == self._user and ("keyboard" in markup or markup.get("remove_keyboard"))
        ]
        if not found:
            return ()
        number, markup = found[-1]
        spoke_since = any(n > number and m["from"]["id"] == self._user for n, m in self._messages.items())
        if markup.get("one_time_keyboard") and spoke_since:
            return ()
        rows = markup.get("keyboard", ())
        return tuple(tuple(one if isinstance(one, str) else one["text"] for one in row) for row in rows)

    def picture(self, key: str) -> bytes | None:
        """A file of the provider."""
        stored = self._fake.world.files.get(key)
        return stored.data if stored else None

    def begin(self) -> None:
        """The start button."""
        self._fake.people.start(self._user)

    def say(self, text: str, reply_to: str) -> None:
        """Type and send."""
        self._fake.people.text(self._user, text, reply_to=int(reply_to) if reply_to else None)

    def tap(self, ref: str, title: str) -> None:
        """Tap under a message, or on the keyboard below."""
        self._fake.people.tap(self._user, title, int(ref) if ref else None)
        if ref:
            self._tapped.add((ref, title))

    def show(self, photos: Sequence[bytes], caption: str) -> None:
        """Send photos."""
        if len(photos) == 1:
            self._fake.people.photo(self._user, photos[0], caption)
        else:
            self._fake.people.album(self._user, photos, caption)

    def stand(self, latitude: float, longitude: float) -> None:
        """Share a place."""
        self._fake.people.location(self._user, latitude, longitude)


def _text(message: Raw) -> str:
    """The words of a message, or the name of what it holds."""
    if document := message.get("document"):
        return f"📎 {document.get('file_name', 'tệp')}\n{message.get('caption', '')}".strip()
    if contact := message.get("contact"):
        return f"📞 {contact['first_name']}: {contact['phone_number']}"
    return str(message.get("text") or message.get("caption") or "")
