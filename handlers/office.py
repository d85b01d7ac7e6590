"""What the ward tells about where and when people can be met, as short lines for several conversations."""

from __future__ import annotations

from datetime import timedelta

from core.calendar import local_date, spoken_date
from core.ward import Ward
from handlers.turn import Turn

_SOON = timedelta(days=7)


def office_lines(turn: Turn) -> list[str]:
    """Address, opening hours and telephone, each only if the ward has stated it."""
    ward = turn.house.ward
    lines = []
    if ward.address:
        lines.append(turn.words("welcome.office_address", address=ward.address))
    if ward.office_hours:
        lines.append(turn.words("welcome.office_hours", hours=f"{ward.office_hours}{days_soon(turn)}"))
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
    facts = facts_of(turn.house.ward)
    hours = facts["ward_office_hours"]
    return facts | {"ward_office_hours": f"{hours}{days_soon(turn)}" if hours else ""}


def days_soon(turn: Turn) -> str:
    """Days off and worked weekends of the next days, to stand behind the hours; "" when there are none.

    Only what is sure: nobody stays at home for a day off that the Government has not decided.
    """
    today = local_date(turn.now)
    rules = turn.house.calendar.list_special(today, today + _SOON)
    words = []
    for working, key in ((False, "calendar.soon_off"), (True, "calendar.soon_work")):
        days = [spoken_date(rule.on) for rule in rules if rule.confirmed and rule.working is working]
        words += [turn.words(key, days=", ".join(days))] if days else []
    return "".join(words)


def facts_of(ward: Ward) -> dict[str, str]:
    """The facts of a ward by the name of their placeholder, "" for what it has not stated."""
    hotline = ward.find_hotline("hanh_chinh_cong")
    return {
        "ward_name": ward.unit_words["Ward"],
        "ward_address": ward.address or "",
        "ward_hotline": hotline.number or "" if hotline else "",
        "ward_office_hours": str(ward.office_hours or ""),
    }
