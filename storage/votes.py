"""What those who joined a closed case say of its end: done or not; each person's last word since it was closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal_column
from sqlmodel import Session, col, select

from storage.followers import follows
from storage.models import Ticket, TicketEvent
from storage.persons import home_of
from storage.statuses import EventKind, TicketStatus
from storage.tickets import list_events

ENDED = frozenset({TicketStatus.RESOLVED, TicketStatus.REJECTED})
_VOTES = frozenset({EventKind.DISPUTED, EventKind.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Votes:
    """Persons, each once however many channels they have linked (storage.persons).

    `waiting`: what was said against the end since somebody of the office looked at it last, oldest first.
    """

    fixed: frozenset[int] = frozenset()
    not_fixed: frozenset[int] = frozenset()
    waiting: Sequence[TicketEvent] = ()

    @property
    def waits_since(self) -> datetime | None:
        """When the oldest word came that nobody has looked at; None while nothing waits."""
        return self.waiting[0].at if self.waiting else None


def read_votes(session: Session, ticket: Ticket) -> Votes:
    """The votes about the present end of a case; none for an open one, and none from before it was closed last."""
    if TicketStatus(ticket.status) not in ENDED:
        return Votes()
    last: dict[int, TicketEvent] = {}
    looked_at = 0
    for event in list_events(session, ticket.id or 0):
        if event.to_status in ENDED:
            last = {}
        elif event.kind in _VOTES and event.contact_id is not None:
            last[home_of(session, event.contact_id)] = event
        elif event.kind == EventKind.UPHELD:
            looked_at = event.id or 0
    against = {person: event for person, event in last.items() if event.kind == EventKind.DISPUTED}
    waiting = sorted(
        (one for one in against.values() if (one.id or 0) > looked_at), key=lambda one: one.id or 0
    )
    return Votes(frozenset(last.keys() - against.keys()), frozenset(against), waiting)


@dataclass(frozen=True, slots=True)
class Disputed:
    """A closed case of which somebody says that it is not done, and nobody of the office has looked since."""

    ticket: Ticket
    votes: Votes


def list_disputed(session: Session, department: str | None = None) -> Sequence[Disputed]:
    """Of the whole ward or a department, the one that waits longest first."""
    # From the few words of doubt to their cases, by an index of its own, not from the many closed cases.
    is_doubt = col(TicketEvent.kind) == literal_column(f"'{EventKind.DISPUTED}'")
    spoken = select(TicketEvent.ticket_id).where(is_doubt)
    query = select(Ticket).where(
        col(Ticket.id).in_(spoken), col(Ticket.status).in_(ENDED), col(Ticket.parent_id).is_(None)
    )
    if department is not None:
        query = query.where(Ticket.department == department)
    found = [Disputed(ticket, read_votes(session, ticket)) for ticket in session.exec(query).all()]
    waiting = [one for one in found if one.votes.waiting]
    return sorted(waiting, key=lambda one: one.votes.waiting[0].id or 0)


def is_disputed(session: Session, ticket: Ticket) -> bool:
    """True while a word against the end of the case, or of that into which it was merged, waits for the office."""
    case = session.get_one(Ticket, ticket.parent_id) if ticket.parent_id is not None else ticket
    return bool(read_votes(session, case).waiting)


def list_waiting_people(session: Session, ticket: Ticket, votes: Votes) -> Sequence[int]:
    """The contacts whose word waits and who still follow the case, each once."""
    said = dict.fromkeys(one.contact_id for one in votes.waiting if one.contact_id is not None)
    return [one for one in said if follows(session, ticket.id or 0, one)]
