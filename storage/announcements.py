"""Subscriptions and announcements: who wants to hear, and how an announcement reaches each of them once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from core.audience import Audience
from core.reach import Window
from storage.audiences import Recipient, audience_of, count_contacts, list_recipients, reaches
from storage.insertion import insert_into
from storage.models import Announcement, Contact, Delivery, Subscription
from storage.persons import home_of, list_channels, list_doors
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
    """Waits for a batch that is just being written for this person, or makes it wait (see `drop_leavers`)."""
    # All channels, because the batch may be writing to any of them.
    for contact in list_channels(session, contact_id):
        session.get(Contact, contact.id, with_for_update=True)


def drop_unwanted(session: Session, contact_id: int, now: datetime) -> int:
    """After a choice was taken back: cancel what has not left and does not concern the person any more."""
    session.flush()
    home = home_of(session, contact_id)
    contacts = [contact.id for contact in list_channels(session, contact_id)]
    # What is asked for by duty or beside what was stopped stays: each announcement is asked anew.
    its = col(Delivery.contact_id).in_(contacts) & col(Delivery.announcement_id).is_not(None)
    open_ = col(Delivery.status).in_([*UNSETTLED_DELIVERIES, *RESTING_DELIVERIES])
    query = select(Announcement).where(
        col(Announcement.id).in_(select(Delivery.announcement_id).where(its, open_))
    )
    dropped = 0
    for announcement in session.exec(query).all():
        still = select(Contact.id).where(Contact.id == home, reaches(audience_of(announcement)))
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
    session: Session,
    announcement: Announcement,
    after_id: int,
    limit: int,
    windows: Mapping[str, Window],
    now: datetime,
) -> list[Recipient]:
    """The next batch by person, of those who had asked for it when it was confirmed, each at one channel.

    Somebody who linked or parted channels since then has it already where one of these contacts has.
    """
    audience, at = audience_of(announcement), announcement.confirmed_at
    return list_recipients(session, audience, at, after_id, limit, windows, now)


def without_those_who_have_it(
    session: Session, announcement: Announcement, recipients: Sequence[Recipient]
) -> list[Recipient]:
    """The recipients none of whose channels has a delivery of this announcement, whatever became of it."""
    doors = list_doors(session, [one.person_id for one in recipients])
    contacts = {door.contact_id for several in doors.values() for door in several}
    contacts |= {one.contact_id for one in recipients}
    query = select(Delivery.contact_id).where(
        Delivery.announcement_id == announcement.id, col(Delivery.contact_id).in_(contacts)
    )
    has = set(session.exec(query).all())
    return [
        one
        for one in recipients
        if one.contact_id not in has
        and not any(door.contact_id in has for door in doors.get(one.person_id, ()))
    ]


def list_sending(session: Session) -> Sequence[Announcement]:
    """Announcements under way, locked so that one replica at a time writes their deliveries."""
    query = select(Announcement).where(Announcement.status == AnnouncementStatus.SENDING)
    return session.exec(query.order_by(col(Announcement.id)).with_for_update(skip_locked=True)).all()


def list_announced_since(session: Session, since: datetime, limit: int) -> Sequence[Announcement]:
    """What was really announced from then on, newest first; what was stopped halfway has been read by many."""
    query = select(Announcement).where(col(Announcement.confirmed_at) >= since)
    return session.exec(query.order_by(col(Announcement.id).desc()).limit(limit)).all()


def drop_leavers(
    session: Session, announcement: Announcement, written: Sequence[Recipient], now: datetime
) -> int:
    """After a batch: cancel what was written for those who unsubscribed between reading and writing it.

    From its delivery on, whoever unsubscribes waits for this transaction, and then finds the delivery.
    """
    if not written:
        return 0
    people = col(Contact.id).between(written[0].person_id, written[-1].person_id)
    query = select(Contact.id).where(people, reaches(audience_of(announcement)))
    still = set(session.exec(query).all())
    gone = [one.contact_id for one in written if one.person_id not in still]
    if not gone:
        return 0
    its = (col(Delivery.announcement_id) == announcement.id) & col(Delivery.contact_id).in_(gone)
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
