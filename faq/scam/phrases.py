"""Finds thousands of phrases in one pass over the words of a message; a phrase may leave room for a few words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from faq.concepts import Hit
from faq.normalize import fold

_PIECE: Final = re.compile(r"\([^)]*\)|\S+")
_GAP: Final = "*"
_ROOM: Final = 3
"""How many words a "*" may stand for."""


@dataclass(slots=True)
class _Node:
    onward: dict[str, _Node] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


class PhraseBook:
    """A tree of phrases by their words. Fill it once, then only ask."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, name: str, tokens: Sequence[str]) -> None:
        """One phrase under a name; several phrases may share a name."""
        node = self._root
        for token in tokens:
            node = node.onward.setdefault(token, _Node())
        if name not in node.names:
            node.names.append(name)

    def find(self, tokens: Sequence[str]) -> list[Hit]:
        """Every phrase that stands in the words, in the order of their first word."""
        found: list[Hit] = []
        for start, token in enumerate(tokens):
            node = self._root.onward.get(token)
            if node is not None:
                found += self._from(node, tokens, start)
        return found

    def _from(self, first: _Node, tokens: Sequence[str], start: int) -> Iterator[Hit]:
        open_: list[tuple[_Node, int]] = [(first, start + 1)]
        seen: set[tuple[int, int]] = set()
        while open_:
            node, at = open_.pop()
            if (id(node), at) in seen:
                continue
            seen.add((id(node), at))
            for name in node.names:
                yield Hit(name, start, at)
            if at < len(tokens) and tokens[at] in node.onward:
                open_.append((node.onward[tokens[at]], at + 1))
            if _GAP in node.onward:
                gap = node.onward[_GAP]
                open_ += [(gap, to) for to in range(at, min(at + _ROOM, len(tokens)) + 1)]


def expand(phrase: str, words: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Every sequence of words that a phrase stands for. Raises KeyError for a "$name" that is not there."""
    pieces = [_choices(piece, words) for piece in _PIECE.findall(phrase)]
    for chosen in product(*pieces):
        yield tuple(token for choice in chosen for token in choice.split())


def _choices(piece: str, words: Mapping[str, Sequence[str]]) -> list[str]:
    if piece.startswith("$"):
        return [fold(word) for word in words[piece[1:]]]
    if piece.startswith("("):
        return [fold(word) for word in piece[1:-1].split("|")]
    return [piece if piece == _GAP or piece.startswith("<") else fold(piece)]
