"""What the words of a tracking sheet mean here: its states, kinds of matters, sources and places."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz, process

from core.area_match import suggest_area
from core.ward import Category, Ward
from core.wording import Wording
from faq.normalize import fold
from storage.statuses import Source, TicketStatus

_NEAR: Final = 85
# «Chưa hoàn thành» is near to «đã hoàn thành», and the opposite of it.
_NOT_YET: Final = frozenset({"chua", "dang", "con"})
_STATUSES: Final = {
    "closed": TicketStatus.COMPLETED,
    "rejected": TicketStatus.REJECTED,
    "withdrawn": TicketStatus.WITHDRAWN,
    "open": TicketStatus.NEW,
}


def find_status(words: Wording, said: str) -> TicketStatus | None:
    """How a case stands; whatever is open begins anew here. None for words that may mean either."""
    if fold(said).partition(" ")[0] in _NOT_YET:
        return TicketStatus.NEW
    known = {
        fold(line): status
        for key, status in _STATUSES.items()
        for line in words.text(f"ticket_import.status.{key}").splitlines()
    }
    near = process.extractOne(fold(said), list(known), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return known[near[0]] if near is not None else None


def find_category(ward: Ward, said: str) -> Category | None:
    """The category of that name, or the one whose name holds the words; None where several do."""
    names = {fold(name): one for one in ward.categories for name in (one.name, one.key)}
    if fold(said) in names:
        return names[fold(said)]
    near = process.extract(fold(said), list(names), scorer=fuzz.token_set_ratio, score_cutoff=_NEAR, limit=2)
    tied = len(near) == 2 and near[0][1] == near[1][1] and names[near[0][0]] != names[near[1][0]]
    return names[near[0][0]] if near and not tied else None


def find_source(words: Wording, said: str) -> Source | None:
    """The source whose name or word stands among what was said."""
    plain = f" {fold(said)} "
    for source in Source:
        if source is Source.CHAT:
            continue
        names = [words.text(f"entry.source.{source}"), *words.text(f"entry.typed.{source}").splitlines()]
        if any(f" {fold(name)} " in plain for name in names if name.strip()):
            return source
    return None


def find_place(ward: Ward, place: str, area: str) -> tuple[str | None, str]:
    """The area, by its key, and the place in words; what names no area stays with the place."""
    found = (ward.find_area(area) or suggest_area(ward, area)) if area else None
    if found is None:
        place = ", ".join(part for part in (place, area) if part)
        found = suggest_area(ward, place) if place else None
    return found.key if found else None, place
