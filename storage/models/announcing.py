"""The history of announcements."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from storage.models.base import Row


class AnnouncementEvent(Row, table=True):
    """One thing that happened to an announcement: append-only. `staff_id` empty: the clock did it."""

    __tablename__ = "announcement_event"

    id: int | None = Field(default=None, primary_key=True)
    announcement_id: int = Field(foreign_key="announcement.id", index=True)
    kind: str
    at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    channel: str
    text: str = ""
