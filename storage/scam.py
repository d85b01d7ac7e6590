"""The officers' list of numbers and addresses: warned of, or really the ward's; every replica reads it live."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.insertion import insert_into
from storage.models import ScamMark
from storage.statuses import ScamVerdict


@dataclass(frozen=True, slots=True)
class NewMark:
    """What an officer wants to note: the sealed number or host, how it is shown in the list, and why."""

    seal: str
    shown: str
    verdict: ScamVerdict
    reason: str
    staff_id: int


def record_mark(session: Session, mark: NewMark, now: datetime) -> int | None:
    """Note it; returns its id, or None when a standing mark has the same number or address already."""
    statement = insert_into(session, ScamMark).values(
        seal=mark.seal,
        shown=mark.shown,
        verdict=mark.verdict.value,
        reason=mark.reason,
        added_by=mark.staff_id,
        added_at=now,
    )
    added: int | None = session.execute(
        statement.on_conflict_do_nothing().returning(col(ScamMark.id))
    ).scalar_one_or_none()
    return added


def list_marks_of(session: Session, seals: Iterable[str]) -> Sequence[ScamMark]:
    """The standing marks of some numbers and addresses, warnings first."""
    wanted = sorted(set(seals))
    if not wanted:
        return []
    query = select(ScamMark).where(col(ScamMark.seal).in_(wanted), col(ScamMark.removed_at).is_(None))
    return sorted(session.exec(query).all(), key=lambda mark: mark.verdict != ScamVerdict.WARNED)


def list_marks(session: Session, limit: int) -> Sequence[ScamMark]:
    """The standing marks, newest first."""
    query = select(ScamMark).where(col(ScamMark.removed_at).is_(None)).order_by(col(ScamMark.id).desc())
    return session.exec(query.limit(limit)).all()


def remove_mark(session: Session, mark_id: int, staff_id: int, now: datetime) -> ScamMark | None:
    """Take a mark off the list; who did so stays known. None when there is no such standing mark."""
    mark = session.get(ScamMark, mark_id, with_for_update=True, populate_existing=True)
    if mark is None or mark.removed_at is not None:
        return None
    mark.removed_by, mark.removed_at = staff_id, now
    session.add(mark)
    session.flush()
    return mark
