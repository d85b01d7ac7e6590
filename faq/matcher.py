"""Finds the entry that answers a message, and says how sure it is: the one door to everything in between."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

from faq.ages import asked_age
from faq.concepts import ConceptFinder, Hit
from faq.courtesy import without_courtesy
from faq.coverage import covered
from faq.decision import Decision, DecisionModel, load_decision
from faq.evidence import gather, values
from faq.focus import FocusReader
from faq.index import STOP_MASS, IndexBuilder, vocabulary
from faq.lexicon import Lexicon, shipped_lexicon
from faq.library import Library
from faq.normalize import MAX_MATCH_LENGTH, clean, fold
from faq.ranking import Ranked, Ranking, rank
from faq.repair import Repairer
from faq.routes import Route, SignReader, Signs
from faq.sense import Sense, features, shipped_sense, thing
from faq.slots import Query

TOP: Final = 5
THING: Final = "*"
"""Stands before the name of a thing among the features of a message."""

_DIGIT: Final = re.compile(r"\d")
_FULL_SCORE: Final = 4.0
_COVERED_ANYWAY: Final = 0.9
_KNOWS_STUB: Final = 0.8
_TOLD: Final = 7


@dataclass(frozen=True, slots=True)
class Match:
    """What was found. `ranked` holds at most five (entry id, score 0..100), best first, whatever the decision is.

    `stub` names the out-of-scope matter that the message is about, see Matcher.stub_answer; `asks` whether it has the
    form of a question.
    """

    ranked: tuple[tuple[str, float], ...]
    decision: Decision
    route: Route | None = None
    stub: str | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen in one message; `ranking` has no entries when nothing of it occurs in the library."""

    query: Query
    signs: Signs
    hits: tuple[Hit, ...]
    ranking: Ranking
    evidence: tuple[float, ...]


_Readers: TypeAlias = tuple[ConceptFinder, SignReader, FocusReader]
_READERS: Final = WeakKeyDictionary[Lexicon, _Readers]()


def _readers(lexicon: Lexicon) -> _Readers:
    """What reads by the tables alone; a change of the entries, which is the usual one, leaves it as it is."""
    if lexicon not in _READERS:
        _READERS[lexicon] = ConceptFinder(lexicon), SignReader(lexicon), FocusReader(lexicon)
    return _READERS[lexicon]


class Matcher:
    """Matches messages against one library. Building takes a moment, matching about a millisecond; keeps no state."""

    def __init__(
        self,
        library: Library,
        lexicon: Lexicon | None = None,
        decision: DecisionModel | None = None,
        sense: Sense | None = None,
    ) -> None:
        self._lexicon = lexicon or shipped_lexicon()
        self._decision = decision or load_decision()
        self._stubs = {stub.id: stub for stub in self._lexicon.stubs}
        self._repairer = Repairer(self._lexicon, vocabulary(library, self._lexicon))
        self._finder, self._signs, self._focus = _readers(self._lexicon)
        self._index = IndexBuilder(
            self._lexicon, self._repairer, self._finder, sense or shipped_sense()
        ).build(library)
        self._subjects = {
            entry.id: (f" {fold(entry.question)} ", frozenset(fold(text) for text in entry.keywords))
            for entry in library
        }
        self._stub_forms = {
            stub.id: tuple(fold(" ".join(form)) for form in stub.words) for stub in self._lexicon.stubs
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Once kept and read again, the tables are known: a change of the entries need not read them anew."""
        vars(self).update(state)
        _READERS[self._lexicon] = self._finder, self._signs, self._focus

    def match(self, text: str) -> Match:
        """The best entries for a message and what to do with them. Never raises, whatever the text."""
        seen = self.look(text)
        top = tuple(
            (entry.id, round(min(100.0, 100 * entry.score / _FULL_SCORE), 1))
            for entry in seen.ranking.entries[:TOP]
        )
        if seen.signs.route is not None:
            return Match(top, Decision.NONE, seen.signs.route)
        if seen.signs.stub is not None:
            return Match(top, Decision.NONE, stub=seen.signs.stub)
        verdict = self._decision.decide(seen.evidence)
        decision = verdict.decision if top else Decision.NONE
        if verdict.report and decision is Decision.NONE and _tells(seen):
            return Match(top, Decision.NONE, Route.FEEDBACK, asks=seen.signs.asks)
        return Match(top, decision, asks=seen.signs.asks)

    def look(self, text: str) -> Look:
        """Everything that is seen in a message, before anything is decided."""
        text = _cut(text)
        wanted, asked = without_courtesy(text)
        query, hits = self._read(wanted)
        signs = self._signs.read(query, text, asked=asked)
        # Most messages have no figure, so no age: they need not be folded for it.
        age = asked_age(fold(text)) if _DIGIT.search(text) else None
        ranking = rank(self._index, query, hits, age)
        if signs.stub is not None:
            signs = replace(signs, stub=self._stub(query, signs, ranking))
        evidence = values(gather(self._index, query, signs, hits, ranking))
        return Look(query, signs, tuple(hits), ranking, evidence)

    def near(self, seen: Look, one: Ranked) -> tuple[str, ...]:
        """The words of a message that point where this entry does, those that help most first."""
        sense, toward = self._index.sense, one.document.direction
        pulled = sense.pulls(features(seen.query, seen.hits), toward)
        return tuple(name for name, help_ in pulled if help_ > 0 and not name.startswith(thing("")))

    def features(self, text: str) -> dict[str, float]:
        """What a message is about, with what each of it is worth here: words by their letters, things as "*name"."""
        query, hits = self._read(_cut(text))
        words = dict.fromkeys(word for slot in query.slots for word in slot.first)
        names = dict.fromkeys(f"{THING}{hit.name}" for hit in hits)
        return {feature: self.worth(feature) for feature in (*words, *names)}

    def worth(self, feature: str) -> float:
        """How much a word or a "*thing" tells; a word of no entry tells the most, as it is what nobody wrote of."""
        index = self._index
        if feature.startswith(THING):
            return index.concept_worth.get(feature.removeprefix(THING), index.highest_worth)
        if feature in index.stop:
            return index.word_worth.get(feature, index.highest_worth * STOP_MASS / 2)
        return index.word_worth.get(feature, index.highest_worth)

    def _read(self, text: str) -> tuple[Query, list[Hit]]:
        query = self._repairer.repair_clauses(self._focus.clauses(text))
        return query, self._finder.find(query)

    def pieces(self) -> list[object]:
        """What it is made of, piece by piece, for whoever lets go of a matcher while others are at work.

        Freed in one go, its hundreds of thousands of values hold up every thread for tens of milliseconds.
        """
        return [*self._index.pieces(), *self._finder.pieces()]

    def stub_answer(self, stub_id: str) -> str:
        """Where to go with a matter that is not the ward's. Raises KeyError."""
        return self._stubs[stub_id].answer

    def _stub(self, query: Query, signs: Signs, ranking: Ranking) -> str | None:
        """The out-of-scope matter that the message asks about, unless the best entry is about that too."""
        if signs.stub is None or not ranking.entries:
            return signs.stub
        start, end = signs.stub_span
        # In a tale the matter may be what somebody was doing when the trouble began; the question is elsewhere.
        if max(query.focus[start:end]) < max(query.focus):
            return None
        first = ranking.entries[0]
        own = ranking.masses[start:end]
        knows = covered(first.document, own) >= _KNOWS_STUB * sum(mass.value for mass in own)
        covers = knows and first.of_query >= _COVERED_ANYWAY
        return None if covers or self._is_about(first.id, signs.stub) else signs.stub

    def _is_about(self, entry_id: str, stub: str) -> bool:
        asked, keywords = self._subjects[entry_id]
        return any(f" {form} " in asked or form in keywords for form in self._stub_forms[stub])


def _tells(seen: Look) -> bool:
    """Whether it is long enough for a tale; a few words must name a trouble: so little fits no chance."""
    signs = seen.signs
    named = signs.grave or signs.minor or signs.troubles or signs.wishes
    return len(seen.query.slots) >= _TOLD or bool(named)


def _cut(text: str) -> str:
    return clean(text[: 2 * MAX_MATCH_LENGTH])[:MAX_MATCH_LENGTH]
