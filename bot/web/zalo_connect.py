"""The page by which an administrator of the official account lets us in: one signed link, one round trip."""

from __future__ import annotations

import hmac
import json
import secrets

from aiohttp import web
from cryptography.fernet import InvalidToken

from bot.channels.contract import SendError
from bot.channels.zalo import ZaloChannel
from bot.credentials import Keyring
from core.wording import Wording

START, CALLBACK = "/zalo/connect", "/zalo/callback"
_LIFE_SECONDS = 600
_COOKIE = "nghedan_zalo"
_PURPOSE = "zalo-connect"


def connect_link(keyring: Keyring, base_url: str) -> str:
    """A link for the administrator, good for ten minutes."""
    return f"{base_url}{START}?k={keyring.box(_PURPOSE).encrypt(b'open').decode()}"


def add_zalo_connect_routes(
    app: web.Application, zalo: ZaloChannel, keyring: Keyring, base_url: str, words: Wording
) -> None:
    """`/zalo/connect` leads to Zalo's consent page, `/zalo/callback` takes the code that comes back."""
    box = keyring.box(_PURPOSE)
    secure = base_url.startswith("https:")

    async def start(request: web.Request) -> web.Response:
        try:
            box.decrypt(request.query.get("k", ""), ttl=_LIFE_SECONDS)
        except InvalidToken:
            return _page(words.text("operator.zalo_link_old"), 403)
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
        answer = web.Response(
            status=302,
            headers={"Location": zalo.consent_url(state, verifier, base_url + CALLBACK)},
        )
        sealed = box.encrypt(json.dumps([state, verifier]).encode()).decode()
        answer.set_cookie(
            _COOKIE, sealed, max_age=_LIFE_SECONDS, httponly=True, samesite="Lax", secure=secure
        )
        return answer

    async def callback(request: web.Request) -> web.Response:
        try:
            opened = box.decrypt(request.cookies.get(_COOKIE, ""), ttl=_LIFE_SECONDS)
        except InvalidToken:
            return _page(words.text("operator.zalo_link_old"), 403)
        state, verifier = json.loads(opened)
        # Zalo is said to drop the state sometimes; without it the sealed cookie alone binds the browser.
        given = request.query.get("state", state)
        code, account = request.query.get("code", ""), request.query.get("oa_id", zalo.account)
        if not code or not hmac.compare_digest(given.encode(), state.encode()) or account != zalo.account:
            return _page(words.text("operator.zalo_refused"), 400)
        try:
            await zalo.redeem(code, verifier)
        except SendError as error:
            return _page(words.text("operator.zalo_failed", code=error.code), 502)
        answer = _page(words.text("operator.zalo_connected"), 200)
        answer.del_cookie(_COOKIE)
        return answer

    app.router.add_get(START, start)
    app.router.add_get(CALLBACK, callback)


def _page(sentence: str, status: int) -> web.Response:
    html = (
        '<!doctype html><html lang="vi"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Zalo</title>'
        f"<p>{sentence}</p></html>"
    )
    return web.Response(text=html, content_type="text/html", status=status)
