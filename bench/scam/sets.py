"""The labelled messages, split for ever by the hash of their words into a tuning and a test half."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from faq.normalize import fold

HERE: Final = Path(__file__).parent


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


def load_messages(*, frauds: str = "scams.yaml", genuine: str = "genuine.yaml") -> tuple[Labelled, ...]:
    """All messages of the two files."""
    bad = [Labelled(text, kind, kind) for kind, texts in _read(frauds).items() for text in texts]
    good = [Labelled(text, sort, None) for sort, texts in _read(genuine).items() for text in texts]
    return (*bad, *good)


def _read(name: str) -> dict[str, list[str]]:
    raw: dict[str, Any] = yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {str(key): [str(text) for text in texts] for key, texts in raw.items()}
