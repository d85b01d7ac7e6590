"""Keeps Zalo's access token alive: consent, single-use refresh tokens, one renewal for all replicas."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from bot.channels.contract import ConnectionFailed, Misconfigured, TokenPair, TokenVault
from bot.channels.zalo.event import word
from bot.channels.zalo.wire import Call, Reply, Wire, error_code

# An access token lives 25 hours; five hours leave several tries before anything fails.
RENEW_BEFORE: Final = timedelta(hours=5)
# When the answer tells no life time: short enough to be renewed soon, long enough not to renew all the time.
_LIFE_UNKNOWN: Final = timedelta(hours=6)
_NEVER: Final = datetime.fromtimestamp(0, UTC)


def challenge(verifier: str) -> str:
    """The PKCE code challenge of a 43-character verifier: base64url of its SHA-256 without padding."""
    return base64.urlsafe_b64encode(sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class App:
    """The application at Zalo that speaks for the official account."""

    app_id: str
    secret: str = field(repr=False)
    oauth_url: str

    def consent_url(self, state: str, verifier: str, redirect_uri: str) -> str:
        """Where an administrator of the official account grants access."""
        query = {
            "app_id": self.app_id,
            "redirect_uri": redirect_uri,
            "code_challenge": challenge(verifier),
            "state": state,
        }
        return f"{self.oauth_url}/v4/oa/permission?{urlencode(query)}"


class Tokens:
    """The living token pair. The vault decides who renews; this only knows how."""

    def __init__(self, app: App, first_refresh_token: str | None, vault: TokenVault, wire: Wire) -> None:
        self._app = app
        self._seed = first_refresh_token or None
        self._vault = vault
        self._wire = wire
        self._pair: TokenPair | None = None
        self._alone = asyncio.Lock()

    async def current(self) -> TokenPair:
        """The pair in use. Raises Misconfigured when there is none and nothing to begin with."""
        async with self._alone:
            return self._pair or await self._load()

    async def renew(self, seen: TokenPair) -> TokenPair:
        """A pair other than `seen`, exchanged only when no replica has done so yet."""
        async with self._alone:
            # Many sends learn of a dead token at once; the first one renews for all.
            if self._pair is not None and self._pair.access != seen.access:
                return self._pair
            return await self._renew(seen)

    async def keep_fresh(self, now: datetime) -> None:
        """Take over what another replica renewed, and renew when less than five hours are left."""
        async with self._alone:
            pair = await self._load()
            if pair.expires_at - now < RENEW_BEFORE:
                await self._renew(pair)

    async def redeem(self, code: str, verifier: str) -> None:
        """Exchange the code of a consent (single use, ten minutes) and keep the pair."""
        form = {
            "code": code,
            "app_id": self._app.app_id,
            "grant_type": "authorization_code",
            "code_verifier": verifier,
        }
        pair = await self._ask(form)
        async with self._alone:
            await self._vault.save(pair)
            self._pair = pair

    async def _load(self) -> TokenPair:
        stored = await self._vault.load()
        if stored is None:
            if self._seed is None:
                raise Misconfigured("no-token", "nobody has granted access to the official account yet")
            # The seed is never saved: a replica that comes late would overwrite a living pair with it.
            return await self._renew(TokenPair("", self._seed, _NEVER))
        self._pair = stored
        return stored

    async def _renew(self, seen: TokenPair) -> TokenPair:
        self._pair = await self._vault.renew(seen, self._exchange)
        return self._pair

    async def _exchange(self, pair: TokenPair) -> TokenPair:
        try:
            return await self._refresh(pair.refresh)
        except Misconfigured:
            # The chain is broken. The configured token may be a new one that a person put there to mend it.
            if self._seed is None or self._seed == pair.refresh:
                raise
            return await self._refresh(self._seed)

    async def _refresh(self, token: str) -> TokenPair:
        form = {"refresh_token": token, "app_id": self._app.app_id, "grant_type": "refresh_token"}
        return await self._ask(form)

    async def _ask(self, form: dict[str, str]) -> TokenPair:
        reply = await self._wire.ask(
            Call(
                method="POST",
                url=f"{self._app.oauth_url}/v4/oa/access_token",
                cut=ConnectionFailed,
                headers={
                    "secret_key": self._app.secret,
                    "Content-Type": "application/x-www-form-urlencoded",
                },
                body=urlencode(form).encode(),
            )
        )
        return granted(reply, datetime.now(UTC))


def granted(reply: Reply, now: datetime) -> TokenPair:
    """The pair of a token answer. Refusals come with status 200 and often without a number, so nothing but
    two non-empty tokens is a success. Raises ConnectionFailed for a broken server, else Misconfigured."""
    payload = reply.payload()
    if reply.status >= 500 or reply.status == 429 or (reply.status < 300 and payload is None):
        raise ConnectionFailed(f"http {reply.status}", "token endpoint")
    found = payload or {}
    access, refresh = found.get("access_token"), found.get("refresh_token")
    if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
        code = error_code(found)
        name = word(found.get("error_name"), 80) or word(found.get("error_description"), 80)
        raise Misconfigured(str(code) if code is not None else "token", name or f"http {reply.status}")
    seconds = word(found.get("expires_in"), 12)
    life = timedelta(seconds=int(seconds)) if seconds.isascii() and seconds.isdigit() else _LIFE_UNKNOWN
    return TokenPair(access, refresh, now + life)
