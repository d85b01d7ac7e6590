"""What the web chat took in and no message needs any more."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storage.inbox import REDACTED
from storage.models import InboxItem, StoredFile
from storage.statuses import AttachmentStatus, InboxStatus

_OPEN = (InboxStatus.NEW.value, InboxStatus.PARKED.value)
_NAME = re.compile(r'"(\w{1,64}\.\w{2,5})"')


@dataclass(frozen=True, slots=True)
class Uploads:
    """Names of uploads that are still needed.

    `open`: by messages that are to be handled, or could be again. `shown`: by those that stand in a conversation,
    until their words are blanked or their files are to be forgotten.
    """

    open: Collection[str]
    shown: Collection[str]


def list_needed(session: Session, channel: str) -> Uploads:
    """Read once for all names: a channel has no more recorded messages with words than those of thirty days."""
    query = select(InboxItem.id, InboxItem.raw, InboxItem.status).where(InboxItem.channel == channel)
    rows = session.exec(query.where(InboxItem.raw != REDACTED)).all()
    forgotten = _forgotten(session)
    waiting: set[str] = set()
    shown: set[str] = set()
    for number, raw, status in rows:
        names = _NAME.findall(raw)
        if status in _OPEN:
            waiting.update(names)
        if status in _OPEN or number not in forgotten:
            shown.update(names)
    return Uploads(waiting, shown)


def _forgotten(session: Session) -> set[int]:
    """The messages of which every file is to be forgotten."""
    query = select(StoredFile.inbox_id).where(StoredFile.status == AttachmentStatus.FORGOTTEN.value)
    gone = set(session.exec(query).all())
    kept = select(StoredFile.inbox_id).where(
        col(StoredFile.inbox_id).in_(gone), StoredFile.status != AttachmentStatus.FORGOTTEN.value
    )
    return gone - set(session.exec(kept).all())
