"""Why a message was answered as it was: what was read, which entries it spoke for, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.wording import Wording
from faq.concepts import Hit
from faq.decision import Decision, Outcome, load_decision
from faq.entry import Entry
from faq.library import Library
from faq.matcher import Look, Match, Matcher
from faq.normalize import strip_marks, syllables
from faq.ranking import Ranked
from faq.routes import Route
from faq.slots import Query, Slot

_SHOWN: Final = 3
_NEAR: Final = 4
_LEAST: Final = 0.01
"""A chance below one in a hundred is not worth a line."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry in its place: the score (0..100) and what of the message it knows.

    `of_query` is the share of the message that it covers, `of_phrasing` the share of its best phrasing, 0..1; `sense`
    how alike they are in what they ask for, -1..1, and `near` the words of the message that say so.
    """

    entry: Entry
    score: float
    of_query: float
    of_phrasing: float
    words: tuple[str, ...]
    concepts: tuple[str, ...]
    sense: float
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one message. `repaired` holds only words that were read otherwise than typed."""

    text: str
    repaired: tuple[tuple[str, str], ...]
    concepts: tuple[tuple[str, str], ...]
    candidates: tuple[Candidate, ...]
    decision: Decision
    route: Route | None
    stub: str | None
    chances: Mapping[Outcome, float]


def explain(library: Library, matcher: Matcher, text: str) -> Explanation:
    """Look at a message again and keep what carried the decision."""
    seen, match = matcher.look(text), matcher.match(text)
    return Explanation(
        text=text,
        repaired=_repaired(matcher, text, seen.query),
        concepts=tuple(dict.fromkeys((hit.name, _words(seen.query, hit)) for hit in seen.hits)),
        candidates=_candidates(library, matcher, seen, match),
        decision=match.decision,
        route=match.route,
        stub=match.stub,
        chances=load_decision().chances(seen.evidence),
    )


def explanation_text(found: Explanation, words: Wording) -> str:
    """The explanation for a person to read, in lines."""
    lines = [words.text("explain.asked", text=found.text)]
    if found.repaired:
        told = [words.text("explain.repair", typed=typed, read=read) for typed, read in found.repaired]
        lines.append(words.text("explain.repaired", words=", ".join(told)))
    if found.concepts:
        told = [words.text("explain.concept", name=name, words=said) for name, said in found.concepts]
        lines.append(words.text("explain.concepts", words=", ".join(told)))
    lines.append("")
    for number, one in enumerate(found.candidates, start=1):
        lines += _candidate_lines(number, one, words)
    if not found.candidates:
        lines.append(words.text("explain.no_candidates"))
    lines += ["", _decision_line(found, words)]
    if found.route is None and found.stub is None:
        lines += _chance_lines(found.chances, words)
    return "\n".join(lines)


def _candidates(library: Library, matcher: Matcher, seen: Look, match: Match) -> tuple[Candidate, ...]:
    scores = dict(match.ranked)
    return tuple(
        Candidate(
            entry=library.get(one.id),
            score=scores.get(one.id, 0.0),
            of_query=one.of_query,
            of_phrasing=one.of_phrasing,
            words=_known_words(seen.query, one),
            concepts=tuple(dict.fromkeys(hit.name for hit in seen.hits if hit.name in one.document.concepts)),
            sense=one.sense,
            near=matcher.near(seen, one)[:_NEAR],
        )
        for one in seen.ranking.entries[:_SHOWN]
    )


def _known_words(query: Query, one: Ranked) -> tuple[str, ...]:
    """The words of the message, in whatever reading, that the entry has."""
    known = (
        word
        for slot in query.slots
        for reading, _ in slot.readings
        for word in reading
        if word in one.document.words
    )
    return tuple(dict.fromkeys(known))


def _repaired(matcher: Matcher, text: str, query: Query) -> tuple[tuple[str, str], ...]:
    """Each typed word that was read as something else, with the readings that this message allows."""
    allowed = {reading for slot in query.slots for reading, _ in slot.readings}
    found: dict[str, str] = {}
    for word in dict.fromkeys(syllables(text)):
        slots = matcher.look(word).query.slots
        readings = [" ".join(reading) for slot in slots for reading, _ in slot.readings if reading in allowed]
        if readings and strip_marks(word) not in readings:
            found[word] = (" " if len(slots) > 1 else " / ").join(readings)
    return tuple(found.items())


def _words(query: Query, hit: Hit) -> str:
    slots: Sequence[Slot] = query.slots[hit.start : hit.end]
    return " ".join(slot.typed or " ".join(slot.first) for slot in slots)


def _candidate_lines(number: int, one: Candidate, words: Wording) -> list[str]:
    head = words.text(
        "explain.candidate",
        number=number,
        score=f"{one.score:.0f}",
        question=one.entry.question,
        id=one.entry.id,
    )
    share = words.text("explain.covers", of_query=f"{one.of_query:.0%}", of_phrasing=f"{one.of_phrasing:.0%}")
    lines = [head, share]
    if one.concepts:
        lines.append(words.text("explain.shares_concepts", concepts=", ".join(one.concepts)))
    if one.words:
        lines.append(words.text("explain.shares_words", words=", ".join(one.words)))
    if one.near:
        lines.append(words.text("explain.sense", share=f"{one.sense:.0%}", words=", ".join(one.near)))
    return lines


def _decision_line(found: Explanation, words: Wording) -> str:
    if found.route is not None:
        return words.text(f"explain.route.{found.route.value}")
    if found.stub is not None:
        return words.text("explain.stub", stub=found.stub)
    return words.text(f"explain.decision.{found.decision.value}")


def _chance_lines(chances: Mapping[Outcome, float], words: Wording) -> list[str]:
    likely = sorted(chances.items(), key=lambda pair: -pair[1])
    return [
        words.text(f"explain.chance.{outcome.value}", chance=f"{chance:.0%}")
        for outcome, chance in likely
        if chance >= _LEAST
    ]
