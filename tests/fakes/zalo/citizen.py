"""What people do on their phones, and colleagues in the chat tool, as calls that make Zalo's events."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from tests.fakes.zalo.events import Events
from tests.fakes.zalo.world import HOUR, OaMessage, Signed, World


class Citizen:
    """Each call returns the webhook events that it caused."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events

    def text(self, user_id: str, text: str, quote: str | None = None) -> list[Signed]:
        """Type a text, perhaps as an answer to the message with id `quote`."""
        message: dict[str, object] = {"text": text}
        if quote is not None:
            message["quote_msg_id"] = quote
        return [self._events.user(self._world.person(user_id), "user_send_text", message)]

    def tap(self, user_id: str, title: str) -> list[Signed]:
        """Tap the newest button with that title or payload. A query arrives as a text of the person and
        nothing else; a link opens a page and tells nobody. Raises LookupError when none is shown."""
        for shown in reversed(self._world.person(user_id).screen):
            for button in shown.buttons:
                if title in (button.title, button.payload):
                    return self.text(user_id, button.payload) if button.type.startswith("oa.query") else []
        raise LookupError(f"no button «{title}» on the screen")

    def photo(self, user_id: str, data: bytes, text: str = "") -> list[Signed]:
        """Send one photo."""
        return self.album(user_id, [data], text)

    def album(self, user_id: str, photos: Sequence[bytes], text: str = "") -> list[Signed]:
        """Send several photos: an event each, or one event, by a switch, as nobody knows for sure."""
        attachments = [self._picture("image", data, "anh.jpg") for data in photos]
        person = self._world.person(user_id)
        groups = [attachments] if self._world.switches.album_in_one_event else [[one] for one in attachments]
        found = []
        for number, group in enumerate(groups):
            message: dict[str, object] = {"attachments": group}
            if text and number == 0:
                message["text"] = text
            found.append(self._events.user(person, "user_send_image", message))
        return found

    def gif(self, user_id: str, data: bytes) -> list[Signed]:
        """Send an animated picture."""
        return self._attach(user_id, "gif", self._picture("gif", data, "anh.gif"))

    def location(self, user_id: str, latitude: float, longitude: float) -> list[Signed]:
        """Share a place; Zalo writes the numbers as texts."""
        place = {"latitude": str(latitude), "longitude": str(longitude)}
        return self._attach(user_id, "location", {"type": "location", "payload": {"coordinates": place}})

    def voice(self, user_id: str, data: bytes) -> list[Signed]:
        """Send a voice message."""
        payload = {"url": self._world.keep_media(data, "ghi-am.m4a")}
        return self._attach(user_id, "audio", {"type": "audio", "payload": payload})

    def video(self, user_id: str, data: bytes) -> list[Signed]:
        """Send a video."""
        url = self._world.keep_media(data, "phim.mp4")
        payload = {"url": url, "thumbnail": url, "description": ""}
        return self._attach(user_id, "video", {"type": "video", "payload": payload})

    def file(self, user_id: str, data: bytes, name: str = "don.pdf") -> list[Signed]:
        """Send a file; its size is a text."""
        url = self._world.keep_media(data, name)
        payload = {"url": url, "size": str(len(data)), "name": name, "checksum": "", "type": "pdf"}
        return self._attach(user_id, "file", {"type": "file", "payload": payload})

    def sticker(self, user_id: str) -> list[Signed]:
        """Send a sticker."""
        payload = {"id": "1234", "url": "https://zalo-api.zadn.vn/api/emoticon/sticker"}
        return self._attach(user_id, "sticker", {"type": "sticker", "payload": payload})

    def link(self, user_id: str, url: str, description: str = "") -> list[Signed]:
        """Share a link."""
        payload = {"url": url, "thumbnail": "", "description": description}
        return self._attach(user_id, "link", {"type": "link", "payload": payload})

    def business_card(self, user_id: str) -> list[Signed]:
        """Share somebody's card."""
        payload = {"url": "", "thumbnail": "", "description": "{}"}
        return self._attach(user_id, "business_card", {"type": "link", "payload": payload})

    def contact(self, user_id: str, phone: str, name: str = "Nguyễn Thị Lan") -> list[Signed]:
        """Share name and phone number, in the layout that the switches say."""
        switches = self._world.switches
        number: object = int(phone) if switches.phone_as_number else phone
        info: dict[str, object] = {"name": name, "phone": number}
        if switches.old_contact_layout:
            info |= {"address": "12 Lê Lợi", "city": "Huế", "district": "", "ward": "Thuận Hóa"}
        else:
            info |= {"gender": "Nữ", "full_address": {"user_city": "Huế", "user_ward": "Thuận Hóa"}}
        return [self._events.info(self._world.person(user_id), info)]

    def follow(self, user_id: str) -> list[Signed]:
        """Follow the account; counts as an interaction."""
        person = self._world.person(user_id)
        person.follows, person.blocked = True, False
        self._world.interacted(person)
        return [self._events.relation(person, "follow")]

    def unfollow(self, user_id: str) -> list[Signed]:
        """Unfollow; writing within the window still works."""
        person = self._world.person(user_id)
        person.follows = False
        return [self._events.relation(person, "unfollow")]

    def block(self, user_id: str) -> list[Signed]:
        """Restrict the account; Zalo tells nobody."""
        self._world.person(user_id).blocked = True
        return []

    def sees(self, user_id: str) -> list[Signed]:
        """Open the chat: one receipt for everything new, not an interaction."""
        person = self._world.person(user_id)
        fresh = [message.message_id for message in person.screen[person.seen :] if not message.by_staff]
        person.seen = len(person.screen)
        return [self._events.receipt(person, "user_seen_message", {"msg_ids": fresh})] if fresh else []

    def staff_types(self, user_id: str, text: str, admin_id: str = "7000000001") -> list[Signed]:
        """A colleague answers in the chat tool of the account."""
        person = self._world.person(user_id)
        message_id = secrets.token_hex(10)
        person.screen.append(OaMessage(message_id, text, by_staff=True))
        return [self._events.echo(person, "oa_send_text", message_id, text, staff=admin_id)]

    def pass_time(self, user_id: str, hours: float) -> None:
        """Let so many hours go by since the person's last interaction."""
        person = self._world.person(user_id)
        if person.last_interaction is not None:
            person.last_interaction -= hours * HOUR

    def _attach(self, user_id: str, kind: str, attachment: dict[str, object]) -> list[Signed]:
        person = self._world.person(user_id)
        return [self._events.user(person, f"user_send_{kind}", {"attachments": [attachment]})]

    def _picture(self, kind: str, data: bytes, name: str) -> dict[str, object]:
        url = self._world.keep_media(data, name)
        return {"type": kind, "payload": {"thumbnail": url, "url": url}}
