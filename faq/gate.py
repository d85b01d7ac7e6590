"""The matcher of a running product: many threads take turns, and the words that an office added are read."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any, Final

from faq.everyday import Everyday
from faq.lexicon import Lexicon
from faq.library import Library
from faq.matcher import Look, Matcher
from faq.routes import Route

_NEVER_REWORDED: Final = frozenset({Route.EMERGENCY, Route.DENUNCIATION})


class OneAtATime(Matcher):
    """Looks at one message after the other, whichever threads ask.

    Python computes in one thread at a time anyway. Eight that compute would each take their slice between two
    slices of the event loop, and a loop that should wake every millisecond would wait for tens of them.
    """

    def __init__(
        self, library: Library, lexicon: Lexicon, added: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        """`added`: everyday words by the name of the thing in the lexicon that they mean."""
        self._everyday = Everyday(lexicon, added or {})
        super().__init__(self._everyday.read_library(library), lexicon)
        self._turn = threading.Lock()

    def look(self, text: str) -> Look:
        """As `Matcher.look`; waits for its turn. No added word can hide danger or a denunciation."""
        read = self._everyday.read(text)
        with self._turn:
            if read != text and (plain := super().look(text)).signs.route in _NEVER_REWORDED:
                return plain
            return super().look(read)

    def __getstate__(self) -> dict[str, Any]:
        """A turn belongs to the threads of one process."""
        return {name: value for name, value in vars(self).items() if name != "_turn"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._turn = threading.Lock()

    def features(self, text: str) -> dict[str, float]:
        """As `Matcher.features`; waits for its turn."""
        with self._turn:
            return super().features(self._everyday.read(text))
