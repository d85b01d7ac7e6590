"""Weighs what a message shows: how much it looks like a fraud, of which kind, and by which signs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.private_numbers import NumberKind
from faq.scam.links import LinkKind
from faq.scam.reading import Reading
from faq.scam.table import ABOUT, CALM, SIGN, TELLING, Kind, ScamTable, Sign

_LINKS: Final = {
    LinkKind.IMITATION: "link_gia",
    LinkKind.SHORTENED: "link_rut_gon",
    LinkKind.APP_FILE: "link_app",
    LinkKind.UNKNOWN: "link_la",
    LinkKind.CHAT: "link_chat",
    LinkKind.OFFICIAL: "link_that",
}
# A message without any sign has this chance, in log-odds.
_BIAS: Final = -3.6
_TELLING: Final = 1.5
_ABOUT: Final = 0.3
_MOST_TELLING: Final = 2.4
_MOST_ABOUT: Final = 0.6
_LIKELY: Final = 0.8
_DOUBTFUL: Final = 0.45


class Level(StrEnum):
    """How much a message looks like a fraud. There is no level that says it is safe."""

    LIKELY = "likely"
    DOUBTFUL = "doubtful"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The level, the chance behind it (0 to 1), the kind if one stands out, the signs with the heaviest first."""

    level: Level
    chance: float
    kind: Kind | None
    signs: tuple[Sign, ...]


def judge(reading: Reading, table: ScamTable, extra: Iterable[str] = ()) -> Judgement:
    """Weigh a reading; `extra` names signs that are known from elsewhere, such as the officers' list."""
    signs = [table.signs[name] for name in _sign_names(reading, extra)]
    calm = [sign for name, sign in table.calm.items() if f"{CALM}:{name}" in reading.names]
    kind, weight = _kind(reading, table)
    total = _BIAS + weight + sum(sign.weight for sign in (*signs, *calm))
    chance = 1 / (1 + math.exp(-total))
    level = Level.LIKELY if chance >= _LIKELY else Level.DOUBTFUL if chance >= _DOUBTFUL else Level.UNSEEN
    shown = sorted((sign for sign in signs if sign.told), key=lambda sign: -sign.weight)
    return Judgement(level, chance, kind, tuple(shown))


def _sign_names(reading: Reading, extra: Iterable[str]) -> list[str]:
    names = [hit.name.removeprefix(f"{SIGN}:") for hit in reading.hits if hit.name.startswith(f"{SIGN}:")]
    names += [_LINKS[link.kind] for link in reading.links if link.kind in _LINKS]
    if reading.numbers_of(NumberKind.ACCOUNT):
        names.append("co_tai_khoan")
    elif reading.numbers_of(NumberKind.PHONE):
        names.append("co_so")
    if reading.has_money:
        names.append("co_tien")
    return list(dict.fromkeys((*names, *extra)))


def _kind(reading: Reading, table: ScamTable) -> tuple[Kind | None, float]:
    """The kind whose phrases are found most, and what that adds to the weight."""
    seen: Counter[str] = Counter()
    telling: Counter[str] = Counter()
    about: Counter[str] = Counter()
    for name, _start, _end in {(hit.name, hit.start, hit.end) for hit in reading.hits}:
        part, _, kind = name.partition(":")
        if part in (TELLING, ABOUT):
            (telling if part == TELLING else about)[kind] += 1
            seen[kind] += 3 if part == TELLING else 1
    for fraud in {link.fraud for link in reading.links} & set(table.kinds):
        seen[fraud] += 3
    if not seen:
        return None, 0.0
    best = max(table.kinds, key=lambda kind: seen[kind])
    added = min(_MOST_TELLING, _TELLING * telling[best]) + min(_MOST_ABOUT, _ABOUT * about[best])
    return table.kinds[best], added
