"""What is wrong with a ward profile that its schema cannot see: keys that point nowhere, numbers out of bounds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.audience import GENERAL
from core.wards import fold

if TYPE_CHECKING:
    from core.ward import Ward

OTHER = "KHAC"
_MOST_UNDO_SECONDS = 600
_GROUPS = ("departments", "hotlines", "categories", "areas", "landmarks", "topics", "reminders", "indicators")
# Keys travel inside the payload of buttons, which a channel limits to 64 bytes.
_KEY = re.compile(r"[a-z]+\.[A-Za-z0-9_-]{1,24}")


def list_problems(ward: Ward) -> Iterator[str]:
    """One line for each, beginning with the place in the profile."""
    yield from _keys(ward)
    yield from _categories(ward)
    yield from _numbers(ward)
    yield from _places(ward)
    yield from _indicators(ward)
    yield from _names(ward)


def _keys(ward: Ward) -> Iterator[str]:
    keys = [f"{group}.{one.key}" for group in _GROUPS for one in getattr(ward, group)]
    yield from (f"{key}: a key is 1 to 24 of A-Z a-z 0-9 _ -" for key in keys if not _KEY.fullmatch(key))
    yield from (f"{key}: appears twice" for key, times in Counter(keys).items() if times > 1)


def _categories(ward: Ward) -> Iterator[str]:
    known = {one.key for one in ward.departments}
    for category in ward.categories:
        place = f"categories.{category.key}"
        if category.department not in known:
            yield f"{place}.department: no department {category.department!r} ({', '.join(sorted(known))})"
        if (category.deadline_working_days is None) == (category.deadline_hours is None):
            yield f"{place}: give exactly one of deadline_working_days and deadline_hours"
    if OTHER not in {one.key for one in ward.categories}:
        yield f"categories.{OTHER}: is missing; it takes what fits nowhere else"
    if GENERAL not in {one.key for one in ward.topics}:
        yield f"topics.{GENERAL}: is missing; announcements without a topic count as it"


def _numbers(ward: Ward) -> Iterator[str]:
    if not 0 <= ward.undo_seconds <= _MOST_UNDO_SECONDS:
        yield f"undo_seconds: must be 0 (send at once) to {_MOST_UNDO_SECONDS}"
    if ward.approve_above < 0:
        yield "approve_above: must be 0 (a second person for every announcement) or more"


def _places(ward: Ward) -> Iterator[str]:
    areas, known = {one.key for one in ward.areas}, {one.key for one in ward.departments}
    for landmark in ward.landmarks:
        if landmark.area is not None and landmark.area not in areas:
            yield f"landmarks.{landmark.key}.area: no area {landmark.area!r}"
    for preset in ward.reminders:
        for token in preset.whom:
            kind, _, key = token.partition(":")
            if kind not in ("areas", "role") and not (kind == "department" and key in known):
                yield f"reminders.{preset.key}.whom: no such department or group {token!r}"


def _indicators(ward: Ward) -> Iterator[str]:
    known = {"", *(one.key for one in ward.departments)}
    for one in ward.indicators:
        if one.lead not in known:
            yield f"indicators.{one.key}.lead: no department {one.lead!r}"
    numbers = Counter(one.number for one in ward.indicators)
    yield from (f"indicators: two have the number {number}" for number, times in numbers.items() if times > 1)


def _names(ward: Ward) -> Iterator[str]:
    units = Counter(unit for one in ward.departments for unit in {one.key, *one.looks_after})
    yield from (f"departments: two look after {unit!r}" for unit, times in units.items() if times > 1)
    names = Counter(name for one in ward.departments for name in {fold(text) for text in one.called})
    yield from (f"departments: two are called {name!r}" for name, times in names.items() if times > 1)
