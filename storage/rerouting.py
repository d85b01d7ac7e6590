"""An announcement that one channel of a person did not take goes to another one of the same person, never to both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.reach import ALWAYS_OPEN, Window, best_door
from storage.audiences import Recipient
from storage.models import Announcement, ContactLink, Delivery
from storage.persons import list_doors
from storage.statuses import DeliveryStatus

REROUTED = "other_channel"
# Not taken for sure: what is doubtful or half sent stays where it is, because it may be on the screen.
_NOT_TAKEN = (DeliveryStatus.FAILED.value, DeliveryStatus.WAITING.value)


def claim_other_channels(
    session: Session, announcement: Announcement, windows: Mapping[str, Window], now: datetime
) -> list[Recipient]:
    """Those to be written to on another channel; what they had on the first is cancelled in the same step.

    A channel that had it once, whatever became of it, is not tried again; one that is shut now is no way out.
    """
    query = (
        select(Delivery, ContactLink.person_id)
        .join(ContactLink, col(ContactLink.contact_id) == col(Delivery.contact_id))
        .where(
            Delivery.announcement_id == announcement.id,
            col(Delivery.status).in_(_NOT_TAKEN),
            Delivery.parts_sent == 0,
            # Whoever was told that something waits there will look there.
            col(Delivery.knocked_at).is_(None),
        )
    )
    rows = session.exec(query.order_by(col(Delivery.id))).all()
    doors = list_doors(session, {person_id for _, person_id in rows})
    found = []
    for row, person_id in rows:
        tried = _tried(session, announcement, [door.contact_id for door in doors[person_id]])
        left = [door for door in doors[person_id] if door.contact_id not in tried]
        best = best_door(left, windows, now) if left else None
        if best is None or not windows.get(best.channel, ALWAYS_OPEN).leaves(best.reach(windows, now)):
            continue
        if _cancel(session, row):
            found.append(Recipient(person_id, best.contact_id))
    return found


def _tried(session: Session, announcement: Announcement, contacts: list[int]) -> set[int]:
    query = select(Delivery.contact_id).where(
        Delivery.announcement_id == announcement.id, col(Delivery.contact_id).in_(contacts)
    )
    return set(session.exec(query).all())


def _cancel(session: Session, row: Delivery) -> bool:
    """False when the person has just written, so that it leaves on the first channel after all."""
    statement = (
        update(Delivery)
        .where(col(Delivery.id) == row.id, col(Delivery.status).in_(_NOT_TAKEN))
        .values(status=DeliveryStatus.CANCELLED.value, error=REROUTED)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]
