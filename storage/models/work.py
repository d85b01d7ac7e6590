"""What the office works on: tickets, their events, announcements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.models.base import Row


class Ticket(Row, table=True):
    """A report of a citizen. `version` rises with every move: nobody overwrites what he has not seen."""

    __tablename__ = "ticket"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    category: str
    department: str = Field(index=True)
    status: str = Field(default="moi", index=True)
    text: str
    area: str | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    created_at: datetime
    due_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    officer_id: int | None = Field(default=None, foreign_key="staff.id")
    answer: str | None = None
    version: int = 1


class TicketEvent(Row, table=True):
    """One thing that happened to a ticket: append-only. `citizen_sees` tells internal notes apart."""

    __tablename__ = "ticket_event"

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    kind: str
    at: datetime
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    channel: str
    from_status: str | None = None
    to_status: str | None = None
    text: str = ""
    citizen_sees: bool = True


class Announcement(Row, table=True):
    """Words of a member or officer for the subscribers of some areas; the audience is frozen at start."""

    __tablename__ = "announcement"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    chat_id: int = Field(foreign_key="contact.id")
    text: str
    areas: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    status: str = "draft"
    recipients: int = 0
    created_at: datetime
    confirmed_at: datetime | None = None
    cursor: int = 0
    last_recipient_id: int = 0
    finished_at: datetime | None = None
    progress: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
