"""Seven ways in which a phone may spell one and the same text: the answer must not depend on them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from bench.questions.noise import nodia
from faq.normalize import toned

_NEW_PLACES: Final = tuple(
    (unicodedata.normalize("NFC", first + tone + second), unicodedata.normalize("NFC", first + second + tone))
    for first, second in ("oa", "oe", "uy")
    for tone in "\u0300\u0301\u0303\u0309\u0323"
)


def _zero_width(text: str) -> str:
    return "\u200b".join(text.split(" ")).replace("\u200b", " \u200b") + "\u200d"


def _full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _new_tone_places(text: str) -> str:
    """hòa as hoà."""
    text = toned(text)
    for old, new in _NEW_PLACES:
        text = text.replace(old, new)
    return text


SPELLINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "zero width": _zero_width,
    "full width": _full_width,
    "no marks": nodia,
    "old tone places": toned,
    "new tone places": _new_tone_places,
    "capitals": lambda text: text.upper(),
}
