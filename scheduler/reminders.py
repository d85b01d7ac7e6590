"""Reminds of duties: each date once, late with the word «gửi bù» where the machine was off, never at night."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from core.calendar import LOCAL, at, local_date, spoken_date
from core.messages import Content
from core.recurrence.dates import Occurrence, list_occurrences
from core.recurrence.rule import NIGHT_BEGINS, NIGHT_ENDS, Rule, Shift
from handlers.house import House
from handlers.reminder_people import list_targets
from handlers.reminder_text import message, rule_of
from scheduler.chasing import chase
from scheduler.duty_post import send_duty
from storage.contacts import get_contact
from storage.models import Reminder, ReminderAnswer
from storage.reminders import Telling, claim_telling, list_running, list_told, open_answers, record_recipients
from storage.staff import get_staff
from storage.statuses import AnswerDemand, ToldStatus

COUNTS: Final = ("told", "late", "passed", "chased", "escalated")
# Later than that it is said that it comes late; the job looks every five minutes.
_ON_TIME: Final = timedelta(minutes=30)
# A reminder that could not be told is written down as such, so that nobody believes it was; not for ever.
_LOOK_BACK: Final = timedelta(days=31)


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Tell what is due and was not told, and ask again for answers that are missing."""
    counts = dict.fromkeys(COUNTS, 0)
    for reminder in list_running(session):
        rule = rule_of(reminder)
        if is_open(rule, now):
            _remind(session, house, reminder, rule, now, counts)
            if reminder.answer != AnswerDemand.NONE:
                chase(session, house, reminder, now, counts)
    return counts


def is_open(rule: Rule, now: datetime) -> bool:
    """True within the hours of a rule, and never at night."""
    local = now.astimezone(LOCAL).time()
    return max(rule.hours.at, NIGHT_ENDS) <= local < min(rule.hours.until or NIGHT_BEGINS, NIGHT_BEGINS)


def closes_at(rule: Rule, now: datetime) -> datetime:
    """Until when a message of today may leave."""
    return at(local_date(now), min(rule.hours.until or NIGHT_BEGINS, NIGHT_BEGINS))


def _remind(
    session: Session, house: House, reminder: Reminder, rule: Rule, now: datetime, counts: dict[str, int]
) -> None:
    """The newest date that was not told is told, with the older ones named; what is too late is passed over."""
    waiting = _waiting(session, house, reminder, rule, now)
    fresh = [one for one in waiting if not _is_too_late(rule, one.remind_on, now)]
    passed = [one.remind_on for one in waiting if one not in fresh]
    lost = [day for day in passed if _claim(session, reminder, day, waiting, now)]
    counts["passed"] += len(lost)
    if lost:
        _tell_author(session, house, reminder, lost, now)
    newest = max((one.remind_on for one in fresh), default=None)
    if newest is None or (newest < local_date(now) and not _may_catch_up(house, rule, now)):
        return
    older = [one for one in fresh if one.remind_on < newest]
    for one in older:
        _claim_one(session, reminder, one, ToldStatus.PASSED, now)
    late = now - at(newest, rule.hours.at) > _ON_TIME
    named = [one.remind_on for one in older] + ([newest] if late else [])
    for one in (one for one in fresh if one.remind_on == newest):
        status = ToldStatus.LATE if late else ToldStatus.TOLD
        if _claim_one(session, reminder, one, status, now):
            counts["late" if late else "told"] += 1
            _tell(session, house, reminder, rule, one, named, now)


def _waiting(
    session: Session, house: House, reminder: Reminder, rule: Rule, now: datetime
) -> list[Occurrence]:
    """What should have been told by now, after the reminder was set, and was not."""
    today = local_date(now)
    first = max(today - _LOOK_BACK, local_date(reminder.since_at))
    known = {(row.remind_on, row.due_on) for row in list_told(session, reminder.id or 0, first)}
    return [
        one
        for one in list_occurrences(rule, house.calendar, first, today)
        if (one.remind_on, one.due_on) not in known
        and reminder.since_at <= at(one.remind_on, rule.hours.at) <= now
    ]


def _is_too_late(rule: Rule, day: date, now: datetime) -> bool:
    if not rule.catch_up_days:
        return now - at(day, rule.hours.at) > _ON_TIME
    return (local_date(now) - day).days > rule.catch_up_days


def _may_catch_up(house: House, rule: Rule, now: datetime) -> bool:
    """What keeps off days off when it is in time does so when it is late."""
    return rule.shift is Shift.KEEP or house.calendar.is_working_day(local_date(now))


def _claim(
    session: Session, reminder: Reminder, day: date, waiting: Sequence[Occurrence], now: datetime
) -> bool:
    won = [
        _claim_one(session, reminder, one, ToldStatus.PASSED, now) for one in waiting if one.remind_on == day
    ]
    return any(won)


def _claim_one(
    session: Session, reminder: Reminder, one: Occurrence, status: ToldStatus, now: datetime
) -> bool:
    return claim_telling(session, Telling(reminder.id or 0, one.remind_on, one.due_on, status), now)


def _tell(
    session: Session,
    house: House,
    reminder: Reminder,
    rule: Rule,
    one: Occurrence,
    late_for: Sequence[date],
    now: datetime,
) -> None:
    targets = list_targets(session, house, reminder.audience)
    answers: dict[str, ReminderAnswer] = {}
    if reminder.answer != AnswerDemand.NONE:
        who = (target.who for target in targets)
        answers = open_answers(session, reminder.id or 0, one.due_on, who, now)
    told = 0
    for target in targets:
        answer = answers.get(target.who)
        # A further reminder of the same date does not bother who has done it.
        if answer is None or not answer.done:
            content = message(house, reminder, one, answer, late_for, local_date(now))
            people = (contact for _, contact in target.people)
            occasion = f"{reminder.id}:{one.remind_on}:{one.due_on}"
            told += send_duty(session, people, content, occasion, closes_at(rule, now), now)
    record_recipients(session, Telling(reminder.id or 0, one.remind_on, one.due_on, ToldStatus.TOLD), told)


def _tell_author(
    session: Session, house: House, reminder: Reminder, days: Sequence[date], now: datetime
) -> None:
    staff = get_staff(session, reminder.author_id) if reminder.author_id else None
    if staff is None or not staff.active:
        return
    said = ", ".join(spoken_date(day) for day in sorted(set(days)))
    text = house.words.text("reminders.passed_note", number=reminder.id, title=reminder.title, days=said)
    author = get_contact(session, staff.contact_id)
    occasion = f"{reminder.id}:passed:{max(days)}"
    send_duty(session, [author], Content(text), occasion, at(local_date(now), NIGHT_BEGINS), now)
