"""What was given up: events that were parked and messages that did not surely arrive; listed, retried, dropped.

Nothing here returns what somebody wrote.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from core.serial import content_from_json
from storage.inbox import REDACTED
from storage.machinery import settle_alarm, subject_of_message
from storage.models import Contact, Delivery, InboxItem
from storage.statuses import DeliveryStatus, InboxStatus

_DOUBTFUL = (DeliveryStatus.FAILED.value, DeliveryStatus.UNKNOWN.value)
_ABOUT_DELIVERY = ("message_rejected", "message_given_up")
DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Stuck:
    """One of them. `error` names a kind with its place or code; `gone`: its words are forgotten after their time,
    so it can only be dropped; `shut`: the person blocked the account, so that it can hardly arrive."""

    number: int
    channel: str
    kind: str
    status: str
    came_at: datetime
    tries: int
    error: str
    gone: bool = False
    shut: bool = False


def list_parked(session: Session) -> list[Stuck]:
    """Parked events, newest first; an album is one, under the number of its first part."""
    query = select(InboxItem).where(InboxItem.status == InboxStatus.PARKED).order_by(col(InboxItem.id))
    first: dict[tuple[str, str], InboxItem] = {}
    for item in session.exec(query):
        first.setdefault((item.sender_key, item.album or f"#{item.id}"), item)
    return [
        Stuck(
            number=item.id or 0,
            channel=item.channel,
            kind="inbox",
            status=item.status,
            came_at=item.received_at,
            tries=item.failures,
            error=item.error or "",
            gone=item.raw == REDACTED,
        )
        for item in reversed(first.values())
    ]


def retry_parked(session: Session, numbers: Collection[int], now: datetime) -> int:
    """Handle them anew, as if they had just come; their alarms are over. Returns how many there were."""
    fresh = {"status": InboxStatus.NEW.value, "ready_at": now, "claims": 0, "failures": 0, "error": None}
    return _settle_parked(session, numbers, now, **fresh, handled_at=None, claimed_until=None)


def drop_parked(session: Session, numbers: Collection[int], now: datetime) -> int:
    """Leave them unanswered for good and forget what they say; that they came stays known."""
    return _settle_parked(session, numbers, now, status=InboxStatus.DONE.value, raw=REDACTED)


def _settle_parked(session: Session, numbers: Collection[int], now: datetime, **values: Any) -> int:
    done = 0
    for number in numbers:
        item = session.get_one(InboxItem, number)
        parts: ColumnElement[bool] = col(InboxItem.id) == number
        if item.album is not None:
            parts = (col(InboxItem.sender_key) == item.sender_key) & (col(InboxItem.album) == item.album)
        parked = update(InboxItem).where(parts, col(InboxItem.status) == InboxStatus.PARKED).values(**values)
        if session.execute(parked).rowcount:  # type: ignore[attr-defined]
            done += 1
            settle_alarm(session, "message_parked", subject_of_message(item.channel, number), now)
    return done


def list_undelivered(session: Session) -> list[Stuck]:
    """Messages that failed, and those of which nobody can know whether they arrived; newest first."""
    query = (
        select(Delivery, Contact)
        .join(Contact, col(Contact.id) == Delivery.contact_id)
        .where(col(Delivery.status).in_(_DOUBTFUL))
        .order_by(col(Delivery.id).desc())
    )
    return [
        Stuck(
            number=row.id or 0,
            channel=row.channel,
            kind=row.kind,
            status=row.status,
            came_at=row.created_at,
            tries=row.attempt,
            error=row.error or "",
            gone=_is_empty(row),
            shut=contact.unreachable_at is not None,
        )
        for row, contact in session.exec(query)
    ]


def _is_empty(row: Delivery) -> bool:
    content = content_from_json(row.content)
    return not (content.text or content.pictures)


def retry_undelivered(session: Session, numbers: Collection[int], now: datetime) -> int:
    """Queue them again, behind the parts that have arrived. One that may have arrived may now arrive twice.

    The attempts go on counting: they are the fence against a settlement of an earlier one.
    """
    return _settle_undelivered(session, numbers, now, status=DeliveryStatus.QUEUED.value, due_at=now)


def drop_undelivered(session: Session, numbers: Collection[int], now: datetime) -> int:
    """They are not sent any more."""
    return _settle_undelivered(session, numbers, now, status=DeliveryStatus.CANCELLED.value, error=DROPPED)


def _settle_undelivered(session: Session, numbers: Collection[int], now: datetime, **values: Any) -> int:
    done = 0
    for number in numbers:
        statement = (
            update(Delivery)
            .where(col(Delivery.id) == number, col(Delivery.status).in_(_DOUBTFUL))
            .values(claimed_until=None, **values)
        )
        if session.execute(statement).rowcount:  # type: ignore[attr-defined]
            done += 1
            channel = session.get_one(Delivery, number).channel
            for kind in _ABOUT_DELIVERY:
                settle_alarm(session, kind, subject_of_message(channel, number), now)
    return done
