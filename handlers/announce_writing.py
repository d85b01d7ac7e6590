"""The draft of an announcement: its words, and the preview that is exactly what citizens will read."""

from __future__ import annotations

from core.messages import Content
from handlers.announce_audience import (
    FLOW,
    allowed_areas,
    ask_areas,
    drop_choice,
    first_areas,
    own_area,
    place_names,
    read_areas,
)
from handlers.desk_rules import department_name
from handlers.turn import Turn
from storage.announcements import add_announcement, count_recipients, drop_draft
from storage.models import Announcement, Staff
from storage.statuses import StaffRole

WRITE, PREVIEW, NUMBER = "write", "preview", "number"
MIN_TEXT, MAX_TEXT = 20, 1500


def may_announce(turn: Turn) -> bool:
    """Active members, officers and leaders."""
    return turn.staff is not None and turn.staff.active


def start(turn: Turn) -> None:
    """Ask for the words; a draft that was shown before can no longer be sent."""
    staff = _staff(turn)
    if staff.role == StaffRole.MEMBER and own_area(turn, staff) is None:
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
    return choose_areas(turn, first_areas(turn, _staff(turn)))


def take_areas(turn: Turn) -> None:
    """Areas in words; then the preview."""
    areas = read_areas(turn)
    if areas is not None:
        choose_areas(turn, areas)


def choose_areas(turn: Turn, areas: list[str] | None) -> None:
    """These areas ([]: the whole ward); None asks for them. Then the preview."""
    if not turn.in_flow(FLOW) or "text" not in turn.data:
        return start(turn)
    staff = _staff(turn)
    allowed = allowed_areas(turn, staff, areas)
    return ask_areas(turn) if allowed is None else _preview(turn, staff, allowed)


def drop(turn: Turn) -> None:
    """Throw the draft away."""
    _forget(turn)
    turn.end()
    turn.say("announce.dropped")


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


def _sender(turn: Turn, staff: Staff) -> str:
    if staff.role == StaffRole.LEADER:
        return turn.words("announce.sender_leader")
    if staff.role == StaffRole.OFFICER:
        return turn.words("announce.sender_officer", department=department_name(turn, staff.department or ""))
    area = own_area(turn, staff)
    return turn.words("announce.sender_member", place=area.name if area else "")


def _forget(turn: Turn) -> None:
    """The draft that was shown before must not be sent by its old button."""
    draft = turn.data.get("draft") if turn.in_flow(FLOW) else None
    if draft is not None:
        drop_draft(turn.session, int(draft), turn.now)


def _staff(turn: Turn) -> Staff:
    if turn.staff is None:
        raise PermissionError("announce: the caller checks the right")
    return turn.staff
