"""A small month of a ward, every figure of which can be counted by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.calendar import LOCAL
from core.messages import Address
from storage.contacts import record_contact
from storage.models import Ticket
from storage.statuses import Rating, Source, TicketStatus
from storage.tickets import Actor, add_ticket


@dataclass(frozen=True)
class Case:
    """One ticket: days of 2026, as «31/10» or «31/10 17:00»."""

    code: str
    filed: str
    due: str
    closed: str = ""
    status: TicketStatus = TicketStatus.IN_PROGRESS
    category: str = "DEN"
    department: str = "KT"
    area: str | None = "tdp-1"
    channel: str = "zalo"
    source: Source = Source.CHAT
    rating: Rating | None = None
    recurs: str = ""
    parent: str = ""


DONE, COMPLETE = TicketStatus.RESOLVED, TicketStatus.COMPLETED
# November 2026. Carried over: C1 to C4. Filed in it: N1 to N7. Outside: X1 to X3.
CASES: Final = (
    Case("C1", "5/10", "20/10", "3/11", DONE),
    Case("C2", "20/10", "10/11", "9/11", COMPLETE, "RAC", rating=Rating.GREAT),
    Case("C3", "30/10", "15/11", "", area="tdp-2"),
    Case("C4", "31/10 23:59", "20/12", "1/12 00:00", DONE, "RAC"),
    Case("N1", "1/11 00:00", "10/11", "5/11", DONE, rating=Rating.GOOD),
    Case("N2", "2/11", "10/11", "12/11", DONE, rating=Rating.BAD, channel="telegram"),
    Case("N3", "10/11", "20/11", "11/11", TicketStatus.REJECTED, "RAC", area=None),
    Case("N4", "11/11", "20/11", "12/11", TicketStatus.WITHDRAWN, "RAC", source=Source.PHONE),
    Case("N5", "15/11", "25/12", "", department="VHXH", category="TREO"),
    Case("N6", "20/11", "25/11", "", TicketStatus.NEW, recurs="C1"),
    Case("N7", "30/11 23:59", "9/12", "5/12", COMPLETE, rating=Rating.GREAT),
    Case("N8", "12/11", "22/11", "", parent="N1"),
    Case("X1", "1/10", "10/10", "31/10 23:59", DONE),
    Case("X2", "1/12 00:00", "10/12", "", TicketStatus.NEW),
    Case("X3", "1/9", "10/9", "1/10", TicketStatus.REJECTED),
)


def moment(text: str) -> datetime:
    """ "5/11" is noon of that day."""
    day, _, clock = text.partition(" ")
    number, month = (int(part) for part in day.split("/"))
    hour, minute = (int(part) for part in (clock or "12:00").split(":"))
    return datetime(2026, month, number, hour, minute, tzinfo=LOCAL)


def fill(session: Session) -> None:
    """Write all cases."""
    made: dict[str, Ticket] = {}
    for case in CASES:
        citizen = record_contact(
            session, Address(case.channel, "1", f"lan-{case.channel}"), moment(case.filed)
        )
        row = Ticket(
            code=case.code,
            contact_id=citizen.id or 0,
            category=case.category,
            department=case.department,
            area=case.area,
            text="Nhà bà Lan số 5, gọi 0912345678",
            status=case.status.value,
            created_at=moment(case.filed),
            due_at=moment(case.due),
            updated_at=moment(case.filed),
            closed_at=moment(case.closed) if case.closed else None,
            source=case.source.value,
            rating=case.rating.value if case.rating else None,
            recurs_of_id=made[case.recurs].id if case.recurs else None,
            parent_id=made[case.parent].id if case.parent else None,
        )
        made[case.code] = add_ticket(session, row, Actor(case.channel, citizen.id))
