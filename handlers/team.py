"""/to: the digital-tech team of an area, what is open there, and an invite for somebody new."""

from __future__ import annotations

import unicodedata
from typing import Final

from core.messages import Choice, Content, MessageKind
from core.ward import Area
from handlers.desk_reading import words_after
from handlers.turn import Turn
from storage.invites import make_invite
from storage.models import Staff
from storage.staff import Duty, list_invites, list_members, list_team_leads
from storage.statuses import StaffRole
from storage.tickets import count_open_in

PREFIX: Final = "team."
# A lost telephone must not let a crowd in.
_MOST_INVITES: Final = 10


def applies(turn: Turn) -> bool:
    """True for the command and its buttons, from a member or a leader."""
    if turn.staff is None or turn.staff.role not in (StaffRole.MEMBER, StaffRole.LEADER):
        return False
    if turn.action is not None:
        return turn.action.name.startswith(PREFIX)
    return _order(turn) is not None


def respond(turn: Turn) -> None:
    """Show a team, all teams, or make an invite."""
    if turn.chat.is_group:
        return turn.say("officer.leave_private")
    if turn.action is not None:
        name, place = turn.action.name.removeprefix(PREFIX), (*turn.action.args, "")[0]
        area = _area(turn, place)
        if area is None or not _sees(turn, area):
            return turn.say("team.no_right")
        return _invite(turn, area) if name == "invite" else _show(turn, area)
    return _ordered(turn, (_order(turn) or "").strip())


def _ordered(turn: Turn, said: str) -> None:
    staff, ward = _staff(turn), turn.house.ward
    if staff.role == StaffRole.LEADER:
        area = ward.find_area(said) if said else None
        if said and area is None:
            return turn.say("team.unknown", place=said)
        return _show(turn, area) if area is not None else _show_all(turn)
    area = _area(turn, staff.area)
    return turn.say("team.no_area") if area is None else _show(turn, area)


def _show(turn: Turn, area: Area) -> None:
    leads = [one.name for one, _ in list_team_leads(turn.session, area.key)]
    members = [one.name for one, _ in list_members(turn.session, area.key) if not one.leads_team]
    count, late = count_open_in(turn.session, area.key, turn.now)
    lines = [turn.words("team.head", place=area.name)]
    lines.append(turn.words("team.lead", names=", ".join(leads)) if leads else turn.words("team.no_lead"))
    if members:
        lines.append(turn.words("team.members", names=", ".join(members)))
    elif not leads:
        lines.append(turn.words("team.nobody"))
    lines.append(turn.words("team.open", count=count, late=late))
    choices: list[Choice] = []
    if _may_invite(turn, area):
        waiting = _count_invites(turn, area)
        lines += [turn.words("team.waiting", count=waiting)] if waiting else []
        choices.append(turn.choice("team.button.invite", f"{PREFIX}invite:{area.key}"))
    turn.reply(Content("\n".join(lines), tuple(choices)))


def _show_all(turn: Turn) -> None:
    areas = turn.house.ward.areas
    lines, empty = [], []
    for area in areas:
        members = list_members(turn.session, area.key)
        if not members:
            empty.append(area.name)
            continue
        leads = [one.name for one, _ in members if one.leads_team]
        key = "team.all_line" if leads else "team.all_line_no_lead"
        lines.append(turn.words(key, place=area.name, names=", ".join(leads), count=len(members)))
    if empty:
        lines.append(turn.words("team.all_empty", places=", ".join(empty)))
    head = turn.words("team.all_head", teams=len(areas) - len(empty), areas=len(areas))
    turn.reply(Content("\n".join([head, *lines])))


def _invite(turn: Turn, area: Area) -> None:
    if not _may_invite(turn, area):
        return turn.say("team.no_right")
    waiting = _count_invites(turn, area)
    if waiting >= _MOST_INVITES:
        return turn.say("team.too_many", place=area.name, count=waiting)
    made = make_invite(turn.session, Duty(StaffRole.MEMBER, area=area.key), turn.now)
    return turn.say("team.invited", place=area.name, typed=made.typed)


def tell_leads(turn: Turn, joined: Staff) -> None:
    """The team lead hears who came in by an invite, so that a wrong one does not stay unseen."""
    area = _area(turn, joined.area)
    if area is None or joined.role != StaffRole.MEMBER:
        return
    text = turn.words("team.joined", name=joined.name, place=area.name)
    for staff, contact in list_team_leads(turn.session, area.key):
        if staff.id != joined.id and contact.unreachable_at is None:
            turn.notify(contact, Content(text), "desk", f"team:{joined.id}:{joined.joined_at.isoformat()}")


def _area(turn: Turn, key: str | None) -> Area | None:
    """By its exact key, while the ward still has it."""
    return next((one for one in turn.house.ward.areas if one.key == key), None)


def _count_invites(turn: Turn, area: Area) -> int:
    return sum(one.area == area.key for one in list_invites(turn.session, turn.now))


def _sees(turn: Turn, area: Area) -> bool:
    staff = _staff(turn)
    return staff.role == StaffRole.LEADER or staff.area == area.key


def _may_invite(turn: Turn, area: Area) -> bool:
    staff = _staff(turn)
    return staff.role == StaffRole.LEADER or (staff.leads_team and staff.area == area.key)


def _staff(turn: Turn) -> Staff:
    if turn.staff is None:
        raise PermissionError("team: `applies` checks the right")
    return turn.staff


def _order(turn: Turn) -> str | None:
    if turn.message.kind is not MessageKind.TEXT or not turn.text.startswith("/"):
        return None
    return words_after(turn, unicodedata.normalize("NFC", turn.text), "team.typed.command")
