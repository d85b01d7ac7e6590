"""Cases that the office entered: found by their outside code, and outside of the daily cap."""

from __future__ import annotations

from sqlmodel import Session

from storage.database import Database
from storage.models import Staff, Ticket
from storage.statuses import Privacy, Source
from storage.tickets import Actor, add_ticket, count_filed_since, find_entered
from tests.storage.rows import NOW, SECOND, contact


def entered(session: Session, code: str, **fields: object) -> Ticket:
    lan = contact(session)
    row = Ticket(
        code=code,
        contact_id=lan.id or 0,
        category="RAC",
        department="KT",
        text="Rác đầu ngõ",
        created_at=NOW,
        updated_at=NOW,
        due_at=NOW + SECOND,
        **fields,
    )
    return add_ticket(session, row, Actor("telegram", lan.id))


def test_a_case_is_found_by_source_and_outside_code_together(database: Database) -> None:
    def work(session: Session) -> None:
        first = entered(session, "A", source=Source.HOTLINE.value, outside_code="HS-1")
        other = entered(session, "B", source=Source.PORTAL.value, outside_code="HS-1")
        assert find_entered(session, Source.HOTLINE, "HS-1") == first
        assert find_entered(session, Source.PORTAL, "HS-1") == other
        assert find_entered(session, Source.HOTLINE, "HS-2") is None

    database.run_now(work)


def test_what_staff_files_for_others_is_outside_of_the_daily_cap(database: Database) -> None:
    def work(session: Session) -> None:
        lan = contact(session)
        staff = Staff(contact_id=lan.id or 0, role="member", name="Lan", joined_at=NOW)
        session.add(staff)
        session.flush()
        own = entered(session, "A")
        entered(session, "B", filed_by=staff.id)
        assert count_filed_since(session, lan.id or 0, NOW) == 1
        assert (own.privacy, own.source) == (Privacy.HIDDEN_PUBLIC, Source.CHAT)

    database.run_now(work)
