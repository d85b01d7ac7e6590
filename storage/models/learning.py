"""What was asked and how it went, without who asked; and the questions that nobody could answer, put together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field

from storage.models.base import Row

_LOOSE = text("words IS NOT NULL AND cluster_id IS NULL")


class QuestionCluster(Row, table=True):
    """Questions that are one: asked in several ways, answered in none.

    `features` are the words and things they share, in no order and without numbers; they outlive the examples.
    `entry` is the one that comes nearest, "" for none; `department` looks after it, "" stands for the leaders.
    `revision_id` is the proposal that shall answer them: when it is turned down they are open again.
    """

    __tablename__ = "question_cluster"

    id: int | None = Field(default=None, primary_key=True)
    status: str = Field(default="open", index=True)
    features: dict[str, float] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    examples: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    topic: str = ""
    entry: str = ""
    department: str = ""
    count: int = 0
    first_at: datetime
    last_at: datetime
    decided_by: int | None = Field(default=None, foreign_key="staff.id")
    decided_at: datetime | None = None
    revision_id: int | None = Field(default=None, foreign_key="knowledge_revision.id")


class AskedQuestion(Row, table=True):
    """One question that was handled. Nothing leads from here to a person: no contact, no message, no address.

    `score` is the tens of the best entry's 0..100, None where nothing was ranked. `entry` answered, or was picked
    among what was offered. `words` are the question, `remark` is why the answer was not right: with numbers covered,
    only where the office may learn from them, and for a limited time.
    """

    __tablename__ = "asked_question"
    __table_args__ = (
        Index("ix_asked_question_loose", "asked_at", sqlite_where=_LOOSE, postgresql_where=_LOOSE),
    )

    id: int | None = Field(default=None, primary_key=True)
    asked_at: datetime = Field(index=True)
    channel: str
    decision: str
    topic: str = ""
    entry: str = Field(default="", index=True)
    nearest: str = ""
    picked: bool = False
    score: int | None = None
    verdict: str = ""
    reason: str = ""
    remark: str | None = None
    words: str | None = None
    cluster_id: int | None = Field(default=None, foreign_key="question_cluster.id", index=True)
