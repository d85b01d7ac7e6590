"""Finds tickets by words, code groups, area, state and the rest, among years of them as fast as in a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, intersect, literal_column
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, select

from core.wards import fold
from storage.evidence import lacks_evidence
from storage.models import Ticket, TicketWord
from storage.statuses import TicketStatus

MAX_WORDS = 8
"""Words beyond these are left out: nobody means more, and each costs a look-up per ticket."""
# Enough to tell a rare word from a frequent one; counting on would cost more than it saves.
_COUNTED = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; everything that is given must hold.

    `words` are whole words of text or place, with or without marks; each group of a ticket's code is one, too.
    `without_evidence`: finished with a reason instead of what shows it.
    `overdue_at` is the moment at which an open ticket is late. `officer_id` is who claimed it. `statuses` empty: any.
    """

    words: tuple[str, ...] = ()
    area: str | None = None
    category: str | None = None
    department: str | None = None
    officer_id: int | None = None
    statuses: frozenset[TicketStatus] = frozenset()
    overdue_at: datetime | None = None
    without_evidence: bool = False


def record_words(session: Session, ticket: Ticket) -> None:
    """Note the words of a new ticket."""
    words = list_words(ticket.text, ticket.place, ticket.code)
    session.execute(insert(TicketWord), [{"word": word, "ticket_id": ticket.id} for word in words])


def list_words(text: str, place: str | None, code: str) -> list[str]:
    """The different words of a ticket as search knows them: "Đèn ngõ 5" of A2B3 → 5, a2b3, den, ngo."""
    return sorted(set(fold(f"{text} {place or ''} {code}").split()))


def search_tickets(session: Session, wanted: Wanted, offset: int, limit: int) -> Sequence[Ticket]:
    """A page of the tickets that were wanted: the newest first, late ones by what is late longest.

    Tickets that were merged into another are left out: their parent stands for them.
    """
    words = _rarest_first(session, [word for said in wanted.words for word in fold(said).split()])
    query = select(Ticket).where(*_conditions(wanted))
    if wanted.overdue_at is not None:
        # Few are open, and they have an index of their own: they are gone through, whatever the words.
        query = query.where(*(_holds(word, col(Ticket.id)) for word in words))
        order = (col(Ticket.due_at), col(Ticket.id))
        return session.exec(query.order_by(*order).offset(offset).limit(limit)).all()
    newest = col(Ticket.id)
    if len(words) > 1 and not _meet(session, words):
        return []
    if words:
        first = aliased(TicketWord)
        newest = col(first.ticket_id)
        query = query.join(first, newest == col(Ticket.id)).where(col(first.word) == words[0])
        # Asked of the word's row, not of the ticket's: no ticket is read that lacks a word.
        query = query.where(*(_holds(word, newest) for word in words[1:]))
    return session.exec(query.order_by(newest.desc()).offset(offset).limit(limit)).all()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Everything but the words."""
    found: list[ColumnElement[bool]] = [col(Ticket.parent_id).is_(None)]
    for column, value in (
        (Ticket.area, wanted.area),
        (Ticket.category, wanted.category),
        (Ticket.department, wanted.department),
        (Ticket.officer_id, wanted.officer_id),
    ):
        if value is not None:
            found.append(col(column) == value)
    if wanted.overdue_at is not None:
        found += [col(Ticket.closed_at).is_(None), col(Ticket.due_at) < wanted.overdue_at]
    if wanted.without_evidence:
        found.append(lacks_evidence())
    if wanted.statuses:
        found.append(col(Ticket.status).in_(wanted.statuses))
    return found


def _holds(word: str, ticket_id: Mapped[int | None]) -> ColumnElement[bool]:
    """True for tickets that hold a word."""
    other = aliased(TicketWord)
    return select(other.ticket_id).where(col(other.word) == word, col(other.ticket_id) == ticket_id).exists()


def _meet(session: Session, words: Sequence[str]) -> bool:
    """False when no ticket holds the two rarest words. SQLite walks both lists side by side and stops at the first.

    Frequent words that never meet would else be looked for in one ticket after another. PostgreSQL chooses its way by
    counts and would read both lists whole.
    """
    if session.get_bind().dialect.name != "sqlite":
        return True
    first, second = (select(TicketWord.ticket_id).where(TicketWord.word == word) for word in words[:2])
    both = intersect(first, second).order_by(literal_column("1").desc()).limit(1)
    return session.execute(both).first() is not None


def _rarest_first(session: Session, words: Sequence[str]) -> list[str]:
    """The different words, the one that fewest tickets hold first: its tickets are gone through."""
    different = list(dict.fromkeys(words))[:MAX_WORDS]
    if len(different) < 2:
        return different
    return sorted(different, key=lambda word: (_count(session, word), word))


def _count(session: Session, word: str) -> int:
    some = select(TicketWord.ticket_id).where(TicketWord.word == word).limit(_COUNTED).subquery()
    return session.exec(select(func.count()).select_from(some)).one()
