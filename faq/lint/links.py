"""Checks that every link and every site named in a text is well formed and official."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from faq.entry import Entry
from faq.lint.finding import Finding, Rule, Standards

_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_NAMED: Final = re.compile(
    r"(?<![\w@.-])(?:https?://)?((?:[a-z0-9-]+\.)+(?:vn|com|net|org|info|io|me|ly|app|xyz|top))(?![\w-])",
    re.IGNORECASE,
)


def check_links(entry: Entry, standards: Standards) -> Iterator[Finding]:
    """Links that cannot work, and sites that are neither the state's nor on the list."""
    for link in entry.links:
        host = host_of(link)
        if host is None:
            problem = f"{link} không phải đường dẫn https đúng dạng"
            yield Finding(entry.id, "links", problem, Rule.LINK, link)
        elif not is_official(host, standards):
            yield _foreign(entry, "links", host)
    for name, text in entry.texts:
        for host in _NAMED.findall(text):
            if not is_official(host.lower(), standards):
                yield _foreign(entry, name, host)


def is_official(host: str, standards: Standards) -> bool:
    """Whether a host, or the domain above it, is on the list."""
    parts = host.split(".")
    return any(".".join(parts[start:]) in standards.hosts for start in range(len(parts)))


def host_of(link: str) -> str | None:
    """The host of a well-formed https link, else None."""
    if re.search(r"[\s\"<>\\^`{|}]", link):
        return None
    try:
        parts = urlsplit(link)
        plain = parts.scheme == "https" and parts.port is None and parts.username is None
    except ValueError:
        return None
    host = parts.hostname or ""
    return host if plain and _HOST.fullmatch(host) else None


def _foreign(entry: Entry, name: str, host: str) -> Finding:
    problem = f"{host} không có trong danh sách trang chính thức"
    return Finding(entry.id, name, problem, Rule.LINK, host)
