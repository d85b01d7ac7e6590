"""The labelled messages, split for ever by the hash of their words into a tuning and a test half."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from faq.normalize import fold

HERE: Final = Path(__file__).parent
FIRST: Final = ("scams.yaml", "genuine.yaml")
"""Written before the table of frauds, by the same hand: its words are in the table."""
LATER: Final = ("later-scams.yaml", "more-scams.yaml", "later-genuine.yaml")
"""Written when the table was finished: these tell how the desk does on words that nobody put in."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what it is: the kind of fraud, or None for what is genuine; `sort` is its heading in the file."""

    text: str
    sort: str
    kind: str | None

    @property
    def is_for_tuning(self) -> bool:
        """Which half it belongs to."""
        return hashlib.sha256(f"scam:{fold(self.text)}".encode()).digest()[0] % 2 == 0


def load_all() -> tuple[Labelled, ...]:
    """Every message of both sets."""
    return (*load_messages(FIRST), *load_messages(LATER))


def load_messages(names: tuple[str, ...]) -> tuple[Labelled, ...]:
    """The messages of some files; in those that are named so, all is genuine."""
    found: list[Labelled] = []
    for name in names:
        raw: dict[str, Any] = yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for sort, texts in raw.items():
            found += [Labelled(str(text), sort, None if "genuine" in name else sort) for text in texts]
    return tuple(found)
