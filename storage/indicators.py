"""What was told of the targets of the plan: written once, read as a history or as the newest of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, func
from sqlmodel import Session, col, select

from storage.models import IndicatorValue, Ticket
from storage.statuses import TicketStatus


def add_value(session: Session, value: IndicatorValue) -> IndicatorValue:
    """Append a value; one told before for the same day stays to be read and no longer counts."""
    session.add(value)
    session.flush()
    return value


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a target of a plan was by a day: the value that counts, and the day it is of."""

    plan: str
    indicator: str
    value: float
    day: date


@dataclass(frozen=True, slots=True)
class Targets:
    """What was told of the targets of plans, and what counts itself: how many of some cases were answered."""

    readings: Sequence[Reading]
    answered: int
    cases: int


def list_readings(session: Session, until: date) -> tuple[Reading, ...]:
    """The value that counts of each target of each plan: of the latest day up to `until` the one told last."""
    query = select(IndicatorValue).where(col(IndicatorValue.as_of_on) <= until)
    rows = session.exec(query.order_by(col(IndicatorValue.as_of_on), col(IndicatorValue.id))).all()
    newest = {(row.plan, row.indicator): row for row in rows}
    return tuple(Reading(*key, row.value, row.as_of_on) for key, row in newest.items())


def count_answered(session: Session, since: datetime, until: datetime) -> tuple[int, int]:
    """Of the cases that came in a span and were not taken back in it: how many were answered by its end, of all."""
    ended = col(Ticket.closed_at) < until
    taken_back = col(Ticket.status) == TicketStatus.WITHDRAWN
    query = select(
        func.count(),
        func.coalesce(func.sum(case((and_(ended, taken_back), 1), else_=0)), 0),
        func.coalesce(func.sum(case((and_(ended, ~taken_back), 1), else_=0)), 0),
    ).select_from(Ticket)
    came = and_(col(Ticket.created_at) >= since, col(Ticket.created_at) < until)
    everything, withdrawn, answered = session.exec(query.where(came, col(Ticket.parent_id).is_(None))).one()
    return answered, everything - withdrawn


def list_values(session: Session, indicator: str, limit: int) -> Sequence[IndicatorValue]:
    """All that was told of a target, under whichever plan, the latest day first."""
    query = select(IndicatorValue).where(IndicatorValue.indicator == indicator)
    order = (col(IndicatorValue.as_of_on).desc(), col(IndicatorValue.id).desc())
    return session.exec(query.order_by(*order).limit(limit)).all()
