"""How much work lies with each department at a moment, for the digests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, and_, func
from sqlmodel import Session, col, select

from storage.models import Ticket
from storage.statuses import UNCLAIMED_TICKETS
from storage.tickets import is_open_case


@dataclass(frozen=True, slots=True)
class Load:
    """How much work lies with a department at a moment."""

    open: int
    unclaimed: int
    late: int
    due_today: int
    filed_since: int
    closed_since: int

    @property
    def is_empty(self) -> bool:
        """Nothing open and nothing happened: nothing to say."""
        return not (self.open or self.filed_since or self.closed_since)


def get_load(session: Session, department: str, now: datetime, today_ends: datetime, since: datetime) -> Load:
    """Count a department's work for its digest."""
    return list_loads(session, [department], now, today_ends, since)[department]


def list_loads(
    session: Session, departments: Sequence[str], now: datetime, today_ends: datetime, since: datetime
) -> dict[str, Load]:
    """The work of some departments. What came and went is asked of all: only so an index of moments is used."""
    alone = col(Ticket.parent_id).is_(None)
    filed = session.exec(select(Ticket.department).where(alone, col(Ticket.created_at) >= since)).all()
    closed = session.exec(select(Ticket.department).where(alone, col(Ticket.closed_at) >= since)).all()
    came, went = Counter(filed), Counter(closed)
    return {
        key: Load(*_count_open_work(session, key, now, today_ends), came[key], went[key])
        for key in departments
    }


def _count_open_work(
    session: Session, department: str, now: datetime, today_ends: datetime
) -> tuple[int, int, int, int]:
    """Open, unclaimed, late and due today, by one look at the open ones."""
    due = col(Ticket.due_at)

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(sa.case((condition, 1), else_=0)), 0)

    query = select(
        func.count(),
        number(col(Ticket.status).in_([one.value for one in UNCLAIMED_TICKETS])),
        number(due < now),
        number(and_(due >= now, due <= today_ends)),
    )
    row = session.exec(query.where(Ticket.department == department, is_open_case())).one()
    return row[0], row[1], row[2], row[3]
