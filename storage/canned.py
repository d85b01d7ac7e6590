"""The office's own replies: they lie over the shipped ones, and a changed one keeps its earlier words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from core.replies import Act, Reply
from storage.models import CannedReply


def list_replies(session: Session, department: str | None) -> Sequence[CannedReply]:
    """What stands for the whole ward and for one department, in the order of writing; empty words hide."""
    where = or_(col(CannedReply.department).is_(None), col(CannedReply.department) == (department or ""))
    query = select(CannedReply).where(where, col(CannedReply.retired_at).is_(None))
    return session.exec(query.order_by(col(CannedReply.id))).all()


def lay_reply(
    session: Session, reply: Reply, department: str | None, author_id: int, now: datetime
) -> CannedReply:
    """Let a reply stand in the place of what that layer had under the same act, category and title.

    `department` None is the layer of the whole ward. A reply with empty words hides the one beneath.
    """
    retire_reply(session, reply, department, now)
    row = CannedReply(
        department=department,
        category=reply.category,
        verb=reply.act.value,
        title=reply.title,
        text=reply.text,
        author_id=author_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def retire_reply(session: Session, reply: Reply, department: str | None, now: datetime) -> int:
    """Take away what one layer has under this act, category and title; returns how many rows that were."""
    rows = [
        row
        for row in list_replies(session, department)
        if row.department == department and as_reply(row).mark == reply.mark
    ]
    for row in rows:
        row.retired_at = now
        session.add(row)
    session.flush()
    return len(rows)


def as_reply(row: CannedReply) -> Reply:
    """The row as a value."""
    return Reply(Act(row.verb), row.title, row.text, row.category)
