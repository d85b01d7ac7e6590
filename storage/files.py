"""Stored photos, recordings and documents: what became of each attachment, and to which ticket it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, update
from sqlmodel import Session, col, select

from core.messages import MessageKind
from storage.models import StoredFile
from storage.statuses import AttachmentStatus


@dataclass(frozen=True, slots=True)
class Fetched:
    """An attachment after the gateway tried to fetch it; without `name` it could not be kept.

    Of a document: `title`, what its sender called it, and `refusal`, why it is not kept.
    """

    kind: str
    name: str | None
    media_type: str | None = None
    size: int | None = None
    sha256: str | None = None
    title: str | None = None
    refusal: str | None = None


_OF_MESSAGE = (
    select(StoredFile).where(StoredFile.inbox_id == bindparam("inbox")).order_by(col(StoredFile.position))
)


def record_files(
    session: Session, inbox_id: int, contact_id: int, fetched: Sequence[Fetched], now: datetime
) -> list[StoredFile]:
    """Keep what was fetched for a message, once: a second try of the same message finds the first rows."""
    found = list(session.exec(_OF_MESSAGE, params={"inbox": inbox_id}).all()) if fetched else []
    if found or not fetched:
        return found
    rows = [
        StoredFile(
            inbox_id=inbox_id,
            contact_id=contact_id,
            kind=item.kind,
            status=(AttachmentStatus.STORED if item.name else AttachmentStatus.FAILED).value,
            name=item.name,
            media_type=item.media_type,
            size=item.size,
            sha256=item.sha256,
            title=item.title,
            refusal=item.refusal,
            position=position,
            created_at=now,
        )
        for position, item in enumerate(fetched)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def attach_files(session: Session, file_ids: Sequence[int], contact_id: int, ticket_id: int) -> int:
    """Give a contact's own files to a ticket."""
    statement = (
        update(StoredFile)
        .where(col(StoredFile.id).in_(file_ids), col(StoredFile.contact_id) == contact_id)
        .where(col(StoredFile.ticket_id).is_(None))
        .values(ticket_id=ticket_id)
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def detach_files(session: Session, file_ids: Sequence[int], ticket_id: int) -> None:
    """Take files from a ticket again: their sender may give them anew."""
    statement = update(StoredFile).where(
        col(StoredFile.id).in_(file_ids), col(StoredFile.ticket_id) == ticket_id
    )
    session.execute(statement.values(ticket_id=None))


def list_recordings(session: Session, ticket_id: int) -> Sequence[StoredFile]:
    """The kept recordings of a ticket, whoever sent them, in the order in which they came."""
    query = select(StoredFile).where(
        StoredFile.ticket_id == ticket_id,
        StoredFile.kind == MessageKind.VOICE.value,
        StoredFile.status == AttachmentStatus.STORED.value,
    )
    return session.exec(query.order_by(col(StoredFile.id))).all()


def forget_files(session: Session, file_ids: Sequence[int], contact_id: int) -> int:
    """A contact's own photos and recordings that no ticket has are to be deleted; returns how many."""
    own = col(StoredFile.id).in_(file_ids) & (col(StoredFile.contact_id) == contact_id)
    return forget(session, own & col(StoredFile.kind).in_([MessageKind.PHOTO.value, MessageKind.VOICE.value]))


def forget_loose_recordings(session: Session, before: datetime) -> int:
    """Recordings from before a moment that came into no ticket are to be deleted; returns how many."""
    spoken = col(StoredFile.kind) == MessageKind.VOICE.value
    return forget(session, spoken & (col(StoredFile.created_at) < before))


def forget(session: Session, which: ColumnElement[bool]) -> int:
    """What of these files is kept and in no ticket is to be deleted; returns how many."""
    loose = update(StoredFile).where(
        which,
        col(StoredFile.status) == AttachmentStatus.STORED.value,
        col(StoredFile.ticket_id).is_(None),
    )
    done = session.execute(loose.values(status=AttachmentStatus.FORGOTTEN.value))
    return int(done.rowcount)  # type: ignore[attr-defined]


def list_forgotten(session: Session) -> dict[int, str]:
    """The names of the files whose bytes are to go, by the number of their row."""
    query = select(StoredFile).where(
        StoredFile.status == AttachmentStatus.FORGOTTEN.value, col(StoredFile.name).is_not(None)
    )
    return {row.id or 0: row.name or "" for row in session.exec(query)}


def note_deleted(session: Session, file_ids: Sequence[int]) -> None:
    """Their bytes are gone."""
    session.execute(update(StoredFile).where(col(StoredFile.id).in_(file_ids)).values(name=None, sha256=None))


def is_recording(file: StoredFile) -> bool:
    """True for a spoken message that was fetched and kept."""
    return file.kind == MessageKind.VOICE and file.status == AttachmentStatus.STORED


def list_files(session: Session, file_ids: Sequence[int], contact_id: int) -> Sequence[StoredFile]:
    """Those of the files that this contact sent, in the order in which they came."""
    query = select(StoredFile).where(col(StoredFile.id).in_(file_ids), StoredFile.contact_id == contact_id)
    return session.exec(query.order_by(col(StoredFile.id))).all()
