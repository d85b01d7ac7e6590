"""Finds addresses in a message, also hidden ones ("vneid [.] top"), and tells what kind of place each leads to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from rapidfuzz.distance import Levenshtein

from faq.entry import ContentError, read_yaml
from faq.library import CONTENT
from faq.normalize import clean, strip_marks

_FILE: Final = "_sites.yaml"
_SURE_ENDS: Final = (
    "com|net|org|info|xyz|vip|icu|club|online|site|website|shop|store|top|click|link|live|life|pro|app|biz|asia|cyou"
    "|buzz|fun|space|tech|cloud|bond|sbs|lol|cfd|page|dev|vn|gov|edu|loan|win|bid|work|world|today|support|services"
)
# Two letters that are also ends of words: they count with a path, a scheme, or for a known site.
_DOUBTFUL_ENDS: Final = "me|ly|cc|io|co|tk|ml|ga|cf|gl|gd|ws|to|tv|be|cn|ru|us|in|la|ai|sh|id|asia"
_HOST: Final = rf"(?:[a-z0-9](?:[a-z0-9_-]{{0,60}}[a-z0-9])?\.){{1,6}}(?:{_SURE_ENDS}|{_DOUBTFUL_ENDS})"
_URL: Final = re.compile(
    rf"(?<![a-z0-9_.-])(?P<scheme>h(?:tt|xx|t)ps?:?/{{1,2}}|www\.)?(?P<user>[^\s@/]{{1,60}}@)?(?P<host>{_HOST}|xn--[a-z0-9.-]+"
    rf"|(?:\d{{1,3}}\.){{3}}\d{{1,3}})(?![a-z0-9-])(?P<rest>(?::\d+)?(?:[/?#][^\s<>\"”]*)?)"
)
_MAIL: Final = re.compile(r"[\w.+-]+@$")
_SURE: Final = re.compile(rf"\.(?:{_SURE_ENDS})$")
# "vneid [.] top", "vneid(dot)top", "vneid . top", "vneid chấm top", "hxxps://".
_DOTS: Final = re.compile(
    rf"(?<=[a-z0-9])\s?(?:\[\.\]|\(\.\)|\{{\.\}}|\[dot\]|\(dot\)|\s(?:dot|cham)\s|\s\.\s?|\.\s(?=(?:{_SURE_ENDS})(?:/|\s|$)))\s?"
    rf"(?=[a-z0-9-]+(?:\.|/|\s|$|\[|\())"
)
_HIDDEN: Final = re.compile(
    rf"\s(?:dot|cham)\s(?:{_SURE_ENDS})\b|\[\.\]|\(\.\)|\[dot\]|\(dot\)|\s?\.\s(?:com|net|xyz|vip)\b|\s\.\s?(?:{_SURE_ENDS})\b"
)
_APP_FILE: Final = re.compile(r"(?<![\w-])[\w-]+\.apk\b")
_ALIKE: Final = str.maketrans("0134578", "oieastb")
# Cyrillic letters that look like Latin ones.
_STRANGE: Final = str.maketrans("аеорсухіӏԁɡ", "aeopcyxildg")
_PARTS: Final = re.compile(r"[.\-_]+")
_LONG_NAME: Final = 5


class LinkKind(StrEnum):
    """What kind of place an address leads to."""

    OFFICIAL = "official"
    KNOWN = "known"
    IMITATION = "imitation"
    SHORTENED = "shortened"
    APP_FILE = "app_file"
    CHAT = "chat"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Link:
    """An address: its host (for a file to install, the file), what it is, and for an imitation the kind of fraud."""

    host: str
    kind: LinkKind
    fraud: str = ""


@dataclass(frozen=True, slots=True)
class Sites:
    """The known sites (`content/_sites.yaml`)."""

    official: tuple[str, ...]
    known: tuple[str, ...]
    shorteners: frozenset[str]
    chats: tuple[str, ...]
    names: tuple[tuple[str, str], ...]


@lru_cache(maxsize=2)
def load_sites(folder: Path = CONTENT) -> Sites:
    """Read the table. Raises ContentError."""
    raw: dict[str, Any] = read_yaml(folder / _FILE)
    try:
        rows = {name: tuple(str(row["host"]) for row in raw[name]) for name in ("official", "known", "chats")}
        names = tuple((str(name), kind) for kind, some in raw["names"].items() for name in some)
        return Sites(**rows, shorteners=frozenset(raw["shorteners"]), names=names)
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"{_FILE}: sai ở {error!r}") from error


def unfold(text: str) -> str:
    """The text in which addresses can be found: lower case, without marks, look-alike letters as what they seem."""
    plain = strip_marks(clean(text).lower().translate(_STRANGE))
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", plain) if not unicodedata.combining(letter)
    )
    return _DOTS.sub(".", plain) if _HIDDEN.search(plain) else plain


def is_disguised(text: str) -> bool:
    """True when letters of another alphabet stand for those that they look like."""
    return text != text.translate(_STRANGE)


def find_links(plain: str, sites: Sites, *, disguised: bool = False) -> tuple[list[Link], str]:
    """The addresses in an unfolded text, and the text with each replaced by "<link>".

    `disguised`: the text had letters of another alphabet, so no address in it is what it seems.
    """
    links: list[Link] = []
    pieces: list[str] = []
    at = 0
    for start, end, link in _found(plain, sites):
        links.append(Link(link.host, LinkKind.IMITATION) if disguised else link)
        pieces += [plain[at:start], " <link> "]
        at = end
    return links, "".join((*pieces, plain[at:]))


def _found(plain: str, sites: Sites) -> Iterator[tuple[int, int, Link]]:
    behind = 0
    spots = sorted(
        (*_URL.finditer(plain), *_APP_FILE.finditer(plain)), key=lambda match: (match.start(), -match.end())
    )
    for match in spots:
        if match.start() < behind or _MAIL.search(plain[: match.start()][-60:]):
            continue
        link = _link(match, sites) if match.re is _URL else Link(match[0], LinkKind.APP_FILE)
        if link is not None:
            behind = match.end()
            yield match.start(), match.end(), link


def _link(match: re.Match[str], sites: Sites) -> Link | None:
    host = match["host"].removeprefix("www.")
    rest = match["rest"].rstrip(".,;:!?)")
    # "user@host" is a mail address, unless a scheme says that the page is meant and the name is a mask.
    if match["user"] and not match["scheme"]:
        return None
    if match["user"]:
        return Link(host, LinkKind.IMITATION)
    if (
        _is_below(host, (*sites.official, *sites.known, *sites.chats, *sites.shorteners))
        or match["scheme"]
        or rest
    ):
        return classify(host, rest, sites)
    return classify(host, rest, sites) if _SURE.search(host) or _imitation(host, sites) else None


def classify(host: str, rest: str, sites: Sites) -> Link:
    """What kind of place a host is; `rest` is the path behind it."""
    if rest.split("?")[0].endswith(".apk"):
        return Link(host, LinkKind.APP_FILE)
    if _is_below(host, sites.official):
        return Link(host, LinkKind.OFFICIAL)
    if host in sites.shorteners:
        return Link(host, LinkKind.SHORTENED)
    if _is_below(host, sites.chats):
        return Link(host, LinkKind.CHAT)
    if _is_below(host, sites.known):
        return Link(host, LinkKind.KNOWN)
    fraud = _imitation(host, sites)
    if fraud or host.startswith("xn--") or re.fullmatch(r"[\d.]+", host):
        return Link(host, LinkKind.IMITATION, fraud)
    return Link(host, LinkKind.UNKNOWN)


def _imitation(host: str, sites: Sites) -> str:
    """The kind of fraud of a host that bears a name which is not its own, whole or with a letter changed."""
    labels = _PARTS.split(host)[:-1]
    forms = {form for label in labels for form in (label, label.translate(_ALIKE)) if form}
    joined = "".join(labels)
    for name, fraud in sites.names:
        if any(form == name or (len(name) >= _LONG_NAME and _near(form, name)) for form in forms):
            return fraud
        if len(name) >= 4 and (name in joined or name in joined.translate(_ALIKE)):
            return fraud
    return ""


def _near(form: str, name: str) -> bool:
    return abs(len(form) - len(name)) <= 1 and Levenshtein.distance(form, name, score_cutoff=1) <= 1


def _is_below(host: str, sites: Sequence[str]) -> bool:
    return any(host == site or host.endswith(f".{site}") for site in sites)
