"""Reads a message once: its links, numbers and sums, its words in one spelling, the phrases of the table in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.private_numbers import NumberKind, PrivateNumber, find_private_numbers
from faq.concepts import Hit
from faq.scam.links import Link, Sites, find_links, is_disguised, unfold
from faq.scam.table import CALM, ScamTable
from faq.syllables import is_syllable

MAX_LENGTH: Final = 2000
"""Longer messages are read in part: what is wanted stands in the beginning."""

_MONEY: Final = re.compile(
    r"(?<![\d.,])\d[\d.,]{0,20}\s?(?:vnd|dong|trieu|tr|ngan|nghin|k|d|ty|usd|usdt|do|xu)(?:\s?\d{1,3})?(?![a-z0-9])"
    r"|\d{1,3}(?:[.,]\d{3})+(?![\d.,])"
)
# "n.g.a.n h-a-n-g": single letters with signs in between.
_SPELLED: Final = re.compile(r"(?<![a-z0-9])(?:[a-z][.\-_*]){2,}[a-z](?![a-z0-9])")
_SIGNS: Final = re.compile(r"[.\-_*]")
_TOKEN: Final = re.compile(r"<link>|<so>|<tien>|[a-z0-9@$]+")
_ALIKE: Final = str.maketrans("0134@$", "oieaas")
_MARK: Final = {
    NumberKind.PHONE: " <so> ",
    NumberKind.ACCOUNT: " <so> ",
    NumberKind.CARD: " <so> ",
    NumberKind.IDENTITY: " <so> ",
    NumberKind.CODE: " otp ",
}
_LONGEST_JOIN: Final = 5


@dataclass(frozen=True)
class Reading:
    """A message, read. `hits` are the phrases that count."""

    tokens: tuple[str, ...]
    links: tuple[Link, ...]
    numbers: tuple[PrivateNumber, ...]
    has_money: bool
    has_question_mark: bool
    hits: tuple[Hit, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of all phrases found."""
        return frozenset(hit.name for hit in self.hits)

    def numbers_of(self, *kinds: NumberKind) -> list[PrivateNumber]:
        """The private numbers of some kinds."""
        return [number for number in self.numbers if number.kind in kinds]


def read_message(text: str, table: ScamTable, sites: Sites) -> Reading:
    """Read what somebody wrote or pasted."""
    given = unicodedata.normalize("NFC", text)[:MAX_LENGTH]
    numbers = find_private_numbers(given)
    links, plain = find_links(unfold(_marked(given, numbers)), sites, disguised=is_disguised(given))
    money = _MONEY.search(plain) is not None
    plain = _SPELLED.sub(lambda found: _SIGNS.sub("", found[0]), _MONEY.sub(" <tien> ", plain))
    tokens = tuple(_joined(_words(plain, table.short), table.joined))
    return Reading(
        tokens, tuple(links), numbers, money, "?" in given, tuple(_counting(table.book.find(tokens)))
    )


def _marked(text: str, numbers: Sequence[PrivateNumber]) -> str:
    """The text with each number as a word of its own; a number inside an address stays with it."""
    pieces, at = [], 0
    for number in numbers:
        if text[number.start - 1 : number.start] in ("/", "=", "?"):
            continue
        pieces += [text[at : number.start], _MARK[number.kind]]
        at = number.end
    return "".join((*pieces, text[at:]))


def _words(plain: str, short: Mapping[str, str]) -> list[str]:
    words: list[str] = []
    for token in _TOKEN.findall(plain):
        if token[0] != "<" and not token.isalpha() and not token.isdecimal():
            token = _unmasked(token)
        words += short.get(token, token).split()
    return words


def _unmasked(token: str) -> str:
    """A word in which digits or signs stand for letters ("kh0an", "t@i"); others as they are."""
    guess = token.translate(_ALIKE)
    return guess if token[0].isalpha() and is_syllable(guess) else token


def _joined(words: Sequence[str], joined: Mapping[str, str]) -> list[str]:
    """Several words that are one thing ("mã xác nhận", "đường dẫn") as one, the longest first."""
    out: list[str] = []
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST_JOIN, len(words) - at), 1, -1):
            meant = joined.get(" ".join(words[at : at + size]))
            if meant:
                out += meant.split()
                at += size
                break
        else:
            out.append(words[at])
            at += 1
    return out


def _counting(hits: Sequence[Hit]) -> list[Hit]:
    """Phrases without those that share a word with a calming one: "không cung cấp OTP" asks for no code."""
    calm = [hit for hit in hits if hit.name.startswith(f"{CALM}:")]
    return [
        hit
        for hit in hits
        if hit in calm or not any(one.start < hit.end and hit.start < one.end for one in calm)
    ]
