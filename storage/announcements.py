"""Subscriptions and announcements: who wants to hear, and how an announcement reaches each of them once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from core.audience import Audience
from storage.audiences import audience_of, count_contacts, gets, list_contacts_after, reaches
from storage.insertion import insert_into
from storage.models import Announcement, Contact, Delivery, Subscription
from storage.statuses import RESTING_DELIVERIES, UNSETTLED_DELIVERIES, AnnouncementStatus, DeliveryStatus


def subscribe(session: Session, contact_id: int, area: str, inbox_id: int | None, now: datetime) -> None:
    """Note the wish with its proof (the message that asked for it); repeating it changes nothing."""
    statement = insert_into(session, Subscription).values(
        contact_id=contact_id, area=area, started_at=now, ended_at=None, inbox_id=inbox_id
    )
    fresh = {"started_at": now, "ended_at": None, "inbox_id": inbox_id}
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["contact_id", "area"], set_=fresh, where=col(Subscription.ended_at).is_not(None)
        )
    )


def unsubscribe(session: Session, contact_id: int, now: datetime, areas: Sequence[str] | None = None) -> int:
    """End the wishes of a contact, or those for some areas; returns how many there were.

    What is queued for the contact and is not asked for any more does not leave.
    """
    lock_choices(session, contact_id)
    rows = [row for row in list_subscriptions(session, contact_id) if areas is None or row.area in areas]
    for row in rows:
        row.ended_at = now
        session.add(row)
    drop_unwanted(session, contact_id, now)
    return len(rows)


def lock_choices(session: Session, contact_id: int) -> None:
    """Waits for a batch that is just being written for this contact, or makes it wait (see `drop_leavers`)."""
    session.get(Contact, contact_id, with_for_update=True)


def drop_unwanted(session: Session, contact_id: int, now: datetime) -> int:
    """After a choice was taken back: cancel what has not left and does not concern the contact any more."""
    session.flush()
    # What is asked for by duty or beside what was stopped stays: each announcement is asked anew.
    its = (col(Delivery.contact_id) == contact_id) & col(Delivery.announcement_id).is_not(None)
    open_ = col(Delivery.status).in_([*UNSETTLED_DELIVERIES, *RESTING_DELIVERIES])
    query = select(Announcement).where(
        col(Announcement.id).in_(select(Delivery.announcement_id).where(its, open_))
    )
    dropped = 0
    for announcement in session.exec(query).all():
        still = select(Contact.id).where(Contact.id == contact_id, reaches(audience_of(announcement)))
        if session.exec(still).first() is None:
            mine = its & (col(Delivery.announcement_id) == announcement.id)
            dropped += _cancel_deliveries(session, mine, "unsubscribed", now)
    return dropped


def list_subscriptions(session: Session, contact_id: int) -> Sequence[Subscription]:
    """The living wishes of a contact."""
    query = select(Subscription).where(
        Subscription.contact_id == contact_id, col(Subscription.ended_at).is_(None)
    )
    return session.exec(query.order_by(col(Subscription.area))).all()


def count_recipients(session: Session, audience: Audience) -> int:
    """How many contacts would get an announcement for this audience now."""
    return count_contacts(session, audience)


def list_recipients_after(
    session: Session, announcement: Announcement, after_id: int, limit: int
) -> Sequence[int]:
    """The next batch of recipients, their contacts' ids, among those who had asked for it when it was confirmed."""
    audience = audience_of(announcement)
    return list_contacts_after(session, audience, announcement.confirmed_at, after_id, limit)


def is_recipient(announcement: Announcement) -> ColumnElement[bool]:
    """True of the contacts that had asked for it when it was confirmed, and have not left since."""
    return gets(audience_of(announcement), announcement.confirmed_at)


def list_sending(session: Session) -> Sequence[Announcement]:
    """Announcements under way, locked so that one replica at a time writes their deliveries."""
    query = select(Announcement).where(Announcement.status == AnnouncementStatus.SENDING)
    return session.exec(query.order_by(col(Announcement.id)).with_for_update(skip_locked=True)).all()


def list_announced_since(session: Session, since: datetime, limit: int) -> Sequence[Announcement]:
    """What was really announced from then on, newest first; what was stopped halfway has been read by many."""
    query = select(Announcement).where(col(Announcement.confirmed_at) >= since)
    return session.exec(query.order_by(col(Announcement.id).desc()).limit(limit)).all()


def drop_leavers(session: Session, announcement: Announcement, written: Sequence[int], now: datetime) -> int:
    """After a batch of these contacts: cancel what was written for those who unsubscribed in the meantime.

    From its delivery on, whoever unsubscribes waits for this transaction, and then finds the delivery.
    """
    people = col(Contact.id).between(written[0], written[-1])
    still = session.exec(select(Contact.id).where(people, reaches(audience_of(announcement)))).all()
    # Hardly ever anybody: an update that looked for them would read all that is queued, again with each batch.
    left = sorted(set(written).difference(one for one in still if one is not None))
    if not left:
        return 0
    its = (col(Delivery.announcement_id) == announcement.id) & col(Delivery.contact_id).in_(left)
    return _cancel_deliveries(session, its, "unsubscribed", now)


def cancel_announcement(session: Session, announcement: Announcement, now: datetime) -> int:
    """Stop it, and what is queued of it; lock it before. Returns how many messages will not leave."""
    announcement.status, announcement.finished_at = AnnouncementStatus.CANCELLED.value, now
    session.add(announcement)
    its = col(Delivery.announcement_id) == announcement.id
    return _cancel_deliveries(session, its, "cancelled", now)


def recall_unsent(session: Session, announcement: Announcement, now: datetime) -> int:
    """What of it has not left does not leave any more; it is over all the same. Returns how many messages."""
    return _cancel_deliveries(session, col(Delivery.announcement_id) == announcement.id, "cancelled", now)


def _cancel_deliveries(session: Session, which: ColumnElement[bool], reason: str, now: datetime) -> int:
    """Cancel what no sender holds. What one holds may be on the screen already; it is not tried again."""
    claimed = col(Delivery.status) == DeliveryStatus.CLAIMED
    session.execute(update(Delivery).where(which, claimed).values(expires_at=now))
    statement = (
        update(Delivery)
        .where(which, col(Delivery.status).in_([DeliveryStatus.QUEUED, *RESTING_DELIVERIES]))
        .values(status=DeliveryStatus.CANCELLED.value, error=reason)
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def lock_announcement(session: Session, announcement_id: int) -> Announcement | None:
    """One announcement, held until the end of the transaction."""
    return session.get(Announcement, announcement_id, with_for_update=True, populate_existing=True)


def find_announcement(session: Session, announcement_id: int) -> Announcement | None:
    """One announcement, for reading."""
    return session.get(Announcement, announcement_id)


def add_announcement(session: Session, announcement: Announcement) -> Announcement:
    """Keep a draft; it has its id afterwards."""
    session.add(announcement)
    session.flush()
    return announcement


def drop_draft(session: Session, announcement_id: int, now: datetime) -> bool:
    """Throw a draft away. False when it is no draft any more: what is being sent must be stopped instead."""
    found = lock_announcement(session, announcement_id)
    if found is None or found.status != AnnouncementStatus.DRAFT:
        return False
    found.status, found.finished_at = AnnouncementStatus.CANCELLED.value, now
    session.add(found)
    return True
