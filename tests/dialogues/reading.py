"""Reads the dialogues from their files, and says which half each belongs to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from faq.entry import Entry, read_yaml
from faq.library import Library

HERE: Final = Path(__file__).parent
KINDS: Final = ("hoi-gon", "truong-hop", "cau-moi", "chua-dung", "nhieu-cau", "tung-buoc")
_LATER: Final = re.compile(r"\[(?:(\d+) phút sau|hôm sau)\] ?")


@dataclass(frozen=True, slots=True)
class Turn:
    """What is said, how long after the turn before, and what it means."""

    said: str
    meant: str
    pause: timedelta


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A few turns of one person."""

    name: str
    kind: str
    turns: tuple[Turn, ...]

    @property
    def is_for_tuning(self) -> bool:
        """Which half it belongs to, for ever: by the hash of its name."""
        return int(hashlib.sha256(self.name.encode()).hexdigest(), 16) % 2 == 1


def load_dialogues() -> tuple[Dialogue, ...]:
    """All dialogues. Raises ValueError for a turn without a meaning."""
    return tuple(dialogue for kind in KINDS for dialogue in _read(kind))


def _read(kind: str) -> Iterator[Dialogue]:
    for name, turns in read_yaml(HERE / f"{kind}.yaml").items():
        yield Dialogue(name, kind, tuple(_turn(name, str(line)) for line in turns))


def _turn(name: str, line: str) -> Turn:
    said, arrow, meant = line.rpartition(" -> ")
    if not arrow:
        raise ValueError(f"{name}: {line}: what does it mean?")
    later = _LATER.match(said)
    if later is None:
        return Turn(said, meant.strip(), timedelta())
    pause = timedelta(minutes=int(later[1])) if later[1] else timedelta(days=1)
    return Turn(said[later.end() :], meant.strip(), pause)


@cache
def sample_library() -> Library:
    """The shipped library, with steps and fields for some entries as long as the content has none of its own."""
    extra: dict[str, dict[str, Any]] = read_yaml(HERE / "_them.yaml")
    return Library.of(_filled(entry, extra.get(entry.id, {})) for entry in Library.load())


def _filled(entry: Entry, fields: dict[str, Any]) -> Entry:
    missing = {name: value for name, value in fields.items() if not getattr(entry, name)}
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in missing.items()}
    return replace(entry, **values)
