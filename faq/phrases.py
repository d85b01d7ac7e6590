"""The sentences around an answer, kept as data beside the entries, and what counts as a figure in a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from faq.entry import ContentError, read_yaml
from faq.figures import RATE, REFERENCE, TERM


@dataclass(frozen=True, slots=True)
class Phrases:
    """Notes, names of units, stand-ins for ward facts and figures, words of card and steps, and listed hotlines."""

    notes: Mapping[str, str]
    owners: Mapping[str, str]
    placeholders: Mapping[str, str]
    figures: Mapping[str, str]
    card: Mapping[str, str]
    hotlines: tuple[str, ...]

    def has_digits(self, text: str) -> bool:
        """Whether a text states anything in digits; hotlines listed with their source do not count."""
        return any(char.isdigit() for char in self._without_hotlines(text))

    def has_quantity(self, text: str) -> bool:
        """Whether a text states money, a percentage or a time: "CT01" and "mã 6 số" are names, not figures."""
        return RATE.search(text) is not None or TERM.search(text) is not None

    def _without_hotlines(self, text: str) -> str:
        text = REFERENCE.sub("", text)
        for number in self.hotlines:
            text = re.sub(rf"(?<!\d){re.escape(number)}(?!\d)", "", text)
        return text


def load_phrases(folder: Path) -> Phrases:
    """The phrases and hotlines of a content folder. Raises ContentError."""
    raw, hotlines = read_yaml(folder / "_phrases.yaml"), read_yaml(folder / "_hotlines.yaml")
    try:
        # The longest first: "5656" must go before a shorter number inside it could.
        numbers = sorted((str(row["number"]) for row in hotlines), key=len, reverse=True)
        return Phrases(
            raw["notes"], raw["owners"], raw["placeholders"], raw["figures"], raw["card"], tuple(numbers)
        )
    except (KeyError, TypeError) as error:
        raise ContentError(f"_phrases.yaml hoặc _hotlines.yaml: thiếu phần {error}") from error
