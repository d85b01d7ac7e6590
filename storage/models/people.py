"""People and where they stand in a conversation: contacts, conversations, staff, invites, subscriptions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from storage.models.base import Row


class Contact(Row, table=True):
    """A person or a group at one address. `unreachable_at` is set when the provider says «blocked»."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("channel", "account", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    account: str
    external_id: str
    is_group: bool = False
    name: str | None = None
    phone: str | None = None
    area: str | None = None
    created_at: datetime
    last_interaction_at: datetime | None = None
    greeted_at: datetime | None = None
    unreachable_at: datetime | None = None
    paused_until: datetime | None = None


class Conversation(Row, table=True):
    """What a contact is in the midst of, in one chat: the flow, its step, what was gathered, what was offered."""

    __tablename__ = "conversation"

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    chat_id: int = Field(foreign_key="contact.id", primary_key=True)
    flow: str | None = None
    step: str | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    choices: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    updated_at: datetime


class Staff(Row, table=True):
    """An officer, a leader or a team member, bound to one contact by an invite.

    `is_head`: the officer leads the department and hears of what runs late. `leads_team`: the member leads the
    digital-tech team of the area.
    `left_by` is who ended the duty: the same person, a leader, or nobody of the staff (the machine's operator).
    """

    __tablename__ = "staff"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", unique=True)
    role: str
    name: str
    department: str | None = None
    area: str | None = None
    active: bool = True
    is_head: bool = False
    leads_team: bool = False
    joined_at: datetime
    left_at: datetime | None = None
    left_by: int | None = Field(default=None, foreign_key="staff.id")


class StaffGroup(Row, table=True):
    """A group chat in which a department gets its cards."""

    __tablename__ = "staff_group"

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    department: str = Field(index=True)
    linked_by: int = Field(foreign_key="staff.id")
    linked_at: datetime


class Invite(Row, table=True):
    """A single-use invitation; only the hash of its code is kept."""

    __tablename__ = "invite"

    id: int | None = Field(default=None, primary_key=True)
    code_hash: str = Field(unique=True)
    role: str
    department: str | None = None
    area: str | None = None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, foreign_key="contact.id")


class Subscription(Row, table=True):
    """A contact's wish to get announcements of an area, or of the whole ward (area ""), with its proof."""

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("contact_id", "area"),)

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    area: str = Field(default="", index=True)
    started_at: datetime
    ended_at: datetime | None = None
    inbox_id: int | None = None


class Preference(Row, table=True):
    """What somebody chose: a topic (not `wanted`: declined it), an age group, a household business, urgent news.

    Without any wanted topic a subscriber hears of all that were not declined. `inbox_id` is the proof: the message.
    """

    __tablename__ = "preference"
    __table_args__ = (UniqueConstraint("contact_id", "kind", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id")
    kind: str
    key: str = ""
    wanted: bool = True
    chosen_at: datetime
    inbox_id: int | None = None


class ContactLink(Row, table=True):
    """Contacts of one person. `person_id` is the one of them at which the wishes of all are kept."""

    __tablename__ = "contact_link"

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    person_id: int = Field(foreign_key="contact.id", index=True)
    linked_at: datetime


class LinkCode(Row, table=True):
    """A code by which a second channel joins the one that asked for it: minutes long, once, kept as a hash."""

    __tablename__ = "link_code"

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    code_hash: str = Field(unique=True)
    expires_at: datetime


class WebSession(Row, table=True):
    """A browser that chats; only the hash of its token is kept."""

    __tablename__ = "web_session"

    token_hash: str = Field(primary_key=True)
    external_id: str = Field(unique=True)
    created_at: datetime
    last_seen_at: datetime
