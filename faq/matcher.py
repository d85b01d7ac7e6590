"""Finds the entry that answers a message, and says how sure it is: the one door to everything in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from faq.ages import asked_age
from faq.concepts import ConceptFinder, Hit
from faq.decision import Decision, decide, evidence
from faq.index import IndexBuilder, vocabulary
from faq.lexicon import Lexicon, load_lexicon
from faq.library import Library
from faq.normalize import MAX_MATCH_LENGTH, clean, fold
from faq.ranking import Ranked, rank
from faq.repair import Repairer
from faq.routes import Route, SignReader, Signs

TOP: Final = 5
_FULL_SCORE: Final = 2.5
_COVERED_ANYWAY: Final = 0.85


@dataclass(frozen=True, slots=True)
class Match:
    """What was found. `ranked` holds at most five (entry id, score 0..100), best first, whatever the decision is.

    `stub` names the out-of-scope matter that the message is about, see Matcher.stub_answer.
    """

    ranked: tuple[tuple[str, float], ...]
    decision: Decision
    route: Route | None = None
    stub: str | None = None


class Matcher:
    """Matches messages against one library. Building takes a moment, matching about a millisecond; keeps no state."""

    def __init__(self, library: Library, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or load_lexicon()
        self._stubs = {stub.id: stub for stub in self._lexicon.stubs}
        self._repairer = Repairer(self._lexicon, vocabulary(library, self._lexicon))
        self._finder = ConceptFinder(self._lexicon)
        self._signs = SignReader(self._lexicon)
        self._index = IndexBuilder(self._lexicon, self._repairer, self._finder).build(library)
        self._texts = {
            entry.id: f" {' | '.join(fold(text) for text in (entry.question, *entry.keywords))} "
            for entry in library
        }
        self._stub_forms = {
            stub.id: tuple(fold(" ".join(form)) for form in stub.words) for stub in self._lexicon.stubs
        }

    def match(self, text: str) -> Match:
        """The best entries for a message and what to do with them. Never raises, whatever the text."""
        text = clean(text[: 2 * MAX_MATCH_LENGTH])[:MAX_MATCH_LENGTH]
        query = self._repairer.repair(text)
        signs = self._signs.read(query, text)
        hits = self._finder.find(query)
        ranked = rank(self._index, query, hits, asked_age(fold(text)))
        top = tuple(
            (entry.id, round(min(100.0, 100 * entry.score / _FULL_SCORE), 1)) for entry in ranked[:TOP]
        )
        if signs.route is not None:
            return Match(top, Decision.NONE, signs.route)
        if signs.is_report(ranked[0].of_query if ranked else 0.0):
            return Match(top, Decision.NONE, Route.FEEDBACK)
        stub = self._stub(signs, ranked)
        if stub is not None or not ranked or (signs.off_topic and ranked[0].of_query < _COVERED_ANYWAY):
            return Match(top, Decision.NONE, stub=stub)
        return Match(top, self._decide(hits, ranked, len(query.slots)))

    def stub_answer(self, stub_id: str) -> str:
        """Where to go with a matter that is not the ward's. Raises KeyError."""
        return self._stubs[stub_id].answer

    def _decide(self, hits: list[Hit], ranked: list[Ranked], length: int) -> Decision:
        named = {hit.name for hit in hits}
        # The rarest thing that the message names and the first entry does not know.
        worth = self._index.concept_worth
        rarest = max(named, key=lambda name: worth.get(name, self._index.highest_worth), default=None)
        subject_missing = rarest is not None and rarest not in ranked[0].concepts
        return decide(evidence(ranked, subject_missing=subject_missing), length)

    def _stub(self, signs: Signs, ranked: list[Ranked]) -> str | None:
        """The out-of-scope matter, unless the best entry is about that or about nearly all of the message."""
        if signs.stub is None:
            return None
        if ranked and ranked[0].of_query >= _COVERED_ANYWAY:
            return None
        if ranked and any(form in self._texts[ranked[0].id] for form in self._stub_forms[signs.stub]):
            return None
        return signs.stub
