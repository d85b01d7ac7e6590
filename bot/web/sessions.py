"""The cookie of a chat session: a random token that only this browser and, hashed, the store know."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from aiohttp import web

_LIFE_SECONDS = 30 * 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """How the cookie looks: `secure` behind https; `framed` when a portal may show the chat in a frame."""

    secure: bool
    framed: bool

    @property
    def name(self) -> str:
        """With the `__Host-` prefix no other host or path of the domain can plant one."""
        return "__Host-nghedan_chat" if self.secure else "nghedan_chat"

    def read(self, request: web.Request) -> str | None:
        """The token of a request, if it looks like one of ours."""
        token = request.cookies.get(self.name, "")
        return token if _TOKEN.fullmatch(token) else None

    def header(self, token: str) -> str:
        """The Set-Cookie value that keeps the session for thirty days from now."""
        return f"{self.name}={token}; Max-Age={_LIFE_SECONDS}{self._attributes()}"

    def clearing_header(self) -> str:
        """The Set-Cookie value that makes the browser forget."""
        return f"{self.name}=; Max-Age=0{self._attributes()}"

    def _attributes(self) -> str:
        # Written by hand because http.cookies learnt «Partitioned» only in Python 3.14. Browsers take
        # SameSite=None only with Secure, so a frame in a foreign portal works behind https alone.
        if not self.secure:
            return "; Path=/; HttpOnly; SameSite=Lax"
        if self.framed:
            return "; Path=/; HttpOnly; Secure; SameSite=None; Partitioned"
        return "; Path=/; HttpOnly; Secure; SameSite=Lax"
