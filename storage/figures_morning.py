"""What lies on a desk in the morning: one question that counts, one that lists the most urgent of each kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select

from storage.models import Ticket
from storage.statuses import UNCLAIMED_TICKETS, TicketStatus

# Who was asked whether the work is done is asked for a week; a little more makes up for days off.
_ASKED_FOR: Final = timedelta(days=14)


class Section(StrEnum):
    """Where an open ticket stands in the morning: each in the first one that fits."""

    LATE = "late"
    TODAY = "today"
    NEW = "new"
    WAITING = "waiting"
    RECURRING = "recurring"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose desk: a department's, or with `staff_id` what that person holds and what nobody has taken yet."""

    department: str
    staff_id: int | None = None


@dataclass(frozen=True)
class Desk:
    """`counts` of open tickets by category and section; `urgent` the listed ones, in the order of the sections."""

    counts: Counter[tuple[str, Section]] = field(default_factory=Counter)
    urgent: tuple[tuple[Section, Ticket], ...] = ()
    unrated: int = 0
    others: int = 0

    def count(self, *sections: Section) -> int:
        """How many are open in these sections, without any: in all."""
        return sum(number for (_, one), number in self.counts.items() if not sections or one in sections)

    @property
    def is_empty(self) -> bool:
        """Nothing to do: what citizens have not rated is no work."""
        return not self.counts


def read_desk(
    session: Session, scope: Scope, now: datetime, today_ends: datetime, most: dict[Section, int]
) -> Desk:
    """Count and list. `most` says how many of each section are listed; one that is not named has none."""
    section = _section(now, today_ends)
    mine = _of_scope(scope)
    query = select(Ticket.category, section, func.count()).where(_is_open(scope), mine)
    rows = session.exec(query.group_by(Ticket.category, section)).all()
    counts = Counter({(category, Section(name)): count for category, name, count in rows})
    return Desk(
        counts=counts,
        urgent=_urgent(session, scope, section, most) if counts else (),
        unrated=_count_unrated(session, scope, now),
        others=_count_others(session, scope) if scope.staff_id is not None else 0,
    )


def _is_open(scope: Scope) -> ColumnElement[bool]:
    # In the words of the index `ix_ticket_open_of`.
    ours = col(Ticket.department) == scope.department
    return and_(ours, col(Ticket.closed_at).is_(None), col(Ticket.parent_id).is_(None))


def _of_scope(scope: Scope) -> ColumnElement[bool]:
    if scope.staff_id is None:
        return col(Ticket.id).is_not(None)
    return or_(col(Ticket.officer_id).is_(None), col(Ticket.officer_id) == scope.staff_id)


def _section(now: datetime, today_ends: datetime) -> ColumnElement[str]:
    return case(
        (col(Ticket.due_at) < now, Section.LATE.value),
        (col(Ticket.status) == TicketStatus.NEEDS_INFO.value, Section.WAITING.value),
        (col(Ticket.due_at) <= today_ends, Section.TODAY.value),
        (col(Ticket.status).in_([one.value for one in UNCLAIMED_TICKETS]), Section.NEW.value),
        (col(Ticket.recurs_of_id).is_not(None), Section.RECURRING.value),
        else_=Section.REST.value,
    )


def _urgent(
    session: Session, scope: Scope, section: ColumnElement[str], most: dict[Section, int]
) -> tuple[tuple[Section, Ticket], ...]:
    order_by = (col(Ticket.due_at), col(Ticket.id))
    rank = func.row_number().over(partition_by=section, order_by=order_by)
    ranked = (
        select(Ticket.id, section.label("section"), rank.label("rank"))
        .where(_is_open(scope), _of_scope(scope))
        .subquery()
    )
    wanted = [and_(ranked.c.section == one.value, ranked.c.rank <= count) for one, count in most.items()]
    query = select(Ticket, ranked.c.section, ranked.c.rank).join(ranked, ranked.c.id == Ticket.id)
    rows = session.exec(query.where(or_(*wanted))).all()
    order = list(Section)
    named = [(Section(name), rank, ticket) for ticket, name, rank in rows]
    return tuple(
        (one, ticket) for one, _, ticket in sorted(named, key=lambda row: (order.index(row[0]), row[1]))
    )


def _count_unrated(session: Session, scope: Scope, now: datetime) -> int:
    """Reported as done, asked whether it is, and not answered yet."""
    query = select(func.count()).select_from(Ticket)
    query = query.where(Ticket.department == scope.department, col(Ticket.closed_at) >= now - _ASKED_FOR)
    query = query.where(Ticket.status == TicketStatus.RESOLVED, col(Ticket.asked_at).is_not(None))
    query = query.where(col(Ticket.rating).is_(None), col(Ticket.parent_id).is_(None), _of_scope(scope))
    return session.exec(query).one()


def _count_others(session: Session, scope: Scope) -> int:
    query = select(func.count()).select_from(Ticket).where(_is_open(scope))
    held = and_(col(Ticket.officer_id).is_not(None), col(Ticket.officer_id) != scope.staff_id)
    return session.exec(query.where(held)).one()
