"""Asks once more for an answer that is missing, and then tells who set the reminder, the head and the leaders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from sqlmodel import Session

from core.calendar import at, local_date, spoken_date
from core.messages import Content
from core.recurrence.rule import NIGHT_BEGINS
from handlers.house import House
from handlers.reminder_people import list_targets, say_token
from handlers.reminder_text import answer_choices
from scheduler.duty_post import send_duty
from storage.contacts import get_contact
from storage.models import Contact, Reminder, ReminderAnswer
from storage.reminders import list_outstanding
from storage.staff import get_staff, list_heads, list_leaders, list_team_leads


def chase(session: Session, house: House, reminder: Reminder, now: datetime, counts: dict[str, int]) -> None:
    """A working day after the date who is silent is asked again; another working day later others are told."""
    today = local_date(now)
    if not house.calendar.is_working_day(today):
        return
    outstanding = list_outstanding(session, reminder.id or 0, today)
    for due, group in groupby(outstanding, key=lambda row: row.due_on):
        rows = list(group)
        second = house.calendar.next_working_day(due)
        if today >= second:
            counts["chased"] += sum(_ask_again(session, house, reminder, row, now) for row in rows)
        if today >= house.calendar.next_working_day(second):
            counts["escalated"] += _escalate(session, house, reminder, due, rows, now)


def _ask_again(session: Session, house: House, reminder: Reminder, row: ReminderAnswer, now: datetime) -> int:
    if row.done is not None or row.chased_at is not None:
        return 0
    row.chased_at = now
    session.add(row)
    day, who = spoken_date(row.due_on), say_token(session, house, row.who)
    text = house.words.text("reminders.chase", title=reminder.title, day=day, who=who)
    content = Content(text, answer_choices(house.words, row))
    people = [one for target in list_targets(session, house, [row.who]) for _, one in target.people]
    occasion = f"{reminder.id}:{row.due_on}:again:{row.who}"
    return send_duty(session, people, content, occasion, _night(now), now)


def _escalate(
    session: Session,
    house: House,
    reminder: Reminder,
    due: date,
    rows: Sequence[ReminderAnswer],
    now: datetime,
) -> int:
    """Only who was asked twice, or has said that it is not done; and only a working day after that."""
    today = local_date(now)
    ripe = [
        row
        for row in rows
        if row.done is False or (row.chased_at is not None and local_date(row.chased_at) < today)
    ]
    if not ripe:
        return 0
    for row in ripe:
        row.escalated_at = now
        session.add(row)
    lines = [house.words.text("reminders.escalated", title=reminder.title, day=spoken_date(due))]
    for row in ripe:
        key = "reminders.escalated_not" if row.done is False else "reminders.escalated_none"
        lines.append(house.words.text(key, who=say_token(session, house, row.who), reason=row.reason))
    numbers = min(row.id or 0 for row in ripe)
    occasion = f"{reminder.id}:{due}:escalated:{numbers}"
    people = _superiors(session, reminder, ripe)
    return send_duty(session, people, Content("\n".join(lines)), occasion, _night(now), now)


def _night(now: datetime) -> datetime:
    return at(local_date(now), NIGHT_BEGINS)


def _superiors(session: Session, reminder: Reminder, rows: Sequence[ReminderAnswer]) -> list[Contact]:
    """Who set it, who leads the departments and teams concerned, and the leaders; each once, if in service."""
    author = get_staff(session, reminder.author_id) if reminder.author_id else None
    found = [get_contact(session, author.contact_id)] if author is not None and author.active else []
    for row in rows:
        kind, _, key = row.who.partition(":")
        department = (
            get_staff(session, int(key)).department
            if kind == "staff"
            else key
            if kind == "department"
            else None
        )
        found += [contact for _, contact in list_heads(session, department)] if department else []
        found += [contact for _, contact in list_team_leads(session, key)] if kind == "area" else []
    found += [contact for _, contact in list_leaders(session)]
    return list({contact.id: contact for contact in found}.values())
