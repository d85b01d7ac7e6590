"""The fake by hand: a small JSON interface to act as citizens, to read chats and to set faults."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import cast

from aiohttp import web

from tests.fakes.zalo.citizen import Citizen
from tests.fakes.zalo.delivery import Delivery
from tests.fakes.zalo.world import Endpoint, Fault, Signed, Switches, World

# A white pixel, for whoever sends a photo without bringing one.
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)


class Panel:
    """`POST /user/<id>/<what>` acts, `GET /chats/<id>` shows, `POST /fake/...` sets."""

    def __init__(self, world: World, citizen: Citizen, delivery: Delivery) -> None:
        self._world = world
        self._citizen = citizen
        self._delivery = delivery

    def routes(self) -> list[web.RouteDef]:
        """Paths of our own, none of Zalo's."""
        return [
            web.post("/user/{user_id}/{what}", self.act),
            web.get("/chats/{user_id}", self.chat),
            web.get("/chats", self.chats),
            web.post("/fake/webhook", self.webhook),
            web.post("/fake/switches", self.switches),
            web.post("/fake/fault", self.fault),
        ]

    async def act(self, request: web.Request) -> web.Response:
        """The person does something; answers with the names of the events it caused."""
        user_id, what = request.match_info["user_id"], request.match_info["what"]
        body = await _body(request)
        action = self._actions(user_id, body).get(what)
        if action is None:
            raise web.HTTPNotFound(text=f"nobody can {what}")
        try:
            signed = action()
        except (LookupError, ValueError, TypeError) as error:
            raise web.HTTPBadRequest(text=f"{type(error).__name__}: {error}") from error
        return web.json_response({"events": [one.name for one in signed]})

    def _actions(self, user_id: str, body: dict[str, object]) -> dict[str, Callable[[], list[Signed]]]:
        does = self._citizen
        text = str(body.get("text", ""))
        quote = str(body["quote"]) if "quote" in body else None
        return {
            "text": lambda: does.text(user_id, text, quote),
            "tap": lambda: does.tap(user_id, str(body.get("title", ""))),
            "photo": lambda: does.photo(user_id, _bytes(body.get("data")), text),
            "album": lambda: does.album(user_id, _many(body.get("photos")), text),
            "gif": lambda: does.gif(user_id, _bytes(body.get("data"))),
            "location": lambda: does.location(user_id, _number(body, "latitude"), _number(body, "longitude")),
            "contact": lambda: does.contact(user_id, str(body["phone"]), str(body.get("name", ""))),
            "voice": lambda: does.voice(user_id, _bytes(body.get("data"))),
            "video": lambda: does.video(user_id, _bytes(body.get("data"))),
            "sticker": lambda: does.sticker(user_id),
            "file": lambda: does.file(user_id, _bytes(body.get("data")), str(body.get("name", "don.pdf"))),
            "link": lambda: does.link(user_id, str(body["url"]), text),
            "follow": lambda: does.follow(user_id),
            "unfollow": lambda: does.unfollow(user_id),
            "block": lambda: does.block(user_id),
            "sees": lambda: does.sees(user_id),
            "staff": lambda: does.staff_types(user_id, text),
            "wait": lambda: self._wait(user_id, _number(body, "hours")),
        }

    def _wait(self, user_id: str, hours: float) -> list[Signed]:
        self._citizen.pass_time(user_id, hours)
        return []

    async def chat(self, request: web.Request) -> web.Response:
        """Everything of ours on one screen, and how often we tried."""
        person = self._world.people.get(request.match_info["user_id"])
        if person is None:
            raise web.HTTPNotFound(text="no such person")
        sent = [asdict(message) for message in person.screen]
        accepted = sum(1 for message in person.screen if not message.by_staff)
        found = {"user_id": person.user_id, "attempts": person.attempts, "accepted": accepted, "screen": sent}
        return web.json_response(found)

    async def chats(self, request: web.Request) -> web.Response:
        """Who exists."""
        return web.json_response({"people": sorted(self._world.people)})

    async def webhook(self, request: web.Request) -> web.Response:
        """Save the address of the webhook: `{"url": …}`."""
        saved = await self._delivery.register(str((await _body(request)).get("url", "")))
        return web.json_response({"saved": saved}, status=200 if saved else 400)

    async def switches(self, request: web.Request) -> web.Response:
        """Set switches by name: `{"duplicate": true, "balance": "ok"}`."""
        known = {one.name for one in fields(Switches)}
        body = await _body(request)
        if set(body) - known:
            raise web.HTTPBadRequest(text=f"known: {', '.join(sorted(known))}")
        for name, value in body.items():
            setattr(self._world.switches, name, value)
        return web.json_response(asdict(self._world.switches))

    async def fault(self, request: web.Request) -> web.Response:
        """Queue a fault: `{"endpoint": "cs", "kind": "code", "code": -32}`."""
        body = await _body(request)
        endpoint = cast("Endpoint", body.pop("endpoint", "cs"))
        try:
            fault = Fault(**body)  # type: ignore[arg-type]  # by hand: a wrong field is answered below
        except TypeError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        self._world.faults.setdefault(endpoint, []).append(fault)
        return web.json_response({"waiting": len(self._world.faults[endpoint])})


async def _body(request: web.Request) -> dict[str, object]:
    if not await request.read():
        return {}
    try:
        found = await request.json()
    except ValueError as error:
        raise web.HTTPBadRequest(text="no JSON") from error
    if not isinstance(found, dict):
        raise web.HTTPBadRequest(text="no JSON object")
    return found


def _bytes(value: object) -> bytes:
    if value is None:
        return _PIXEL
    try:
        return base64.b64decode(str(value), validate=True)
    except binascii.Error as error:
        raise ValueError("data is no base64") from error


def _many(value: object) -> list[bytes]:
    return [_bytes(one) for one in value] if isinstance(value, list) else [_PIXEL, _PIXEL]


def _number(body: dict[str, object], name: str) -> float:
    return float(str(body[name]))
