"""Reads one part of an entry out of an officer's words, whichever part is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from faq.entry import CONFIDENCES
from faq.normalize import fold
from handlers.care_draft import CONFIDENCE, OWNER, WAYS, draft_row, more_ways
from handlers.care_rights import LEADERS, CareRefused, keeper_name
from handlers.care_texts import read_part, read_steps
from handlers.turn import Turn


def read(turn: Turn, step: str, text: str) -> Any:
    """One part out of words. Raises CareRefused for what cannot be taken."""
    readers: dict[str, Callable[[], Any]] = {
        WAYS: lambda: more_ways(turn, text),
        OWNER: lambda: _read_owner(turn, text),
        CONFIDENCE: lambda: read_confidence(text),
        "steps": lambda: read_steps(text, draft_row(turn).get("steps", ())),
    }
    return readers[step]() if step in readers else read_part(step, text)


def _read_owner(turn: Turn, text: str) -> str:
    if fold(text) == fold(keeper_name(turn.house, LEADERS)):
        return LEADERS
    found = turn.house.ward.find_department(text)
    if found is None:
        raise CareRefused("officer.unknown_department")
    return found.key


def read_confidence(text: str) -> str:
    """One of the four letters, with or without words behind it. Raises CareRefused."""
    letter = text.strip().upper()[:1]
    if letter not in CONFIDENCES:
        raise CareRefused("care.which_confidence")
    return letter
