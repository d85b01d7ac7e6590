"""Turns announcements into deliveries, batch by batch, and tells the author what became of them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from core.audience_words import as_sent
from core.messages import Content
from handlers.house import House
from scheduler.job import MORE
from storage.announcements import (
    cancel_announcement,
    drop_leavers,
    is_recipient,
    list_recipients_after,
    list_sending,
)
from storage.audiences import audience_of
from storage.bulk import BulkDraft, enqueue_for
from storage.contacts import get_contact
from storage.models import Announcement, Contact
from storage.outbox import Draft, count_by_status, enqueue
from storage.statuses import UNSETTLED_DELIVERIES, AfterDoubt, AnnouncementStatus, DeliveryStatus

# Written far faster than any provider lets us send, and in transactions short enough for people who wait.
BATCH = 2_000


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """One batch of each announcement under way; finishes those whose last delivery is settled."""
    counts = {"written": 0, "finished": 0, "cancelled": 0}
    for announcement in list_sending(session):
        written = _write_batch(session, house, announcement, now)
        counts["written"] += written
        if written == BATCH:
            counts[MORE] = counts.get(MORE, 0) + 1
        if written == 0 and _finish(session, house, announcement, now):
            counts["finished"] += 1
    for announcement in _half_cancelled(session):
        counts["cancelled"] += cancel_announcement(session, announcement, now)
    return counts


def content_of(house: House, announcement: Announcement) -> Content:
    """What a recipient reads: who speaks, the words, and how to hear no more."""
    return Content(as_sent(audience_of(announcement), announcement.text, house.ward, house.words))


def _write_batch(session: Session, house: House, announcement: Announcement, now: datetime) -> int:
    recipients = list_recipients_after(session, announcement, announcement.cursor, BATCH)
    if not recipients:
        return 0
    first, last = recipients[0], recipients[-1]
    draft = BulkDraft(
        content=content_of(house, announcement),
        kind="announcement",
        key=f"announcement:{announcement.id}",
        # Twice the same announcement annoys; a doubtful one is shown to the author instead.
        after_doubt=AfterDoubt.PARK,
        announcement_id=announcement.id,
    )
    enqueue_for(session, draft, col(Contact.id).between(first, last) & is_recipient(announcement), now)
    drop_leavers(session, announcement, recipients, now)
    announcement.cursor = last
    session.add(announcement)
    return len(recipients)


def _finish(session: Session, house: House, announcement: Announcement, now: datetime) -> bool:
    """Tell the author once, when nothing of it is under way. Those who left in between count nowhere."""
    counts = count_by_status(session, announcement.id or 0)
    if any(counts.get(status) for status in UNSETTLED_DELIVERIES):
        return False
    numbers = {
        "sent": counts.get(DeliveryStatus.SENT, 0),
        "unreachable": counts.get(DeliveryStatus.FAILED, 0),
        "unknown": counts.get(DeliveryStatus.UNKNOWN, 0),
        "waiting": counts.get(DeliveryStatus.WAITING, 0),
    }
    numbers["total"] = sum(numbers.values())
    author = get_contact(session, announcement.chat_id)
    content = Content(house.words.text("announce.result", **numbers))
    key = f"announcement:{announcement.id}:result"
    enqueue(session, Draft(author, content, "announcement_result", dedupe_key=key), now)
    announcement.status, announcement.finished_at = AnnouncementStatus.SENT.value, now
    announcement.progress = dict(numbers)
    session.add(announcement)
    return True


def _half_cancelled(session: Session) -> list[Announcement]:
    """Cancelled in a way that left its queue standing."""
    query = select(Announcement).where(
        Announcement.status == AnnouncementStatus.CANCELLED, col(Announcement.finished_at).is_(None)
    )
    return list(session.exec(query.with_for_update(skip_locked=True)).all())
