"""The people's side: what a person can do in the app, played by a test or by a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.fakes.telegram.updates import Updates
from tests.fakes.telegram.world import Chat, Person, Raw, StoredFile, World

GROUP_ID = -4001
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


class People:
    """Every method is one act and returns the ids of its updates; none when the bot hears nothing."""

    def __init__(self, world: World, updates: Updates) -> None:
        self.world = world
        self.updates = updates

    def _write(
        self, user: int, content: Raw, chat: int | None = None, reply_to: int | None = None
    ) -> list[int]:
        person, place = self._at(user, chat)
        if reply_to is not None:
            content = {"reply_to_message": place.messages[reply_to]} | content
        message = self.world.message(place, person.raw(), content)
        return self._tell("message", message, place) if self._heard(place, message) else []

    def _at(self, user: int, chat: int | None) -> tuple[Person, Chat]:
        person = self.world.person(user)
        if person.deactivated:
            raise ValueError("a deleted account does nothing")
        place = self.world.chats[user if chat is None else chat]
        if place.kind == "private":
            if person.blocked:
                raise ValueError("unblock the bot first")
            person.started = True
        return person, place

    def _heard(self, place: Chat, message: Raw) -> bool:
        """With privacy on, a group lets the bot hear commands and answers to it, nothing else."""
        if place.kind == "private":
            return True
        if not place.bot_inside:
            return False
        answered = message.get("reply_to_message", {}).get("from", {}).get("id")
        text = str(message.get("text") or "")
        return not place.privacy or text.startswith("/") or answered == self.world.bot_id

    def _tell(self, kind: str, payload: Raw, place: Chat) -> list[int]:
        number = self.updates.add(kind, payload, f"chat {place.id}")
        return [] if number is None else [number]

    def text(self, user: int, text: str, chat: int | None = None, reply_to: int | None = None) -> list[int]:
        """Write; commands carry their entity."""
        content: Raw = {"text": text}
        if text.startswith("/"):
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        return self._write(user, content, chat, reply_to)

    def start(self, user: int, parameter: str = "") -> list[int]:
        """Open the chat by its button or by a deep link."""
        return self.text(user, f"/start {parameter}".strip())

    def tap(self, user: int, what: str, message_id: int | None = None, chat: int | None = None) -> list[int]:
        """Tap a button by its words or its data; it must be on the screen. A link makes no update."""
        person, place = self._at(user, chat)
        for (chat_id, number), markup in reversed(self.world.markups.items()):
            if chat_id != place.id or message_id not in (None, number):
                continue
            for button in _buttons(markup, "inline_keyboard"):
                if what in (button.get("text"), button.get("callback_data")):
                    return self._tapped(person, place, place.messages[number], button)
            for button in _buttons(markup, "keyboard"):
                if button.get("text") == what:
                    return self._plain(user, button, chat)
        raise ValueError(f"no such button in chat {place.id}: {what}")

    def _tapped(self, person: Person, place: Chat, message: Raw, button: Raw) -> list[int]:
        if "url" in button:
            return []
        query = f"{person.id}{self.world.serial():010d}"
        self.world.taps[query] = self.world.clock()
        payload = {
            "id": query,
            "from": person.raw(),
            "message": message,
            "chat_instance": f"-{place.id}77",
            "data": button["callback_data"],
        }
        number = self.updates.add("callback_query", payload, f"taps {person.id}")
        return [] if number is None else [number]

    def _plain(self, user: int, button: Raw, chat: int | None) -> list[int]:
        if button.get("request_contact"):
            return self.contact(user, f"849{user:08d}")
        if button.get("request_location"):
            return self.location(user, 10.7769, 106.7009)
        return self.text(user, str(button["text"]), chat)

    def photo(self, user: int, data: bytes = PNG, caption: str = "", chat: int | None = None) -> list[int]:
        """One photo."""
        return self._write(user, {"photo": self.world.photo(data)} | _caption(caption), chat)

    def album(
        self, user: int, pictures: Sequence[bytes], caption: str = "", chat: int | None = None
    ) -> list[int]:
        """Several photos at once: an update each, held together by one id; the first has the caption."""
        group = str(self.world.serial() + 12_000_000_000)
        made: list[int] = []
        for number, data in enumerate(pictures):
            content = {"photo": self.world.photo(data), "media_group_id": group}
            made += self._write(user, content | _caption(caption if number == 0 else ""), chat)
        return made

    def location(self, user: int, latitude: float, longitude: float, chat: int | None = None) -> list[int]:
        """A point on the map."""
        return self._write(user, {"location": {"latitude": latitude, "longitude": longitude}}, chat)

    def venue(self, user: int, latitude: float, longitude: float, title: str, address: str) -> list[int]:
        """A named place; it comes with its point as well."""
        point = {"latitude": latitude, "longitude": longitude}
        place = {"location": point, "title": title, "address": address}
        return self._write(user, {"venue": place, "location": point})

    def contact(self, user: int, phone: str, owner: int | None = None) -> list[int]:
        """A contact card: the own one, or somebody else's (`owner` 0: not at Telegram)."""
        card: Raw = {"phone_number": phone, "first_name": self.world.person(user).name}
        if owner != 0:
            card["user_id"] = owner or user
        return self._write(user, {"contact": card})

    def _media(self, user: int, kind: str, stored: StoredFile, extra: Raw) -> list[int]:
        return self._write(user, {kind: self.world.file_raw(stored) | extra})

    def voice(self, user: int, data: bytes = b"OggS") -> list[int]:
        """A spoken message."""
        return self._media(user, "voice", self.world.store(data, "voice/file"), {"duration": 3})

    def video(self, user: int, data: bytes = b"mp4", size: int | None = None) -> list[int]:
        """A film; `size` may claim more than there is."""
        extra = {"duration": 3, "width": 640, "height": 480}
        return self._media(user, "video", self.world.store(data, "videos/file", size), extra)

    def sticker(self, user: int) -> list[int]:
        """A sticker."""
        extra = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._media(user, "sticker", self.world.store(b"RIFF", "stickers/file"), extra)

    def document(
        self, user: int, name: str = "don.pdf", data: bytes = b"%PDF", size: int | None = None, mime: str = ""
    ) -> list[int]:
        """A file; `size` may claim more than there is."""
        extra = {"file_name": name, "mime_type": mime or "application/pdf"}
        return self._media(user, "document", self.world.store(data, "documents/file", size), extra)

    def dice(self, user: int) -> list[int]:
        """Something that no handler knows."""
        return self._write(user, {"dice": {"emoji": "🎲", "value": 4}})

    def edit(self, user: int, message_id: int, text: str, chat: int | None = None) -> list[int]:
        """Change an own text."""
        _, place = self._at(user, chat)
        message = place.messages[message_id]
        if message["from"]["id"] != user:
            raise ValueError("only own messages can be edited")
        message |= {"text": text, "edit_date": int(self.world.clock())}
        return self._tell("edited_message", message, place) if self._heard(place, message) else []

    def last_own(self, user: int, chat: int | None = None) -> int:
        """The number of the last message of that person."""
        place = self.world.chats[user if chat is None else chat]
        return max(number for number, m in place.messages.items() if m["from"]["id"] == user)


def _caption(caption: str) -> Raw:
    return {"caption": caption} if caption else {}


def _buttons(markup: Raw, name: str) -> list[Raw]:
    as_raw: Callable[[Raw | str], Raw] = lambda b: {"text": b} if isinstance(b, str) else b  # noqa: E731
    return [as_raw(button) for row in markup.get(name, ()) for button in row]
