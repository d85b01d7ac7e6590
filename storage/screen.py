"""What stands on somebody's screen: which message was answered, and which one is the last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import not_
from sqlmodel import Session, col, select

from storage.held import is_held
from storage.models import Delivery
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
