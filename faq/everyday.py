"""Everyday words that an office has added: read in a message as the known word for the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from faq.entry import Entry
from faq.lexicon import Lexicon
from faq.library import Library
from faq.normalize import clean, has_marks, strip_marks, syllables, toned

_WORD: Final = re.compile(r"[^\W_]+")


class Everyday:
    """Puts "sổ đỏ" in the place of "sổ hồng", so that both are understood alike in every sentence.

    A form in the lexicon alone would name the thing, but its words would still count as something asked beside it.
    """

    def __init__(self, lexicon: Lexicon, added: Mapping[str, Iterable[str]]) -> None:
        """`added`: words by the name of the thing they mean; its first form is what they are read as."""
        self._known: dict[tuple[str, ...], str] = {}
        for name, words in added.items():
            known = " ".join(lexicon.concepts[name][0])
            self._known |= {tuple(syllables(word)): known for word in words if syllables(word)}
        self._longest = max(map(len, self._known), default=0)

    def read(self, text: str) -> str:
        """The text with known words; the very same text when none was added or none occurs."""
        if not self._known:
            return text
        cleaned = clean(text)
        words = list(_WORD.finditer(cleaned))
        typed = [toned(word.group()) for word in words]
        parts, at, end = list[str](), 0, 0
        while at < len(words):
            length, known = self._longest_at(typed, at)
            if length:
                parts += [cleaned[end : words[at].start()], known]
                end = words[at + length - 1].end()
            at += length or 1
        return "".join([*parts, cleaned[end:]]) if parts else text

    def read_library(self, library: Library) -> Library:
        """The same for all that entries are found by, so that a way to ask with an added word still fits."""
        if not self._known:
            return library
        return replace(library, entries=tuple(self._read_entry(entry) for entry in library))

    def _read_entry(self, entry: Entry) -> Entry:
        return replace(
            entry,
            question=self.read(entry.question),
            alternatives=tuple(map(self.read, entry.alternatives)),
            keywords=tuple(map(self.read, entry.keywords)),
        )

    def _longest_at(self, typed: list[str], at: int) -> tuple[int, str]:
        for length in range(min(self._longest, len(typed) - at), 0, -1):
            for form, known in self._known.items():
                if len(form) == length and all(map(_fits, typed[at : at + length], form)):
                    return length, known
        return 0, ""


def _fits(typed: str, word: str) -> bool:
    """Typed with marks it must carry the same; typed without it is free."""
    return typed == word or (not has_marks(typed) and typed == strip_marks(word))
