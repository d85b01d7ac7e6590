"""Fetches photos and files that citizens sent: only from Zalo's media hosts, never from an inner address."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.channels.contract import ConnectionFailed, Rejected

MEDIA_HOSTS: Final = ("zdn.vn", "zadn.vn", "zalo.me")
TIMEOUT: Final = aiohttp.ClientTimeout(total=60, connect=5, sock_read=15)
_MOST_REDIRECTS: Final = 3
_CHUNK: Final = 64 * 1024
# A gateway turns these into the IPv4 address of their last four bytes.
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")


class InnerAddress(OSError):
    """A name that is allowed points to an address that is not on the public internet."""


class PublicResolver(AbstractResolver):
    """Resolves names and drops private, loopback and link-local addresses, so that a name cannot lead inside.

    The connection is made to exactly the addresses returned here; there is no second look-up to trick.
    """

    def __init__(self, inner: AbstractResolver | None = None, allowed: frozenset[str] = frozenset()) -> None:
        self._inner = inner
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises InnerAddress when nothing public is left."""
        if self._inner is None:
            self._inner = aiohttp.ThreadedResolver()
        found = await self._inner.resolve(host, port, family)
        if host in self._allowed:
            return found
        public = [one for one in found if is_public(one["host"])]
        if not public:
            raise InnerAddress(host)
        return public

    async def close(self) -> None:
        """Let go of the inner resolver."""
        if self._inner is not None:
            await self._inner.close()


def is_public(address: str) -> bool:
    """True for an address that anybody on the internet could reach, also behind an IPv4-in-IPv6 form."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        translated = number in _TRANSLATED
        hidden = number.ipv4_mapped or number.sixtofour
        if translated or hidden is not None:
            number = hidden or ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    return number.is_global and not number.is_multicast


def _parsed(source: str) -> URL:
    """A clean URL is kept letter for letter, because the query of a file server may be signed."""
    if any(letter < " " or letter == "\x7f" for letter in source):
        raise Rejected("url", "control characters")
    clean = all("!" <= letter <= "~" for letter in source)
    try:
        url = URL(source, encoded=clean)
        if url.explicit_port == 0:
            raise Rejected("url", "odd port")
    except ValueError:
        raise Rejected("url", "unreadable") from None
    return url


def _is_inner_name(host: str) -> bool:
    """An address literal or localhost: allowed only when the settings list exactly it, as tests do."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


@dataclass(frozen=True, slots=True)
class Hosts:
    """Which hosts files may come from: exactly these and, for names, their subdomains."""

    allowed: tuple[str, ...] = MEDIA_HOSTS

    def literal(self) -> frozenset[str]:
        """The listed hosts that may lie inside: address literals and localhost."""
        return frozenset(host for host in self.allowed if _is_inner_name(host))

    def checked(self, source: str | URL) -> URL:
        """The URL to ask, upgraded to https. Raises Rejected for anything that is not an allowed file."""
        url = source if isinstance(source, URL) else _parsed(source)
        port = url.explicit_port
        host = (url.host or "").rstrip(".").casefold()
        if url.scheme not in ("http", "https") or not host or url.user or url.password:
            raise Rejected("url", "not a plain web address")
        if host in self.literal():
            return url
        if _is_inner_name(host) or not any(host == one or host.endswith(f".{one}") for one in self.allowed):
            raise Rejected("url", "foreign host")
        if port not in (None, 80, 443):
            raise Rejected("url", "odd port")
        return url.with_scheme("https").with_port(None)


class MediaFetch:
    """A client of its own for files: its resolver refuses inner addresses."""

    def __init__(
        self,
        hosts: Hosts,
        resolver: AbstractResolver | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._hosts = hosts
        self._resolver = resolver
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, source: str, limit: int) -> bytes:
        """At most `limit` bytes. Raises Rejected (foreign, gone, too large) or ConnectionFailed."""
        url = self._hosts.checked(source)
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                found = await self._step(url, limit)
                if isinstance(found, bytes):
                    return found
                url = self._hosts.checked(found)
        except aiohttp.InvalidURL:
            raise Rejected("url", "unreadable") from None
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, InnerAddress):
                raise Rejected("url", "inner address") from None
            raise ConnectionFailed("connect", type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ConnectionFailed("cut", type(error).__name__) from None
        raise Rejected("url", "too many redirects")

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            resolver = PublicResolver(self._resolver, self._hosts.literal())
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True),
                timeout=self._timeout,
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                # A packed file could unfold to gigabytes; photos gain nothing from packing.
                headers={"Accept-Encoding": "identity"},
            )
        return self._session

    async def _step(self, url: URL, limit: int) -> bytes | URL:
        async with self._open().get(url, allow_redirects=False) as response:
            if response.status in (301, 302, 303, 307, 308):
                return url.join(_parsed(response.headers.get("Location", "")))
            if response.status >= 500:
                raise ConnectionFailed(f"http {response.status}")
            if response.status != 200:
                raise Rejected(f"http {response.status}")
            if (response.content_length or 0) > limit:
                raise Rejected("too-large")
            found = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                found += chunk
                if len(found) > limit:
                    raise Rejected("too-large")
            return bytes(found)
