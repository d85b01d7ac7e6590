"""The draft of an announcement: its words, and the preview that is exactly what citizens will read."""

from __future__ import annotations

from core.audience import Audience
from core.audience_words import as_sent, describe
from core.messages import Content
from handlers.announce_audience import (
    FLOW,
    as_kept,
    ask_audience,
    chosen_audience,
    drop_choice,
    own_area,
)
from handlers.announce_reach import reach_lines
from handlers.desk_rules import department_name
from handlers.turn import Turn
from storage.announcements import add_announcement, drop_draft
from storage.audiences import measure
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
    audience = turn.data.get("audience") if turn.in_flow(FLOW) else None
    _forget(turn)
    turn.go(FLOW, WRITE, **({} if audience is None else {"audience": audience}))
    return turn.say("announce.ask_text", choices=[drop_choice(turn)], limit=MAX_TEXT)


def take_text(turn: Turn) -> None:
    """The words; then for whom, unless it is settled."""
    text = turn.text
    if sum(letter.isalnum() for letter in text) < MIN_TEXT:
        return turn.say("announce.too_short", choices=[drop_choice(turn)])
    if len(text) > MAX_TEXT:
        return turn.say("announce.too_long", choices=[drop_choice(turn)], limit=MAX_TEXT, length=len(text))
    turn.keep(text=text)
    return show_preview(turn, chosen_audience(turn))


def show_preview(turn: Turn, audience: Audience | None) -> None:
    """What this audience will read, and how many they are; None asks for whom it is first."""
    if not turn.in_flow(FLOW) or "text" not in turn.data:
        return start(turn)
    return ask_audience(turn) if audience is None else _preview(turn, _staff(turn), audience)


def drop(turn: Turn) -> None:
    """Throw the draft away."""
    _forget(turn)
    turn.end()
    turn.say("announce.dropped")


def _preview(turn: Turn, staff: Staff, audience: Audience) -> None:
    _forget(turn)
    found = measure(turn.session, audience, turn.house.windows, turn.now)
    who = describe(audience, turn.house.ward, turn.house.words)
    choices = [
        turn.choice("announce.button.edit", "announce.edit"),
        turn.choice("announce.button.audience", "announce.who"),
        drop_choice(turn),
    ]
    text = str(turn.data["text"])
    if found.total == 0:
        turn.go(FLOW, PREVIEW, **as_kept(audience), draft=None)
        return turn.say("announce.empty", choices=choices, audience=who)
    signed = f"{text}\n\n{_sender(turn, staff)}"
    draft = add_announcement(
        turn.session,
        Announcement(
            staff_id=staff.id or 0,
            chat_id=turn.chat.id or 0,
            text=signed,
            areas=list(audience.areas),
            audience=audience.beside_areas,
            recipients=found.total,
            created_at=turn.now,
        ),
    )
    turn.go(FLOW, PREVIEW, **as_kept(audience), draft=draft.id)
    turn.reply(Content(as_sent(audience, signed, turn.house.ward, turn.house.words)))
    send = turn.choice("announce.button.send", f"announce.confirm:{draft.id}", total=found.total)
    check = turn.words("announce.check", audience=who, total=found.total)
    turn.reply(Content("\n".join([check, *reach_lines(turn, found)]), (send, *choices)))


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
