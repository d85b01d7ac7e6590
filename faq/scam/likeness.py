"""Whether a pasted message is one of the ward's own announcements, or one with a foreign link or number put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from faq.scam.desk import look
from faq.scam.reading import Reading

_PIECE: Final = 3
_FEWEST: Final = 6
# The share of the message's runs of three words that the announcement has too.
_SAME: Final = 0.6


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which announcement it is, by its place in the list, and whether foreign links or numbers were put in."""

    at: int
    changed: bool


def compare(message: Reading, announced: Sequence[str]) -> Likeness | None:
    """The announcement that a message repeats, or None. A message of a few words is like nothing."""
    pieces = _pieces(message.tokens)
    if len(pieces) < _FEWEST:
        return None
    shares = [(len(pieces & _pieces(read.tokens)) / len(pieces), read) for read in map(_read, announced)]
    at = max(range(len(shares)), key=lambda n: shares[n][0], default=-1)
    if at < 0 or shares[at][0] < _SAME:
        return None
    original = shares[at][1]
    return Likeness(at, bool(_leads(message) - _leads(original)))


def _read(text: str) -> Reading:
    return look(text).reading


def _leads(reading: Reading) -> set[str]:
    """Everything in a message that leads somewhere: hosts and numbers."""
    return {link.host for link in reading.links} | {number.digits for number in reading.numbers}


def _pieces(tokens: Sequence[str]) -> set[tuple[str, ...]]:
    words = [token for token in tokens if not token.startswith("<")]
    return {tuple(words[at : at + _PIECE]) for at in range(len(words) - _PIECE + 1)}
