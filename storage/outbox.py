"""The outbox: a message is a row before it is sent, is claimed by one sender, and is settled exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from core.messages import Content
from core.serial import content_to_json
from storage.claims import is_open
from storage.insertion import table_of
from storage.models import Contact, Delivery
from storage.statuses import RESTING_DELIVERIES, UNSETTLED_DELIVERIES, AfterDoubt, DeliveryStatus, Lane

_KEEP_WAITING = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be queued. A second draft with the same `dedupe_key` is dropped.

    Until `ready_at` it may be taken back (`storage.held`), and holds up nothing else that is written to the person.
    """

    contact: Contact
    content: Content
    kind: str
    lane: Lane = Lane.REPLY
    after_doubt: AfterDoubt = AfterDoubt.RESEND
    dedupe_key: str | None = None
    inbox_id: int | None = None
    ticket_id: int | None = None
    announcement_id: int | None = None
    expires_at: datetime | None = None
    ready_at: datetime | None = None


_TABLE = table_of(Delivery)
_ENQUEUE = {
    name: dialect.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}


def enqueue(session: Session, draft: Draft, now: datetime) -> int | None:
    """Queue a message; returns its id, or None when its dedupe key was used before."""
    # Rows that it names may only be known to the session so far.
    session.flush()
    connection = session.connection()
    return connection.execute(_ENQUEUE[connection.dialect.name], _values(draft, now)).scalar_one_or_none()


def _values(draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "contact_id": draft.contact.id,
        "channel": draft.contact.channel,
        "lane": draft.lane.value,
        "kind": draft.kind,
        "content": content_to_json(draft.content),
        "dedupe_key": draft.dedupe_key,
        "after_doubt": draft.after_doubt.value,
        "status": DeliveryStatus.QUEUED.value,
        "attempt": 0,
        "parts_sent": 0,
        "external_ids": [],
        "created_at": now,
        "due_at": draft.ready_at or now,
        "expires_at": draft.expires_at,
        "inbox_id": draft.inbox_id,
        "ticket_id": draft.ticket_id,
        "announcement_id": draft.announcement_id,
    }


_WAITING = (
    select(Delivery)
    .where(Delivery.contact_id == bindparam("contact"), Delivery.status == DeliveryStatus.WAITING)
    .order_by(col(Delivery.id))
)


def wake_waiting(session: Session, contact: Contact, now: datetime) -> int:
    """The person wrote, so the provider's window is open again: queue what had to wait, unless too old."""
    rows = session.exec(_WAITING, params={"contact": contact.id}).all()
    for row in rows:
        too_old = row.created_at < now - _KEEP_WAITING or (row.expires_at and row.expires_at < now)
        row.status = DeliveryStatus.CANCELLED.value if too_old else DeliveryStatus.QUEUED.value
        row.due_at = now
        session.add(row)
    return len(rows)


def find_delivery(session: Session, contact_id: int, external_id: str) -> Delivery | None:
    """The delivery behind a message on a person's screen: how a reply to a card finds its ticket."""
    query = select(Delivery).where(Delivery.contact_id == contact_id, Delivery.external_id == external_id)
    return session.exec(query.order_by(col(Delivery.id).desc())).first()


def record_seen(session: Session, contact_id: int, external_ids: Sequence[str], now: datetime) -> int:
    """The provider says that these were seen."""
    statement = (
        update(Delivery)
        .where(col(Delivery.contact_id) == contact_id, col(Delivery.external_id).in_(external_ids))
        .where(col(Delivery.seen_at).is_(None))
        .values(seen_at=now)
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def cancel_all_queued(session: Session, reason: str) -> int:
    """Nothing that is queued may leave any more: for a restored copy."""
    statement = (
        update(Delivery)
        .where(col(Delivery.status).in_([*UNSETTLED_DELIVERIES, *RESTING_DELIVERIES]))
        .values(status=DeliveryStatus.CANCELLED.value, error=reason, claimed_until=None)
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def cancel_unsent(session: Session, contact_id: int, kinds: Sequence[str], reason: str) -> int:
    """Messages of these kinds that have not left yet do not reach this person any more."""
    statement = (
        update(Delivery)
        .where(col(Delivery.contact_id) == contact_id, col(Delivery.kind).in_(kinds))
        .where(col(Delivery.status).in_([*UNSETTLED_DELIVERIES, *RESTING_DELIVERIES]))
        .values(status=DeliveryStatus.CANCELLED.value, error=reason, claimed_until=None)
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def count_by_status(session: Session, announcement_id: int) -> dict[str, int]:
    """How the deliveries of an announcement stand."""
    query = select(Delivery.status, func.count()).where(Delivery.announcement_id == announcement_id)
    return {status: count for status, count in session.exec(query.group_by(Delivery.status)).all()}


def count_queued(session: Session) -> int:
    """How many messages wait to be sent."""
    query = select(func.count()).select_from(Delivery)
    return session.exec(query.where(is_open(Delivery.status))).one()
