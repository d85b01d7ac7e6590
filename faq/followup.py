"""Understands a short message from the answer before it: "mất bao nhiêu tiền?", "còn ở trọ thì sao?"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from faq.concepts import Hit, PhraseFinder
from faq.decision import Decision
from faq.entry import Entry
from faq.followup_table import Field, FollowupTable, load_followups
from faq.library import Library
from faq.matcher import Look, Match, Matcher
from faq.ranking import Ranked
from faq.recent import Recent
from faq.routes import Route

_LONGEST: Final = 14
"""A message of more words says by itself what it is about."""
_BARE: Final = 6
"""With more words a message that only asks for fields may still be a whole question of its own."""
_TOLD: Final = 3
"""Fewer words say too little to offer anything for."""
_LOOSE: Final = 2
"""With more unknown words a message that does not lean on anything is about something of its own."""
_FRONT: Final = 3
"""So many words, polite ones mostly, may stand before or behind what makes a message lean."""
_CLEAR: Final = 0.07
"""By so much of its score the first of several fitting entries must lead to be answered with."""
_OFFERED: Final = 3
_REMEMBERED: Final = 2048
_PROCEDURE: Final = (Field.PLACE, Field.BRING)
"""One question mostly asks for both."""


@dataclass(frozen=True, slots=True)
class Followup:
    """What a message means after the last answer: one entry to answer with, or several to choose from.

    `fields` are what is asked of the entry, in the order of asking; none: the entry as a whole.
    """

    entries: tuple[Entry, ...]
    fields: tuple[Field, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether there is nothing to choose."""
        return len(self.entries) == 1


@dataclass(frozen=True, slots=True)
class _Read:
    """A message taken apart: what it asks, and what else is in it.

    `leans` says that it goes on from something ("thế còn …"), `turns` that it speaks of a case ("… thì …");
    `loose` counts the words that no table knows.
    """

    look: Look
    fields: tuple[Field, ...]
    leans: bool
    turns: bool
    length: int
    loose: int
    rest: frozenset[int]
    cases: frozenset[str]
    own: frozenset[str]


class FollowupReader:
    """Reads messages after an answer; built once for a library and its matcher, keeps no state."""

    def __init__(self, library: Library, matcher: Matcher, table: FollowupTable | None = None) -> None:
        self._library, self._matcher = library, matcher
        self.table = table or load_followups()
        self._finder = PhraseFinder(self.table.phrases, tolerant=False)
        # The concepts of a question of the library never change, and each message asks for those of several.
        self._names = Recent[frozenset[str]](_REMEMBERED)

    def read(self, text: str, last: Entry) -> Followup | None:
        """What the message means after an answer with `last`; None for a question that stands on its own."""
        read = self._take_apart(text)
        if read is None:
            return None
        alone = self._matcher.match(text)
        if read.fields and not read.rest:
            whole = alone.decision is Decision.ANSWER and not read.leans and read.length > _BARE
            return None if whole else self.ask_field(last, read.fields)
        if self._stands_alone(read, alone, last):
            return None
        found = self._compose(text, read, last)
        return None if found is None or self._is_better_alone(read, alone, found, last) else found

    def fields_of(self, text: str) -> tuple[Field, ...]:
        """The fields that a message asks for and nothing beside; empty if it says anything else."""
        read = self._take_apart(text)
        return read.fields if read is not None and not read.rest else ()

    def concepts_in(self, text: str) -> frozenset[str]:
        """What a text names that an entry can be about, without cases and aspects."""
        return frozenset(hit.name for hit in self._matcher.look(text).hits if not self._is_case(hit))

    def ask_field(self, entry: Entry, fields: Sequence[Field]) -> Followup:
        """Who answers a question for fields: the entry, or a neighbour that is about just that."""
        if any(self.tells(entry, field) for field in fields):
            return Followup((entry,), tuple(fields))
        priced = [field for field in fields if field in (Field.FEE, Field.TIME)]
        near = next((found for field in priced if (found := self._neighbour(entry, field))), None)
        if near is not None:
            return Followup((near,))
        told = next((found for field in fields if (found := self._procedure(entry, field))), entry)
        return Followup((told,), tuple(fields))

    def _procedure(self, entry: Entry, field: Field) -> Entry | None:
        """Whose question asks where it is done or what to bring, beside an entry that is silent about it."""
        found = self._neighbour(entry, field, _PROCEDURE) if field in _PROCEDURE else None
        return found if found is not None and self.tells(found, field) else None

    def tells(self, entry: Entry, field: Field) -> bool:
        """Whether the entry has something to say about the field."""
        if field is not Field.ONLINE and getattr(entry, field.value):
            return True
        if self.sentences(entry, field):
            return True
        return bool(self._named(entry.question) & self.table.concepts[field])

    def sentences(self, entry: Entry, field: Field) -> str:
        """The lines of the answer that tell of the field, as written."""
        lines = (entry.answer or "").split("\n")
        if field is Field.ONLINE and entry.place:
            lines.insert(0, entry.place)
        return "\n".join(line for line in lines if self.table.tells(field, line))

    def subject(self, entry: Entry) -> frozenset[str]:
        """The concepts that the question of an entry is about, without those that are mere cases."""
        return self._named(entry.question) - self.table.cases

    # ------------------------------------------------------------------------------------ taking apart

    def _take_apart(self, text: str) -> _Read | None:
        look = self._matcher.look(text)
        slots = look.query.slots
        route = look.signs.route
        if not 1 <= len(slots) <= _LONGEST or route not in (None, Route.SMALLTALK) or look.signs.stub:
            return None
        found = self._finder.find(look.query)
        covered = {i for hit in found for i in range(hit.start, hit.end)}
        rest = frozenset(range(len(slots))) - covered
        # "còn", "mất" are small words, yet inside "còn dùng được" or "bị mất" they carry the meaning.
        marked = [hit for hit in look.hits if self._is_case(hit) and not self._is_field(hit)]
        rest |= (
            {i for hit in marked for i in range(hit.start, hit.end)} if rest or not _fields(found) else set()
        )
        hits = [hit for hit in look.hits if any(i in rest for i in range(hit.start, hit.end))]
        names = {hit.name for hit in hits}
        return _Read(
            look=look,
            fields=_fields(found),
            leans=any(_leans(hit, len(slots)) for hit in found),
            turns=any(hit.name == "turn" for hit in found),
            length=len(slots),
            loose=len(rest - {i for hit in hits for i in range(hit.start, hit.end)}),
            rest=rest,
            cases=frozenset(
                name for name in names if name in self.table.cases and not self._is_field_name(name)
            ),
            own=frozenset(name for name in names if name not in self.table.cases),
        )

    def _is_case(self, hit: Hit) -> bool:
        return hit.name in self.table.cases

    def _is_field(self, hit: Hit) -> bool:
        return self._is_field_name(hit.name)

    def _is_field_name(self, name: str) -> bool:
        return any(name in names for names in self.table.concepts.values())

    def _stands_alone(self, read: _Read, alone: Match, last: Entry) -> bool:
        """Whether the message says by itself what it is about: that must never be bent to the last subject."""
        if read.look.signs.off_topic or alone.route not in (None, Route.SMALLTALK):
            return True
        sure = alone.decision is Decision.ANSWER
        if read.own - self.subject(last):
            return not read.leans and (sure or not read.turns)
        if read.own:
            # It names the old subject itself: a whole question about it.
            return sure or not read.leans
        if not read.leans and (not read.cases or read.loose > _LOOSE):
            return True
        return sure and not read.leans and not self._shares(read.look.ranking.entries[0], last)

    def _is_better_alone(self, read: _Read, alone: Match, found: Followup, last: Entry) -> bool:
        """Whether what was composed says less of the message than the message says by itself."""
        new = read.cases | read.own
        if read.own - self.subject(last) and not (
            found.is_sure and self._is_about(found.entries[0], last, new)
        ):
            return True
        if alone.decision is not Decision.ANSWER:
            return False
        best = read.look.ranking.entries[0].document.concepts
        return len(self._concepts(found.entries[0]) & new) < len(best & new)

    def _is_about(self, entry: Entry, last: Entry, new: frozenset[str]) -> bool:
        """Whether an entry is about the old subject and about all that is new."""
        concepts = self._concepts(entry)
        return bool(concepts & self.subject(last)) and new <= concepts

    def _shares(self, ranked: Ranked, last: Entry) -> bool:
        return bool(ranked.document.concepts & self.subject(last))

    # --------------------------------------------------------------------------------------- composing

    def _compose(self, text: str, read: _Read, last: Entry) -> Followup | None:
        """The entries that are about the old subject and what is new."""
        own = read.own - self.subject(last)
        composed = f"{self._words(last, with_cases=bool(own))} {text}"
        new = read.cases | read.own
        ranking = self._matcher.look(composed).ranking.entries
        fitting = [one for one in ranking if self._shares(one, last) or one.document.concepts & own]
        most = max((len(one.document.concepts & new) for one in fitting), default=0)
        pool = [one for one in fitting if len(one.document.concepts & new) == most]
        # An entry whose question is about the old subject goes before one that only mentions it.
        pool = [one for one in pool if self.subject(self._library.get(one.id)) & self.subject(last)] or pool
        if own and len(pool) > 1:
            # Another thing was named: the entry that was just read is hardly meant.
            pool = [one for one in pool if one.id != last.id]
        if not pool or (new and not most and not read.leans):
            return None
        match, first = self._matcher.match(composed), pool[0]
        sure = match.decision is Decision.ANSWER and match.ranked[0][0] == first.id
        clear = len(pool) == 1 or pool[1].score < first.score * (1 - _CLEAR)
        if sure or (new and most and clear):
            return Followup((self._library.get(first.id),), read.fields)
        if (match.decision is Decision.NONE and not read.leans) or read.length < _TOLD:
            return None
        return Followup(tuple(self._library.get(one.id) for one in pool[:_OFFERED]))

    def _neighbour(self, entry: Entry, field: Field, beside: Collection[Field] = ()) -> Entry | None:
        """Another entry on the same subject whose question asks for just this field, or for those `beside` it too."""
        wanted = self.table.concepts[field]
        words = " ".join(self.table.phrases[field.value][0])
        for one in self._matcher.look(f"{self._words(entry)} {words}").ranking.entries:
            other = self._library.get(one.id)
            asked = self._named(other.question)
            only = asked & wanted and not any(
                asked & names
                for one_field, names in self.table.concepts.items()
                if one_field not in (field, *beside)
            )
            if other.id != entry.id and only and self.subject(other) & self.subject(entry) and other.answer:
                return other
        return None

    def _concepts(self, entry: Entry) -> frozenset[str]:
        return frozenset().union(*map(self._named, (*entry.phrasings, *entry.keywords)))

    def _named(self, text: str) -> frozenset[str]:
        return self._names.get(text, self._concepts_of)

    def _concepts_of(self, text: str) -> frozenset[str]:
        return frozenset(hit.name for hit in self._matcher.look(text).hits)

    def _subject_hits(self, entry: Entry) -> list[Hit]:
        return [hit for hit in self._matcher.look(entry.question).hits if not self._is_case(hit)]

    def _words(self, entry: Entry, *, with_cases: bool = False) -> str:
        """The words of the question that name its subject, on demand with its case."""
        look = self._matcher.look(entry.question)
        hits = list(look.hits) if with_cases else self._subject_hits(entry)
        kept = {i for hit in hits for i in range(hit.start, hit.end)}
        slots = look.query.slots
        return " ".join(slots[i].typed or " ".join(slots[i].first) for i in sorted(kept)) or entry.question


def _leans(hit: Hit, length: int) -> bool:
    """Whether a phrase makes a message lean on what was said: "thế còn …" in front, "… thì sao" behind."""
    return (hit.name == "lead" and hit.start < _FRONT) or (hit.name == "tail" and hit.end >= length - _FRONT)


def _fields(found: Sequence[Hit]) -> tuple[Field, ...]:
    """The fields in the order of the text; of phrases over the same words the longest counts."""
    named = [hit for hit in found if hit.name in set(Field)]
    longest = [
        hit
        for hit in named
        if not any(
            other.start <= hit.start
            and hit.end <= other.end
            and other.end - other.start > hit.end - hit.start
            for other in named
        )
    ]
    return tuple(dict.fromkeys(Field(hit.name) for hit in longest))
