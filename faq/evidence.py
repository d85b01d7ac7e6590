"""What speaks for and against the ranking of one message, as numbers that mean the same for a library of any size."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

from faq.concepts import Hit
from faq.index import Document, Index
from faq.ranking import Ranked, Ranking
from faq.routes import Signs
from faq.sense import likeness
from faq.slots import Query

_LONG: Final = 40
_BARE: Final = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """Shares, relative margins and signs; never an absolute score, which grows with the library.

    `…_1`, `…_2` speak of the first and the second entry. `mass` is the worth of the words of the message.
    """

    margin_2: float
    margin_3: float
    margin_4: float
    of_query_1: float
    of_query_2: float
    of_query_best: float
    of_phrasing_1: float
    of_phrasing_2: float
    strongest_1: float
    unknown: float
    per_mass: float
    pairs: float
    named: float
    named_1: float
    subject_missing: float
    subject_spread: float
    same_topic_2: float
    same_topic_3: float
    asks: float
    asks_action: float
    question_mark: float
    nuisance: float
    intensity: float
    rhetorical: float
    report: float
    off_topic: float
    stub: float
    chat: float
    length: float
    content: float
    bare: float
    marked: float
    question_like: float
    grave: float
    minor: float
    trouble: float
    wishes: float
    place: float
    sense_1: float
    sense_lead: float
    sense_best: float
    sums_lead: float
    sense_report: float
    sense_chat: float


def gather(index: Index, query: Query, signs: Signs, hits: Sequence[Hit], ranking: Ranking) -> Evidence:
    """The evidence of one message."""
    first, second, third, fourth = _four(ranking.entries)
    best = first.score or 1.0
    others = ranking.entries[1:]
    other_sense = max([entry.sense for entry in others], default=0.0)
    other_base = max([entry.base for entry in others], default=0.0)
    named = dict.fromkeys(hit.name for hit in hits)  # in order: ties must not depend on the process
    worth = {name: index.concept_worth.get(name, index.highest_worth) for name in named}
    subject = max(worth, key=worth.__getitem__, default=None)
    slots = query.slots
    content = sum(slot.first[0] not in index.stop for slot in slots)
    return Evidence(
        margin_2=1 - second.score / best,
        margin_3=1 - third.score / best,
        margin_4=1 - fourth.score / best,
        of_query_1=first.of_query,
        of_query_2=second.of_query,
        of_query_best=max((entry.of_query for entry in ranking.entries), default=0.0) - first.of_query,
        of_phrasing_1=first.of_phrasing,
        of_phrasing_2=second.of_phrasing,
        strongest_1=ranking.strongest,
        unknown=ranking.unknown,
        per_mass=first.base / (ranking.mass or 1.0),
        pairs=ranking.pairs,
        named=min(len(named), 6) / 6,
        named_1=_share(worth, first.document.concepts),
        subject_missing=float(subject is not None and subject not in first.document.concepts),
        subject_spread=math.log1p(index.concept_spread.get(subject or "", 0))
        / math.log1p(len(index.documents)),
        same_topic_2=float(first.document.topic == second.document.topic),
        same_topic_3=float(first.document.topic == third.document.topic),
        asks=float(signs.asks),
        asks_action=float(signs.asks_action),
        question_mark=float(signs.question_mark),
        nuisance=min(signs.nuisance, 6.0) / 6,
        intensity=min(signs.intensity, 3) / 3,
        rhetorical=float(signs.rhetorical),
        report=float(signs.is_report(first.of_query)),
        off_topic=float(signs.off_topic),
        stub=float(signs.stub is not None),
        chat=signs.chat,
        length=min(len(slots), _LONG) / _LONG,
        content=min(content, _LONG) / _LONG,
        bare=float(content <= _BARE),
        marked=float(query.marked),
        question_like=float(signs.asks) * first.of_query,
        grave=min(signs.grave, 3) / 3,
        minor=min(signs.minor, 4) / 4,
        trouble=min(signs.troubles, 4) / 4,
        wishes=min(signs.wishes, 2) / 2,
        place=min(signs.places, 2) / 2,
        sense_1=first.sense,
        sense_lead=first.sense - other_sense,
        sense_best=max(first.sense, other_sense),
        sums_lead=(first.base - other_base) / (max(first.base, other_base) or 1.0),
        sense_report=likeness(ranking.direction, index.sense.report),
        sense_chat=likeness(ranking.direction, index.sense.chat),
    )


def _four(entries: Sequence[Ranked]) -> list[Ranked]:
    """The first four; where there are fewer, stand-ins that cover nothing."""
    nobody = Document("", "", frozenset(), frozenset(), frozenset(), (), ())
    return [*entries[:4], *[Ranked(nobody, 0.0, 0.0, 0.0, 0.0, 0.0)] * (4 - len(entries[:4]))]


def _share(worth: dict[str, float], known: frozenset[str]) -> float:
    total = sum(worth.values())
    return sum(value for name, value in worth.items() if name in known) / total if total else 0.0


NAMES: Final = tuple(field.name for field in fields(Evidence))


_VALUES: Final[Callable[[Evidence], tuple[float, ...]]] = attrgetter(*NAMES)


def values(evidence: Evidence) -> tuple[float, ...]:
    """The numbers in the order of NAMES."""
    return _VALUES(evidence)
