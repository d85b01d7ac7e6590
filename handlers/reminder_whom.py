"""The step of a new reminder in which somebody says whom it concerns."""

from __future__ import annotations

from core.messages import Choice
from handlers.desk_rules import Refused
from handlers.reminder_people import AREAS, may_remind, read_audience, say_token
from handlers.reminder_rights import need_staff
from handlers.turn import Turn
from storage.statuses import StaffRole


def read_whom(turn: Turn, text: str) -> list[str]:
    """The tokens for what was written. Raises Refused for names that nobody has, and for want of a right."""
    tokens, unknown = read_audience(turn.session, turn.house, turn.staff, text)
    if unknown or not tokens:
        raise Refused("reminders.unknown_whom", part=unknown or text)
    check_rights(turn, tokens)
    return tokens


def check_rights(turn: Turn, tokens: list[str]) -> None:
    """Raises Refused for whoever this person may not remind."""
    for token in tokens:
        if not may_remind(turn.session, turn.staff, token):
            raise Refused("reminders.no_right_whom", whom=say_token(turn.session, turn.house, token))


def whom_choices(turn: Turn) -> list[Choice]:
    """What can be tapped, as far as this person's right goes."""
    staff = need_staff(turn)
    leads = staff.role == StaffRole.LEADER
    offered = [("self", f"staff:{staff.id}")]
    if staff.is_head:
        offered.append(("own_department", f"department:{staff.department}"))
    if staff.role == StaffRole.MEMBER and staff.area:
        offered.append(("own_area", f"area:{staff.area}"))
    if leads or staff.is_head:
        offered += [("areas", AREAS), ("team_leads", "role:team_lead")]
    if leads:
        offered += [("heads", "role:head"), ("leaders", "role:leader")]
    return [turn.choice(f"reminders.button.{name}", f"remind.whom:{token}") for name, token in offered]
