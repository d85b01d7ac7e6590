"""What flows: the inbox of recorded events, the outbox of deliveries, and the attachments between them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.models.base import Row

_NEW = text("status = 'new'")
_UNSETTLED = text("status IN ('queued', 'claimed')")


class InboxItem(Row, table=True):
    """One raw event, recorded once, before the provider is told «got it»."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "account", "external_id"),
        Index("ix_inbox_open", "sender_key", "id", sqlite_where=_NEW, postgresql_where=_NEW),
        Index("ix_inbox_queue", "id", sqlite_where=_NEW, postgresql_where=_NEW),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    account: str
    external_id: str
    sender_key: str
    album: str | None = None
    raw: str
    status: str = "new"
    received_at: datetime
    ready_at: datetime
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    claims: int = 0
    failures: int = 0
    error: str | None = None
    handled_at: datetime | None = None


class Delivery(Row, table=True):
    """One message on its way out: the row exists before the message is sent, and says what became of it.

    `attempt` is the fence: a settlement counts only for the attempt that was claimed. `external_ids` maps
    a message on a person's screen back to its ticket. `knocked_at`: the window was shut, and the provider's own
    words have told the person that something waits here.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index(
            "ix_delivery_open",
            "contact_id",
            "id",
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
        Index(
            "ix_delivery_queue",
            "channel",
            "lane",
            "id",
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
        Index("ix_delivery_contact", "contact_id", "id"),
        # Whether somebody has an announcement already is asked for every recipient.
        Index("ix_delivery_announcement", "announcement_id", "contact_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id")
    channel: str
    lane: str = "reply"
    kind: str
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    dedupe_key: str | None = None
    after_doubt: str = "resend"
    status: str = "queued"
    attempt: int = 0
    parts_sent: int = 0
    created_at: datetime
    due_at: datetime
    expires_at: datetime | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    sent_at: datetime | None = None
    seen_at: datetime | None = None
    knocked_at: datetime | None = None
    external_id: str | None = Field(default=None, index=True)
    external_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    error: str | None = None
    inbox_id: int | None = None
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    announcement_id: int | None = Field(default=None, foreign_key="announcement.id")


class StoredFile(Row, table=True):
    """A photo, recording or document of a recorded event, kept under a name of our own.

    `title` is what the sender called a document, cleaned, for showing it alone. `refusal`: why one was not kept.
    `announcement_id`: which announcement it goes with.
    """

    __tablename__ = "stored_file"

    id: int | None = Field(default=None, primary_key=True)
    inbox_id: int = Field(index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    announcement_id: int | None = Field(default=None, foreign_key="announcement.id", index=True)
    kind: str
    status: str
    name: str | None = None
    title: str | None = None
    refusal: str | None = None
    media_type: str | None = None
    size: int | None = None
    sha256: str | None = None
    position: int = 0
    created_at: datetime
