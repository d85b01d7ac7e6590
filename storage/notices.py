"""Which announcement stands on somebody's screen: the one that was quoted, or the one that came last."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from storage.models import Announcement, Delivery

# Nobody scrolls further back to quote something.
_RECENT = 100


def find_quoted(session: Session, chat_id: int, external_id: str) -> Announcement | None:
    """The announcement of which any part, also a picture, stands in a chat under this id."""
    query = select(Delivery).where(Delivery.contact_id == chat_id, col(Delivery.announcement_id).is_not(None))
    rows = session.exec(query.order_by(col(Delivery.id).desc()).limit(_RECENT)).all()
    found = next((row for row in rows if external_id in (row.external_id, *row.external_ids)), None)
    return session.get(Announcement, found.announcement_id) if found else None


def find_latest(session: Session, chat_id: int, since: datetime) -> Announcement | None:
    """The announcement that came last to a chat, if it came from then on."""
    query = (
        select(Announcement)
        .join(Delivery, col(Delivery.announcement_id) == Announcement.id)
        .where(Delivery.contact_id == chat_id, col(Delivery.sent_at) >= since)
        .order_by(col(Delivery.id).desc())
    )
    return session.exec(query.limit(1)).first()
