"""What the office changes in its knowledge: every proposal and every version that came of it, never overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.models.base import Row

_PROPOSED = text("status = 'proposed'")


class KnowledgeRevision(Row, table=True):
    """One change of an entry, of the words that mean a thing, or of a figure: append-only but for its decision.

    `subject` is the entry's id, the name of the thing the words mean, or the key of the figure. `base` is the
    version that the author looked at; `number` is the version that this became, and `serial` its place among
    all changes in force. Both are empty while it is no version. The row of number 0 is what was shipped, kept
    when it was first changed.
    `department` is the key of the department that answers for it, "" for the leaders.
    """

    __tablename__ = "knowledge_revision"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "number"),
        UniqueConstraint("serial"),
        Index(
            "ix_knowledge_revision_open",
            "department",
            "id",
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: str
    number: int | None = None
    serial: int | None = None
    verb: str
    row: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    base: int = 0
    author_id: int | None = Field(default=None, foreign_key="staff.id")
    department: str = ""
    status: str = "proposed"
    reason: str = ""
    created_at: datetime
    decided_by: int | None = Field(default=None, foreign_key="staff.id")
    decided_at: datetime | None = None
