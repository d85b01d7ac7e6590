"""Where else an announcement has been made known: the loudspeaker, a board, a group; who said so, when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from storage.announcing import list_steps
from storage.models import Announcement, AnnouncementEvent, Staff
from storage.statuses import AnnouncementStep

# Where it is read by everybody, nothing is said of what ended long ago.
SHOWN = timedelta(days=90)


def list_postings(
    session: Session, announcement_id: int
) -> dict[str, tuple[AnnouncementEvent, Staff | None]]:
    """The places where it stands by now, each with the last word about it."""
    found: dict[str, tuple[AnnouncementEvent, Staff | None]] = {}
    for event, staff in list_steps(session, announcement_id):
        if event.kind == AnnouncementStep.POSTED:
            found[event.text] = (event, staff)
        elif event.kind == AnnouncementStep.UNPOSTED:
            found.pop(event.text, None)
    return found


def list_on_board(session: Session, now: datetime, limit: int) -> Sequence[Announcement]:
    """What the public page shows, newest first: published, not over, and of the last three months."""
    holds = or_(col(Announcement.valid_until).is_(None), col(Announcement.valid_until) > now)
    query = select(Announcement).where(col(Announcement.on_board_at) > now - SHOWN, holds)
    return session.exec(query.order_by(col(Announcement.on_board_at).desc()).limit(limit)).all()


def find_on_board(session: Session, announcement_id: int) -> Announcement | None:
    """One that was published and not taken down; also when it is over, for whoever scans an old sheet."""
    found = session.get(Announcement, announcement_id)
    return found if found is not None and found.on_board_at is not None else None
