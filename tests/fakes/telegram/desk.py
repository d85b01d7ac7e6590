"""The fake's doors for other programs: play a person over HTTP, look at a screen, order a fault, count."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.telegram.faults import SENDING, Fault, FaultPlan, RateRules
from tests.fakes.telegram.groups import Groups
from tests.fakes.telegram.people import PNG, People
from tests.fakes.telegram.updates import Updates
from tests.fakes.telegram.world import Raw, World


@dataclass(frozen=True)
class Stage:
    """All that can be played with."""

    world: World
    updates: Updates
    people: People
    groups: Groups
    faults: FaultPlan
    rates: RateRules


Act = Callable[[Stage, int, Raw], list[int]]


def _pictures(body: Raw) -> list[bytes]:
    given = body.get("photos") or ([body["photo"]] if body.get("photo") else [])
    return [base64.b64decode(text) for text in given]


def _data(body: Raw, default: bytes) -> bytes:
    return base64.b64decode(body["data"]) if body.get("data") else default


# The name in the address -> what it does with the JSON body.
ACTS: dict[str, Act] = {
    "text": lambda f, u, b: f.people.text(u, str(b["text"]), b.get("chat"), b.get("reply_to")),
    "start": lambda f, u, b: f.people.start(u, str(b.get("start") or "")),
    "tap": lambda f, u, b: f.people.tap(u, str(b["button"]), b.get("message_id"), b.get("chat")),
    "photo": lambda f, u, b: f.people.photo(
        u, (_pictures(b) or [PNG])[0], str(b.get("caption") or ""), b.get("chat")
    ),
    "album": lambda f, u, b: f.people.album(
        u, _pictures(b) or [PNG, PNG], str(b.get("caption") or ""), b.get("chat")
    ),
    "location": lambda f, u, b: f.people.location(u, b["latitude"], b["longitude"], b.get("chat")),
    "venue": lambda f, u, b: f.people.venue(u, b["latitude"], b["longitude"], b["title"], b["address"]),
    "contact": lambda f, u, b: f.people.contact(u, str(b["phone"]), b.get("owner")),
    "voice": lambda f, u, b: f.people.voice(u, _data(b, b"OggS")),
    "video": lambda f, u, b: f.people.video(u, _data(b, b"mp4"), b.get("size")),
    "sticker": lambda f, u, b: f.people.sticker(u),
    "document": lambda f, u, b: f.people.document(
        u, str(b.get("name") or "don.pdf"), _data(b, b"%PDF"), b.get("size"), str(b.get("mime") or "")
    ),
    "dice": lambda f, u, b: f.people.dice(u),
    "edit": lambda f, u, b: f.people.edit(
        u, b.get("message_id") or f.people.last_own(u, b.get("chat")), str(b["text"]), b.get("chat")
    ),
    "block": lambda f, u, b: f.groups.block(u),
    "unblock": lambda f, u, b: f.groups.unblock(u),
    "deactivate": lambda f, u, b: f.groups.deactivate(u),
    "join-group": lambda f, u, b: f.groups.join(u, int(b["chat"])),
    "kick-bot": lambda f, u, b: f.groups.kick(u, int(b["chat"])),
    "promote-bot": lambda f, u, b: f.groups.promote(u, int(b["chat"])),
    "migrate-group": lambda f, u, b: [f.groups.migrate(u, int(b["chat"]))],
}


class Desk:
    """The handlers; every answer is JSON."""

    def __init__(self, fake: Stage) -> None:
        self._fake = fake

    async def act(self, request: web.Request) -> web.Response:
        """POST /user/<id>/<act>: the ids of the updates that came of it."""
        act = ACTS.get(request.match_info["act"])
        if act is None:
            return web.json_response({"error": f"acts: {', '.join(ACTS)}"}, status=404)
        user = int(request.match_info["user"])
        try:
            body = await _body(request)
            if body.get("as"):
                self._fake.world.person(user).name = str(body["as"])
            return web.json_response({"updates": act(self._fake, user, body)})
        except (KeyError, ValueError, TypeError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    async def chat(self, request: web.Request) -> web.Response:
        """GET /chats/<id>: what of the bot stands there, all messages, and how many sends were accepted."""
        number = int(request.match_info["chat"])
        world = self._fake.world
        chat = world.chats.get(number)
        return web.json_response(
            {
                "screen": [dataclasses.asdict(screen) for screen in world.screen(number)],
                "messages": list(chat.messages.values()) if chat else [],
                "sends": world.sends(number),
            }
        )

    async def chats(self, request: web.Request) -> web.Response:
        """GET /chats: every chat with its count."""
        world = self._fake.world
        return web.json_response(
            [chat.raw() | {"sends": world.sends(chat.id)} for chat in world.chats.values()]
        )

    async def counts(self, request: web.Request) -> web.Response:
        """GET /counts: accepted sends in order, calls per method, answered taps, updates that wait."""
        world = self._fake.world
        return web.json_response(
            {
                "log": [dataclasses.asdict(accepted) for accepted in world.log],
                "calls": dict(world.calls),
                "answered_taps": sum(world.answered_taps.values()),
                "waiting": len(self._fake.updates.waiting),
            }
        )

    async def fault(self, request: web.Request) -> web.Response:
        """POST /faults {"faults": [...], "methods": [...], "retry_after": 1}; DELETE clears.

        "copies" delivers every update so many times, "rates" switches the rate rules.
        """
        if request.method == "DELETE":
            self._fake.faults.clear()
            return web.json_response({})
        try:
            body = await _body(request)
            faults = [Fault(name) for name in body.get("faults") or ()]
        except ValueError:
            return web.json_response({"error": f"faults: {', '.join(Fault)}"}, status=400)
        methods = tuple(str(name) for name in body.get("methods") or SENDING)
        self._fake.faults.next(*faults, methods=methods, retry_after=int(body.get("retry_after") or 1))
        self._fake.updates.copies = int(body.get("copies") or self._fake.updates.copies)
        self._fake.rates.enforced = bool(body.get("rates", self._fake.rates.enforced))
        return web.json_response({})


async def _body(request: web.Request) -> Raw:
    text = await request.text()
    body = json.loads(text) if text.strip() else {}
    if not isinstance(body, dict):
        raise ValueError("a JSON object is expected")
    return body


def add_desk_routes(app: web.Application, fake: Stage) -> None:
    """Add the doors to the server."""
    desk = Desk(fake)
    app.router.add_post(r"/user/{user:\d+}/{act}", desk.act)
    app.router.add_get("/chats", desk.chats)
    app.router.add_get(r"/chats/{chat:-?\d+}", desk.chat)
    app.router.add_get("/counts", desk.counts)
    app.router.add_route("POST", "/faults", desk.fault)
    app.router.add_route("DELETE", "/faults", desk.fault)
