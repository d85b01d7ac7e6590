"""What the ward tells about where and when people can be met, as short lines for several conversations."""

from __future__ import annotations

from core.ward import Ward
from handlers.turn import Turn


def office_lines(turn: Turn) -> list[str]:
    """Address, opening hours and telephone, each only if the ward has stated it."""
    ward = turn.house.ward
    lines = []
    if ward.address:
        lines.append(turn.words("welcome.office_address", address=ward.address))
    if ward.office_hours:
        lines.append(turn.words("welcome.office_hours", hours=ward.office_hours))
    line = hotline_line(turn, "hanh_chinh_cong")
    return [*lines, line] if line else lines


def hotline_line(turn: Turn, key: str) -> str | None:
    """One telephone number with its name; None until the ward has confirmed it."""
    hotline = turn.house.ward.find_hotline(key)
    if hotline is None or hotline.number is None:
        return None
    return turn.words("safety.hotline", label=hotline.label, number=hotline.number)


def ward_facts(turn: Turn) -> dict[str, str]:
    """What answers may say about this ward; the library has stand-ins for what is not known."""
    return facts_of(turn.house.ward)


def facts_of(ward: Ward) -> dict[str, str]:
    """The facts of a ward by the name of their placeholder, "" for what it has not stated."""
    hotline = ward.find_hotline("hanh_chinh_cong")
    return {
        "ward_name": ward.unit_words["Ward"],
        "ward_address": ward.address or "",
        "ward_hotline": hotline.number or "" if hotline else "",
        "ward_office_hours": str(ward.office_hours or ""),
    }
