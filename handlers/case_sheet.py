"""Cases as the rows of a sheet: one each, no citizen's name or telephone; terminal and web share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session, select

from core.calendar import LOCAL
from handlers.cards import area_name, category_name, short_department, status_name
from handlers.desk_evidence import evidence_words
from handlers.desk_rules import Speaker
from handlers.privacy import mask
from storage.cases import count_people, list_cases
from storage.models import Staff, Ticket
from storage.statuses import OPEN_TICKETS

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int | datetime | None
# Heading by heading, in the order of the sheet, with the width in letters.
COLUMNS: Final[Mapping[str, int]] = {
    **{"code": 16, "filed": 17, "category": 26, "department": 18, "area": 18, "place": 28, "text": 60},
    **{"status": 22, "officer": 20, "due": 17, "closed": 17, "kept": 12, "people": 12},
    **{"answer": 60, "evidence": 36},
    **{"outside": 20, "outside_code": 18, "recurs": 16, "reopened": 10},
}


def list_rows(
    caller: Speaker, since: datetime | None, until: datetime | None, department: str | None
) -> Iterator[list[Value]]:
    """A row a case, in the order of COLUMNS."""
    people, names = count_people(caller.session), _names(caller.session)
    for ticket in list_cases(caller.session, since, until, department):
        yield _row(caller, ticket, people.get(ticket.id or 0, 1), names)


def _row(caller: Speaker, ticket: Ticket, people: int, names: Mapping[int, str]) -> list[Value]:
    before = caller.session.get(Ticket, ticket.recurs_of_id) if ticket.recurs_of_id else None
    ended = None if ticket.status in OPEN_TICKETS else ticket.closed_at
    late = (ended or caller.now) > ticket.due_at
    return [
        ticket.code,
        _local(ticket.created_at),
        category_name(caller, ticket),
        short_department(caller, ticket.department),
        area_name(caller, ticket),
        _masked(caller, ticket.place),
        _masked(caller, ticket.text),
        status_name(caller, ticket),
        names.get(ticket.officer_id or 0),
        _local(ticket.due_at),
        _local(ended) if ended else None,
        caller.words("ticket_export.late" if late else "ticket_export.in_time") if ended or late else None,
        people,
        _masked(caller, ticket.answer),
        _masked(caller, evidence_words(caller, ticket) or None),
        ticket.outside_agency,
        ticket.outside_code,
        before.code if before else None,
        ticket.reopened,
    ]


def _names(session: Session) -> dict[int, str]:
    """Names of the office's people by id, those who left too."""
    return {staff.id or 0: staff.name for staff in session.exec(select(Staff))}


def _masked(caller: Speaker, text: str | None) -> str | None:
    return mask(text, caller.words("report.masked_number")) if text else None


def _local(moment: datetime) -> datetime:
    """As a spreadsheet has it: local and without a zone."""
    return moment.astimezone(LOCAL).replace(tzinfo=None)
