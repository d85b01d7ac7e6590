"""What officers know of numbers and addresses: those they warn of, and those that are really the ward's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from storage.models.base import Row

_STANDING = text("removed_at IS NULL")


class ScamMark(Row, table=True):
    """One number or address with a verdict. Numbers are kept sealed only: nobody can read them out of the table.

    `seal` is a keyed hash of the number (or the host of an address), `shown` what officers see in the list.
    """

    __tablename__ = "scam_mark"
    __table_args__ = (
        Index(
            "uq_scam_mark_seal",
            "seal",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    seal: str
    shown: str
    verdict: str
    reason: str
    added_by: int = Field(foreign_key="staff.id")
    added_at: datetime
    removed_by: int | None = Field(default=None, foreign_key="staff.id")
    removed_at: datetime | None = None
