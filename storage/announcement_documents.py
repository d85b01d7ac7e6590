"""The document of an announcement: which kept file it is, under which secret it is read, and for how long."""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from core.messages import MessageKind
from storage.files import forget
from storage.models import Announcement, StoredFile
from storage.statuses import AnnouncementStatus, AttachmentStatus

READABLE_AFTER: Final = timedelta(days=30)
"""Whoever comes back to an announcement a few weeks late still finds what it was about."""
_LOOSE: Final = timedelta(days=1)
_IDLE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Document:
    """What the announcement itself remembers: the file's row, its secret, its title, kind and size in bytes.

    `withdrawn`: it was taken back after it had gone out. Its address still says so; nobody is shown it any more.
    """

    file_id: int
    token: str
    title: str
    ending: str
    size: int
    withdrawn: bool = False


def document_of(announcement: Announcement) -> Document | None:
    """The document that goes with it."""
    return Document(**announcement.document) if announcement.document else None


def is_document(file: StoredFile) -> bool:
    """True for a document that was fetched and is still kept."""
    return file.kind == MessageKind.FILE and file.status == AttachmentStatus.STORED and bool(file.name)


def attach_document(session: Session, announcement: Announcement, file: StoredFile, token: str) -> None:
    """From now on it goes with the announcement, in place of any other; the announcement has its id."""
    detach_document(session, announcement)
    file.announcement_id = announcement.id
    ending = (file.name or "").rpartition(".")[2]
    made = Document(file.id or 0, token, file.title or "", ending, file.size or 0)
    announcement.document = asdict(made)
    session.add_all([file, announcement])


def detach_document(session: Session, announcement: Announcement) -> None:
    """Nothing goes with it any more; the bytes are deleted the next night."""
    its = update(StoredFile).where(col(StoredFile.announcement_id) == announcement.id)
    session.execute(its.values(announcement_id=None))
    announcement.document = {}
    session.add(announcement)


def find_own_document(session: Session, file_id: int, contact_id: int) -> StoredFile | None:
    """A document that this contact sent and that is still kept."""
    found = session.get(StoredFile, file_id)
    own = found is not None and found.contact_id == contact_id and is_document(found)
    return found if own else None


def find_by_address(
    session: Session, announcement_id: int, token: str
) -> tuple[Announcement, StoredFile] | None:
    """The announcement and its document, for whoever knows the secret of the address."""
    announcement = session.get(Announcement, announcement_id)
    document = document_of(announcement) if announcement is not None else None
    if announcement is None or document is None:
        return None
    if not hmac.compare_digest(document.token.encode(), token.encode()):
        return None
    file = session.get(StoredFile, document.file_id)
    return (announcement, file) if file is not None else None


def is_readable(announcement: Announcement, file: StoredFile, now: datetime) -> bool:
    """False once the announcement was stopped or recalled, and from 30 days after its last day on."""
    if announcement.status == AnnouncementStatus.CANCELLED or not is_document(file):
        return False
    return announcement.valid_until is None or now < announcement.valid_until + READABLE_AFTER


def withdraw_document(session: Session, announcement: Announcement) -> bool:
    """Nobody reads it any more, wherever its address has got to; False when there was nothing to take back."""
    document = document_of(announcement)
    if document is None or document.withdrawn:
        return False
    announcement.document = asdict(replace(document, withdrawn=True))
    session.add(announcement)
    return forget(session, col(StoredFile.announcement_id) == announcement.id) > 0


def forget_unused_documents(session: Session, now: datetime) -> int:
    """Documents are to be deleted that nobody added, that nobody may read any more, or of a draft that was left
    alone; returns how many."""
    status, until = col(Announcement.status), col(Announcement.valid_until)
    left_alone = (status == AnnouncementStatus.DRAFT) & (col(Announcement.changed_at) < now - _IDLE)
    over = or_(status == AnnouncementStatus.CANCELLED, left_alone, until <= now - READABLE_AFTER)
    # A draft may begin with its document: the words come a little later.
    loose = col(StoredFile.announcement_id).is_(None) & (col(StoredFile.created_at) < now - _LOOSE)
    unread = or_(loose, col(StoredFile.announcement_id).in_(select(Announcement.id).where(over)))
    return forget(session, (col(StoredFile.kind) == MessageKind.FILE.value) & unread)
