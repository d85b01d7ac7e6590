"""What words say for one kind of message or another: a naive Bayes over syllables, pairs of them, and their marks."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process

from core.wards import fold

_SMOOTHING = 0.5
# A message says its subject early, and the cost grows with every word.
_WORDS_READ = 150
_SLIP_FROM, _SLIP_CUTOFF = 5, 84.0
_WORD = re.compile(r"[^\W\d_]+")
# A typed code says nothing about its message: its letters would be read as words in short («k», «x»).
_CODE = re.compile(
    r"(?<![\w-])(?:(?=[\w-]*\d)[0-9A-Z]{3,4}(?:-[0-9A-Z]{3,4}){1,2}"
    r"|(?=\w{6})(?:\d+[A-Z]+\d|[A-Z]+\d+[A-Z])[0-9A-Z]*)(?![\w-])",
    re.IGNORECASE,
)


class WordOdds:
    """For each word or pair of words, what it says for each kind: the logarithm of its odds there.

    It learns from sentences with their kind and their worth (how many times each counts).
    """

    def __init__(self, sentences: Iterable[tuple[str, str, int]], keywords: Iterable[str] = ()) -> None:
        counts: dict[str, Counter[str]] = {}
        for key, text, worth in sentences:
            counts.setdefault(key, Counter()).update(dict.fromkeys(_signs_of(text), worth))
        whole: Counter[str] = Counter()
        for count in counts.values():
            whole.update(count)
        self._keys = tuple(counts)
        self._keywords = frozenset(keywords)
        self._counts = tuple((count, sum(count.values())) for count in counts.values())
        self._whole, self._total = whole, sum(whole.values())
        self._syllables = sorted({sign for sign in whole if " " not in sign and ":" not in sign})
        self._known = frozenset(self._syllables)
        self._joined = {
            sign.replace(" ", ""): tuple(sign.split()) for sign in whole if " " in sign and sign.isascii()
        }

    def sums(self, text: str) -> dict[str, float]:
        """How much the words speak for each kind; empty when no word of the text is known."""
        signs = [sign for sign in _signs(tuple(self._mend(marked(text)))) if sign in self._whole]
        if not signs:
            return {}
        columns = zip(*map(self._odds, signs), strict=True)
        return {key: sum(column) for key, column in zip(self._keys, columns, strict=True)}

    def count_known(self, text: str) -> int:
        """How many words of the text stood in a sentence that was learned from."""
        return sum(_plain(word) in self._known for word in marked(text))

    def names(self, text: str) -> bool:
        """True when the text has one of the keywords."""
        plain = f" {' '.join(_plain(word) for word in self._mend(marked(text)))} "
        return any(f" {keyword} " in plain for keyword in self._keywords)

    def _odds(self, sign: str) -> list[float]:
        """What one sign says for each kind. Asked for, not tabled: a message has few of all the signs."""
        kinds, times, row = len(self._whole), self._whole[sign], []
        for count, size in self._counts:
            here = (count[sign] + _SMOOTHING) / (size + _SMOOTHING * kinds)
            there = (times - count[sign] + _SMOOTHING) / (self._total - size + _SMOOTHING * kinds)
            row.append(math.log(here / there))
        return row

    def _mend(self, words: Sequence[str]) -> Iterator[str]:
        """Glued words taken apart, and a long unknown word read as its nearest known one."""
        for word in words:
            plain = _plain(word)
            if plain in self._known or len(plain) < _SLIP_FROM:
                yield word
            elif plain in self._joined:
                yield from self._joined[plain]
            else:
                near = process.extractOne(
                    plain, self._syllables, scorer=fuzz.ratio, score_cutoff=_SLIP_CUTOFF
                )
                yield near[0] if near else word


def _signs(words: Sequence[str]) -> set[str]:
    """What is counted: words and pairs without marks, and words with the marks that were typed."""
    plain = [_plain(word) for word in words]
    pairs = {f"{one} {next_one}" for one, next_one in pairwise(plain)}
    return {*plain, *pairs, *(f"m:{word}" for word in words if not word.isascii())}


@lru_cache(maxsize=1 << 13)
def _signs_of(sentence: str) -> frozenset[str]:
    """Of one that is learned from: at each change of the knowledge nearly all of them are the same again."""
    return frozenset(_signs(marked(sentence)))


@lru_cache(maxsize=1 << 14)
def _plain(word: str) -> str:
    """One word without its marks; the sentences that are learned from have few words, each many times."""
    return fold(word)


def marked(text: str) -> tuple[str, ...]:
    said = _CODE.sub(" ", unicodedata.normalize("NFC", text))
    return tuple(_WORD.findall(said.lower()))[:_WORDS_READ]
