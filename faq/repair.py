"""Turns a message into slots of what each word may have meant: torn words joined, every word read in its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from faq.lexicon import Lexicon, Words
from faq.normalize import strip_marks, syllables
from faq.slots import Query, Slot
from faq.spelling import Speller, Word


class Repairer:
    """Repairs messages towards the vocabulary of one library."""

    def __init__(self, lexicon: Lexicon, vocabulary: Iterable[str]) -> None:
        self._speller = Speller(lexicon, vocabulary)
        self._short_pairs = lexicon.short_pairs

    def repair(self, text: str) -> Query:
        """A text of one piece as slots."""
        return self.repair_clauses([(text, 1.0)])

    def repair_clauses(self, clauses: Sequence[tuple[str, float]]) -> Query:
        """The weighted clauses of a message as slots.

        Cost is bounded: the text is cut and glued words beyond a length are not split.
        """
        slots: list[Slot] = []
        focus: list[float] = []
        words = marked = 0
        for text, weight in clauses:
            clause = self._join([self._speller.word(word) for word in syllables(text)])
            words += len(clause)
            marked += sum([word.marked for word in clause])
            slots += self._slots(clause)
            focus += [weight] * (len(slots) - len(focus))
        return Query(tuple(slots), marked * 3 >= words, tuple(focus))

    def _slots(self, words: list[Word]) -> list[Slot]:
        slots: list[Slot] = []
        skip = False
        for at, word in enumerate(words):
            if skip:
                skip = False
                continue
            pair = self._pair(word, words[at + 1]) if at + 1 < len(words) else None
            if pair is not None:
                slots.append(Slot(((pair, 1.0),)))
                skip = True
            else:
                slots += self._speller.slots(words, at)
        return slots

    def _pair(self, word: Word, after: Word) -> Words | None:
        pair = self._short_pairs.get((word.typed, after.typed))
        return None if pair is None else tuple(map(strip_marks, pair))

    def _join(self, words: list[Word]) -> list[Word]:
        """Puts torn short forms back together ("bh yt"): only where at least one piece makes no syllable."""
        out: list[Word] = []
        for word in words:
            if out and not (word.is_syllable and out[-1].is_syllable):
                bare = out[-1].bare + word.bare
                letters = len(bare) > 2 and not bare[-1].isdigit() and not bare[0].isdigit()
                if letters and self._speller.is_whole(bare):
                    out[-1] = self._speller.as_written(out[-1].typed + word.typed)
                    continue
            out.append(word)
        return out
