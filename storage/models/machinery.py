"""What keeps the machine honest: runs of jobs, leases, credentials, cursors, alarms, facts, downloads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.models.base import Row


class JobRun(Row, table=True):
    """A slot of a job: whoever inserts it does the work, in the same transaction."""

    __tablename__ = "job_run"

    job: str = Field(primary_key=True)
    fire_at: datetime = Field(primary_key=True)
    ran_at: datetime
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Lease(Row, table=True):
    """Who alone may do something for now: poll a channel, send on it, renew its token."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    owner: str
    until: datetime


class Credential(Row, table=True):
    """A channel's token pair. The values are encrypted at rest by the gateway."""

    __tablename__ = "credential"

    channel: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    access: str
    refresh: str
    expires_at: datetime
    renewed_at: datetime


class Cursor(Row, table=True):
    """How far a polled channel was read; moves in the transaction that records what was read."""

    __tablename__ = "cursor"

    channel: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    value: str


class Alarm(Row, table=True):
    """Something a person must look at. One open row per kind and subject; `count` says how often.

    It is settled when its cause is gone or somebody has seen to it; a cause that comes back is a new row.
    """

    __tablename__ = "alarm"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)
    subject: str = ""
    detail: str = ""
    count: int = 1
    first_at: datetime
    last_at: datetime
    settled_at: datetime | None = None


class HouseFact(Row, table=True):
    """A fact about this installation: its id, whether it is a restored copy in quarantine."""

    __tablename__ = "house_fact"

    name: str = Field(primary_key=True)
    value: str


class Download(Row, table=True):
    """A link for one person of the office to a sheet of cases or to the recordings of a ticket, and the proof of
    who took what out, when.

    Only the hash of its token is kept. The sheet is made when it is fetched: cases filed from `since` on and before
    `until`, of `department` or of all. With `ticket_id` the link opens what was said to that ticket instead,
    with `report` (the kind of file) the figures of that time, with `reminder_id` the answers to that reminder.
    """

    __tablename__ = "download"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    department: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    report: str | None = None
    reminder_id: int | None = Field(default=None, foreign_key="reminder.id")
    created_at: datetime
    expires_at: datetime
    uses: int = 0
    used_at: datetime | None = None
