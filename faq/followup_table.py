"""The table of how short messages lean on the answer before them, read from the content folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from faq.entry import ContentError, read_yaml
from faq.lexicon import Words
from faq.library import CONTENT
from faq.normalize import syllables, toned

_FILE: Final = "_followups.yaml"
_NUMBER: Final = r"(?:\d+|\{figure:[^{}]*\})"


class Field(StrEnum):
    """What is asked about a matter that was just answered."""

    FEE = "fee"
    TIME = "time"
    PLACE = "place"
    BRING = "bring"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class FollowupTable:
    """Phrases by name ("fee" …, "lead", "tail", "turn", "filler"), mere cases, and signs in answers."""

    phrases: Mapping[str, tuple[Words, ...]]
    cases: frozenset[str]
    concepts: Mapping[Field, frozenset[str]]
    told: Mapping[Field, re.Pattern[str]]

    def tells(self, field: Field, sentence: str) -> bool:
        """Whether a sentence of an answer tells of a field."""
        return self.told[field].search(toned(sentence)) is not None


def load_followups(folder: Path = CONTENT) -> FollowupTable:
    """Read the table. Raises ContentError."""
    raw = read_yaml(folder / _FILE)
    try:
        phrases = {field.value: _forms(raw["fields"][field.value]) for field in Field}
        phrases |= {name: _forms(raw[name]) for name in ("lead", "tail", "turn", "filler")}
        return FollowupTable(
            phrases=phrases,
            cases=frozenset(raw["cases"]),
            concepts={field: frozenset(raw["concepts"][field.value]) for field in Field},
            told={field: _pattern(raw["told"][field.value]) for field in Field},
        )
    except (KeyError, TypeError) as error:
        raise ContentError(f"{_FILE}: sai hoặc thiếu ở {error!r}") from error


def _forms(values: Iterable[object]) -> tuple[Words, ...]:
    return tuple(tuple(syllables(str(value))) for value in values)


def _pattern(signs: Iterable[str]) -> re.Pattern[str]:
    parts = (re.escape(toned(sign)).replace(r"\{number\}", _NUMBER) for sign in signs)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
