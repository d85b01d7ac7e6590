"""How far the targets of the ward's plan are: what somebody told, append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from storage.models.base import Row


class IndicatorValue(Row, table=True):
    """A value of a target, as of a day; the newest row of a day counts, the others stay to be read.

    `plan` is what the ward profile names as its source: under another plan the same key is another target.
    """

    __tablename__ = "indicator_value"

    id: int | None = Field(default=None, primary_key=True)
    plan: str
    indicator: str = Field(index=True)
    value: float
    as_of_on: date
    note: str
    staff_id: int = Field(foreign_key="staff.id")
    created_at: datetime
