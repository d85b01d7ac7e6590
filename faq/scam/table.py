"""The table of frauds that staff can edit (`content/_scam.yaml`), as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from faq.entry import CONFIDENCES, Confidence, ContentError, read_yaml
from faq.library import CONTENT
from faq.scam.phrases import PhraseBook, expand

_FILE: Final = "_scam.yaml"
CALM, SIGN, ABOUT, TELLING = "calm", "sign", "about", "telling"


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that speaks for a fraud (or, with a negative weight, against); `told` is what a citizen reads."""

    id: str
    weight: float
    told: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fraud: its name, what to do, the entry that tells more, how sure the office is of it (A to D).

    `quotes_danger`: its messages speak of accidents that did not happen.
    """

    id: str
    name: str
    advice: str
    entry: str
    confidence: Confidence
    quotes_danger: bool = False


@dataclass(frozen=True)
class ScamTable:
    """All signs and kinds, and the phrases by which they are recognised, named "sign:id", "telling:id" …"""

    signs: Mapping[str, Sign]
    calm: Mapping[str, Sign]
    kinds: Mapping[str, Kind]
    short: Mapping[str, str]
    joined: Mapping[str, str]
    book: PhraseBook


@lru_cache(maxsize=2)
def load_scam_table(folder: Path = CONTENT) -> ScamTable:
    """Read the table. Raises ContentError naming what is wrong."""
    raw = read_yaml(folder / _FILE)
    try:
        return _table(raw)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ContentError(f"{_FILE}: sai ở {error!r}") from error


def _table(raw: Mapping[str, Any]) -> ScamTable:
    words = {name: tuple(map(str, forms)) for name, forms in raw["words"].items()}
    book = PhraseBook()
    for part, rows in ((CALM, raw["calm"]), (SIGN, raw["signs"])):
        for row in rows:
            _add(book, f"{part}:{row['id']}", row.get("phrases", ()), words)
    for row in raw["kinds"]:
        _add(book, f"{ABOUT}:{row['id']}", row["about"], words)
        _add(book, f"{TELLING}:{row['id']}", row["telling"], words)
    return ScamTable(
        signs={row["id"]: _sign(row) for row in raw["signs"]},
        calm={row["id"]: _sign(row) for row in raw["calm"]},
        kinds={row["id"]: _kind(row) for row in raw["kinds"]},
        short={str(key): str(value) for key, value in raw["short"].items()},
        joined={str(key): str(value) for key, value in raw["joined"].items()},
        book=book,
    )


def _add(book: PhraseBook, name: str, phrases: Any, words: Mapping[str, tuple[str, ...]]) -> None:
    for phrase in phrases:
        for tokens in expand(str(phrase), words):
            book.add(name, tokens)


def _sign(row: Mapping[str, Any]) -> Sign:
    return Sign(row["id"], float(row["weight"]), row.get("told", ""))


def _kind(row: Mapping[str, Any]) -> Kind:
    if row["confidence"] not in CONFIDENCES:
        raise ContentError(f"{_FILE}, {row['id']}: độ tin phải là A, B, C hoặc D")
    danger = bool(row.get("quotes_danger", False))
    return Kind(row["id"], row["name"], row["advice"], row["entry"], row["confidence"], danger)
