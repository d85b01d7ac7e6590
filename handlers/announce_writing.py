"""The draft of an announcement: its words, its areas, and the preview that is exactly what citizens will read."""

from __future__ import annotations

import re

from core.messages import Choice, Content
from core.ward import Area
from handlers.desk_reading import is_typed
from handlers.desk_rules import department_name
from handlers.turn import Turn
from storage.announcements import add_announcement, count_recipients, drop_draft
from storage.models import Announcement, Staff
from storage.statuses import StaffRole

FLOW = "announce"
WRITE, AREAS, PREVIEW, NUMBER = "write", "areas", "preview", "number"
MIN_TEXT, MAX_TEXT = 20, 1500
# More areas than this are typed: nobody scrolls through seventy buttons.
_FEW_AREAS = 8
_BETWEEN = re.compile(r"[,;\n]|\bvà\b")


def may_announce(turn: Turn) -> bool:
    """Active members, officers and leaders."""
    return turn.staff is not None and turn.staff.active


def may_reach(staff: Staff, areas: list[str]) -> bool:
    """Members their own area, officers and leaders any area and the whole ward."""
    return staff.role != StaffRole.MEMBER or (bool(staff.area) and areas == [staff.area])


def start(turn: Turn) -> None:
    """Ask for the words; a draft that was shown before can no longer be sent."""
    staff = _staff(turn)
    if staff.role == StaffRole.MEMBER and _own_area(turn, staff) is None:
        return turn.say("announce.no_area")
    areas = turn.data.get("areas") if turn.in_flow(FLOW) else None
    _forget(turn)
    turn.go(FLOW, WRITE, **({} if areas is None else {"areas": areas}))
    return turn.say("announce.ask_text", choices=[drop_choice(turn)], limit=MAX_TEXT)


def take_text(turn: Turn) -> None:
    """The words; then the areas, unless they are settled."""
    text = turn.text
    if sum(letter.isalnum() for letter in text) < MIN_TEXT:
        return turn.say("announce.too_short", choices=[drop_choice(turn)])
    if len(text) > MAX_TEXT:
        return turn.say("announce.too_long", choices=[drop_choice(turn)], limit=MAX_TEXT, length=len(text))
    turn.keep(text=text)
    staff = _staff(turn)
    if staff.role == StaffRole.MEMBER:
        return choose_areas(turn, [staff.area or ""])
    if not turn.house.ward.areas:
        return choose_areas(turn, [])
    return choose_areas(turn, turn.data.get("areas"))


def take_areas(turn: Turn) -> None:
    """Areas in words: «tổ 3, tổ 5», «1, 2», «toàn phường»."""
    if is_typed(turn, "announce.typed.whole"):
        return choose_areas(turn, [])
    names = [part.strip() for part in _BETWEEN.split(turn.text) if part.strip()]
    found = [(name, turn.house.ward.find_area(name)) for name in names]
    unknown = [name for name, area in found if area is None]
    if unknown or not found:
        lead = turn.words("announce.unknown_areas", names=", ".join(unknown) or turn.text)
        return _ask_areas(turn, lead)
    return choose_areas(turn, list(dict.fromkeys(area.key for _, area in found if area)))


def choose_areas(turn: Turn, areas: list[str] | None) -> None:
    """These areas ([]: the whole ward); None asks for them. Then the preview."""
    if not turn.in_flow(FLOW) or "text" not in turn.data:
        return start(turn)
    staff = _staff(turn)
    if staff.role == StaffRole.MEMBER:
        areas = [staff.area or ""]
    known = [area.key for area in turn.house.ward.areas]
    if areas is None or not set(known).issuperset(areas):
        return _ask_areas(turn)
    # In the ward's order, however they were typed.
    return _preview(turn, staff, [key for key in known if key in areas])


def drop(turn: Turn) -> None:
    """Throw the draft away."""
    _forget(turn)
    turn.end()
    turn.say("announce.dropped")


def place_names(turn: Turn, areas: list[str]) -> str:
    """The areas in words."""
    if not areas:
        return turn.words("announce.whole_ward")
    return ", ".join(area.name for area in turn.house.ward.areas if area.key in areas)


def _preview(turn: Turn, staff: Staff, areas: list[str]) -> None:
    _forget(turn)
    places, total = place_names(turn, areas), count_recipients(turn.session, areas)
    choices = [turn.choice("announce.button.edit", "announce.edit")]
    if staff.role != StaffRole.MEMBER and turn.house.ward.areas:
        choices.append(turn.choice("announce.button.areas", "announce.areas"))
    choices.append(drop_choice(turn))
    text = str(turn.data["text"])
    if total == 0:
        turn.go(FLOW, PREVIEW, areas=areas, draft=None)
        return turn.say("announce.empty", choices=choices, places=places)
    signed = f"{text}\n\n{_sender(turn, staff)}"
    draft = add_announcement(
        turn.session,
        Announcement(
            staff_id=staff.id or 0,
            chat_id=turn.chat.id or 0,
            text=signed,
            areas=areas,
            recipients=total,
            created_at=turn.now,
        ),
    )
    turn.go(FLOW, PREVIEW, areas=areas, draft=draft.id)
    turn.reply(Content(_as_sent(turn, areas, signed)))
    send = turn.choice("announce.button.send", f"announce.confirm:{draft.id}", total=total)
    return turn.say("announce.check", choices=[send, *choices], places=places, total=total)


def _as_sent(turn: Turn, areas: list[str], signed: str) -> str:
    """What a recipient reads; the job that writes the deliveries puts it together in the same way."""
    names = place_names(turn, areas) if areas else ""
    head = turn.words("broadcast.head_areas" if names else "broadcast.head", areas=names)
    return turn.words("broadcast.text", head=head, text=signed)


def _ask_areas(turn: Turn, lead: str = "") -> None:
    turn.go(FLOW, AREAS)
    areas = turn.house.ward.areas
    choices = [turn.choice("announce.button.whole", "announce.whole")]
    if len(areas) <= _FEW_AREAS:
        choices += [Choice(area.name, f"announce.area:{area.key}") for area in areas]
    example = ", ".join(area.name for area in areas[:2])
    text = turn.words("announce.ask_areas", example=example)
    turn.reply(Content("\n\n".join(part for part in (lead, text) if part), (*choices, drop_choice(turn))))


def _sender(turn: Turn, staff: Staff) -> str:
    if staff.role == StaffRole.LEADER:
        return turn.words("announce.sender_leader")
    if staff.role == StaffRole.OFFICER:
        return turn.words("announce.sender_officer", department=department_name(turn, staff.department or ""))
    area = _own_area(turn, staff)
    return turn.words("announce.sender_member", place=area.name if area else "")


def _own_area(turn: Turn, staff: Staff) -> Area | None:
    return next((area for area in turn.house.ward.areas if area.key == staff.area), None)


def _forget(turn: Turn) -> None:
    """The draft that was shown before must not be sent by its old button."""
    draft = turn.data.get("draft") if turn.in_flow(FLOW) else None
    if draft is not None:
        drop_draft(turn.session, int(draft), turn.now)


def drop_choice(turn: Turn) -> Choice:
    """Out of it, with nothing sent."""
    return turn.choice("announce.button.drop", "announce.drop")


def _staff(turn: Turn) -> Staff:
    if turn.staff is None:
        raise PermissionError("announce: the caller checks the right")
    return turn.staff
