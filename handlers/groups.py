"""Groups of officers: links a group to a department, says hello and good-bye, and keeps silent otherwise."""

from __future__ import annotations

from core.messages import MessageKind
from handlers.desk_reading import Verb, read_command, words_after
from handlers.desk_rules import department_name
from handlers.turn import Turn
from storage.models import Staff
from storage.staff import find_group_department, link_group, unlink_group
from storage.statuses import StaffRole


def applies(turn: Turn) -> bool:
    """True for everything in a group that the desk did not take, and for the linking words outside of one."""
    return turn.chat.is_group or (turn.staff is not None and _wish(turn) is not None)


def respond(turn: Turn) -> None:
    """Link, unlink, greet; people's talk among themselves is not ours."""
    if not turn.chat.is_group:
        return turn.say("officer.group.not_here")
    if turn.message.kind is MessageKind.JOINED:
        return turn.say("officer.group.hello")
    if turn.message.kind is MessageKind.LEFT:
        unlink_group(turn.session, turn.chat.id or 0)
        return None
    wish = _wish(turn)
    if wish is not None:
        return _link(turn, wish[1]) if wish[0] else _unlink(turn)
    command = read_command(turn) if turn.text.startswith("/") else None
    if command is not None and command.verb is not Verb.MENU and _department(turn) is None:
        return turn.say("officer.group.not_linked")
    return None


def _link(turn: Turn, words: str) -> None:
    staff = turn.staff
    if staff is None or staff.role == StaffRole.MEMBER:
        return turn.say("officer.no_right")
    key = _wanted(turn, staff, words)
    if key is None:
        return turn.say("officer.group.which", example=turn.house.ward.departments[0].key)
    if staff.role == StaffRole.OFFICER and key != staff.department:
        return turn.say("officer.no_right")
    linked = _department(turn)
    # Another department's cards must not end because somebody typed a command in the wrong group.
    if linked is not None:
        return turn.say("officer.group.linked_before", department=department_name(turn, linked))
    link_group(turn.session, turn.chat, staff, turn.now, key)
    return turn.say("officer.group.linked", department=department_name(turn, key))


def _unlink(turn: Turn) -> None:
    linked, staff = _department(turn), turn.staff
    if linked is None:
        return turn.say("officer.group.not_linked")
    leads = staff is not None and staff.role == StaffRole.LEADER
    officer = staff is not None and staff.role == StaffRole.OFFICER and staff.department == linked
    if not leads and not officer:
        return turn.say("officer.no_right")
    unlink_group(turn.session, turn.chat.id or 0)
    return turn.say("officer.group.unlinked")


def _wanted(turn: Turn, staff: Staff, words: str) -> str | None:
    """The department that is named; an officer need not name the own one."""
    if not words:
        return staff.department
    found = turn.house.ward.find_department(words)
    return found.key if found else None


def _wish(turn: Turn) -> tuple[bool, str] | None:
    """(True, department's name) to link, (False, "") to unlink; only as a command with a slash."""
    if turn.message.kind is not MessageKind.TEXT or not turn.text.startswith("/"):
        return None
    if words_after(turn, turn.text, "officer.group.typed.unlink") is not None:
        return False, ""
    rest = words_after(turn, turn.text, "officer.group.typed.link")
    return None if rest is None else (True, rest)


def _department(turn: Turn) -> str | None:
    return find_group_department(turn.session, turn.chat.id or 0)
