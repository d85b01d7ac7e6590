"""Calls of Zalo's open API with the living access token, renewed once when Zalo says that it is dead."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

import aiohttp

from bot.channels.contract import (
    Ambiguous,
    ConnectionFailed,
    CredentialExpired,
    Rejected,
    TokenPair,
)
from bot.channels.zalo.event import word
from bot.channels.zalo.tokens import Tokens
from bot.channels.zalo.wire import Call, Wire, unwrap

_MESSAGE: Final = "/v3.0/oa/message/cs"
_TEMPLATE: Final = "/v3.0/oa/message/template"
_UPLOAD: Final = "/v2.0/oa/upload/image"
_PERSON: Final = "/v3.0/oa/user/detail"


def secret_proof(app_secret: str, access_token: str) -> str:
    """The header value that Zalo asks for when the app's switch for it is on."""
    return hmac.new(app_secret.encode(), access_token.encode(), sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenApi:
    """The calls that a chat needs. `proof_secret` is the app secret where the proof is switched on."""

    base_url: str
    wire: Wire
    tokens: Tokens
    proof_secret: str | None = field(default=None, repr=False)

    async def say(self, user_id: str, message: Mapping[str, object]) -> str:
        """Send a message to one person; returns Zalo's id of it."""
        return await self._post(_MESSAGE, {"recipient": {"user_id": user_id}, "message": message})

    async def say_by_template(self, user_id: str, template_id: str, data: Mapping[str, str]) -> str:
        """Send an approved template (ZBS), which needs no open window and costs money; returns Zalo's id of it."""
        return await self._post(
            _TEMPLATE, {"user_id": user_id, "template_id": template_id, "template_data": dict(data)}
        )

    async def _post(self, path: str, body: Mapping[str, object]) -> str:
        call = Call(
            method="POST",
            url=f"{self.base_url}{path}",
            cut=Ambiguous,
            headers={"Content-Type": "application/json"},
            body=json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        )
        return word((await self._ask(call)).get("message_id"), 200)

    async def upload(self, picture: bytes, name: str, content_type: str) -> str:
        """Hand over a picture (at most 1 MB); the id is good for some days and meant for one message."""

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData()
            made.add_field("file", picture, filename=name, content_type=content_type)
            return made

        url = f"{self.base_url}{_UPLOAD}"
        # A repeated upload reaches no citizen, so a cut one is simply repeated.
        data = await self._ask(Call(method="POST", url=url, cut=ConnectionFailed, body=form))
        found = word(data.get("attachment_id"), 500)
        if not found:
            raise Rejected("no-attachment-id")
        return found

    async def person(self, user_id: str, timeout: float) -> Mapping[str, object]:
        """What Zalo tells about a person; `timeout` in seconds."""
        call = Call(
            method="GET",
            url=f"{self.base_url}{_PERSON}",
            cut=ConnectionFailed,
            params={"data": json.dumps({"user_id": user_id}, separators=(",", ":"))},
            timeout=aiohttp.ClientTimeout(total=timeout),
        )
        return await self._ask(call)

    async def _ask(self, call: Call) -> Mapping[str, object]:
        pair = await self.tokens.current()
        try:
            return await self._ask_with(pair, call)
        except CredentialExpired:
            # Zalo refused it before doing anything, so repeating is safe, whatever the call.
            return await self._ask_with(await self.tokens.renew(pair), call)

    async def _ask_with(self, pair: TokenPair, call: Call) -> Mapping[str, object]:
        headers = {**call.headers, "access_token": pair.access}
        if self.proof_secret is not None:
            headers["appsecret_proof"] = secret_proof(self.proof_secret, pair.access)
        reply = await self.wire.ask(replace(call, headers=headers))
        return unwrap(reply, call.cut, datetime.now(UTC))
