"""Cases that the ward shows in public: the citizen's word, what is shown of them, and who let it be shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.models.base import Row


class PublicCase(Row, table=True):
    """A ticket that its citizen was asked about. Nothing of it is shown but what stands here.

    `text` and `answer` are the words on the board, with numbers covered, as somebody of the office approved them.
    `before` and `after` are names of kept pictures. `seen` rises with each change, so that a button under older
    words publishes nothing.
    """

    __tablename__ = "public_case"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    status: str = Field(default="asked", index=True)
    text: str = ""
    answer: str = ""
    before: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    after: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    seen: int = 0
    asked_at: datetime
    answered_at: datetime | None = None
    decided_by: int | None = Field(default=None, foreign_key="staff.id")
    published_at: datetime | None = Field(default=None, index=True)
