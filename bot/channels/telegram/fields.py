"""Tolerant looks into the raw JSON of an update: a missing or odd field is empty, never an error."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Raw = dict[str, Any]


def mapping(value: object) -> Raw:
    """The JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Raw]:
    """The JSON objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def number(value: object) -> int | None:
    """An integer; JSON's true is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def degrees(value: object, bound: float) -> float | None:
    """A coordinate within ±`bound`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -bound <= value <= bound:
        return None
    return float(value)


def words(value: object) -> str:
    """A text that every database and every encoder takes: no zero bytes, no half of a surrogate pair."""
    if not isinstance(value, str):
        return ""
    whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\x00", "")


def moment(value: object) -> datetime | None:
    """An instant from seconds since 1970; Telegram writes 0 where it does not know."""
    seconds = number(value)
    if not seconds or seconds < 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def full_name(user: Raw) -> str | None:
    """First and last name as the person wrote them at Telegram."""
    parts = (words(user.get("first_name")).strip(), words(user.get("last_name")).strip())
    return " ".join(part for part in parts if part) or None
