"""The day in numbers: how many people, tickets, answers, and what became of the flood."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.models import Ticket, TicketEvent
from storage.statuses import OPEN_TICKETS, EventKind, EvidenceKind, TicketStatus
from tests.day.citizens import Citizen, Wish

if TYPE_CHECKING:
    from tests.day.playing import Day

_SHOWS = (EvidenceKind.PHOTO, EvidenceKind.DOCUMENT)


def list_citizens(day: Day) -> list[Citizen]:
    """Everybody who is not of the office."""
    return [citizen for _, citizen in day.cast.citizens]


def list_wanting(day: Day) -> list[Citizen]:
    """Who wanted to report something, and did not block the assistant."""
    return [
        one for one in list_citizens(day) if one.wish in (Wish.REPORT, Wish.FLOOD) and not one.phone.is_gone
    ]


def count_facts(session: Session, day: Day, tickets: dict[str, Ticket]) -> dict[str, int]:
    """By name, as `bot/commands/simulate_day.py` puts them into words."""
    statuses = Counter(TicketStatus(row.status) for row in tickets.values())
    flood = [one for one in list_citizens(day) if one.wish is Wish.FLOOD]
    of_flood = Counter(code for one in flood for code in (*one.codes, *one.joined))
    wanted = list_wanting(day)
    undone = select(func.count()).select_from(TicketEvent).where(TicketEvent.kind == EventKind.UNDONE)
    return {
        "citizens": len(day.cast.citizens),
        "officers": len(day.cast.officers),
        "repeated": day.repeated,
        "faults": sum(day.provider.errors.values()),
        "wanted": len(wanted),
        "unheard": sum(not one.is_served for one in wanted),
        "undone": session.exec(undone.where(col(TicketEvent.to_status).is_not(None))).one(),
        "shown": sum(row.evidence_kind in _SHOWS for row in tickets.values()),
        "reasons": sum(row.evidence_kind == EvidenceKind.REASON for row in tickets.values()),
        "answered": statuses[TicketStatus.RESOLVED] + statuses[TicketStatus.COMPLETED],
        "rejected": statuses[TicketStatus.REJECTED],
        "open": sum(count for status, count in statuses.items() if status in OPEN_TICKETS),
        "flood_people": len(flood),
        "flood_tickets": len(of_flood),
        "flood_cases": len({tickets[code].parent_id or tickets[code].id for code in of_flood}),
        "flood_largest": max(of_flood.values(), default=0),
    }
