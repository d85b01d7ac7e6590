"""Weighs what a message shows: how much it looks like a fraud, of which kind, and by which signs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.private_numbers import NumberKind
from faq.scam.links import LinkKind
from faq.scam.reading import Reading
from faq.scam.table import ABOUT, CALM, SIGN, TELLING, Kind, ScamTable, Sign
from faq.scam.words import Seen, features, load_weights

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
_LIKELY: Final = 0.75
_DOUBTFUL: Final = 0.35
_LEAN: Final = 1.0
_CLEAR: Final = 1.5
_CLEAR_BY_WORDS: Final = 3.0
_ALARMING: Final = 4.2
_AHEAD: Final = 0.7
_AHEAD_BY_WORDS: Final = 2.0
_MOST: Final = 30.0


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
    weights = load_weights()
    known = [table.signs[name] for name in extra]
    total = weights.weigh(see(reading, table)) + sum(sign.weight for sign in known)
    chance = 1 / (1 + math.exp(-max(-_MOST, min(_MOST, total))))
    signs = [*known, *(table.signs[name] for name in _sign_names(reading))]
    # An address that imitates another is never nothing, however little stands beside it.
    doubtful = chance >= _DOUBTFUL or any(sign.weight >= _ALARMING for sign in signs)
    level = Level.LIKELY if chance >= _LIKELY else Level.DOUBTFUL if doubtful else Level.UNSEEN
    shown = sorted((sign for sign in signs if sign.told), key=lambda sign: -sign.weight)
    return Judgement(level, chance, _kind(reading, table, weights.lean(reading.tokens)), tuple(shown))


def see(reading: Reading, table: ScamTable) -> dict[str, float]:
    """The features of a reading, for weighing and for fitting the weights."""
    names = _sign_names(reading)
    calm = [name for name in table.calm if f"{CALM}:{name}" in reading.names]
    telling, about = _count(reading, TELLING), _count(reading, ABOUT)
    best = max(table.kinds, key=lambda kind: 3 * telling[kind] + about[kind])
    added = min(_MOST_TELLING, _TELLING * telling[best]) + min(_MOST_ABOUT, _ABOUT * about[best])
    weights = [*(table.signs[name].weight for name in names), *(table.calm[name].weight for name in calm)]
    seen = Seen(
        hand=_BIAS + added + sum(weights),
        signs=[*names, *calm],
        telling=telling.total(),
        about=about.total(),
        asks=reading.has_question_mark,
    )
    return features(seen, reading.tokens)


def _sign_names(reading: Reading) -> list[str]:
    names = [hit.name.removeprefix(f"{SIGN}:") for hit in reading.hits if hit.name.startswith(f"{SIGN}:")]
    names += [_LINKS[link.kind] for link in reading.links if link.kind in _LINKS]
    if reading.numbers_of(NumberKind.ACCOUNT):
        names.append("co_tai_khoan")
    elif reading.numbers_of(NumberKind.PHONE):
        names.append("co_so")
    if reading.has_money:
        names.append("co_tien")
    return list(dict.fromkeys(names))


def _kind(reading: Reading, table: ScamTable, lean: Mapping[str, float]) -> Kind | None:
    """The kind that phrases, addresses and words speak for most; None unless one is clear."""
    telling, about = _count(reading, TELLING), _count(reading, ABOUT)
    bearing = {link.fraud for link in reading.links}

    def score(kind: str) -> float:
        return 3 * telling[kind] + about[kind] + 3 * (kind in bearing) + _LEAN * lean.get(kind, 0.0)

    best, second = sorted(table.kinds, key=score, reverse=True)[:2]
    # A wrong name misleads more than none: it must be well ahead of the next.
    named = telling[best] or about[best] or best in bearing
    clear, ahead = (_CLEAR, _AHEAD) if named else (_CLEAR_BY_WORDS, _AHEAD_BY_WORDS)
    return table.kinds[best] if score(best) >= clear and score(best) - score(second) >= ahead else None


def _count(reading: Reading, part: str) -> Counter[str]:
    """How many phrases of a part of the table stand in the message, by kind; one place counts once."""
    found = {hit for hit in reading.hits if hit.name.startswith(f"{part}:")}
    return Counter(hit.name.removeprefix(f"{part}:") for hit in found)
