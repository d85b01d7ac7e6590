"""A question to a citizen: reminded of once, and after five working days the ticket is the office's again."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from scheduler import missing_info
from storage.absences import add_absence
from storage.contacts import get_contact
from storage.database import Database
from storage.followers import mute
from storage.models import Absence, Ticket
from storage.staff import find_staff
from storage.statuses import EventKind, TicketStatus
from storage.tickets import Actor, find_ticket, list_events, move_ticket
from tests.scheduler.office import house, leader, local, officer, outbox, person, ticket

FILED, ASKED, DUE = "2026-11-25 08:00", "2026-11-25 16:30", "2026-12-11 17:00"
# Wednesday; the 2nd working day is Friday the 27th, the 5th Wednesday 2 December.
REMINDED, WENT_ON = "2026-11-30 08:00", "2026-12-03 08:00"


def ask(session: Session, claimed_by: str | None = "Hạnh", code: str = "PA-1") -> Ticket:
    made = ticket(session, code, "KT", filed=FILED, due=DUE)
    if claimed_by:
        staff = find_staff(session, person(session, claimed_by).id or 0)
        assert staff is not None
        made.officer_id = staff.id
    move_ticket(
        session,
        made,
        TicketStatus.NEEDS_INFO,
        EventKind.ASKED,
        Actor("telegram"),
        local(ASKED),
        "Cột số mấy?",
    )
    return made


def fill(session: Session, claimed_by: str | None = "Hạnh") -> None:
    officer(session, "Hạnh", "KT")
    officer(session, "Tuấn", "KT")
    leader(session, "Minh")
    ask(session, claimed_by)


def run(database: Database, now: str) -> dict[str, int]:
    return database.run_now(lambda s: missing_info.run(s, house(), local(now)))


def get(session: Session) -> Ticket:
    found = find_ticket(session, "PA-1")
    assert found is not None
    return found


def test_one_reminder_with_the_question_and_the_last_day(database: Database) -> None:
    database.run_now(fill)
    for day in ("2026-11-27 08:00", "2026-11-28 08:00", "2026-11-29 08:00"):
        assert run(database, day) == {"reminded": 0, "went_on": 0}
    assert run(database, REMINDED) == {"reminded": 1, "went_on": 0}
    assert run(database, "2026-12-01 08:00") == {"reminded": 0, "went_on": 0}
    ((name, texts),) = database.run_now(outbox).items()
    assert name.startswith("bà Lan")
    assert "Cột số mấy?" in texts[0]
    assert "Thứ Tư 2/12/2026" in texts[0]


@pytest.mark.parametrize(
    ("claimed_by", "status", "told"),
    [("Hạnh", TicketStatus.IN_PROGRESS, {"Hạnh"}), (None, TicketStatus.NEW, {"Hạnh", "Tuấn"})],
)
def test_then_it_goes_on_and_both_sides_hear_it(
    database: Database, claimed_by: str | None, status: TicketStatus, told: set[str]
) -> None:
    database.run_now(lambda s: fill(s, claimed_by))
    assert run(database, "2026-12-02 16:59") == {"reminded": 1, "went_on": 0}
    assert run(database, WENT_ON) == {"reminded": 0, "went_on": 1}
    assert run(database, "2026-12-04 08:00") == {"reminded": 0, "went_on": 0}

    def look(session: Session) -> tuple[str, object, str, str]:
        found = get(session)
        last = list_events(session, found.id or 0)[-1]
        return found.status, found.closed_at, last.kind, last.text

    reason = "sau 5 ngày làm việc chưa có bổ sung"
    assert database.run_now(look) == (status, None, EventKind.RESUMED, reason)
    heard = database.run_now(outbox)
    citizen = next(name for name in heard if name.startswith("bà Lan"))
    assert set(heard) - {citizen} == told
    assert "chưa khép" in heard[citizen][-1]


def test_a_newer_question_begins_anew(database: Database) -> None:
    def again(session: Session) -> None:
        fill(session)
        found = get(session)
        move_ticket(
            session, found, TicketStatus.NEW, EventKind.ADDED, Actor("telegram"), local("2026-11-30 09:00")
        )
        at = local("2026-11-30 10:00")
        move_ticket(
            session, found, TicketStatus.NEEDS_INFO, EventKind.ASKED, Actor("telegram"), at, "Ngõ nào?"
        )

    database.run_now(again)
    assert run(database, WENT_ON) == {"reminded": 1, "went_on": 0}
    assert run(database, "2026-12-08 08:00") == {"reminded": 0, "went_on": 1}


def test_who_left_or_cannot_be_reached_is_not_written_to_and_the_ticket_goes_on(database: Database) -> None:
    def leave(session: Session) -> None:
        fill(session)
        found = get(session)
        mute(session, found, local(ASKED))
        other = ask(session, code="PA-2")
        get_contact(session, other.contact_id).unreachable_at = local(ASKED)

    database.run_now(leave)
    assert run(database, REMINDED) == {"reminded": 0, "went_on": 0}
    assert run(database, WENT_ON) == {"reminded": 0, "went_on": 2}
    assert set(database.run_now(outbox)) == {"Hạnh"}


def test_whoever_stands_in_hears_it_too(database: Database) -> None:
    def away(session: Session) -> None:
        fill(session)
        hanh, tuan = (find_staff(session, person(session, name).id or 0) for name in ("Hạnh", "Tuấn"))
        assert hanh is not None
        assert tuan is not None
        days = (local(WENT_ON).date(), local(WENT_ON).date())
        absence = Absence(
            staff_id=hanh.id or 0,
            stand_in_id=tuan.id,
            from_on=days[0],
            until_on=days[1],
            created_at=local(ASKED),
        )
        add_absence(session, absence)

    database.run_now(away)
    run(database, WENT_ON)
    assert {"Hạnh", "Tuấn"} < set(database.run_now(outbox))
