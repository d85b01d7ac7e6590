"""For whom an announcement is: which areas somebody may reach, and how they are chosen by button, number or words."""

from __future__ import annotations

import re

from core.messages import Choice, Content
from core.ward import Area
from handlers.desk_reading import is_typed
from handlers.turn import Turn
from storage.models import Staff
from storage.statuses import StaffRole

FLOW = "announce"
AREAS = "areas"
# More areas than this are typed: nobody scrolls through seventy buttons.
_FEW_AREAS = 8
_BETWEEN = re.compile(r"[,;\n]|\bvà\b")


def may_reach(staff: Staff, areas: list[str]) -> bool:
    """Members their own area, officers and leaders any area and the whole ward."""
    return staff.role != StaffRole.MEMBER or (bool(staff.area) and areas == [staff.area])


def own_area(turn: Turn, staff: Staff) -> Area | None:
    """The area of a member, while the ward still has it."""
    return next((area for area in turn.house.ward.areas if area.key == staff.area), None)


def first_areas(turn: Turn, staff: Staff) -> list[str] | None:
    """What is settled before anything was asked: a member's own area, what was chosen before; None: ask."""
    if staff.role == StaffRole.MEMBER:
        return [staff.area or ""]
    if not turn.house.ward.areas:
        return []
    chosen: list[str] | None = turn.data.get("areas")
    return chosen


def read_areas(turn: Turn) -> list[str] | None:
    """Areas in words: «tổ 3, tổ 5», «1, 2», «toàn phường»; None when they were asked for once more."""
    if is_typed(turn, "announce.typed.whole"):
        return []
    names = [part.strip() for part in _BETWEEN.split(turn.text) if part.strip()]
    found = [(name, turn.house.ward.find_area(name)) for name in names]
    unknown = [name for name, area in found if area is None]
    if unknown or not found:
        ask_areas(turn, turn.words("announce.unknown_areas", names=", ".join(unknown) or turn.text))
        return None
    return list(dict.fromkeys(area.key for _, area in found if area))


def allowed_areas(turn: Turn, staff: Staff, areas: list[str] | None) -> list[str] | None:
    """These areas ([]: the whole ward) in the ward's order, however they were typed; None: they must be asked for."""
    if staff.role == StaffRole.MEMBER:
        areas = [staff.area or ""]
    known = [area.key for area in turn.house.ward.areas]
    if areas is None or not set(known).issuperset(areas):
        return None
    return [key for key in known if key in areas]


def place_names(turn: Turn, areas: list[str]) -> str:
    """The areas in words."""
    if not areas:
        return turn.words("announce.whole_ward")
    return ", ".join(area.name for area in turn.house.ward.areas if area.key in areas)


def ask_areas(turn: Turn, lead: str = "") -> None:
    """Which areas; few are buttons, many are typed."""
    turn.go(FLOW, AREAS)
    areas = turn.house.ward.areas
    choices = [turn.choice("announce.button.whole", "announce.whole")]
    if len(areas) <= _FEW_AREAS:
        choices += [Choice(area.name, f"announce.area:{area.key}") for area in areas]
    example = ", ".join(area.name for area in areas[:2])
    text = turn.words("announce.ask_areas", example=example)
    turn.reply(Content("\n\n".join(part for part in (lead, text) if part), (*choices, drop_choice(turn))))


def drop_choice(turn: Turn) -> Choice:
    """Out of it, with nothing sent."""
    return turn.choice("announce.button.drop", "announce.drop")
