"""Reminders of the office: what stands, what was told exactly once, who was asked and who has answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from storage.insertion import insert_into
from storage.models import Reminder, ReminderAnswer, ReminderTold
from storage.statuses import ToldStatus


def add_reminder(session: Session, reminder: Reminder) -> Reminder:
    """Keep a new reminder; it has its number afterwards."""
    session.add(reminder)
    session.flush()
    return reminder


def find_reminder(session: Session, number: int) -> Reminder | None:
    """By its number, unless it was deleted."""
    found = session.get(Reminder, number)
    return found if found is not None and found.ended_at is None else None


def lock_reminder(session: Session, number: int) -> Reminder | None:
    """The same, held against others until the end of the transaction."""
    found = session.get(Reminder, number, with_for_update=True, populate_existing=True)
    return found if found is not None and found.ended_at is None else None


def list_reminders(session: Session) -> Sequence[Reminder]:
    """All that were not deleted, the oldest first."""
    return session.exec(
        select(Reminder).where(col(Reminder.ended_at).is_(None)).order_by(col(Reminder.id))
    ).all()


def list_running(session: Session) -> Sequence[Reminder]:
    """Those that are not paused either."""
    return [one for one in list_reminders(session) if one.paused_at is None]


def find_preset(session: Session, preset: str) -> Reminder | None:
    """The reminder that was switched on from a preset, if it stands."""
    query = select(Reminder).where(Reminder.preset == preset, col(Reminder.ended_at).is_(None))
    return session.exec(query).first()


@dataclass(frozen=True, slots=True)
class Telling:
    """One reminder about to be told, or to be passed over."""

    reminder_id: int
    remind_on: date
    due_on: date
    status: ToldStatus


def claim_telling(session: Session, telling: Telling, now: datetime) -> bool:
    """Win it: true for exactly one of all who try, ever, whatever the clock does in between."""
    statement = (
        insert_into(session, ReminderTold)
        .values(
            reminder_id=telling.reminder_id,
            remind_on=telling.remind_on,
            due_on=telling.due_on,
            status=telling.status.value,
            at=now,
            recipients=0,
        )
        .on_conflict_do_nothing()
        .returning(col(ReminderTold.id))
    )
    return session.execute(statement).first() is not None


def record_recipients(session: Session, telling: Telling, count: int) -> None:
    """How many people it was told to."""
    session.execute(
        update(ReminderTold)
        .where(col(ReminderTold.reminder_id) == telling.reminder_id)
        .where(col(ReminderTold.remind_on) == telling.remind_on, col(ReminderTold.due_on) == telling.due_on)
        .values(recipients=count)
    )


def list_told(session: Session, reminder_id: int, since: date) -> Sequence[ReminderTold]:
    """What was told or passed over from a day on, the oldest first."""
    query = select(ReminderTold).where(ReminderTold.reminder_id == reminder_id)
    return session.exec(
        query.where(col(ReminderTold.remind_on) >= since).order_by(col(ReminderTold.remind_on))
    ).all()


def open_answers(
    session: Session, reminder_id: int, due_on: date, who: Iterable[str], now: datetime
) -> dict[str, ReminderAnswer]:
    """The rows of those who shall answer, by who they are; made where they are not there yet."""
    for one in who:
        session.execute(
            insert_into(session, ReminderAnswer)
            .values(reminder_id=reminder_id, due_on=due_on, who=one, told_at=now, reason="", numbers=[])
            .on_conflict_do_nothing()
        )
    return {row.who: row for row in list_answers(session, reminder_id, due_on)}


def find_answer(session: Session, number: int) -> ReminderAnswer | None:
    """By its number, held against others until the end of the transaction."""
    return session.get(ReminderAnswer, number, with_for_update=True, populate_existing=True)


def list_answers(session: Session, reminder_id: int, due_on: date | None = None) -> Sequence[ReminderAnswer]:
    """Who was asked and what was answered: for one day, or for all days, the newest day first."""
    query = select(ReminderAnswer).where(ReminderAnswer.reminder_id == reminder_id)
    if due_on is not None:
        query = query.where(ReminderAnswer.due_on == due_on)
    return session.exec(query.order_by(col(ReminderAnswer.due_on).desc(), col(ReminderAnswer.id))).all()


def find_last_due(session: Session, reminder_id: int) -> date | None:
    """The newest day for which somebody was asked."""
    query = select(func.max(ReminderAnswer.due_on)).where(ReminderAnswer.reminder_id == reminder_id)
    return session.exec(query).one()


def list_outstanding(session: Session, reminder_id: int, until: date) -> Sequence[ReminderAnswer]:
    """Those whose day is over, who have not said that it is done, and of whom nobody was told yet."""
    query = select(ReminderAnswer).where(
        ReminderAnswer.reminder_id == reminder_id,
        ReminderAnswer.due_on < until,
        col(ReminderAnswer.escalated_at).is_(None),
        col(ReminderAnswer.done).is_not(True),
    )
    return session.exec(query.order_by(col(ReminderAnswer.due_on), col(ReminderAnswer.id))).all()
