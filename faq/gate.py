"""A matcher for many threads: they take turns, because matching is computing and side by side is no faster."""

from __future__ import annotations

import threading

from faq.lexicon import Lexicon
from faq.library import Library
from faq.matcher import Match, Matcher


class OneAtATime(Matcher):
    """Matches one message after the other, whichever threads ask.

    Python computes in one thread at a time anyway. Eight that compute would each take their slice between two
    slices of the event loop, and a loop that should wake every millisecond would wait for tens of them.
    """

    def __init__(self, library: Library, lexicon: Lexicon | None = None) -> None:
        super().__init__(library, lexicon)
        self._turn = threading.Lock()

    def match(self, text: str) -> Match:
        """As `Matcher.match`; waits for its turn."""
        with self._turn:
            return super().match(text)
