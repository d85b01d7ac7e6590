"""Who wants the digest when, and which person has had it on which day."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from storage.models.base import Row


class DigestPlan(Row, table=True):
    """What a person, or a group, has chosen; without a row the usual hour on working days.

    `minute` of the local day. `weekdays` are the digits 0 (Monday) to 6; empty: the working days of the ward.
    """

    __tablename__ = "digest_plan"

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    minute: int
    weekdays: str = ""
    is_off: bool = False
    with_picture: bool = True
    changed_by: int = Field(foreign_key="staff.id")
    changed_at: datetime


class DigestSlot(Row, table=True):
    """A person's digest of a local day was decided: told, or nothing to tell. Whoever inserts it does the work."""

    __tablename__ = "digest_slot"

    day_on: date = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    taken_at: datetime
