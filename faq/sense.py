"""What a text asks for, as a direction in a small space: texts that share no word may still point the same way.

Who has no name for a thing describes it ("the plastic card with a chip"), and nobody can write down all descriptions.
The directions of single words, neighbouring words, things and marked words are learnt from labelled questions
(docs/matching.md) and kept as data; the direction of a text is the sum of theirs. A word that was never seen adds
nothing, so this only ever helps the exact sums of faq/ranking.py and cannot replace them.
"""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from operator import mul
from pathlib import Path
from typing import Final, TypeAlias

from faq.concepts import Hit
from faq.entry import ContentError
from faq.library import CONTENT
from faq.slots import Query

Direction: TypeAlias = tuple[float, ...]
"""Of length one, or all zeros where nothing is known of a text."""
Features: TypeAlias = dict[str, float]

REPORT: Final = "=report"
CHAT: Final = "=chat"
"""Where reports of troubles point, and where talk points that no ward could answer."""

_FILE: Final = "_sense.txt"
_SEPARATOR: Final = "\t"
_ZERO: Final = 128
"""A number of a row is a byte, 128 for nothing: bytes are summed without being unpacked."""
_SATURATION: Final = 1.6


def features(query: Query, hits: Iterable[Hit]) -> Features:
    """What points somewhere in a text: its words, neighbours ("a b"), marked words and things ("#name")."""
    found: Features = {}
    focus = query.focus
    for slot, weight in zip(query.slots, focus, strict=True):
        for word, likely in slot.words:
            if found.get(word, 0.0) < likely * weight:
                found[word] = likely * weight
        for a, b, _ in slot.inside:
            found[f"{a} {b}"] = weight
        if slot.typed and not slot.typed.isascii():
            found[slot.typed] = weight
    for (one, other), weight in zip(pairwise(query.slots), focus, strict=False):
        found[f"{one.first[-1]} {other.first[0]}"] = weight
    for hit in hits:
        name, weight = thing(hit.name), focus[hit.start]
        if found.get(name, 0.0) < weight:
            found[name] = weight
    return found


def thing(name: str) -> str:
    """A concept as a feature."""
    return f"#{name}"


def together(texts: Iterable[Features]) -> Features:
    """The features of several ways to ask for one thing; what stands in all of them counts little more than twice."""
    return {name: saturated(count) for name, count in counted(texts).items()}


def counted(texts: Iterable[Features]) -> Features:
    """How often each feature stands in these texts."""
    counts: Features = {}
    for text in texts:
        for name, weight in text.items():
            counts[name] = counts.get(name, 0.0) + weight
    return counts


def saturated(count: float) -> float:
    """What a feature counts that occurs so often: one for once, at most 2.6."""
    return count * (1 + _SATURATION) / (count + _SATURATION)


def likeness(one: Direction, other: Direction) -> float:
    """The cosine of two directions, -1..1; 0 if nothing is known of one of them."""
    return math.fsum(map(mul, one, other))


class Sense:
    """The learnt directions of features. `rows` are numbers as bytes, 128 for nothing, all of one length."""

    def __init__(self, rows: Mapping[str, bytes]) -> None:
        self._rows = dict(rows)
        self._size = len(next(iter(self._rows.values()), b""))
        self.report = self.direction({REPORT: 1.0})
        self.chat = self.direction({CHAT: 1.0})

    def direction(self, of: Mapping[str, float]) -> Direction:
        """Where a text with these features points."""
        rows, by_weight = self._rows, dict[float, list[bytes]]()
        for name, weight in of.items():
            if name in rows:
                by_weight.setdefault(weight, []).append(rows[name])
        total = [0.0] * self._size
        for weight, chosen in by_weight.items():
            nothing = _ZERO * len(chosen)
            sums = map(sum, zip(*chosen, strict=True))
            total = [value + weight * (found - nothing) for value, found in zip(total, sums, strict=True)]
        length = math.sqrt(sum(map(mul, total, total)))
        return tuple([value / length for value in total]) if length else tuple(total)

    def pulls(self, of: Mapping[str, float], toward: Direction) -> list[tuple[str, float]]:
        """What each known feature of a text does for its likeness to a direction, the most helpful first."""
        found = [
            (name, weight * sum((byte - _ZERO) * part for byte, part in zip(row, toward, strict=True)))
            for name, weight in of.items()
            if (row := self._rows.get(name)) is not None
        ]
        return sorted(found, key=lambda pair: -pair[1])

    def lines(self) -> list[str]:
        """The rows as they stand in the file."""
        rows = sorted(self._rows.items())
        return [f"{name}{_SEPARATOR}{b64encode(row).decode()}" for name, row in rows]


def packed(numbers: Sequence[Sequence[int]], names: Sequence[str]) -> Sense:
    """A sense from whole numbers -127..127, one row a name."""
    return Sense(
        {name: bytes(value + _ZERO for value in row) for name, row in zip(names, numbers, strict=True)}
    )


def load_sense(folder: Path = CONTENT) -> Sense:
    """The learnt directions. Raises ContentError if the file is not one that `make fit` made."""
    try:
        lines = (folder / _FILE).read_text(encoding="utf-8").splitlines()
        pairs = (line.split(_SEPARATOR) for line in lines)
        rows = {name: b64decode(row, validate=True) for name, row in pairs}
    except (OSError, ValueError) as error:
        raise ContentError(f"{_FILE}: không đọc được ({error})") from error
    if REPORT not in rows or CHAT not in rows or len(set(map(len, rows.values()))) != 1:
        raise ContentError(f"{_FILE}: thiếu hướng chung hoặc có dòng sai độ dài, hãy tính lại bằng make fit")
    return Sense(rows)


def save_sense(sense: Sense, folder: Path = CONTENT) -> None:
    """Write the directions, for load_sense to read."""
    (folder / _FILE).write_text("\n".join(sense.lines()) + "\n", encoding="utf-8")


shipped_sense: Final = cache(load_sense)
"""Read once."""
NOTHING: Final = Sense({})
"""Knows no direction: what the matcher is without it."""
