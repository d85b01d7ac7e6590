"""Cases as the figures count them: tickets that stand for themselves, each with how many people are behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from storage.models import Ticket, TicketFollower


def list_cases(
    session: Session, since: datetime | None, until: datetime | None, department: str | None
) -> Sequence[Ticket]:
    """Cases filed from `since` on and before `until`, of a department or of all, oldest first; no merged tickets."""
    query = select(Ticket).where(*_within(since, until, department))
    return session.exec(query.order_by(col(Ticket.id))).all()


def count_cases(
    session: Session, since: datetime | None, until: datetime | None, department: str | None
) -> int:
    """How many `list_cases` would give."""
    query = select(func.count()).select_from(Ticket)
    return session.exec(query.where(*_within(since, until, department))).one()


def _within(
    since: datetime | None, until: datetime | None, department: str | None
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(Ticket.parent_id).is_(None)]
    if since is not None:
        found.append(col(Ticket.created_at) >= since)
    if until is not None:
        found.append(col(Ticket.created_at) < until)
    if department is not None:
        found.append(col(Ticket.department) == department)
    return found


def count_people(session: Session) -> dict[int, int]:
    """How many people filed a case, or what was merged into it, or joined; by its id. One: no entry."""
    parents: dict[int, int] = {}
    people: defaultdict[int, set[int]] = defaultdict(set)
    merged = select(Ticket.id, Ticket.parent_id, Ticket.contact_id).where(col(Ticket.parent_id).is_not(None))
    for child, parent, contact in session.exec(merged):
        parents[child or 0] = parent or 0
        people[parent or 0].add(contact)
    joined = select(TicketFollower.ticket_id, TicketFollower.contact_id)
    for ticket, contact in session.exec(joined.where(col(TicketFollower.left_at).is_(None))):
        people[parents.get(ticket, ticket)].add(contact)
    authors = select(Ticket.id, Ticket.contact_id).where(col(Ticket.parent_id).is_(None))
    for case, contact in session.exec(authors):
        if case in people:
            people[case or 0].add(contact)
    return {case: len(contacts) for case, contacts in people.items()}
