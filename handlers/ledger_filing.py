"""Files the cases of a tracking sheet as tickets: once each, quietly, and one word to each department at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from core.messages import Address, Content
from handlers.desk_notices import tell_department
from handlers.desk_rules import department_name
from handlers.ledger_reading import Case
from handlers.operator import Operator
from storage.contacts import record_contact
from storage.entered import hold_cases, list_identities_after
from storage.followers import mute
from storage.models import Contact, Ticket
from storage.statuses import EventKind, TicketStatus
from storage.tickets import add_ticket, record_ticket_event, unused_code

# Nobody is reached there: whoever had the case before tells the citizen, as before.
_NOWHERE = Address("terminal", "import", "ledger")
_ENDED = {
    TicketStatus.COMPLETED: EventKind.COMPLETED,
    TicketStatus.REJECTED: EventKind.REJECTED,
    TicketStatus.WITHDRAWN: EventKind.WITHDRAWN,
}


@dataclass
class Books:
    """The identities of what is in the books, by whomever it was entered, up to the ticket `last_id`."""

    known: set[tuple[object, ...]] = field(default_factory=set)
    last_id: int = 0


@dataclass
class Filed:
    """What was filed, counted by department."""

    tickets: int = 0
    existing: int = 0
    first_id: int | None = None
    opened: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)

    def add(self, other: Filed) -> None:
        """Count what a further transaction has filed."""
        self.tickets += other.tickets
        self.existing += other.existing
        self.first_id = self.first_id or other.first_id
        self.opened += other.opened
        self.late += other.late
        self.closed += other.closed


def look(session: Session, books: Books) -> None:
    """Learn of the cases that are in the books by now."""
    fresh, books.last_id = list_identities_after(session, books.last_id)
    books.known |= fresh


def file_cases(caller: Operator, cases: Sequence[Case], books: Books) -> Filed:
    """File those that are not in the books; within one transaction, which may be tried again as a whole.

    Of two imports of one sheet at the same moment each case is filed by one, and the other counts it as existing.
    """
    books.known |= hold_cases(caller.session, [case.key for case in cases])
    look(caller.session, books)
    filed = Filed()
    contact = record_contact(caller.session, _NOWHERE, caller.now)
    if contact.unreachable_at is None:
        contact.unreachable_at = caller.now
        caller.session.add(contact)
    for case in cases:
        if case.key.identity in books.known:
            filed.existing += 1
            continue
        ticket = _file(caller, case, contact)
        filed.tickets += 1
        filed.first_id = filed.first_id or ticket.id
        counts = filed.opened if case.closed_at is None else filed.closed
        counts[case.department] += 1
        filed.late[case.department] += is_late(case, caller.now)
    return filed


def tell_departments(caller: Operator, filed: Filed) -> int:
    """One message to each department that got cases; returns how many departments."""
    departments = sorted({*filed.opened, *filed.closed})
    for key in departments:
        opened, closed = filed.opened[key], filed.closed[key]
        text = caller.words(
            "ticket_import.told",
            department=department_name(caller, key),
            count=opened + closed,
            open=opened,
            late=filed.late[key],
            closed=closed,
        )
        choices = (caller.choice("officer.button.list", "officer.list"),) if opened else ()
        tell_department(caller, key, Content(text, choices), f"import:{filed.first_id}:{key}")
    return len(departments)


def is_late(case: Case, now: datetime) -> bool:
    """True for an open case whose time is over."""
    return case.closed_at is None and case.due_at < now


def _file(caller: Operator, case: Case, contact: Contact) -> Ticket:
    ticket = Ticket(
        code=unused_code(caller.session),
        contact_id=contact.id or 0,
        category=case.category,
        department=case.department,
        status=case.status.value,
        text=case.key.text,
        area=case.area,
        place=case.key.place,
        created_at=case.key.received_at,
        due_at=case.due_at,
        updated_at=caller.now,
        closed_at=case.closed_at,
        answer=case.answer,
        source=case.key.source,
        outside_code=case.key.code,
    )
    add_ticket(caller.session, ticket, caller.actor, entered_at=caller.now)
    if case.closed_at is not None:
        record_ticket_event(
            caller.session,
            ticket,
            _ENDED[case.status],
            caller.actor,
            case.closed_at,
            text=case.answer or "",
            came_from=TicketStatus.NEW,
            to=case.status,
        )
    mute(caller.session, ticket, caller.now)
    return ticket
