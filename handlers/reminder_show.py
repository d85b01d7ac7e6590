"""Looking at reminders: the list, one of them with its dates, pausing, going on, deleting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from core.calendar import local_date, spoken_date
from core.messages import Choice, Content
from core.recurrence.dates import next_occurrences
from core.recurrence.saying import say_rule
from handlers.desk_rules import Refused
from handlers.reminder_draft import ANSWER, WHAT, WHEN, WHOM
from handlers.reminder_people import list_targets, may_answer, say_audience
from handlers.reminder_rights import need_own, need_staff, next_date
from handlers.reminder_text import capital, describe, first_day, rule_of
from handlers.turn import Turn
from storage.models import Reminder, Staff
from storage.reminders import find_reminder, list_reminders, list_told
from storage.staff import get_staff
from storage.statuses import AnswerDemand, StaffRole, ToldStatus

_PAGE: Final = 5
_LOOK_BACK: Final = timedelta(days=60)


def show_list(turn: Turn, offset: int = 0) -> None:
    """Those that concern this person: own ones, those that remind this person, for leaders all."""
    staff = need_staff(turn)
    mine = [one for one in list_reminders(turn.session) if may_see(turn, staff, one)]
    shown = mine[offset : offset + _PAGE]
    head = turn.words("reminders.list_head", count=len(mine)) if mine else turn.words("reminders.list_none")
    lines = [head, *(_line(turn, one) for one in shown)]
    left = len(mine) - offset - len(shown)
    if left > 0:
        lines.append(turn.words("reminders.list_more", count=left))
    lines.append(turn.words("reminders.how"))
    choices = [Choice(f"{one.id}. {one.title}", f"remind.show:{one.id}") for one in shown]
    if left > 0:
        choices.append(turn.choice("reminders.button.more", f"remind.list:{offset + _PAGE}"))
    choices.append(turn.choice("reminders.button.add", "remind.add"))
    if staff.role == StaffRole.LEADER:
        lines.append(turn.words("reminders.how_leader"))
        choices.append(turn.choice("reminders.button.presets", "remind.presets"))
    turn.reply(Content("\n".join(lines), tuple(choices)))


def may_see(turn: Turn, staff: Staff, reminder: Reminder) -> bool:
    """True for its author, for leaders, and for whoever it reminds."""
    if staff.role == StaffRole.LEADER or reminder.author_id == staff.id:
        return True
    return any(
        may_answer(staff, target.who) for target in list_targets(turn.session, turn.house, reminder.audience)
    )


def _line(turn: Turn, reminder: Reminder) -> str:
    rule = rule_of(reminder)
    found = next_occurrences(rule, turn.house.calendar, first_day(rule, turn.now), 1)
    if reminder.paused_at is not None:
        coming = turn.words("reminders.list_paused")
    elif found:
        coming = turn.words("reminders.list_next", date=spoken_date(found[0].remind_on))
    else:
        coming = turn.words("reminders.list_over")
    return turn.words(
        "reminders.list_line",
        number=reminder.id,
        title=reminder.title,
        rule=capital(say_rule(rule, turn.house.words)),
        whom=say_audience(turn.session, turn.house, reminder.audience),
        next=coming,
    )


def show(turn: Turn, number: int) -> None:
    """One reminder with its next dates, what became of the last one, and what can be done with it."""
    staff = need_staff(turn)
    reminder = find_reminder(turn.session, number)
    if reminder is None or not may_see(turn, staff, reminder):
        raise Refused("reminders.gone", number=number)
    today = local_date(turn.now)
    lines = describe(turn.session, turn.house, reminder, turn.now)
    author = get_staff(turn.session, reminder.author_id).name if reminder.author_id else None
    lines.append(turn.words("reminders.author" if author else "reminders.author_none", name=author))
    if reminder.paused_at is not None:
        lines.append(turn.words("reminders.paused_since", day=spoken_date(local_date(reminder.paused_at))))
    lines += _last(turn, reminder, today)
    turn.reply(Content("\n".join(lines), tuple(_choices(turn, staff, reminder))))


def _last(turn: Turn, reminder: Reminder, today: date) -> list[str]:
    told = list_told(turn.session, reminder.id or 0, today - _LOOK_BACK)
    if not told:
        return []
    how = {
        ToldStatus.TOLD: "reminders.how_told",
        ToldStatus.LATE: "reminders.how_late",
        ToldStatus.PASSED: "reminders.how_passed",
    }
    last = told[-1]
    said = turn.words(how[ToldStatus(last.status)], count=last.recipients)
    return [turn.words("reminders.last_told", day=spoken_date(last.remind_on), how=said)]


def _choices(turn: Turn, staff: Staff, reminder: Reminder) -> list[Choice]:
    number, found = reminder.id, []
    if reminder.answer != AnswerDemand.NONE:
        found.append(turn.choice("reminders.button.table", f"remind.table:{number}"))
    if staff.role == StaffRole.LEADER or reminder.author_id == staff.id:
        pause = "pause" if reminder.paused_at is None else "resume"
        found += [
            turn.choice(f"reminders.button.{name}", f"remind.{name}:{number}")
            for name in ("edit", pause, "delete")
        ]
    return [*found, turn.choice("reminders.button.back", "remind.list")]


def ask_edit(turn: Turn, number: int | None) -> None:
    """Which part is to be changed: of a reminder, or of the draft at hand."""
    if number is not None:
        need_own(turn, need_staff(turn), number)
    parts = {"title": WHAT, "rule": WHEN, "people": WHOM}
    choices = [
        turn.choice(f"reminders.button.{name}", f"remind.part:{part}:{number or 0}")
        for name, part in parts.items()
    ]
    choices.append(turn.choice("reminders.column.state", f"remind.part:{ANSWER}:{number or 0}"))
    turn.say("reminders.edit_what", choices=choices)


def pause(turn: Turn, number: int) -> None:
    """Nothing is told until it goes on."""
    reminder = need_own(turn, need_staff(turn), number)
    reminder.paused_at = reminder.paused_at or turn.now
    turn.session.add(reminder)
    back = turn.choice("reminders.button.resume", f"remind.resume:{number}")
    turn.say("reminders.paused", choices=(back,), number=number)


def resume(turn: Turn, number: int) -> None:
    """It goes on from now; what was due meanwhile is not made up for."""
    reminder = need_own(turn, need_staff(turn), number)
    if reminder.paused_at is not None:
        reminder.paused_at, reminder.since_at = None, turn.now
        turn.session.add(reminder)
    turn.say("reminders.resumed", number=number, date=next_date(turn, reminder))


def ask_delete(turn: Turn, number: int) -> None:
    """A deleted reminder does not come back, so it takes a second tap."""
    reminder = need_own(turn, need_staff(turn), number)
    choices = (
        turn.choice("reminders.button.delete_yes", f"remind.delete_yes:{number}"),
        turn.choice("reminders.button.back", "remind.list"),
    )
    turn.say("reminders.ask_delete", choices=choices, number=number, title=reminder.title)


def delete(turn: Turn, number: int) -> None:
    """It is told no more; its answers stay in the books."""
    reminder = need_own(turn, need_staff(turn), number)
    reminder.ended_at = turn.now
    turn.session.add(reminder)
    turn.say("reminders.deleted", number=number)
