"""Finds the area of the ward that a citizen's sentence names."""

from __future__ import annotations

import re
import unicodedata

from core.ward import Area, Ward
from core.wards import AREA_WORDS, fold

# "Ổ gà to 3 mét" written without marks is not tổ 3.
_MEASURES = r"m|met|cm|km|kg|tan|lit|nguoi|cai|con|lan|gio|ngay|tuan|thang|nam|tang|chiec|xe|x|ha"
_SEATS = re.compile(r"\bo to \d+ cho\b")


def suggest_area(ward: Ward, text: str) -> Area | None:
    """The one area that a text names ("tổ 12", "khu pho 3", "tdp số 5"); None for none or for several."""
    plain = fold(text)
    found = {area for area in (ward.find_area(number) for number in _numbers(ward, text, plain)) if area}
    named = [area for area in ward.areas if f" {fold(area.name)} " in f" {plain} "]
    # "Thôn Đông" stands inside "Thôn Đông Hạ": only the longest name was meant.
    found |= {one for one in named if not any(_within(one, other) for other in named)}
    return found.pop() if len(found) == 1 else None


def _numbers(ward: Ward, text: str, plain: str) -> list[str]:
    words = AREA_WORDS[ward.area_word]
    written = unicodedata.normalize("NFC", text).lower()
    marked = bool(re.search(r"\btổ", written))
    # Whoever types marks writes "tổ"; their "to" and "tô" are other words.
    if not written.isascii() and not marked:
        words = tuple(word for word in words if word != "to")
    # With its mark "tổ 4" is an area, whatever comes after a comma.
    measures = "" if marked else rf"(?!\s(?:{_MEASURES})\b)"
    pattern = rf"\b(?:{'|'.join(words)})\s?(?:so\s)?0*(\d{{1,3}})\b{measures}"
    return re.findall(pattern, _SEATS.sub(" ", plain))


def _within(one: Area, other: Area) -> bool:
    return one != other and f" {fold(one.name)} " in f" {fold(other.name)} "
