"""Finds the things people call by many names, and the phrases of the signal tables, in a repaired message."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from faq.lexicon import Lexicon, Words
from faq.normalize import has_marks, one_tone, strip_marks
from faq.slots import Query, Slot

_SHORT: Final = 2
_COSTS: Final = frozenset(("bao", "may", "tien", "phi", "thoi", "khau"))
"""After "mất" these say that something takes or costs ("mất bao lâu"), or that it was "mật khẩu" without marks."""

_WORDS_A_SLIP: Final = 3
"""One wrong mark is forgiven in so many words."""

_NO_GAP: Final = -1


@dataclass(frozen=True, slots=True)
class Hit:
    """A named phrase found in slots start..end (end excluded)."""

    name: str
    start: int
    end: int


@dataclass(slots=True)
class _Node:
    # Most nodes are the last of their phrase and share one empty map.
    next: dict[str, _Node] = field(default_factory=lambda: _NONE_BELOW)
    ends: tuple[tuple[str, Words], ...] = ()


_NONE_BELOW: Final[dict[str, _Node]] = {}


def tones_agree(form: Words, slots: tuple[Slot, ...], start: int, marked: bool) -> bool:
    """Whether the marks typed in these slots allow the form.

    A word typed with marks must carry the same; one typed without is free, unless its writer uses marks.
    """
    for word, slot in zip(form, slots[start : start + len(form)], strict=False):
        typed = slot.typed
        if typed and typed != word and (marked or has_marks(typed)):
            return False
    return True


def _other_tones(form: Words, slots: Sequence[Slot]) -> int:
    """How many words were typed with other marks than the form has; hỏi for ngã is how half the country speaks."""
    pairs = zip(form, (slot.typed for slot in slots), strict=True)
    return sum(
        has_marks(word) and word != wanted and one_tone(word) != one_tone(wanted) for wanted, word in pairs
    )


class PhraseFinder:
    """A tree over all forms of many named phrases; one walk over the message finds them all.

    One of the `fillers` may stand inside a phrase of three words or more: "mất cái giấy khai sinh" is "mất giấy khai
    sinh". Nobody could write down all the places where such a word may stand.
    """

    def __init__(
        self, forms: Mapping[str, Iterable[Words]], *, tolerant: bool, fillers: Collection[str] = ()
    ) -> None:
        self._root = _Node()
        self._tolerant = tolerant
        self._fillers = frozenset(fillers)
        self._bare_fillers = frozenset(map(strip_marks, fillers))
        for name, words in forms.items():
            for form in words:
                node = self._root
                for word in map(strip_marks, form):
                    if node.next is _NONE_BELOW:
                        node.next = {}
                    if word not in node.next:
                        node.next[word] = _Node()
                    node = node.next[word]
                node.ends += ((name, form),)

    def strict(self) -> PhraseFinder:
        """The same tree, for texts that are written with care: nothing in them is bent or forgiven."""
        other = PhraseFinder({}, tolerant=False)
        other._root = self._root
        return other

    def pieces(self) -> list[object]:
        """The branches of the tree."""
        return [*self._root.next.values()]

    def find(self, query: Query) -> list[Hit]:
        """Every phrase that occurs, in order of its start; one phrase at one place only once."""
        hits: dict[Hit, None] = {}
        for start in range(len(query.slots)):
            self._walk(self._root, query, start, start, False, _NO_GAP, hits)
        return list(hits)

    def _walk(
        self, node: _Node, query: Query, start: int, i: int, bent: bool, gap: int, hits: dict[Hit, None]
    ) -> None:
        slot, below = query.slots[i], node.next
        for words, _ in slot.readings:
            # Most words begin no phrase; that is seen here, before anything is called for them.
            if words[0] in below:
                self._descend(node, words, query, start, i, bent, gap, hits)
        # One word of a longer phrase may be spelt as it sounds; more than one would find anything anywhere, and
        # without marks even one does: "lay phi" is no "lệ phí".
        if self._tolerant and not bent and query.marked:
            for word in slot.loose:
                if word in below:
                    self._descend(node, (word,), query, start, i, True, gap, hits)

    def _descend(
        self,
        node: _Node,
        words: Words,
        query: Query,
        start: int,
        i: int,
        bent: bool,
        gap: int,
        hits: dict[Hit, None],
    ) -> None:
        for word in words:
            if word not in node.next:
                return
            node = node.next[word]
        if node.ends:
            self._record(node, query, start, i, bent, gap, hits)
        if node.next and i + 1 < len(query.slots):
            self._walk(node, query, start, i + 1, bent, gap, hits)
            if gap == _NO_GAP and i + 2 < len(query.slots) and self._fills(query, i + 1):
                self._walk(node, query, start, i + 2, bent, i + 1, hits)

    def _fills(self, query: Query, at: int) -> bool:
        """Whether the word there says nothing of its own, so that a phrase may go on behind it."""
        slot = query.slots[at]
        if slot.typed and (query.marked or has_marks(slot.typed)):
            return slot.typed in self._fillers
        return len(slot.first) == 1 and slot.first[0] in self._bare_fillers

    def _record(
        self, node: _Node, query: Query, start: int, i: int, bent: bool, gap: int, hits: dict[Hit, None]
    ) -> None:
        for name, form in node.ends:
            if gap == _NO_GAP:
                fits = not (bent and len(form) == 1) and self._tones_fit(form, query, start, i, bent)
            else:
                slots = query.slots[start:gap] + query.slots[gap + 1 : i + 1]
                fits = len(form) > _SHORT and _fits_around(form, slots, query.marked)
            if fits:
                hits[Hit(name, start, i + 1)] = None

    def _tones_fit(self, form: Words, query: Query, start: int, i: int, bent: bool) -> bool:
        """Long phrases are unlikely by chance; in a short one the tones tell "số đó" from "sổ đỏ"."""
        if bent:
            # A short phrase is bent only by a word that no entry has: "ở chỗ" is not "ở trọ" ill spelt.
            return len(form) > _SHORT or any(not slot.known for slot in query.slots[start : i + 1])
        if len(form) != i - start + 1:
            return True
        if not self._tolerant or len(form) == 1:
            return tones_agree(form, query.slots, start, query.marked)
        return (
            not query.marked or _other_tones(form, query.slots[start : i + 1]) <= len(form) // _WORDS_A_SLIP
        )


def _fits_around(form: Words, slots: Sequence[Slot], marked: bool) -> bool:
    """Whether the marks on both sides of a gap are those of the form, as far as its writer uses any."""
    return not marked or len(form) != len(slots) or not _other_tones(form, slots)


class ConceptFinder:
    """The concepts of a message, with the one rule of meaning: a person who is "mất" has died, a thing is lost."""

    def __init__(self, lexicon: Lexicon) -> None:
        fillers = [words[0] for words in lexicon.signals["filler"] if len(words) == 1]
        self._phrases = PhraseFinder(lexicon.concepts, tolerant=True, fillers=fillers)
        self._exact = self._phrases.strict()
        self._kin = lexicon.signal_words("kin")
        self._kin_sure = lexicon.signal_words("kin_sure")
        self._after_death = lexicon.signal_words("after_death")

    def pieces(self) -> list[object]:
        """All that it holds, in pieces of which none takes long to free."""
        return self._phrases.pieces()

    def find(self, query: Query) -> list[Hit]:
        """The concepts in order."""
        return self._all_meant(self._phrases, query)

    def find_exact(self, query: Query) -> list[Hit]:
        """The concepts spelt exactly: entries are written with care, and a chance likeness in one would stay."""
        return self._all_meant(self._exact, query)

    def _all_meant(self, finder: PhraseFinder, query: Query) -> list[Hit]:
        found = (self._meant(hit, query.slots) for hit in finder.find(query))
        return [hit for hit in found if hit is not None]

    def _meant(self, hit: Hit, slots: tuple[Slot, ...]) -> Hit | None:
        if hit.name != "mat_do" or slots[hit.start].first != ("mat",):
            return hit
        if hit.end < len(slots) and slots[hit.end].first[0] in _COSTS:
            return None
        if hit.start == 0:
            return hit
        before = [slot.first[-1] for slot in slots[max(0, hit.start - 2) : hit.start]]
        if before[-1] not in self._kin or not any(word in self._kin_sure for word in before):
            return hit
        after = slots[hit.end].first[0] if hit.end < len(slots) else None
        if after is None or after in self._after_death:
            return Hit("qua_doi", hit.start, hit.end)
        return hit
