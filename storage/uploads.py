"""What the web chat took in and no message needs any more."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.models import InboxItem
from storage.statuses import InboxStatus

_OPEN = (InboxStatus.NEW.value, InboxStatus.PARKED.value)


def list_needless(session: Session, channel: str, names: Sequence[str]) -> list[str]:
    """Those of the uploads that no message of the channel names which is still to be handled, or could be again."""
    query = select(InboxItem.raw).where(InboxItem.channel == channel, col(InboxItem.status).in_(_OPEN))
    open_ones = session.exec(query).all() if names else []
    return [name for name in names if not any(name in raw for raw in open_ones)]
