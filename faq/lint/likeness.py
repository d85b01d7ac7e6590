"""Checks with the matcher that every way of asking finds its own entry, and that no two entries answer the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from faq.decision import Decision
from faq.entry import Entry
from faq.library import Library
from faq.lint.finding import Finding, Rule
from faq.matcher import Matcher
from faq.normalize import fold

CLOSE: Final = 2.0
"""Points of 100: an entry that comes so near to another one's own question answers the same."""


class LikenessCheck:
    """Asks each entry's own questions. Building is the slow part: a quarter of a second for a hundred entries."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._matcher = Matcher(library)
        self._asked: dict[str, list[str]] = {}
        for entry in library:
            for phrasing in entry.phrasings:
                self._asked.setdefault(_plain(phrasing), []).append(entry.id)

    def check(self, entry: Entry) -> Iterator[Finding]:
        """Phrasings of an entry that belong to another one, word for word or by what the matcher says."""
        for number, phrasing in enumerate(entry.phrasings):
            name = "alternatives" if number else "question"
            other = self._other(entry, phrasing)
            if other is not None:
                problem = f"cách hỏi «{phrasing}» giống mục {other.id} ({other.question}) hơn"
                yield Finding(entry.id, name, problem, Rule.LIKENESS, phrasing)

    def _other(self, entry: Entry, phrasing: str) -> Entry | None:
        same = next((found for found in self._asked[_plain(phrasing)] if found != entry.id), None)
        if same is not None:
            return self._library.get(same)
        ranked = self._matcher.match(phrasing).ranked
        own = dict(ranked).get(entry.id, 0.0)
        rivals = (found for found, score in ranked if found != entry.id and score >= own - CLOSE)
        rival = next(rivals, None)
        return None if rival is None else self._library.get(rival)


def list_hints(library: Library) -> Iterator[Finding]:
    """Ways of asking that would surely get another entry's answer, were they not written down in their own.

    Most are as they should be, for that is what they are written down for; some belong to the other entry.
    """
    for number in range(max((len(entry.alternatives) for entry in library), default=0)):
        # One matcher leaves out the n-th alternative of every entry: each is asked as if it were new.
        matcher = Matcher(replace(library, entries=tuple(_without(entry, number) for entry in library)))
        for entry in library:
            for phrasing in entry.alternatives[number : number + 1]:
                match = matcher.match(phrasing)
                if match.decision is Decision.ANSWER and match.ranked[0][0] != entry.id:
                    other = library.get(match.ranked[0][0])
                    problem = f"cân nhắc: «{phrasing}» nên để ở mục {other.id} ({other.question})?"
                    yield Finding(entry.id, "alternatives", problem, Rule.HINT, phrasing)


def _without(entry: Entry, number: int) -> Entry:
    kept = entry.alternatives[:number] + entry.alternatives[number + 1 :]
    return replace(entry, alternatives=kept)


def _plain(text: str) -> str:
    return " ".join(fold(text).rstrip(" ?!.").split())
