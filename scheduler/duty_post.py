"""Queues what reminds somebody of a duty: once for an occasion, and not beyond the hours in which it may be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from core.messages import Content
from handlers.reminders import DUTY
from storage.models import Contact
from storage.outbox import Draft, enqueue
from storage.statuses import AfterDoubt


def send_duty(
    session: Session,
    people: Iterable[Contact],
    content: Content,
    occasion: str,
    until: datetime,
    now: datetime,
) -> int:
    """How many it was queued for; whoever cannot be reached, or has heard of this occasion, is passed over."""
    queued = 0
    for contact in people:
        draft = Draft(
            contact=contact,
            content=content,
            kind=DUTY,
            after_doubt=AfterDoubt.PARK,
            dedupe_key=f"duty:{occasion}:{contact.id}",
            expires_at=until,
        )
        queued += contact.unreachable_at is None and enqueue(session, draft, now) is not None
    return queued
