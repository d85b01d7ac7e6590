"""Cases that came from elsewhere, by what tells two of them apart: so that no sheet is imported twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
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


def hold_cases(session: Session, keys: Sequence[Key]) -> set[tuple[object, ...]]:
    """Until the end of the transaction nobody else files one of these cases; those with a code that somebody has.

    Call it before looking what is in the books: two imports of one sheet would each not see what the other has not
    committed yet, nor what an officer is entering (`storage.tickets.find_entered` takes the same locks).
    """
    if session.get_bind().dialect.name != "postgresql":
        return set()  # SQLite has one writer.
    imports = "SELECT pg_advisory_xact_lock(hashtextextended('import of cases', 0))"
    session.execute(sa.text(imports))
    coded = {(key.source, key.code) for key in keys if key.code}
    each = "SELECT pg_advisory_xact_lock(hashtextextended(one, 0)) FROM unnest(CAST(:names AS text[])) AS one"
    session.execute(sa.text(each), {"names": sorted(f"{source}/{code}" for source, code in coded)})
    # By code, not by what is new: an officer's case may have got its number before and be committed only now.
    query = select(col(Ticket.source), col(Ticket.outside_code))
    rows = session.execute(query.where(col(Ticket.outside_code).in_({code for _, code in coded}))).all()
    return {tuple(row) for row in rows}


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
