"""The keys of the house: the secret key, what is derived from it, and token pairs encrypted in the database."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlmodel import Session

from bot.channels.contract import Misconfigured, TokenPair
from bot.settings import SHORTEST_KEY, WrongSetting
from storage.database import Database
from storage.machinery import claim_lease, drop_lease
from storage.models import Credential

_LEASE = timedelta(seconds=90)  # longer than the longest exchange, else two would spend one refresh token
_WAIT, _TRIES = 0.5, 200


class Keyring:
    """Derives one key for each purpose, so that none gives away another."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def derive(self, purpose: str) -> bytes:
        """32 bytes that belong to this purpose alone."""
        return HKDF(hashes.SHA256(), 32, salt=None, info=purpose.encode()).derive(self._secret)

    def derive_text(self, purpose: str) -> str:
        """The same as letters, digits, - and _."""
        return base64.urlsafe_b64encode(self.derive(purpose)).decode().rstrip("=")

    def box(self, purpose: str) -> Fernet:
        """Encrypts and authenticates values of this purpose."""
        return Fernet(base64.urlsafe_b64encode(self.derive(purpose)))


def load_secret(configured: str, data_dir: Path) -> str:
    """The configured key, or one that is made once and kept beside the data, readable by us alone.

    Raises WrongSetting for a kept key that was cut off: what anybody can guess protects nothing.
    """
    if configured:
        return configured
    file = data_dir / "secret.key"
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        _keep(file, secrets.token_urlsafe(48))
    secret = file.read_text(encoding="ascii", errors="replace").strip()
    if len(secret) < SHORTEST_KEY:
        raise WrongSetting(
            f"{file}: khóa đã hỏng. Chép lại bản cất riêng; không có thì xóa tệp này để tạo khóa mới, "
            "và cấp quyền Zalo lại."
        )
    return secret


def _keep(file: Path, secret: str) -> None:
    """Whole or not at all, also when the disk is full or the power goes."""
    partial = file.with_suffix(".part")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(secret)
        opened.flush()
        os.fsync(opened.fileno())
    partial.replace(file)


class StoredTokens:
    """A TokenVault in the database: one renewal at a time among all replicas, stored before it is used."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        clock: Callable[[], datetime],
        owner: str,
        name: tuple[str, str],
    ) -> None:
        self._database = database
        self._box = keyring.box(f"tokens:{name[0]}:{name[1]}")
        self._clock = clock
        self._owner = owner
        self._name = name
        # The lease tells processes apart; inside one process two tasks would both own it.
        self._here = asyncio.Lock()

    async def load(self) -> TokenPair | None:
        """The stored pair. Raises Misconfigured when the secret key was changed."""
        row = await self._database.read(lambda s: s.get(Credential, self._name))
        if row is None:
            return None
        try:
            return TokenPair(self._open(row.access), self._open(row.refresh), row.expires_at)
        except InvalidToken:
            raise Misconfigured("secret_key", "stored tokens were made with another key") from None

    async def save(self, pair: TokenPair) -> None:
        """Keep a pair, durably when this returns."""
        now = self._clock()
        access, refresh = self._seal(pair.access), self._seal(pair.refresh)

        def store(session: Session) -> None:
            row = session.get(Credential, self._name) or Credential(
                channel=self._name[0],
                account=self._name[1],
                access=access,
                refresh=refresh,
                expires_at=pair.expires_at,
                renewed_at=now,
            )
            row.access, row.refresh, row.expires_at, row.renewed_at = access, refresh, pair.expires_at, now
            session.add(row)

        await self._database.run(store)

    async def renew(
        self, seen: TokenPair, exchange: Callable[[TokenPair], Awaitable[TokenPair]]
    ) -> TokenPair:
        """Exchange once among all; whoever comes later finds the new pair. Raises what `exchange` raises."""
        lease = f"token:{self._name[0]}:{self._name[1]}"
        async with self._here:
            for _ in range(_TRIES):
                now = self._clock()
                if await self._database.run(lambda s: claim_lease(s, lease, self._owner, now, _LEASE)):  # noqa: B023
                    break
                await asyncio.sleep(_WAIT)
            else:
                raise Misconfigured("token_lease", "another process holds the renewal")
            try:
                current = await self.load()
                if current is not None and current.access != seen.access:
                    return current
                fresh = await exchange(current or seen)
                await self.save(fresh)
                return fresh
            finally:
                await self._database.run(lambda s: drop_lease(s, lease, self._owner))

    def _seal(self, value: str) -> str:
        return self._box.encrypt(value.encode()).decode()

    def _open(self, value: str) -> str:
        return self._box.decrypt(value.encode()).decode()
