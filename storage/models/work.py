"""What the office works on: tickets, their events, announcements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.models.base import Row
from storage.statuses import Privacy

_OPEN_CASE = text("closed_at IS NULL AND parent_id IS NULL")
_WITHOUT_EVIDENCE = text("evidence_kind = 'reason'")
_CLOSED = text("closed_at IS NOT NULL")
_OPEN_AND_CLAIMED = text("closed_at IS NULL AND officer_id IS NOT NULL")
_CHILD = text("parent_id IS NOT NULL")
_DISPUTED = text("kind = 'disputed'")


class Ticket(Row, table=True):
    """A report of a citizen. `version` rises with every move: nobody overwrites what he has not seen.

    `privacy` is the author's choice of who learns the name; without one the office does, the public not. `source`
    and `outside_code` say where a case came from that was not typed in a chat by its author; then `filed_by` is who
    entered it, `on_behalf_of` and `reach` whose it is and how that person is reached, and `consent_at` when the
    spoken consent was given.
    A ticket with a `parent_id` is the same matter as its parent and follows it: in figures it is no case of its
    own. `recurs_of_id` is the closed ticket of the same place and kind that has come back.
    `told_at` is when the citizen was last told when an answer comes; empty: at filing. `told_due_at` is what was
    told then, where days off have moved `due_at` since.
    `evidence` of a finished ticket is a document's number, or the reason why there is none, as `evidence_kind` says;
    for photos it is how many.
    """

    __tablename__ = "ticket"
    # Years of closed tickets must not slow down the lists of what is open: they read the first three alone.
    # Nearly no ticket has a parent: an index that holds the others would only mislead SQLite, which counts nothing.
    __table_args__ = (
        Index("ix_ticket_open", "due_at", sqlite_where=_OPEN_CASE, postgresql_where=_OPEN_CASE),
        Index(
            "ix_ticket_open_of",
            "department",
            "due_at",
            sqlite_where=_OPEN_CASE,
            postgresql_where=_OPEN_CASE,
        ),
        Index(
            "ix_ticket_without_evidence",
            "closed_at",
            sqlite_where=_WITHOUT_EVIDENCE,
            postgresql_where=_WITHOUT_EVIDENCE,
        ),
        Index(
            "ix_ticket_claimed",
            "officer_id",
            "due_at",
            sqlite_where=_OPEN_AND_CLAIMED,
            postgresql_where=_OPEN_AND_CLAIMED,
        ),
        # What was filed and finished in a time, among years of tickets. None that begins with the department and has
        # open ones in it: SQLite, which counts nothing, would take it for the lists of what is open.
        Index("ix_ticket_created_at", "created_at"),
        Index("ix_ticket_closed_at", "closed_at", sqlite_where=_CLOSED, postgresql_where=_CLOSED),
        Index(
            "ix_ticket_closed_of", "department", "closed_at", sqlite_where=_CLOSED, postgresql_where=_CLOSED
        ),
        Index("ix_ticket_parent_id", "parent_id", sqlite_where=_CHILD, postgresql_where=_CHILD),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    category: str = Field(index=True)
    department: str = Field(index=True)
    status: str = Field(default="moi", index=True)
    text: str
    area: str | None = Field(default=None, index=True)
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    created_at: datetime
    due_at: datetime
    told_at: datetime | None = None
    told_due_at: datetime | None = None
    updated_at: datetime
    closed_at: datetime | None = None
    officer_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    answer: str | None = None
    version: int = 1
    privacy: str = Privacy.HIDDEN_PUBLIC.value
    source: str = "chat"
    outside_code: str | None = None
    filed_by: int | None = Field(default=None, foreign_key="staff.id")
    on_behalf_of: str | None = None
    reach: str | None = None
    consent_at: datetime | None = None
    parent_id: int | None = Field(default=None, foreign_key="ticket.id")
    recurs_of_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    promised_on: date | None = None
    paused_at: datetime | None = None
    outside_agency: str | None = None
    outside_due_on: date | None = None
    evidence: str | None = None
    evidence_kind: str | None = None
    asked_at: datetime | None = None
    rating: str | None = None
    rating_reason: str | None = None
    reopened: int = 0


class TicketWord(Row, table=True):
    """A word of a ticket's text or place, or a group of its code, folded: what search looks up.

    Written once, when the ticket is filed.
    """

    __tablename__ = "ticket_word"
    # The key is the whole row: without a row number beside it SQLite keeps it once instead of twice.
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: str = Field(primary_key=True)
    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id")


class TicketFollower(Row, table=True):
    """Somebody who has the same trouble: hears every answer, and counts beside the case. `left_at` undoes it."""

    __tablename__ = "ticket_follower"
    __table_args__ = (UniqueConstraint("ticket_id", "contact_id"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    contact_id: int = Field(foreign_key="contact.id", index=True)
    joined_at: datetime
    left_at: datetime | None = None


class Absence(Row, table=True):
    """Days on which somebody of the office is away, and who stands in; both days are included."""

    __tablename__ = "absence"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    stand_in_id: int | None = Field(default=None, foreign_key="staff.id")
    from_on: date
    until_on: date
    created_at: datetime
    ended_at: datetime | None = None


class CannedReply(Row, table=True):
    """Words that a department uses again and again, with blanks to fill; `verb` is the step they are for."""

    __tablename__ = "canned_reply"

    id: int | None = Field(default=None, primary_key=True)
    department: str | None = Field(default=None, index=True)
    category: str | None = None
    verb: str
    title: str
    text: str
    author_id: int = Field(foreign_key="staff.id")
    created_at: datetime
    retired_at: datetime | None = None


class CalendarDay(Row, table=True):
    """A day that the office itself set as worked or free; the newest row of a date counts.

    `working` None takes an earlier row back: the day is again what the general rule says.
    """

    __tablename__ = "calendar_day"

    id: int | None = Field(default=None, primary_key=True)
    day_on: date = Field(index=True)
    working: bool | None = None
    reason: str
    author_id: int = Field(foreign_key="staff.id")
    created_at: datetime


class TicketEvent(Row, table=True):
    """One thing that happened to a ticket: append-only. `citizen_sees` tells internal notes apart.

    Until `held_until` the citizen is not told of it, and it can be taken back; `before` is what the ticket was.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (
        Index(
            "ix_ticket_event_disputed",
            "ticket_id",
            sqlite_where=_DISPUTED,
            postgresql_where=_DISPUTED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    kind: str
    at: datetime
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    channel: str
    from_status: str | None = None
    to_status: str | None = None
    text: str = ""
    citizen_sees: bool = True
    held_until: datetime | None = None
    before: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )


class Announcement(Row, table=True):
    """Words of a member or officer for some people; the audience is frozen at start.

    `audience` is what it says beside the areas (core.audience), empty for all subscribers of them.
    `revision` rises with every change, so that a button under older words sends and approves nothing. `pictures` are
    names in the media folder; `document` is what goes with it (storage.announcement_documents). After `valid_until`
    nothing of it leaves any more. `night_reason`: why it may go out in quiet hours. `held_at`: since when what is
    queued is held back. `on_board_at`: since when everybody can read it on the ward's page.
    """

    __tablename__ = "announcement"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    chat_id: int = Field(foreign_key="contact.id")
    text: str
    areas: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    audience: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    status: str = "draft"
    recipients: int = 0
    created_at: datetime
    confirmed_at: datetime | None = None
    cursor: int = 0
    last_recipient_id: int = 0
    finished_at: datetime | None = None
    progress: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    revision: int = 1
    changed_at: datetime | None = None
    pictures: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    document: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    link: str | None = None
    valid_until: datetime | None = None
    scheduled_at: datetime | None = None
    night_reason: str | None = None
    approved_by: int | None = Field(default=None, foreign_key="staff.id")
    held_at: datetime | None = None
    on_board_at: datetime | None = None

    @property
    def urgent(self) -> bool:
        """Danger to life, as its audience says (core.audience): it waits for no morning."""
        return bool(self.audience.get("urgent"))
