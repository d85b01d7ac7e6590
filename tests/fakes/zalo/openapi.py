"""The fake's open API: messages, uploads, people, quota; every refusal with HTTP 200, as Zalo does it."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Callable
from hashlib import sha256

from aiohttp import web

from tests.fakes.zalo.events import Events
from tests.fakes.zalo.faults import answered, refused
from tests.fakes.zalo.messages import Checked, Wrong, check
from tests.fakes.zalo.world import HOUR, Endpoint, OaMessage, Person, Upload, World

_IMAGE_BYTES = 1024 * 1024
_FILE_BYTES = 5 * 1024 * 1024
_UPLOAD_LIFE = 7 * 24 * HOUR
_PER_MINUTE = 4000


class OpenApi:
    """The paths of openapi.zalo.me that a chat needs."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events

    def routes(self) -> list[web.RouteDef]:
        """Paths as Zalo has them; the versions differ by family."""
        return [
            web.post("/v3.0/oa/message/cs", self.message),
            web.post("/v3.0/oa/message/template", self.template),
            web.post("/v2.0/oa/upload/image", self.upload_image),
            web.post("/v2.0/oa/upload/file", self.upload_file),
            web.get("/v3.0/oa/user/detail", self.detail),
            web.post("/v3.0/oa/quota/message", self.quota),
            web.get("/v2.0/oa/getoa", self.getoa),
            web.post("/v2.0/oa/message", self.gone),
        ]

    async def message(self, request: web.Request) -> web.StreamResponse:
        """A consultation message to one person."""
        body = await _json(request)
        return await self._answer("cs", request, lambda: self._send(request, body))

    async def template(self, request: web.Request) -> web.StreamResponse:
        """An approved template to one person: no window, but the right fields, and money."""
        body = await _json(request)
        return await self._answer("cs", request, lambda: self._send_template(request, body))

    async def upload_image(self, request: web.Request) -> web.StreamResponse:
        """JPEG or PNG of at most one megabyte in the field `file`."""
        data = await _file(request)

        def work() -> web.Response:
            if data is None or not data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
                return refused(-201, "file is invalid")
            if len(data) > _IMAGE_BYTES:
                return refused(-210, "file exceeds 1MB")
            return self._stored(data, "attachment_id")

        return await self._answer("upload", request, work)

    async def upload_file(self, request: web.Request) -> web.StreamResponse:
        """A PDF of at most five megabytes in the field `file`."""
        data = await _file(request)

        def work() -> web.Response:
            if data is None or not data.startswith(b"%PDF"):
                return refused(-201, "file is invalid")
            if len(data) > _FILE_BYTES:
                return refused(-210, "file exceeds 5MB")
            return self._stored(data, "token")

        return await self._answer("upload", request, work)

    async def detail(self, request: web.Request) -> web.StreamResponse:
        """Name and avatar of somebody who follows or has written."""

        def work() -> web.Response:
            person = self._known(_parsed(request.query.get("data", "")))
            if person is None or (person.last_interaction is None and not person.follows):
                return refused(-213, "User has not followed OA")
            return _ok(
                {
                    "user_id": person.user_id,
                    "display_name": person.name,
                    "user_is_follower": person.follows,
                    "avatar": "",
                }
            )

        return await self._answer("detail", request, work)

    async def quota(self, request: web.Request) -> web.StreamResponse:
        """When the person last interacted, in milliseconds as text."""
        body = await _json(request)

        def work() -> web.Response:
            person = self._known(body)
            if person is None:
                return refused(-201, "user_id is invalid")
            last = person.last_interaction
            return _ok({"last_interaction": str(int(last * 1000)) if last else "", "cs_reply": {}})

        return await self._answer("detail", request, work)

    async def getoa(self, request: web.Request) -> web.StreamResponse:
        """The account itself."""
        account = self._world.account
        found = {"oa_id": account.oa_id, "name": account.name, "is_verified": True}
        return await self._answer("detail", request, lambda: _ok(found))

    async def gone(self, request: web.Request) -> web.Response:
        """The second version of messages was shut down."""
        return refused(-240, "This API version has been shut down")

    async def _answer(
        self, endpoint: Endpoint, request: web.Request, work: Callable[[], web.Response]
    ) -> web.StreamResponse:
        def allowed() -> web.Response:
            return self._refusal(request) or work()

        response = await answered(self._world, endpoint, request, allowed)
        left = _PER_MINUTE - len(self._world.calls)
        response.headers.update({"X-RateLimit-Limit": str(_PER_MINUTE), "X-RateLimit-Remain": str(left)})
        return response

    def _refusal(self, request: web.Request) -> web.Response | None:
        """Only the bare header counts: no bearer, no query parameter."""
        world = self._world
        given = request.headers.get("access_token", "")
        if not given or given != world.access_token or "Authorization" in request.headers:
            return refused(-216, "Access token is invalid")
        if "access_token" in request.query:
            return refused(-216, "Access token is invalid")
        if world.now() >= world.access_expires_at:
            return refused(-220, "access_token is expired or removed")
        if world.switches.require_proof:
            proof = hmac.new(world.account.app_secret.encode(), given.encode(), sha256).hexdigest()
            if request.headers.get("appsecret_proof") != proof:
                return refused(-242, "appsecret_proof is invalid")
        return self._too_fast()

    def _too_fast(self) -> web.Response | None:
        world = self._world
        while world.calls and world.now() - world.calls[0] >= 60:
            world.calls.popleft()
        limit = world.switches.burst_limit
        if limit is not None and len(world.calls) >= limit:
            world.refused_as_too_fast += 1
            return refused(-32, "Your application has exceeded the rate limit of requests per minute")
        world.calls.append(world.now())
        return None

    def _known(self, body: object) -> Person | None:
        user_id = body.get("user_id") if isinstance(body, dict) else None
        return self._world.people.get(user_id) if isinstance(user_id, str) else None

    def _send(self, request: web.Request, body: object) -> web.Response:
        if request.content_type != "application/json" or not isinstance(body, dict):
            return refused(-201, "body is invalid")
        person = self._known(body.get("recipient"))
        if person is None:
            return refused(-201, "recipient.user_id is invalid")
        person.attempts += 1
        try:
            checked = check(self._world, body.get("message"))
            charged = self._charged(person)
        except Wrong as wrong:
            return refused(wrong.code, wrong.message)
        return self._accept(person, checked, charged)

    def _send_template(self, request: web.Request, body: object) -> web.Response:
        if request.content_type != "application/json" or not isinstance(body, dict):
            return refused(-201, "body is invalid")
        if set(body) != {"user_id", "template_id", "template_data"}:
            return refused(-201, "body has other fields than user_id, template_id, template_data")
        person, data = self._known(body), body["template_data"]
        fields = self._world.templates.get(str(body["template_id"]))
        if person is None:
            return refused(-201, "user_id is invalid")
        if fields is None:
            return refused(-249, "Template can not be sent by uid")
        if not isinstance(data, dict) or set(data) != set(fields):
            return refused(-201, "template_data is invalid")
        for name, longest in fields.items():
            if not isinstance(data[name], str) or not 0 < len(data[name]) <= longest:
                return refused(-201, f"template_data.{name} is invalid")
        person.attempts += 1
        if person.blocked:
            return refused(-244, "User has restricted this type of message from OA")
        if self._world.switches.balance != "ok":
            return refused(-321, "Zalo Cloud Account is out of balance")
        text = "; ".join(f"{name}: {data[name]}" for name in fields)
        return self._accept(person, Checked(text), charged=True)

    def _charged(self, person: Person) -> bool:
        """Free until 48 hours after the last interaction, charged until seven days, then refused."""
        if person.blocked:
            raise Wrong(-244, "User has restricted this type of message from OA")
        if person.last_interaction is None:
            raise Wrong(-232, "User has not interacted with OA or interaction is expired")
        age = self._world.now() - person.last_interaction
        if age > 7 * 24 * HOUR:
            raise Wrong(-230, "User has not interacted with the OA in the past 7 days")
        if age <= 48 * HOUR:
            return False
        if self._world.switches.balance == "no_account":
            raise Wrong(-320, "App has not linked to a Zalo Cloud Account")
        if self._world.switches.balance == "no_balance":
            raise Wrong(-321, "Zalo Cloud Account is out of balance")
        return True

    def _accept(self, person: Person, checked: Checked, charged: bool) -> web.Response:
        message_id = secrets.token_hex(10)
        self._world.sent_at.append(time.perf_counter())
        person.screen.append(
            OaMessage(message_id, checked.text, checked.buttons, checked.pictures, charged=charged)
        )
        self._events.echo(person, checked.event, message_id, checked.text, staff=None)
        data: dict[str, object] = {
            "message_id": message_id,
            "user_id": person.user_id,
            "sent_time": str(int(self._world.now() * 1000)),
        }
        if not charged:
            data["quota"] = {"quota_type": "reply"}
        return _ok(data)

    def _stored(self, data: bytes, key: str) -> web.Response:
        found = secrets.token_urlsafe(24)
        self._world.uploads[found] = Upload(data, self._world.now() + _UPLOAD_LIFE)
        return _ok({key: found})


def _ok(data: dict[str, object]) -> web.Response:
    return web.json_response({"error": 0, "message": "Success", "data": data})


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


async def _json(request: web.Request) -> object:
    return _parsed((await request.read()).decode("utf-8", "replace"))


async def _file(request: web.Request) -> bytes | None:
    if request.content_type != "multipart/form-data":
        return None
    field = (await request.post()).get("file")
    return field.file.read() if isinstance(field, web.FileField) else None
