"""The page server: who has a phone, what they do with it, and what stands on its screen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import BodyPartReader, web

from tests.fakes.phones import photos
from tests.fakes.phones.chat import Phone, Refused
from tests.fakes.phones.files import add_file_routes, add_headers
from tests.fakes.phones.office import Office
from tests.fakes.phones.telegram import TelegramPhone
from tests.fakes.phones.zalo import ZaloPhone
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import ZaloFake

Raw = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
_MOST_PHONES: Final = 40
_MOST_PHOTOS: Final = 10
_BODY_BYTES: Final = 60 * 1024 * 1024
_FIRST_TELEGRAM, _FIRST_ZALO = 700_100_001, 4_300_000_000_000_000_001


class PhonesPage:
    """Serves the page on loopback; `base_url` is known after `start`."""

    def __init__(self, telegram: FakeTelegram, zalo: ZaloFake, office: Office) -> None:
        self._telegram = telegram
        self._zalo = zalo
        self._office = office
        self._runner: web.AppRunner | None = None
        self.phones: dict[str, Phone] = {}
        self.base_url = ""

    async def start(self, port: int = 0) -> None:
        """Listen. Raises OSError when the port is taken."""
        self.add("telegram", "Bà Lan")
        self.add("zalo", "Anh Minh")
        app = web.Application(client_max_size=_BODY_BYTES, middlewares=[_own_page_only, _in_words])
        app.on_response_prepare.append(add_headers)
        add_file_routes(app)
        app.router.add_get("/api/state", self._state)
        app.router.add_get("/api/samples/{key}", self._sample)
        app.router.add_get("/api/phones/{id}/pictures/{key}", self._picture)
        app.router.add_post("/api/phones", self._add)
        app.router.add_post("/api/phones/{id}/photos", self._photos)
        app.router.add_post("/api/phones/{id}/{act}", self._act)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    def add(self, channel: str, name: str) -> str:
        """Give somebody a phone; returns its id. Raises Refused."""
        number = len(self.phones)
        if number >= _MOST_PHONES:
            raise Refused(f"Chỉ thử được với {_MOST_PHONES} người cùng lúc.")
        phone: Phone
        if channel == "telegram":
            phone = TelegramPhone(self._telegram, _FIRST_TELEGRAM + number, name)
        elif channel == "zalo":
            phone = ZaloPhone(self._zalo, str(_FIRST_ZALO + number), name)
        else:
            raise Refused("Chỉ có Telegram và Zalo.")
        self.phones[f"p{number + 1}"] = phone
        return f"p{number + 1}"

    def _phone(self, request: web.Request) -> Phone:
        phone = self.phones.get(request.match_info["id"])
        if phone is None:
            raise web.HTTPNotFound
        return phone

    async def _state(self, _request: web.Request) -> web.Response:
        """Everything the page shows; it asks again and again, and all of it lies in memory."""
        found = [
            {
                "id": key,
                "channel": phone.channel,
                "name": phone.name,
                "lines": [asdict(line) for line in phone.lines()],
                "keyboard": phone.keyboard(),
            }
            for key, phone in self.phones.items()
        ]
        office = self._office
        return _json(
            {
                "phones": found,
                "office": {"name": office.name, "chat_url": office.chat_url},
                "offers": [asdict(offer) for offer in office.offers],
                "samples": [{"key": key, "title": title} for key, title in photos.SAMPLES.items()],
            }
        )

    async def _add(self, request: web.Request) -> web.Response:
        body = await _body(request)
        name = " ".join(str(body.get("name", "")).split())[:40]
        if not name:
            raise Refused("Xin đặt tên cho người này.")
        return _json({"id": self.add(str(body.get("channel")), name)})

    async def _sample(self, request: web.Request) -> web.Response:
        data = await asyncio.to_thread(photos.sample, request.match_info["key"])
        return web.Response(body=data, content_type="image/jpeg", headers={"Cache-Control": "max-age=3600"})

    async def _picture(self, request: web.Request) -> web.Response:
        data = self._phone(request).picture(request.match_info["key"])
        if data is None:
            raise web.HTTPNotFound
        # A key never gets another picture.
        headers = {"Cache-Control": "private, max-age=3600"}
        return web.Response(body=data, content_type=photos.content_type(data), headers=headers)

    async def _photos(self, request: web.Request) -> web.Response:
        """Files of a form, or a drawn sample named in the field `sample`."""
        phone = self._phone(request)
        caption = ""
        found: list[bytes] = []
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or len(found) >= _MOST_PHOTOS:
                continue
            if part.name == "caption":
                caption = (await part.text()).strip()
            elif part.name == "sample":
                found.append(await asyncio.to_thread(photos.sample, await part.text()))
            elif part.name == "photo":
                found.append(await asyncio.to_thread(photos.from_file, bytes(await part.read())))
        if not found:
            raise Refused("Chưa có ảnh nào được chọn.")
        phone.show(found, caption)
        return _json({})

    async def _act(self, request: web.Request) -> web.Response:
        phone, body = self._phone(request), await _body(request)
        match request.match_info["act"]:
            case "begin":
                phone.begin()
            case "text":
                phone.say(str(body["text"]), str(body.get("reply_to") or ""))
            case "tap":
                phone.tap(str(body.get("ref") or ""), str(body["title"]))
            case "place":
                phone.stand(float(body["latitude"]), float(body["longitude"]))
            case "invite":
                phone.say(await self._office.invite(str(body["offer"])), "")
            case _:
                raise web.HTTPNotFound
        return _json({})


@web.middleware
async def _own_page_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The page can make officers, so no other page in the browser may use it, whatever name leads here."""
    if urlsplit(f"//{request.host}").hostname not in _LOOPBACK:
        raise web.HTTPForbidden(text="Trang này chỉ mở trên chính máy này.")
    if request.method != "GET" and request.headers.get("Origin") != f"http://{request.host}":
        raise web.HTTPForbidden(text="Chỉ trang điện thoại mới được gửi.")
    return await handler(request)


@web.middleware
async def _in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What a phone cannot do becomes a sentence on the page."""
    try:
        return await handler(request)
    except Refused as refused:
        return _json({"message": str(refused)}, 400)
    except (ValueError, LookupError, TypeError):
        return _json({"message": "Không còn làm được việc đó trên màn hình này."}, 400)


async def _body(request: web.Request) -> Raw:
    found = await request.json() if request.can_read_body else {}
    return found if isinstance(found, dict) else {}


def _json(value: object, status: int = 200) -> web.Response:
    text = json.dumps(value, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json")
