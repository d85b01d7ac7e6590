"""What stands on somebody's screen: which message was answered, and which one is the last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import not_
from sqlmodel import Session, col, select

from storage.held import is_held
from storage.models import Delivery, Ticket
from storage.statuses import DeliveryStatus

_RECENT = 300
# More than anybody writes to one chat while a message is held back.
_LATEST = 20


def find_message_behind(session: Session, chat_id: int, external_id: str) -> Delivery | None:
    """The delivery of which any part stands in a chat under this id: people also answer a card's photo.

    Looks through the last messages about tickets; `storage.outbox.find_delivery` knows the last part only.
    """
    query = select(Delivery).where(Delivery.contact_id == chat_id, col(Delivery.ticket_id).is_not(None))
    recent = session.exec(query.order_by(col(Delivery.id).desc()).limit(_RECENT)).all()
    return next((row for row in recent if external_id in row.external_ids), None)


def list_tickets_shown(
    session: Session, chat_id: int, kinds: Collection[str], since: datetime
) -> Sequence[Ticket]:
    """The tickets of which somebody was shown something of these kinds, each once, the last shown first."""
    query = select(Delivery.ticket_id).where(
        Delivery.contact_id == chat_id,
        col(Delivery.ticket_id).is_not(None),
        col(Delivery.kind).in_(kinds),
        col(Delivery.created_at) >= since,
    )
    rows = session.exec(query.order_by(col(Delivery.id).desc()).limit(_RECENT)).all()
    return [session.get_one(Ticket, number) for number in dict.fromkeys(rows) if number is not None]


def find_newest(session: Session, chat_id: int, now: datetime) -> Delivery | None:
    """The last message that was let go to a chat: what stands at the bottom of the screen."""
    query = select(Delivery).where(
        Delivery.contact_id == chat_id, Delivery.status != DeliveryStatus.CANCELLED
    )
    rows = session.exec(
        query.where(not_(is_held(now))).order_by(col(Delivery.id).desc()).limit(_LATEST)
    ).all()
    # One that was held back stands below what was written meanwhile.
    return max(rows, key=lambda row: (row.due_at, row.id or 0), default=None)
