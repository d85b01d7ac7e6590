"""Everything the fake Bot API remembers: people, chats, messages, files, and what it counted."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Raw = dict[str, Any]


class Refusal(Exception):
    """An error answer of the Bot API, with the HTTP status that Telegram really uses."""

    def __init__(self, status: int, description: str, parameters: Raw | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


@dataclass
class Person:
    """A user of Telegram; `started` means that a bot may write to them."""

    id: int
    name: str
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def raw(self) -> Raw:
        """The user object."""
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "vi"}


@dataclass
class Chat:
    """A private chat (id of the person) or a group (negative id) with all its messages."""

    id: int
    kind: str
    title: str
    bot_inside: bool = True
    privacy: bool = True
    migrated_to: int | None = None
    messages: dict[int, Raw] = field(default_factory=dict)
    # Numbers start anew in every chat: whoever takes them for unique is caught.
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def raw(self) -> Raw:
        """The chat object."""
        name = "first_name" if self.kind == "private" else "title"
        return {"id": self.id, "type": self.kind, name: self.title}


@dataclass(frozen=True)
class StoredFile:
    """A file at the provider; `size` may claim more than the bytes kept here."""

    file_id: str
    path: str
    data: bytes
    size: int


@dataclass(frozen=True)
class Accepted:
    """One sending call that took effect."""

    chat_id: int
    method: str
    text: str
    message_ids: tuple[int, ...]


@dataclass(frozen=True)
class Screen:
    """A message of the bot as the person sees it; `keyboard` replaces the letters below the input line."""

    message_id: int
    text: str
    buttons: tuple[str, ...] = ()
    keyboard: tuple[str, ...] = ()
    pictures: int = 0
    album: str | None = None


class World:
    """One bot and everybody around it."""

    def __init__(self, token: str, username: str, clock: Callable[[], float]) -> None:
        self.token = token
        self.bot_id = int(token.split(":")[0])
        self.username = username
        self.clock = clock
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.markups: dict[tuple[int, int], Raw] = {}
        self.taps: dict[str, float] = {}
        self.answered_taps: Counter[str] = Counter()
        self.log: list[Accepted] = []
        self.calls: Counter[str] = Counter()
        self.commands: list[Raw] = []
        self._serial = itertools.count(1)

    def me(self) -> Raw:
        """The bot as a user object."""
        return {"id": self.bot_id, "is_bot": True, "first_name": "Nghe Dân", "username": self.username}

    def person(self, user_id: int, name: str = "") -> Person:
        """The person with that id; made on first sight together with the private chat."""
        if user_id not in self.people:
            self.people[user_id] = Person(user_id, name or f"Dân {user_id}")
            self.chats[user_id] = Chat(user_id, "private", self.people[user_id].name)
        return self.people[user_id]

    def serial(self) -> int:
        """A number that was never used before."""
        return next(self._serial)

    def message(self, chat: Chat, sender: Raw, content: Raw) -> Raw:
        """Put a message into a chat."""
        number = next(chat.numbers)
        raw = {"message_id": number, "from": sender, "chat": chat.raw(), "date": int(self.clock()), **content}
        chat.messages[number] = raw
        return raw

    def store(self, data: bytes, path: str, size: int | None = None) -> StoredFile:
        """Keep a file and give it an id."""
        number = self.serial()
        stored = StoredFile(f"AgACAgUAAx{number:08d}", f"{path}_{number}", data, size or len(data))
        self.files[stored.file_id] = stored
        return stored

    def photo(self, data: bytes) -> list[Raw]:
        """A photo in three sizes; only the last is the picture itself."""
        sizes = [(90, 67, data[:16] + b"s"), (320, 240, data[:16] + b"m"), (1280, 960, data)]
        return [
            {**self.file_raw(self.store(part, "photos/file")), "width": width, "height": height}
            for width, height, part in sizes
        ]

    def file_raw(self, stored: StoredFile) -> Raw:
        """The file object without the way to it."""
        return {
            "file_id": stored.file_id,
            "file_unique_id": f"u{stored.file_id[-8:]}",
            "file_size": stored.size,
        }

    def accept(self, chat: Chat, method: str, messages: list[Raw], markup: Raw | None) -> None:
        """Count a sending call."""
        text = "\n".join(str(m.get("text") or m.get("caption") or "") for m in messages).strip()
        self.log.append(Accepted(chat.id, method, text, tuple(m["message_id"] for m in messages)))
        if markup is not None:
            self.markups[(chat.id, messages[-1]["message_id"])] = markup

    def sends(self, chat_id: int) -> int:
        """How many sending calls reached this chat."""
        return sum(1 for accepted in self.log if accepted.chat_id == chat_id)

    def times(self, text: str) -> int:
        """How many accepted messages contain `text`."""
        return sum(1 for accepted in self.log if text in accepted.text)

    def screen(self, chat_id: int) -> list[Screen]:
        """What of ours stands in a chat, oldest first; an album is one entry."""
        chat = self.chats.get(chat_id)
        if chat is None:
            return []
        ours = [m for m in chat.messages.values() if m["from"]["id"] == self.bot_id]
        shown: list[Screen] = []
        for _, group in itertools.groupby(ours, key=lambda m: m.get("media_group_id") or m["message_id"]):
            shown.append(self._shown(chat_id, list(group)))
        return shown

    def _shown(self, chat_id: int, group: list[Raw]) -> Screen:
        text = "\n".join(filter(None, (m.get("text") or m.get("caption") for m in group)))
        markup = self.markups.get((chat_id, group[-1]["message_id"]), {})
        return Screen(
            group[0]["message_id"],
            text,
            titles(markup.get("inline_keyboard")),
            titles(markup.get("keyboard")),
            sum("photo" in m for m in group),
            group[0].get("media_group_id"),
        )


def titles(rows: object) -> tuple[str, ...]:
    """The words on the buttons of a keyboard."""
    if not isinstance(rows, list):
        return ()
    return tuple(b if isinstance(b, str) else str(b.get("text")) for row in rows for b in row)


@dataclass(frozen=True)
class Upload:
    """A file part of a request."""

    name: str
    data: bytes


class Form:
    """The parameters of a call, whichever of the four ways they came in."""

    def __init__(self, values: Raw, uploads: dict[str, Upload]) -> None:
        self.values = values
        self.uploads = uploads

    def text(self, name: str) -> str:
        """A text; empty when absent."""
        value = self.values.get(name)
        return value if isinstance(value, str) else "" if value is None else json.dumps(value)

    def number(self, name: str) -> int | None:
        """An integer; refused when it is none."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise Refusal(400, f"Bad Request: {name} must be a number") from None

    def json(self, name: str) -> Any:
        """A JSON value, written as text or not."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise Refusal(400, f"Bad Request: can't parse {name} JSON object") from None
