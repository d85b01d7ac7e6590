"""Who may do what with a reminder, and when it comes next."""

from __future__ import annotations

from core.calendar import spoken_date
from core.recurrence.dates import next_occurrences
from core.recurrence.stored import rule_from_json
from handlers.desk_rules import Refused
from handlers.reminder_text import first_day
from handlers.turn import Turn
from storage.models import Reminder, Staff
from storage.reminders import lock_reminder
from storage.statuses import StaffRole


def need_staff(turn: Turn) -> Staff:
    """Whoever writes, in service. Raises Refused."""
    if turn.staff is None or not turn.staff.active:
        raise Refused("officer.no_right")
    return turn.staff


def need_own(turn: Turn, staff: Staff, number: int) -> Reminder:
    """The reminder, if this person may change it: its author, and leaders. Raises Refused."""
    reminder = lock_reminder(turn.session, number)
    if reminder is None:
        raise Refused("reminders.gone", number=number)
    if staff.role != StaffRole.LEADER and reminder.author_id != staff.id:
        raise Refused("reminders.not_yours")
    return reminder


def next_date(turn: Turn, reminder: Reminder) -> str:
    """The next day on which it is told, as people say it."""
    rule = rule_from_json(reminder.rule)
    found = next_occurrences(rule, turn.house.calendar, first_day(rule, turn.now), 1)
    return spoken_date(found[0].remind_on) if found else "–"
