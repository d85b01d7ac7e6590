"""The books of a period that is over: what its figures are counted from, kept so that they stay what was reported."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.models.base import Row


class ReportBook(Row, table=True):
    """The tickets of a period as they were when it was first reported: no words of anybody, ids and keys alone.

    `facts` is one short list a ticket (`storage.figures`), `others` the figures that are not about tickets.
    """

    __tablename__ = "report_book"

    first_on: date = Field(primary_key=True)
    last_on: date = Field(primary_key=True)
    facts: list[list[Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    others: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    closed_at: datetime
