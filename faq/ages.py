"""Ages in entries are intervals ("từ 6 đến dưới 14 tuổi"), ages in questions are numbers ("bé 7 tuổi", "lớp 3")."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Interval: TypeAlias = tuple[int, int]

_BETWEEN: Final = re.compile(r"tu (?:du )?(\d{1,3})(?: tuoi)? den (duoi |chua du )?(\d{1,3}) tuoi")
_BELOW: Final = re.compile(r"(?:duoi|chua du|chua den) (\d{1,3}) tuoi")
_ABOVE: Final = re.compile(r"(?:tu (?:du )?|tren |du )(\d{1,3}) tuoi(?: tro len)?")
_ASKED: Final = re.compile(r"(\d{1,3}) ?(?:tuoi|t)\b")
_CLASS: Final = re.compile(r"\blop (\d{1,2})\b")
_OLDEST: Final = 130
_SCHOOL_START: Final = 5


def intervals(folded: str) -> tuple[Interval, ...]:
    """The intervals of ages, ends included, that a folded text of an entry speaks of."""
    found: list[Interval] = []
    for low, below, high in _BETWEEN.findall(folded):
        found.append((int(low), int(high) - (1 if below else 0)))
    rest = _BETWEEN.sub(" ", folded)
    found += [(0, int(age) - 1) for age in _BELOW.findall(rest)]
    found += [(int(age), _OLDEST) for age in _ABOVE.findall(_BELOW.sub(" ", rest))]
    return tuple(found)


def asked_age(folded: str) -> int | None:
    """The one age a folded question names, or None; a school class counts as the usual age of its pupils."""
    if "tuoi" not in folded and not any(char.isdigit() for char in folded):
        return None
    rest = _ABOVE.sub(" ", _BELOW.sub(" ", _BETWEEN.sub(" ", folded))) if "duoi" in folded else folded
    hit = _ASKED.search(rest)
    if hit:
        return int(hit[1])
    school = _CLASS.search(rest)
    return int(school[1]) + _SCHOOL_START if school else None
