"""What somebody of the office is reminded of, every time it was told, and what was answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from storage.models.base import Row


class Reminder(Row, table=True):
    """A duty with its rule (core/recurrence) and whom it concerns: "areas", "department:KT", "role:head", "staff:5".

    `answer` is what is asked for: nothing, whether it is done, or also the figures named in `fields`. What was due
    before `since_at` is nobody's business: it moves on when the reminder is changed or goes on after a pause.
    `preset` is the key in the ward profile from which it was switched on.
    """

    __tablename__ = "reminder"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    rule: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    audience: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    answer: str = "none"
    fields: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    author_id: int | None = Field(default=None, foreign_key="staff.id")
    preset: str | None = Field(default=None, index=True)
    created_at: datetime
    since_at: datetime
    paused_at: datetime | None = None
    ended_at: datetime | None = Field(default=None, index=True)


class OwnReminder(Row, table=True):
    """A citizen's wish to be told before something runs out; deleted when it is over or not wanted any more.

    Only the topic and the date are kept, given by the person: no number of a document, no name. `told_on` is the
    newest date for which something was told.
    """

    __tablename__ = "own_reminder"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    topic: str
    runs_out_on: date = Field(index=True)
    created_at: datetime
    told_on: date | None = None


class ReminderTold(Row, table=True):
    """One reminder that was told, or passed over because it came too late: whoever inserts the row tells it."""

    __tablename__ = "reminder_told"
    __table_args__ = (UniqueConstraint("reminder_id", "remind_on", "due_on"),)

    id: int | None = Field(default=None, primary_key=True)
    reminder_id: int = Field(foreign_key="reminder.id")
    remind_on: date
    due_on: date
    at: datetime
    status: str
    recipients: int = 0


class ReminderAnswer(Row, table=True):
    """Who shall answer for what is due on a day, and what the answer was; one row a unit, area or person.

    `done` None: nothing was answered. `numbers` stand in the order of the reminder's fields.
    """

    __tablename__ = "reminder_answer"
    __table_args__ = (UniqueConstraint("reminder_id", "due_on", "who"),)

    id: int | None = Field(default=None, primary_key=True)
    reminder_id: int = Field(foreign_key="reminder.id")
    due_on: date
    who: str
    told_at: datetime
    chased_at: datetime | None = None
    escalated_at: datetime | None = None
    done: bool | None = None
    reason: str = ""
    numbers: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    answered_at: datetime | None = None
