"""What was told of the targets of the plan: written once, read as a history or as the newest of each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.models import IndicatorValue


def add_value(session: Session, value: IndicatorValue) -> IndicatorValue:
    """Append a value; one told before for the same day stays to be read and no longer counts."""
    session.add(value)
    session.flush()
    return value


def list_newest(session: Session, plan: str) -> dict[str, IndicatorValue]:
    """The value that counts of each target of a plan, by its key: of the latest day the one told last."""
    query = select(IndicatorValue).where(IndicatorValue.plan == plan)
    rows = session.exec(query.order_by(col(IndicatorValue.as_of_on), col(IndicatorValue.id))).all()
    return {row.indicator: row for row in rows}


def list_values(session: Session, indicator: str, limit: int) -> Sequence[IndicatorValue]:
    """All that was told of a target, under whichever plan, the latest day first."""
    query = select(IndicatorValue).where(IndicatorValue.indicator == indicator)
    order = (col(IndicatorValue.as_of_on).desc(), col(IndicatorValue.id).desc())
    return session.exec(query.order_by(*order).limit(limit)).all()
