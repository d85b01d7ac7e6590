"""People with phones, the same on every channel: they write, tap, send photos, and wait for what they see."""

from __future__ import annotations

import asyncio
import io
import json
import uuid
from collections.abc import Sequence

import aiohttp
from PIL import Image

from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import ZaloFake

PATIENCE = 15.0


def picture(colour: str = "teal", size: tuple[int, int] = (640, 480)) -> bytes:
    """A real JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


class Message:
    """A message of ours as any phone shows it."""

    def __init__(self, text: str, choices: Sequence[str], pictures: int, number: str) -> None:
        self.text = text
        self.choices = tuple(choices)
        self.pictures = pictures
        self.id = number


class Phone:
    """One person on one channel. `sees` waits for a message that came after the last one it returned."""

    def __init__(self) -> None:
        self._looked = 0

    async def says(self, text: str, reply_to: Message | None = None) -> None:
        """Type and send."""
        raise AssertionError

    async def shows(self, data: bytes, text: str = "") -> None:
        """Send a photo."""
        raise AssertionError

    async def speaks(self, data: bytes) -> None:
        """Send a voice message."""
        raise AssertionError

    async def hands_over(self, data: bytes, name: str) -> None:
        """Send a document."""
        raise AssertionError

    async def shows_many(self, photos: Sequence[bytes]) -> None:
        """Send an album."""
        raise AssertionError

    async def taps(self, title: str) -> None:
        """Tap a button that stands on the screen."""
        raise AssertionError

    async def opens(self, start: str) -> None:
        """Open the chat by a deep link."""
        raise AssertionError

    async def screen(self) -> list[Message]:
        """Everything of ours, oldest first."""
        raise AssertionError

    async def sees(self, fragment: str, patience: float = PATIENCE) -> Message:
        """The next message that holds `fragment`; those before it are passed over."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        while True:
            screen = await self.screen()
            for at in range(self._looked, len(screen)):
                if fragment.lower() in screen[at].text.lower():
                    self._looked = at + 1
                    return screen[at]
            if loop.time() > deadline:
                rest = "\n---\n".join(m.text for m in screen[self._looked :])
                raise AssertionError(f"«{fragment}» never came; since then:\n{rest}")
            await asyncio.sleep(0.03)

    async def close(self) -> None:
        """Put the phone away."""


class TelegramPhone(Phone):
    """A Telegram user of the fake."""

    def __init__(self, fake: FakeTelegram, user: int) -> None:
        super().__init__()
        self._fake = fake
        self.user = user

    async def says(self, text: str, reply_to: Message | None = None) -> None:
        self._fake.people.text(self.user, text, reply_to=int(reply_to.id) if reply_to else None)

    async def shows(self, data: bytes, text: str = "") -> None:
        self._fake.people.photo(self.user, data, text)

    async def speaks(self, data: bytes) -> None:
        self._fake.people.voice(self.user, data)

    async def hands_over(self, data: bytes, name: str) -> None:
        self._fake.people.document(self.user, name, data)

    async def shows_many(self, photos: Sequence[bytes]) -> None:
        self._fake.people.album(self.user, list(photos))

    async def taps(self, title: str) -> None:
        self._fake.people.tap(self.user, title)

    async def opens(self, start: str) -> None:
        self._fake.people.start(self.user, start)

    async def screen(self) -> list[Message]:
        return [
            Message(s.text, (*s.buttons, *s.keyboard), s.pictures, str(s.message_id))
            for s in self._fake.world.screen(self.user)
        ]


class ZaloPhone(Phone):
    """A Zalo user of the fake; a deep link's code is typed, since Zalo hands none over."""

    def __init__(self, fake: ZaloFake, user: str) -> None:
        super().__init__()
        self._fake = fake
        self.user = user

    async def says(self, text: str, reply_to: Message | None = None) -> None:
        self._fake.citizen.text(self.user, text, reply_to.id if reply_to else None)

    async def shows(self, data: bytes, text: str = "") -> None:
        self._fake.citizen.photo(self.user, data, text)

    async def speaks(self, data: bytes) -> None:
        self._fake.citizen.voice(self.user, data)

    async def hands_over(self, data: bytes, name: str) -> None:
        self._fake.citizen.file(self.user, data, name)

    async def shows_many(self, photos: Sequence[bytes]) -> None:
        self._fake.citizen.album(self.user, photos)

    async def taps(self, title: str) -> None:
        self._fake.citizen.tap(self.user, title)

    async def opens(self, start: str) -> None:
        self._fake.citizen.text(self.user, start)

    async def screen(self) -> list[Message]:
        return [
            Message(m.text, [b.title for b in m.buttons], len(m.pictures), m.message_id)
            for m in self._fake.chat(self.user)
        ]


class WebPhone(Phone):
    """A browser without a page: the same requests with the same cookie."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._http = aiohttp.ClientSession(
            base_url=url, headers={"Origin": url}, cookie_jar=aiohttp.CookieJar(unsafe=True)
        )
        self._actions: dict[str, str] = {}
        self._open = False
        self.refused = ""  # what the page was last told instead of having its upload taken

    async def _enter(self) -> None:
        if not self._open:
            self._open = True
            async with self._http.post("/chat/api/session", json={}) as answer:
                assert answer.status == 200, await answer.text()

    async def _post(self, path: str, **body: object) -> None:
        await self._enter()
        async with self._http.post(
            path, data=json.dumps(body), headers={"Content-Type": "application/json"}
        ) as got:
            assert got.status in (200, 201), (got.status, await got.text())

    async def _message(self, **body: object) -> None:
        await self._post("/chat/api/messages", id=uuid.uuid4().hex, **body)

    async def says(self, text: str, reply_to: Message | None = None) -> None:
        extra = {"reply_to": reply_to.id} if reply_to else {}
        await self._message(kind="text", text=text, **extra)

    async def shows(self, data: bytes, text: str = "") -> None:
        await self._enter()
        headers = {"Content-Type": "image/jpeg"}
        async with self._http.post("/chat/api/photos", data=data, headers=headers) as answer:
            assert answer.status in (200, 201), (answer.status, await answer.text())
            names = (await answer.json())["photos"]
        await self._message(kind="photo", photos=names, text=text)

    async def speaks(self, data: bytes) -> None:
        await self._enter()
        headers = {"Content-Type": "application/octet-stream"}
        async with self._http.post("/chat/api/recordings", data=data, headers=headers) as answer:
            told = await answer.json()
        self.refused = told.get("message", "")
        if not self.refused:
            await self._message(kind="voice", voice=told["voice"], seconds=4)

    async def hands_over(self, data: bytes, name: str) -> None:
        await self._enter()
        headers = {"Content-Type": "application/octet-stream"}
        async with self._http.post("/chat/api/documents", data=data, headers=headers) as answer:
            assert answer.status == 201, (answer.status, await answer.text())
            taken = (await answer.json())["document"]
        await self._message(kind="document", document=taken, name=name)

    async def taps(self, title: str) -> None:
        await self.screen()
        await self._message(kind="choice", text=title, action=self._actions[title])

    async def opens(self, start: str) -> None:
        await self._message(kind="start", start=start)

    async def screen(self) -> list[Message]:
        if not self._open:
            return []
        async with self._http.get("/chat/api/history") as answer:
            lines = (await answer.json())["lines"]
        shown = []
        for line in lines:
            if line["mine"]:
                continue
            choices = line.get("choices", ())
            self._actions |= {choice["title"]: choice["action"] for choice in choices}
            titles = [choice["title"] for choice in choices]
            shown.append(Message(line["text"], titles, len(line.get("pictures", ())), line["ref"]))
        return shown

    async def close(self) -> None:
        await self._http.close()
