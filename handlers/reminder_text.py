"""What is said about reminders: the rule with its next dates, and the message that goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlmodel import Session

from core.calendar import WorkCalendar, at, local_date, spoken_date
from core.messages import Choice, Content
from core.recurrence.dates import Occurrence, next_occurrences
from core.recurrence.rule import Quota, Rule, Span, YearlySpan
from core.recurrence.saying import say_rule
from core.recurrence.stored import rule_from_json
from core.wording import Wording
from handlers.house import House
from handlers.reminder_people import list_targets, say_audience
from storage.models import Reminder, ReminderAnswer
from storage.statuses import AnswerDemand

SHOWN = 12


def rule_of(reminder: Reminder) -> Rule:
    """The rule of a row."""
    return rule_from_json(reminder.rule)


def first_day(rule: Rule, now: datetime) -> date:
    """From which day on it can be told still: not today any more when its hour is over."""
    today = local_date(now)
    return today if now <= at(today, rule.hours.at) else today + timedelta(days=1)


def capital(text: str) -> str:
    """A sentence begins with a capital."""
    return text[:1].upper() + text[1:]


def date_lines(
    rule: Rule, calendar: WorkCalendar, words: Wording, first: date, count: int = SHOWN
) -> list[str]:
    """The next dates, numbered: when it is told, and when that differs, what it is due."""
    found = next_occurrences(rule, calendar, first, count)
    return [
        words.text("reminders.date_line", number=number, date=_occurrence(rule, one, calendar, words))
        for number, one in enumerate(found, start=1)
    ]


def short_dates(rule: Rule, calendar: WorkCalendar, first: date, count: int = 3) -> str:
    """ "27/11, 25/12, 22/1/2027": for a choice among readings."""
    days = list(dict.fromkeys(one.remind_on for one in next_occurrences(rule, calendar, first, count + 2)))
    return ", ".join(f"{day.day}/{day.month}/{day.year}" for day in days[:count])


def _occurrence(rule: Rule, one: Occurrence, calendar: WorkCalendar, words: Wording) -> str:
    told = spoken_date(one.remind_on)
    if isinstance(rule.when, Span | YearlySpan):
        return words.text("reminders.date_opens" if one.opens else "reminders.date_closes", date=told)
    if one.remind_on == one.due_on:
        return told
    if isinstance(rule.when, Quota):
        return words.text("reminders.date_quota", date=told, due=spoken_date(one.due_on))
    reason = calendar.rule_of(one.due_on).reason
    moved = not calendar.is_working_day(one.due_on) and len(rule.leads) == 1 and not rule.leads[0].days
    if moved:
        key = "reminders.date_moved" if reason else "reminders.date_moved_weekend"
        return words.text(key, date=told, due=spoken_date(one.due_on), reason=reason)
    return words.text("reminders.date_ahead", date=told, due=spoken_date(one.due_on))


def describe(
    session: Session, house: House, reminder: Reminder, now: datetime, *, count: int = SHOWN
) -> list[str]:
    """The reminder in full: what, when, whom, what is asked, and its next dates."""
    words, rule = house.words, rule_of(reminder)
    targets = list_targets(session, house, reminder.audience)
    absent = [one.label for one in targets if not one.people]
    lines = [
        words.text("reminders.what", title=reminder.title),
        words.text("reminders.when", rule=say_rule(rule, words)),
        words.text(f"recurrence.shift_told.{rule.shift}"),
        words.text(
            "reminders.whom",
            audience=say_audience(session, house, reminder.audience),
            count=sum(len(one.people) for one in targets),
        ),
    ]
    if absent:
        lines.append(words.text("reminders.absent", names=_short_list(absent), count=len(absent)))
    if reminder.answer != AnswerDemand.NONE:
        key = "reminders.asks_figures" if reminder.fields else "reminders.asks_done"
        lines.append(words.text(key, fields=", ".join(reminder.fields)))
    dates = date_lines(rule, house.calendar, words, first_day(rule, now), count)
    lines.append(words.text("reminders.dates_head" if dates else "reminders.dates_none", count=len(dates)))
    return lines + dates


def _short_list(names: Sequence[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + ("…" if len(names) > most else "")


def message(
    house: House,
    reminder: Reminder,
    one: Occurrence,
    answer: ReminderAnswer | None,
    late_for: Iterable[date],
    today: date,
) -> Content:
    """What a person reads: the duty, its date, whether it comes late, and how to answer."""
    words, rule = house.words, rule_of(reminder)
    lines = [words.text("reminders.told", title=reminder.title), _due_line(house, rule, one, today)]
    late = sorted(late_for)
    if late:
        days = ", ".join(spoken_date(day) for day, _ in groupby(late))
        lines.append(words.text("reminders.late", days=days, at=clock(rule.hours.at)))
    if answer is None:
        return Content("\n".join(lines))
    lines.append(words.text("reminders.please_figures" if reminder.fields else "reminders.please_answer"))
    return Content("\n".join(lines), answer_choices(words, answer))


def answer_choices(words: Wording, answer: ReminderAnswer) -> tuple[Choice, ...]:
    """«Đã làm», «Chưa, vì…»."""
    return (
        Choice(words.text("reminders.button.done"), f"remind.done:{answer.id}"),
        Choice(words.text("reminders.button.not_yet"), f"remind.not:{answer.id}"),
    )


def _due_line(house: House, rule: Rule, one: Occurrence, today: date) -> str:
    words, due = house.words, spoken_date(one.due_on)
    if one.opens:
        return words.text("reminders.begins", day=spoken_date(one.due_on))
    if isinstance(rule.when, Quota):
        return words.text("reminders.quota_until", day=due)
    if one.due_on == today:
        return words.text("reminders.today", day=due)
    if one.due_on > today and not house.calendar.is_working_day(one.due_on):
        reason = house.calendar.rule_of(one.due_on).reason
        key = "reminders.due_day_off" if reason else "reminders.due_weekend"
        return words.text(key, day=due, reason=reason)
    return words.text("reminders.due", day=due)


def clock(moment: time | datetime) -> str:
    """ "8:00"."""
    return f"{moment.hour}:{moment.minute:02d}"
