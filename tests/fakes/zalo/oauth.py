"""The fake's OAuth: a consent page that redirects with a code, and the token endpoint with its odd errors."""

from __future__ import annotations

import base64
import secrets
from hashlib import sha256
from urllib.parse import parse_qs, urlencode

from aiohttp import web

from tests.fakes.zalo.faults import answered
from tests.fakes.zalo.world import Grant, World

_CODE_SECONDS = 600


class OAuth:
    """Both pages of oauth.zaloapp.com."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Paths as Zalo has them."""
        return [
            web.get("/v4/oa/permission", self.permission),
            web.post("/v4/oa/access_token", self.access_token),
        ]

    async def permission(self, request: web.Request) -> web.Response:
        """Grants at once, as if the administrator pressed the button."""
        query = request.query
        redirect = query.get("redirect_uri", "")
        if query.get("app_id") != self._world.account.app_id:
            return _refused("Invalid app id", -14002)
        saved = self._world.redirect_uri
        if not redirect or (saved is not None and redirect != saved):
            return _refused("Invalid redirect uri", -14003)
        code = secrets.token_urlsafe(16)
        self._world.grants[code] = Grant(query.get("code_challenge", ""), self._world.now() + _CODE_SECONDS)
        back = {"code": code, "oa_id": self._world.account.oa_id, "state": query.get("state", "")}
        raise web.HTTPFound(f"{redirect}?{urlencode(back)}")

    async def access_token(self, request: web.Request) -> web.StreamResponse:
        """Exchanges a code or a refresh token; every refusal has HTTP 200 and no number."""
        body = (await request.read()).decode()
        return await answered(self._world, "token", request, lambda: self._exchange(request, body))

    def _exchange(self, request: web.Request, body: str) -> web.Response:
        world = self._world
        if request.content_type != "application/x-www-form-urlencoded":
            return _refused("Invalid content type")
        if request.headers.get("secret_key") != world.account.app_secret:
            return _refused("Invalid secret key")
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if form.get("app_id") != world.account.app_id:
            return _refused("Invalid app id")
        fault = self._spend(form)
        if fault is not None:
            world.refused_exchanges += 1
            return _refused(fault)
        access, refresh = world.issue()
        world.exchanges += 1
        # The life time is a text, as Zalo sends it.
        return web.json_response({"access_token": access, "refresh_token": refresh, "expires_in": "90000"})

    def _spend(self, form: dict[str, str]) -> str | None:
        """Use up the code or the refresh token; tells what is wrong with it."""
        world = self._world
        if form.get("grant_type") == "refresh_token":
            token = form.get("refresh_token", "")
            world.token_log.append(token)
            expires_at = world.refresh_tokens.pop(token, 0.0)
            return None if expires_at > world.now() else "Invalid refresh token"
        if form.get("grant_type") == "authorization_code":
            grant = world.grants.pop(form.get("code", ""), None)
            if grant is None or grant.expires_at <= world.now():
                return "Invalid authorization code"
            digest = sha256(form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            return None if challenge == grant.challenge else "Invalid code verifier"
        return "Invalid grant type"


def _refused(name: str, code: int | None = None) -> web.Response:
    body: dict[str, object] = {
        "error_name": name,
        "error_reason": "",
        "error_description": name,
        "ref_doc": "https://developers.zalo.me/docs/",
    }
    if code is not None:
        body["error"] = code
    return web.json_response(body)
