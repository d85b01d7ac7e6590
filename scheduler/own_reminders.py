"""Reminds citizens of what they asked for, thirty and seven days ahead; forgets it when it is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session

from core.calendar import at, local_date
from core.messages import Choice, Content
from core.recurrence.dates import list_occurrences
from core.recurrence.rule import NIGHT_BEGINS
from handlers.house import House
from handlers.own_reminder_offer import ENTRY_OF, is_whole_year, say_own_day
from handlers.own_reminders import LEADS, rule_for
from storage.models import Contact, OwnReminder
from storage.outbox import Draft, enqueue
from storage.own_reminders import claim_own, delete_over, list_near
from storage.statuses import AfterDoubt, OwnTopic

# The machine may have been off for a while; a week before the date the newest of the two says enough.
_CATCH_UP = timedelta(days=7)


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Tell what is due, once, also some days late; delete what has run out."""
    today = local_date(now)
    counts = {"told": 0, "forgotten": delete_over(session, today)}
    for row, contact in list_near(session, today + timedelta(days=max(lead.days for lead in LEADS))):
        counts["told"] += _remind(session, house, row, contact, today, now)
    return counts


def _remind(
    session: Session, house: House, row: OwnReminder, contact: Contact, today: date, now: datetime
) -> int:
    begins = max(today - _CATCH_UP, local_date(row.created_at) + timedelta(days=1))
    due = list_occurrences(rule_for(row.runs_out_on), house.calendar, begins, today)
    if (
        not due
        or contact.unreachable_at is not None
        or not claim_own(session, row.id or 0, due[-1].remind_on)
    ):
        return 0
    words, topic = house.words, OwnTopic(row.topic)
    text = words.text(
        "own_reminders.told_year" if is_whole_year(topic, row.runs_out_on) else "own_reminders.told",
        what=words.text(f"own_reminders.topic.{topic}"),
        day=say_own_day(words, topic, row.runs_out_on),
        left=(row.runs_out_on - today).days,
    )
    how = Choice(words.text("own_reminders.choose_how"), f"question.show:{ENTRY_OF[topic]}")
    stop = Choice(words.text("own_reminders.choose_stop_this"), f"own.stop:{row.id}")
    draft = Draft(
        contact=contact,
        content=Content(text, (how, stop)),
        kind="own_reminder",
        after_doubt=AfterDoubt.PARK,
        dedupe_key=f"own:{row.id}:{due[-1].remind_on}",
        # Where a provider's window is shut it waits until the person writes, as long as it is of use.
        expires_at=at(row.runs_out_on, NIGHT_BEGINS),
    )
    return int(enqueue(session, draft, now) is not None)
