"""What all steps of an announcement share: the names of the steps, who may do what, and whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from core.audience import Audience, Role
from core.audience_words import describe
from core.messages import Choice
from core.ward import Area
from handlers.desk_rules import Speaker
from handlers.house import House
from handlers.turn import Turn
from storage.announcements import lock_announcement
from storage.audiences import audience_of
from storage.models import Announcement, Contact, Staff
from storage.staff import get_staff, list_heads, list_leaders, list_staff
from storage.statuses import StaffRole

FLOW = "announce"
WRITE, AREAS, PREVIEW, NUMBER = "write", "areas", "preview", "number"
WHEN, NIGHT, EMERGENCY = "when", "night", "emergency"
PICTURES, DOCUMENT, LINK, UNTIL = "pictures", "document", "link", "until"
# Whoever comes back later meant something else by what is written then.
FRESH = timedelta(hours=2)
# Somebody who decides on another's announcement is not in the midst of an own one.
DECIDE, WHY_NOT = "announce_decide", "why_not"
MIN_REASON, MAX_REASON = 8, 500
# The unit behind the community digital-tech teams (core/wards/_common.toml, `looks_after`).
_TEAMS = "CNSCD"


def may_announce(turn: Turn) -> bool:
    """Active members, officers and leaders."""
    return turn.staff is not None and turn.staff.active


def may_reach(staff: Staff, audience: Audience) -> bool:
    """Members the citizens and colleagues of their own area; officers and leaders anybody.

    Urgent news pass over what people chose, so a member sends them only as an emergency, told to the leaders.
    """
    if staff.role != StaffRole.MEMBER:
        return True
    own = bool(staff.area) and audience.areas == (staff.area,)
    return own and not audience.urgent and set(audience.roles) <= {Role.CITIZEN, Role.MEMBER}


def still_reaches(author: Staff, found: Announcement) -> bool:
    """True while the author may reach for whom it is; its urgency was settled when it was written."""
    return may_reach(author, replace(audience_of(found), urgent=False))


def own_area(turn: Turn, staff: Staff) -> Area | None:
    """The area of a member, while the ward still has it."""
    return next((area for area in turn.house.ward.areas if area.key == staff.area), None)


def staff_of(turn: Turn) -> Staff:
    """Who writes. Raises PermissionError where the caller forgot to check the right."""
    if turn.staff is None:
        raise PermissionError("announce: the caller checks the right")
    return turn.staff


def list_approvers(session: Session, house: House, author: Staff) -> list[tuple[Staff, Contact]]:
    """Who may approve somebody's words: leaders, heads of the unit, for want of them any head; never the author."""
    unit = unit_of(house, author)
    likely = [*list_leaders(session), *(list_heads(session, unit) if unit else [])]
    found = [pair for pair in likely if pair[0].id != author.id]
    if found:
        return found
    return [pair for pair in list_staff(session) if pair[0].is_head and pair[0].id != author.id]


def unit_of(house: House, author: Staff) -> str | None:
    """The department that stands behind somebody's announcement; a leader's has none."""
    if author.role == StaffRole.MEMBER:
        owner = house.ward.find_owner(_TEAMS)
        return owner.key if owner else None
    return author.department


def author_of(session: Session, found: Announcement) -> Staff:
    """Who wrote it, also when no longer in service."""
    return get_staff(session, found.staff_id)


def find_own(turn: Turn, announcement_id: int) -> Announcement | None:
    """The announcement, locked, for its author or a leader; otherwise the answer is given here."""
    found, staff = lock_announcement(turn.session, announcement_id), turn.staff
    if found is None or staff is None:
        turn.say("announce.gone")
        return None
    own = found.staff_id == staff.id and still_reaches(staff, found)
    if not own and staff.role != StaffRole.LEADER:
        turn.say("announce.not_yours")
        return None
    return found


def audience_said(speaker: Speaker | Turn, found: Announcement) -> str:
    """For whom it is, in words."""
    return describe(audience_of(found), speaker.house.ward, speaker.house.words)


def read_reason(turn: Turn, back: Choice) -> str | None:
    """The reason that was typed; None when it says too little or too much, and then that was answered here."""
    text = turn.text
    if sum(letter.isalnum() for letter in text) < MIN_REASON or len(text) > MAX_REASON:
        turn.say("announce.reason_length", choices=[back], limit=MAX_REASON)
        return None
    return text


def leave_choice(turn: Turn, found: Announcement) -> Choice:
    """Out of a question about one that has gone its way; it stays as it is."""
    return turn.choice("announce.button.leave", f"announce.leave:{found.id}")


def back_choice(turn: Turn) -> Choice:
    """Back to the preview of the draft in hand."""
    return turn.choice("announce.button.back", "announce.preview")


def drop_choice(turn: Turn) -> Choice:
    """Out of it, with nothing sent."""
    return turn.choice("announce.button.drop", "announce.drop")
