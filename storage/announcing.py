"""How an announcement goes out: its history, what is held back and let go, and which are due or wait for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.models import Announcement, AnnouncementEvent, Delivery, Staff
from storage.statuses import AnnouncementStatus, AnnouncementStep, DeliveryStatus
from storage.tickets import Actor

CLOCK = Actor("clock")


def record_step(
    session: Session,
    announcement: Announcement,
    kind: AnnouncementStep,
    actor: Actor,
    now: datetime,
    text: str = "",
) -> AnnouncementEvent:
    """Add a line to the history; there is no way to change or delete one."""
    # A draft that was just made has its number only then.
    session.flush()
    event = AnnouncementEvent(
        announcement_id=announcement.id or 0,
        kind=kind.value,
        at=now,
        staff_id=actor.staff_id,
        channel=actor.channel,
        text=text,
    )
    session.add(event)
    return event


def list_steps(session: Session, announcement_id: int) -> Sequence[tuple[AnnouncementEvent, Staff | None]]:
    """The history with whoever did each thing, oldest first."""
    query = (
        select(AnnouncementEvent, Staff)
        .outerjoin(Staff, col(Staff.id) == AnnouncementEvent.staff_id)
        .where(AnnouncementEvent.announcement_id == announcement_id)
        .order_by(col(AnnouncementEvent.id))
    )
    return session.exec(query).all()


def hold_unsent(session: Session, announcement_id: int) -> int:
    """Hold back what no sender has in its hands, also what waits for people to write; returns how many."""
    return _move(
        session, announcement_id, [DeliveryStatus.QUEUED, DeliveryStatus.WAITING], DeliveryStatus.HELD, None
    )


def release_held(session: Session, announcement_id: int, now: datetime) -> int:
    """Queue what was held back; returns how many."""
    return _move(session, announcement_id, [DeliveryStatus.HELD], DeliveryStatus.QUEUED, now)


def _move(
    session: Session,
    announcement_id: int,
    before: Sequence[DeliveryStatus],
    after: DeliveryStatus,
    due_at: datetime | None,
) -> int:
    statement = update(Delivery).where(
        col(Delivery.announcement_id) == announcement_id, col(Delivery.status).in_(before)
    )
    values = {"status": after.value, **({} if due_at is None else {"due_at": due_at})}
    return int(session.execute(statement.values(values)).rowcount)  # type: ignore[attr-defined]


def list_due(session: Session, now: datetime) -> Sequence[Announcement]:
    """Those whose hour has come, locked so that one replica at a time starts them."""
    query = select(Announcement).where(
        Announcement.status == AnnouncementStatus.SCHEDULED, col(Announcement.scheduled_at) <= now
    )
    return session.exec(query.order_by(col(Announcement.id)).with_for_update(skip_locked=True)).all()


def list_still_valid(session: Session, now: datetime, limit: int) -> Sequence[Announcement]:
    """Those that are over and still hold, newest first, locked so that one replica at a time sends them on."""
    query = select(Announcement).where(
        Announcement.status == AnnouncementStatus.SENT, col(Announcement.valid_until) > now
    )
    rows = query.order_by(col(Announcement.confirmed_at).desc()).limit(limit)
    return session.exec(rows.with_for_update(skip_locked=True)).all()


def list_paused(session: Session) -> Sequence[Announcement]:
    """Those that somebody has paused, locked like the ones under way."""
    query = select(Announcement).where(Announcement.status == AnnouncementStatus.PAUSED)
    return session.exec(query.with_for_update(skip_locked=True)).all()


def list_pending(session: Session, limit: int) -> Sequence[Announcement]:
    """Those that wait for a second person, oldest first."""
    query = select(Announcement).where(Announcement.status == AnnouncementStatus.PENDING)
    return session.exec(query.order_by(col(Announcement.id)).limit(limit)).all()


def list_pending_to_tell(session: Session) -> Sequence[Announcement]:
    """All that wait for a second person, locked so that one replica at a time reminds of them."""
    query = select(Announcement).where(Announcement.status == AnnouncementStatus.PENDING)
    return session.exec(query.order_by(col(Announcement.id)).with_for_update(skip_locked=True)).all()


def list_steps_since_submitted(session: Session, announcement_id: int) -> list[AnnouncementEvent]:
    """The history from the last time on that somebody was asked to approve it; that step comes first."""
    events = [event for event, _ in list_steps(session, announcement_id)]
    asked = [at for at, event in enumerate(events) if event.kind == AnnouncementStep.SUBMITTED]
    return events[asked[-1] :] if asked else []


def list_written_by(
    session: Session, staff_id: int | None, since: datetime, limit: int
) -> Sequence[Announcement]:
    """What somebody wrote from then on, or everybody (None), newest first, without what was thrown away unsent."""
    thrown = (col(Announcement.status) == AnnouncementStatus.CANCELLED) & col(Announcement.confirmed_at).is_(
        None
    )
    query = select(Announcement).where(col(Announcement.created_at) >= since, ~thrown)
    if staff_id is not None:
        query = query.where(Announcement.staff_id == staff_id)
    return session.exec(query.order_by(col(Announcement.id).desc()).limit(limit)).all()
