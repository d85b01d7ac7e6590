"""Links by which somebody of the office fetches a sheet of cases or listens to a ticket: for a short time, known by
a hash alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.models import Download

LIFE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Part:
    """Which cases: filed from `since` on and before `until`, of a department; None is without that limit.

    `ticket_id`: the recordings of that ticket instead; `report`: the figures of that time as such a file;
    `reminder_id`: the answers to that reminder.
    """

    since: datetime | None = None
    until: datetime | None = None
    department: str | None = None
    ticket_id: int | None = None
    report: str | None = None
    reminder_id: int | None = None


def add_download(session: Session, token: str, staff_id: int, part: Part, now: datetime) -> Download:
    """Keep a new link; the person's earlier ones to the same end. The token itself is only shown, never stored."""
    same = (
        col(Download.ticket_id).is_(None)
        if part.ticket_id is None
        else col(Download.ticket_id) == part.ticket_id
    )
    same &= (
        col(Download.reminder_id).is_(None)
        if part.reminder_id is None
        else col(Download.reminder_id) == part.reminder_id
    )
    kind = col(Download.report).is_(None) if part.report is None else col(Download.report) == part.report
    mine = (col(Download.staff_id) == staff_id) & same & kind
    session.execute(update(Download).where(mine, col(Download.expires_at) > now).values(expires_at=now))
    row = Download(
        token_hash=_hash(token),
        staff_id=staff_id,
        department=part.department,
        since=part.since,
        until=part.until,
        ticket_id=part.ticket_id,
        report=part.report,
        reminder_id=part.reminder_id,
        created_at=now,
        expires_at=now + LIFE,
    )
    session.add(row)
    session.flush()
    return row


def find_download(session: Session, token: str) -> Download | None:
    """The row of a link, also when its time is over."""
    return session.exec(select(Download).where(Download.token_hash == _hash(token))).first()


def record_use(session: Session, row: Download, now: datetime) -> None:
    """Note that it is being fetched."""
    uses = {"uses": col(Download.uses) + 1, "used_at": now}
    session.execute(update(Download).where(col(Download.id) == row.id).values(uses))


def _hash(token: str) -> str:
    # 256 random bits stand behind it: a slow hash would add nothing.
    return hashlib.sha256(f"download:{token}".encode()).hexdigest()
