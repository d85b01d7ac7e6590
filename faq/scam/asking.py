"""What somebody wants with a message: to know whether it is true, help after a mistake, or to tell of a fraud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from faq.entry import ContentError, read_yaml
from faq.library import CONTENT
from faq.scam.phrases import PhraseBook, expand

_FILE: Final = "_scam_asks.yaml"


class Mishap(StrEnum):
    """What somebody has done already, the worst first."""

    PAID = "paid"
    CODE = "code"
    APP = "app"
    LINK = "link"
    PAPERS = "papers"


@dataclass(frozen=True, slots=True)
class Asking:
    """What was found of the person's own words.

    `doubts`: asks whether something is true. `points`: names the thing ("tin này", "số này"). `generally`: asks about
    frauds in general. `tells`: says that there is a fraud or that one was cheated.
    """

    doubts: bool
    points: bool
    generally: bool
    tells: bool
    mishap: Mishap | None


@dataclass(frozen=True)
class AskTable:
    """The phrases by which people's own words are recognised, named as the fields of `Asking`."""

    book: PhraseBook


@lru_cache(maxsize=2)
def load_ask_table(folder: Path = CONTENT) -> AskTable:
    """Read the table. Raises ContentError."""
    raw: dict[str, Any] = read_yaml(folder / _FILE)
    book = PhraseBook()
    try:
        words = {name: tuple(map(str, forms)) for name, forms in raw["words"].items()}
        for name in (
            "doubts",
            "points",
            "generally",
            "tells",
            "unless",
            *(f"mishap_{one}" for one in Mishap),
        ):
            for phrase in raw[name]:
                for tokens in expand(str(phrase), words):
                    book.add(name, tokens)
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"{_FILE}: sai ở {error!r}") from error
    return AskTable(book)


def read_asking(tokens: Sequence[str], table: AskTable) -> Asking:
    """What the words ask for."""
    found: Mapping[str, bool] = {hit.name: True for hit in table.book.find(tokens)}
    mishaps = [one for one in Mishap if f"mishap_{one}" in found]
    return Asking(
        doubts="doubts" in found,
        points="points" in found,
        generally="generally" in found,
        tells="tells" in found,
        mishap=mishaps[0] if mishaps and "unless" not in found else None,
    )
