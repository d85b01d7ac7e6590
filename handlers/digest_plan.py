"""/bantin: everybody of the office chooses when the digest comes, a group's people for the group; or reads it now."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import time
from typing import Final

from core.calendar import LOCAL, WEEKDAYS, local_date, spoken_date
from core.day_times import MONDAY_TO_FRIDAY, DayTimes, read_day_times
from core.messages import Choice, Content, MessageKind
from handlers.desk_reading import words_after
from handlers.digest_text import Reader, morning_content, open_morning
from handlers.digest_times import USUAL, is_wanted, moment_of, next_day
from handlers.turn import Turn
from storage.digests import SlotKind, find_plan, list_taken, save_plan, take_slot
from storage.models import DigestPlan, Staff
from storage.staff import find_group_department
from storage.statuses import StaffRole

PREFIX: Final = "digest."
_EARLIEST, _LATEST_HOUR = time(5), time(20)
_WISHES: Final = ("off", "on", "plain", "pictures", "now")


def applies(turn: Turn) -> bool:
    """True for the command and its buttons, from somebody of the office."""
    if _reader(turn) is None:
        return False
    if turn.action is not None:
        return turn.action.name.startswith(PREFIX)
    return _order(turn) is not None


def respond(turn: Turn) -> None:
    """Show what is chosen, change it, or tell the digest as it is at this moment."""
    reader = _reader(turn)
    if reader is None or reader.role == StaffRole.MEMBER or not _may_here(turn):
        return turn.say("officer.no_right")
    if turn.action is not None:
        return _wish(turn, turn.action.name.removeprefix(PREFIX))
    rest = _order(turn) or ""
    for wish in _WISHES:
        if rest and words_after(turn, rest, f"digest_plan.typed.{wish}") == "":
            return _wish(turn, wish)
    if not rest:
        return _show(turn, "digest_plan.shown")
    said = read_day_times(rest)
    if said is None:
        return turn.say("digest_plan.how")
    if said.at is not None and not _EARLIEST <= said.at <= _LATEST_HOUR:
        return turn.say("digest_plan.hours", first=_hour(_EARLIEST), last=_hour(_LATEST_HOUR))
    return _choose(turn, said)


def _may_here(turn: Turn) -> bool:
    """In a group only of the own department; a leader in any that is linked."""
    if not turn.chat.is_group:
        return True
    linked = find_group_department(turn.session, turn.chat.id or 0)
    leads = turn.staff is not None and turn.staff.role == StaffRole.LEADER
    return linked is not None and (leads or (turn.staff is not None and turn.staff.department == linked))


def _wish(turn: Turn, wish: str) -> None:
    changes: dict[str, Callable[[DigestPlan], None]] = {
        "off": lambda plan: setattr(plan, "is_off", True),
        "on": lambda plan: setattr(plan, "is_off", False),
        "plain": lambda plan: setattr(plan, "with_picture", False),
        "pictures": lambda plan: setattr(plan, "with_picture", True),
    }
    if wish == "now":
        return _tell_now(turn)
    if wish in changes:
        return _keep(turn, changes[wish])
    return _show(turn, "digest_plan.shown")


def _choose(turn: Turn, said: DayTimes) -> None:
    def change(plan: DigestPlan) -> None:
        plan.is_off = False
        if said.at is not None:
            plan.minute = said.at.hour * 60 + said.at.minute
        if said.weekdays is not None:
            usual = said.weekdays == MONDAY_TO_FRIDAY
            plan.weekdays = "" if usual else "".join(str(day) for day in sorted(said.weekdays))

    _keep(turn, change)


def _keep(turn: Turn, change: Callable[[DigestPlan], None]) -> None:
    contact = turn.chat.id or 0
    before = find_plan(turn.session, contact)
    usual = USUAL.hour * 60 + USUAL.minute
    reader = _reader(turn)
    known = before.model_dump() if before is not None else {"contact_id": contact, "minute": usual}
    plan = DigestPlan(**{**known, "changed_by": reader.id if reader else 0, "changed_at": turn.now})
    change(plan)
    today = local_date(turn.now)
    if moment_of(plan, today) <= turn.now and is_wanted(plan, today, turn.house.calendar):
        # An hour that has passed is meant for the next day: nobody who types it in the afternoon waits for a morning.
        take_slot(turn.session, SlotKind.MORNING, contact, today, turn.now)
    save_plan(turn.session, plan)
    _show(turn, "digest_plan.saved")


def _show(turn: Turn, key: str) -> None:
    plan = find_plan(turn.session, turn.chat.id or 0)
    off = plan is not None and plan.is_off
    if off:
        return turn.say("digest_plan.is_off", choices=_buttons(turn, plan))
    today = local_date(turn.now)
    had = (today, SlotKind.MORNING.value, turn.chat.id or 0) in list_taken(turn.session, [today])
    day = next_day(plan, turn.house.calendar, turn.now, had_today=had)
    return turn.say(
        key,
        choices=_buttons(turn, plan),
        hour=_hour(moment_of(plan, today).astimezone(LOCAL).time()),
        days=_days(turn, plan),
        next=spoken_date(day) if day else "–",
        picture=turn.words("digest_plan.plain" if plan and not plan.with_picture else "digest_plan.pictured"),
    )


def _buttons(turn: Turn, plan: DigestPlan | None) -> list[Choice]:
    """What can be tapped: always the opposite of what is."""
    off = plan is not None and plan.is_off
    plain = plan is not None and not plan.with_picture
    names = ["now", "on" if off else "off", "pictures" if plain else "plain"]
    return [turn.choice(f"digest_plan.button.{name}", f"{PREFIX}{name}") for name in names]


def _tell_now(turn: Turn) -> None:
    department = find_group_department(turn.session, turn.chat.id or 0) if turn.chat.is_group else None
    staff = None if turn.chat.is_group else _reader(turn)
    morning = open_morning(turn.session, turn.house, turn.now)
    content = morning_content(turn.session, morning, Reader(turn.chat, turn.now, staff, department))
    if content is None:
        return turn.say("digest_plan.nothing")
    plan = find_plan(turn.session, turn.chat.id or 0)
    pictures = content.pictures if plan is None or plan.with_picture else ()
    return turn.reply(Content(content.text, content.choices, pictures))


def _days(turn: Turn, plan: DigestPlan | None) -> str:
    if plan is None or not plan.weekdays:
        return turn.words("digest_plan.working_days")
    if len(plan.weekdays) == len(WEEKDAYS):
        return turn.words("digest_plan.every_day")
    return ", ".join(WEEKDAYS[int(day)] for day in plan.weekdays)


def _hour(at: time) -> str:
    """As people say it: 7h15."""
    return f"{at.hour}h{at.minute:02}" if at.minute else f"{at.hour}h"


def _order(turn: Turn) -> str | None:
    if turn.message.kind is not MessageKind.TEXT or not turn.text.startswith("/"):
        return None
    return words_after(turn, unicodedata.normalize("NFC", turn.text), "digest_plan.typed.command")


def _reader(turn: Turn) -> Staff | None:
    return turn.staff or turn.overseer
