"""What in a message carries the question: what is set aside ("chứ không phải …") weighs less, what asks more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from faq.lexicon import Lexicon
from faq.normalize import strip_marks, syllables

_SENTENCE: Final = re.compile(r"[.!?\n;…]+")
_BREAK: Final = re.compile(
    r"[,:()–]+|\s-\s|(?=\b(?:chứ|nhưng|nhưng mà|còn|giờ|bây giờ|bh)\s)|(?=\b(?:chu khong|nhung|gio muon|gio chi)\s)"
)
_SET_ASIDE: Final = 0.4
_ASKING: Final = 1.35
_LAST: Final = 1.15
_LONG: Final = 24
"""From so many words on a message tells a story; only there the sentences differ in weight."""


class FocusReader:
    """Weighs the clauses of a message; built once from the signal tables."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._aside = _Pattern(lexicon.signals["set_aside"])
        self._asks = _Pattern((*lexicon.signals["question"], *lexicon.signals["question_bare"]))

    def clauses(self, text: str) -> list[tuple[str, float]]:
        """The clauses of a cleaned text in order, each with its weight around 1."""
        sentences = [part for part in _SENTENCE.split(text) if part.strip()]
        # So many words have at least as many letters, and something between them.
        long = len(text) >= 2 * _LONG - 1 and sum(len(syllables(one)) for one in sentences) >= _LONG
        found: list[tuple[str, float]] = []
        for number, sentence in enumerate(sentences):
            weight = 1.0
            if long:
                weight *= _ASKING if self._asks(sentence) else 1.0
                weight *= _LAST if number >= len(sentences) - 2 else 1.0
            parts = [part for part in _BREAK.split(sentence) if part and part.strip()]
            found += [(part, weight * self._clause_weight(part, parts)) for part in parts]
        return found

    def _clause_weight(self, part: str, parts: Sequence[str]) -> float:
        """Less for what the writer sets aside, if anything else is left that says what is wanted."""
        if len(parts) == 1 or not self._aside(part):
            return 1.0
        return _SET_ASIDE if any(not self._aside(other) for other in parts if other is not part) else 1.0


class _Pattern:
    """Whether one of many phrases stands in a text, with marks as written, without where none are typed."""

    def __init__(self, forms: Sequence[Sequence[str]]) -> None:
        toned = sorted({" ".join(form) for form in forms}, key=len, reverse=True)
        bare = sorted({strip_marks(form) for form in toned if " " in form}, key=len, reverse=True)
        self._toned = re.compile(rf"\b(?:{'|'.join(map(re.escape, toned))})\b")
        self._bare = re.compile(rf"\b(?:{'|'.join(map(re.escape, bare))})\b")

    def __call__(self, text: str) -> bool:
        words = " ".join(syllables(text))
        return bool(self._bare.search(words) if words.isascii() else self._toned.search(words))
