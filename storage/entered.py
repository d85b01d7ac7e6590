"""Cases that came from elsewhere, by what tells two of them apart: so that no sheet is imported twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage.models import Ticket
from storage.statuses import Source


@dataclass(frozen=True, slots=True)
class Key:
    """What a case is known by: source and code there; without a code also moment, words and place."""

    source: str
    code: str | None
    received_at: datetime
    text: str
    place: str | None

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for two tellings of one case."""
        if self.code:
            return (self.source, self.code)
        return (self.source, self.received_at, self.text, self.place)


def list_identities_after(session: Session, ticket_id: int) -> tuple[set[tuple[object, ...]], int]:
    """The identities of the cases from elsewhere with a higher id, and the highest id there is."""
    query = select(
        col(Ticket.id),
        col(Ticket.source),
        col(Ticket.outside_code),
        col(Ticket.created_at),
        col(Ticket.text),
        col(Ticket.place),
    ).where(col(Ticket.id) > ticket_id, col(Ticket.source) != Source.CHAT.value)
    rows = session.execute(query.order_by(col(Ticket.id))).all()
    found = {Key(source, code, moment, text, place).identity for _, source, code, moment, text, place in rows}
    return found, rows[-1][0] or ticket_id if rows else ticket_id
