"""Whose address a request comes from: behind a proxy that is trusted, the one that the proxy names."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

_REAL, _FORWARDED = "X-Real-IP", "X-Forwarded-For"
# A household or a company gets so many bits of IPv6, and could write under a new address each time.
_HOUSEHOLD = 64
_Address = IPv4Address | IPv6Address


class Visitors:
    """Tells visitors apart; headers count only from this machine and from the proxies (networks) given."""

    def __init__(self, proxies: Sequence[str] = ()) -> None:
        """Raises ValueError for what is no address and no network."""
        self._proxies = tuple(ip_network(proxy, strict=False) for proxy in proxies)

    def key(self, request: web.Request) -> str:
        """The visitor as the key of a limit; anybody's own word about it is ignored."""
        peer = _read(request.remote)
        if peer is None:
            return request.remote or ""
        named = self._named(request) if self._is_trusted(peer) else None
        address = named or peer
        if isinstance(address, IPv6Address):
            return str(IPv6Network((address, _HOUSEHOLD), strict=False))
        return str(address)

    def _named(self, request: web.Request) -> _Address | None:
        """X-Real-IP, else the last hop that is none of our proxies: what stands before it anybody may write."""
        if _REAL in request.headers:
            return _read(request.headers[_REAL])
        hops = [hop for line in request.headers.getall(_FORWARDED, []) for hop in line.split(",")]
        for hop in reversed(hops):
            address = _read(hop)
            if address is None or not self._is_trusted(address):
                return address
        return None

    def _is_trusted(self, address: _Address) -> bool:
        return address.is_loopback or any(address in proxy for proxy in self._proxies)


def _read(text: str | None) -> _Address | None:
    try:
        address = ip_address((text or "").strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
