"""Who has the same trouble: joined once, left, counted, found among the open tickets of the kind or the area."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from core.messages import Address
from storage import followers
from storage.contacts import record_contact
from storage.database import Database
from storage.models import Contact, Ticket
from storage.statuses import TicketStatus
from storage.tickets import Actor, add_ticket

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def person(session: Session, name: str) -> Contact:
    return record_contact(session, Address("telegram", "bot", name), NOW)


def filed(session: Session, code: str, category: str = "NGAP", area: str | None = None) -> Ticket:
    row = Ticket(
        code=code,
        contact_id=person(session, "Lan").id or 0,
        category=category,
        department="KT",
        text="Ngõ 17 ngập",
        area=area,
        created_at=NOW,
        updated_at=NOW,
        due_at=NOW + timedelta(days=3),
    )
    return add_ticket(session, row, Actor("telegram", row.contact_id))


def test_joining_twice_counts_once_and_leaving_takes_it_back(database: Database) -> None:
    def work(session: Session) -> None:
        ticket, other = filed(session, "A"), person(session, "Tư").id or 0
        assert followers.join(session, ticket, other, NOW)
        assert not followers.join(session, ticket, other, NOW)
        assert followers.count_followers(session, ticket.id or 0) == 1
        assert [one.external_id for one in followers.list_followers(session, ticket.id or 0)] == ["Tư"]
        assert followers.leave(session, ticket, other, NOW)
        assert not followers.leave(session, ticket, other, NOW)
        assert not followers.follows(session, ticket.id or 0, other)
        assert followers.join(session, ticket, other, NOW)
        assert [one.code for one in followers.list_followed(session, other)] == ["A"]

    database.run_now(work)


def test_the_author_joins_nothing_but_may_leave_it_to_the_others(database: Database) -> None:
    def work(session: Session) -> None:
        ticket = filed(session, "A")
        assert not followers.join(session, ticket, ticket.contact_id, NOW)
        assert not followers.is_muted(session, ticket)
        followers.mute(session, ticket, NOW)
        assert followers.is_muted(session, ticket)
        assert followers.count_followers(session, ticket.id or 0) == 0

    database.run_now(work)


def test_only_open_tickets_that_stand_for_themselves_are_compared(database: Database) -> None:
    def work(session: Session) -> None:
        kind, area = filed(session, "KIND"), filed(session, "AREA", "RAC", "tdp-4")
        filed(session, "ELSE", "RAC", "tdp-9")
        child = filed(session, "CHILD")
        child.parent_id = kind.id
        done = filed(session, "DONE")
        done.status, done.closed_at = TicketStatus.RESOLVED.value, NOW
        session.add_all([child, done])
        session.flush()
        assert [one.code for one in followers.list_open_like(session, ["NGAP"], "tdp-4")] == [
            area.code,
            kind.code,
        ]
        assert [one.code for one in followers.list_open_like(session, ["NGAP"], None)] == [kind.code]
        since = NOW - timedelta(days=1)
        assert [one.code for one in followers.list_done_like(session, "NGAP", since)] == ["DONE"]
        assert followers.list_done_like(session, "NGAP", NOW + timedelta(days=1)) == []

    database.run_now(work)
