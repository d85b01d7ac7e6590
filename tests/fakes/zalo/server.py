"""The whole fake Zalo as one server on loopback, driven from Python or over HTTP."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.zalo.citizen import Citizen
from tests.fakes.zalo.delivery import Delivery
from tests.fakes.zalo.events import Events
from tests.fakes.zalo.oauth import OAuth
from tests.fakes.zalo.openapi import OpenApi
from tests.fakes.zalo.panel import Panel
from tests.fakes.zalo.world import Account, Endpoint, Fault, OaMessage, World


class ZaloFake:
    """OAuth, open API, media files, webhook and people in one process; `base_url` serves them all."""

    def __init__(self, account: Account | None = None) -> None:
        self.world = World(account or Account())
        self.delivery = Delivery()
        self.events = Events(self.world, self.delivery)
        self.citizen = Citizen(self.world, self.events)
        self._runner: web.AppRunner | None = None

    @property
    def account(self) -> Account:
        """Ids and secrets of app and official account."""
        return self.world.account

    @property
    def base_url(self) -> str:
        """Base of both the open API and OAuth; empty before `start`."""
        return self.world.base_url

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Listen on loopback; port 0 takes a free one."""
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.add_routes(OAuth(self.world).routes())
        app.add_routes(OpenApi(self.world, self.events).routes())
        app.add_routes(Panel(self.world, self.citizen, self.delivery).routes())
        app.add_routes([web.get("/media/{key:.+}", self._media)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        found = self._runner.addresses[0]
        self.world.base_url = f"http://{host}:{found[1]}"

    async def stop(self) -> None:
        """Stop listening and posting."""
        await self.delivery.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    def refresh_token(self) -> str:
        """A fresh refresh token, as the API explorer of the console hands it out."""
        return self.world.issue()[1]

    def expire_access(self) -> None:
        """The access token runs out now."""
        self.world.access_expires_at = 0.0

    def revoke(self) -> None:
        """The administrator withdraws the grant: no token works any more."""
        self.world.access_token = ""
        self.world.refresh_tokens.clear()

    def expire_uploads(self) -> None:
        """All attachment ids run out now."""
        for upload in self.world.uploads.values():
            upload.expires_at = 0.0

    def fail_next(self, fault: Fault, endpoint: Endpoint = "cs", times: int = 1) -> None:
        """Let the next calls of an endpoint show a fault."""
        self.world.faults.setdefault(endpoint, []).extend([fault] * times)

    def chat(self, user_id: str) -> list[OaMessage]:
        """What the person has on the screen of ours, oldest first."""
        return list(self.world.person(user_id).screen)

    def accepted(self, user_id: str) -> int:
        """How many sends of ours reached the person: what the books are compared with."""
        return sum(1 for message in self.world.person(user_id).screen if not message.by_staff)

    def attempts(self, user_id: str) -> int:
        """How many sends to the person came in, refused ones included."""
        return self.world.person(user_id).attempts

    async def _media(self, request: web.Request) -> web.Response:
        data = self.world.media.get(request.match_info["key"])
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="application/octet-stream")
