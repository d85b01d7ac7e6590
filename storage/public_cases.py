"""The public board of cases: what citizens agreed to, what waits for the office's eye, what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.insertion import insert_into
from storage.models import PublicCase, Ticket
from storage.statuses import PublicStatus, TicketStatus


def record_asked(session: Session, ticket_id: int, now: datetime) -> bool:
    """Note that the citizen is asked, once; False when that was done before."""
    statement = insert_into(session, PublicCase).values(
        ticket_id=ticket_id,
        status=PublicStatus.ASKED.value,
        text="",
        answer="",
        before=[],
        after=[],
        seen=0,
        asked_at=now,
    )
    return bool(session.execute(statement.on_conflict_do_nothing()).rowcount)  # type: ignore[attr-defined]


def lock_public(session: Session, ticket_id: int) -> PublicCase | None:
    """One case, held until the end of the transaction."""
    return session.get(PublicCase, ticket_id, with_for_update=True, populate_existing=True)


def list_waiting(session: Session, department: str | None, limit: int) -> Sequence[tuple[PublicCase, Ticket]]:
    """Cases that are over and whose citizens agreed, oldest first: of a department or of all."""
    return _list(session, PublicStatus.AGREED, department, limit)


def list_published(
    session: Session, department: str | None, limit: int
) -> Sequence[tuple[PublicCase, Ticket]]:
    """What is on the board, newest first."""
    return _list(session, PublicStatus.PUBLISHED, department, limit)


def find_published(session: Session, ticket_id: int) -> tuple[PublicCase, Ticket] | None:
    """One case of the board."""
    query = select(PublicCase, Ticket).join(Ticket).where(PublicCase.ticket_id == ticket_id)
    return session.exec(query.where(PublicCase.status == PublicStatus.PUBLISHED)).first()


def _list(
    session: Session, status: PublicStatus, department: str | None, limit: int
) -> Sequence[tuple[PublicCase, Ticket]]:
    query = select(PublicCase, Ticket).join(Ticket).where(PublicCase.status == status)
    if status is PublicStatus.AGREED:
        # One author is content; those who joined may still say that it is not done.
        query = query.where(Ticket.status == TicketStatus.COMPLETED)
    if department is not None:
        query = query.where(Ticket.department == department)
    shown = col(PublicCase.published_at).desc()
    order = shown if status is PublicStatus.PUBLISHED else col(PublicCase.answered_at)
    return session.exec(query.order_by(order).limit(limit)).all()
