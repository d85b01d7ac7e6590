"""Books with many subscribers and one announcement under way: what the benchmark of broadcasts starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from sqlalchemy import insert
from sqlmodel import Session

from storage.database import open_database
from storage.migrate import upgrade
from storage.models import Announcement, Contact, Staff, Subscription
from storage.statuses import AnnouncementStatus, StaffRole

_AT_ONCE = 10_000


@dataclass(frozen=True)
class Books:
    """Who subscribed: that many people of an account, with ids made from a number after `first`."""

    channel: str
    account: str
    people: int
    pattern: str = "{}"
    first: int = 100_000
    urgent: bool = False

    TEXT: ClassVar[str] = "Mai cúp nước từ 8 giờ đến 11 giờ tại tổ 3 và tổ 5, mời bà con trữ nước từ tối nay."

    def external_id(self, number: int) -> str:
        """The channel's id of the person of that number."""
        return self.pattern.format(number if "{:" in self.pattern else self.first + number)


def write_books(url: str, books: Books, *, confirmed: bool = True) -> None:
    """A migrated database with the subscribers and the announcement; it is sent at the start if `confirmed`."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    upgrade(url)
    opened = open_database(url)
    try:
        for first in range(0, books.people, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, books.people))
            opened.run_now(lambda s: _add_people(s, books, numbers))  # noqa: B023
        opened.run_now(lambda s: _add_announcement(s, books, confirmed))
    finally:
        opened.close()


def _add_people(session: Session, books: Books, numbers: range) -> None:
    now = datetime.now(UTC)
    # The first row of all is the author, who is nobody's recipient.
    ids = [number + 2 for number in numbers]
    contacts = [
        {
            "id": id_,
            "channel": books.channel,
            "account": books.account,
            "external_id": books.external_id(number),
            "is_group": False,
            "created_at": now,
            "last_interaction_at": now,
        }
        for id_, number in zip(ids, numbers, strict=True)
    ]
    session.execute(insert(Contact), contacts)
    wishes = [{"contact_id": id_, "area": "", "started_at": now} for id_ in ids]
    session.execute(insert(Subscription), wishes)


def _add_announcement(session: Session, books: Books, confirmed: bool) -> None:
    now = datetime.now(UTC)
    author = Contact(id=1, channel="webchat", account="", external_id="author", created_at=now)
    session.add(author)
    session.flush()
    staff = Staff(contact_id=1, role=StaffRole.LEADER.value, name="Tư", joined_at=now)
    session.add(staff)
    session.flush()
    session.add(
        Announcement(
            staff_id=staff.id or 0,
            chat_id=1,
            text=books.TEXT,
            recipients=books.people,
            created_at=now,
            status=(AnnouncementStatus.SENDING if confirmed else AnnouncementStatus.DRAFT).value,
            confirmed_at=now if confirmed else None,
            audience={"urgent": True} if books.urgent else {},
            # Whoever runs it may do so at night.
            night_reason="bench",
        )
    )
