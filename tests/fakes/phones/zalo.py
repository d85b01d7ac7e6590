"""The phone of a person at the fake Zalo: the fake keeps what we sent, this keeps what the person sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from tests.fakes.phones.chat import Button, Line
from tests.fakes.zalo import OaMessage, Signed, ZaloFake


class ZaloPhone:
    """A Zalo user. Lines get their time and order when they are first seen, so it must be asked often."""

    channel = "zalo"

    def __init__(self, fake: ZaloFake, user: str, name: str) -> None:
        self.name = name
        self._fake = fake
        self._user = user
        self._person = fake.world.person(user, name)
        self._lines: list[Line] = []
        self._taken = 0
        self._own_pictures: dict[str, bytes] = {}
        self._tapped: set[tuple[str, str]] = set()

    def lines(self) -> list[Line]:
        """Both sides, in the order in which they came."""
        self._take()
        return [replace(line, rows=self._marked(line)) for line in self._lines]

    def _marked(self, line: Line) -> tuple[tuple[Button, ...], ...]:
        return tuple(
            tuple(replace(one, chosen=(line.ref, one.title) in self._tapped) for one in row)
            for row in line.rows
        )

    def _take(self) -> None:
        """Take over what arrived since the last look."""
        for message in self._person.screen[self._taken :]:
            self._lines.append(_arrived(message, self._fake.world.now()))
        self._taken = len(self._person.screen)

    def _sent(self, signed: Sequence[Signed], line: Line) -> None:
        """Write down an own message; its id is the one that Zalo told the webhook."""
        body = json.loads(signed[0].body) if signed else {}
        ref = str(body.get("message", {}).get("msg_id") or f"own-{len(self._lines)}")
        self._take()
        self._lines.append(replace(line, ref=ref))

    def _own(self, text: str = "") -> Line:
        return Line(ref="", mine=True, at=self._fake.world.now(), text=text)

    def keyboard(self) -> tuple[tuple[str, ...], ...]:
        """Zalo knows no keys below the input line."""
        return ()

    def picture(self, key: str) -> bytes | None:
        """An own photo, or one that we uploaded."""
        upload = self._fake.world.uploads.get(key)
        return upload.data if upload else self._own_pictures.get(key)

    def begin(self) -> None:
        """Follow the account."""
        self._sent(self._fake.citizen.follow(self._user), self._own("Đã bấm Quan tâm"))

    def say(self, text: str, reply_to: str) -> None:
        """Type and send."""
        quoted = next((line.text for line in self._lines if line.ref == reply_to), "") if reply_to else ""
        signed = self._fake.citizen.text(self._user, text, reply_to or None)
        self._sent(signed, replace(self._own(text), quoted=quoted))

    def tap(self, ref: str, title: str) -> None:
        """Tap a button. Only a query of the visible kind stands in the chat afterwards, as in the real app."""
        shown = next((one for one in self._person.screen if one.message_id == ref), None)
        button = next((one for one in shown.buttons if one.title == title), None) if shown else None
        if button is None:
            raise LookupError(title)
        signed = self._fake.citizen.tap(self._user, button.payload)
        if button.type == "oa.query.show":
            self._sent(signed, self._own(button.payload))
        self._tapped.add((ref, title))

    def show(self, photos: Sequence[bytes], caption: str) -> None:
        """Send photos."""
        keys = []
        for photo in photos:
            keys.append(f"own{len(self._own_pictures)}")
            self._own_pictures[keys[-1]] = photo
        signed = self._fake.citizen.album(self._user, photos, caption)
        self._sent(signed, replace(self._own(caption), pictures=tuple(keys)))

    def stand(self, latitude: float, longitude: float) -> None:
        """Share a place."""
        signed = self._fake.citizen.location(self._user, latitude, longitude)
        self._sent(signed, replace(self._own(), place=(latitude, longitude)))


def _arrived(message: OaMessage, at: float) -> Line:
    links = [picture for picture in message.pictures if picture.startswith("https://")]
    uploads = tuple(picture for picture in message.pictures if picture not in links)
    buttons = tuple(
        (Button(one.title, one.payload if one.type == "oa.open.url" else ""),) for one in message.buttons
    )
    text = "\n".join([message.text, *links]).strip()
    return Line(message.message_id, mine=False, at=at, text=text, pictures=uploads, rows=buttons)
