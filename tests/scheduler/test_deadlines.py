"""Reminders of deadlines: once when four fifths of the time are over, once when it is late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from scheduler import deadlines
from storage import staff
from storage.database import Database
from storage.statuses import TicketStatus
from storage.tickets import find_ticket
from tests.scheduler.office import group_of, house, local, officer, outbox, person, ticket

FILED, DUE = "2026-11-23 08:00", "2026-11-25 18:00"  # 58 hours; four fifths end on 25/11 at 06:24


def fill(session: Session, **fields: object) -> None:
    officer(session, "Hạnh", "KT")
    officer(session, "Tuấn", "KT")
    officer(session, "Bình", "VHXH")
    group_of(session, "Nhóm KT", "Hạnh")
    ticket(session, "PA-1", "KT", filed=FILED, due=DUE, **fields)  # type: ignore[arg-type]


def run(database: Database, now: str) -> dict[str, int]:
    return database.run_now(lambda s: deadlines.run(s, house(), local(now)))


def change(database: Database, **values: object) -> None:
    def work(session: Session) -> None:
        found = find_ticket(session, "PA-1")
        assert found is not None
        for name, value in values.items():
            setattr(found, name, value)
        session.add(found)

    database.run_now(work)


def test_each_stage_once_word_for_word(database: Database) -> None:
    database.run_now(fill)
    assert run(database, "2026-11-25 06:00") == {"soon": 0, "late": 0}
    assert run(database, "2026-11-25 07:00") == {"soon": 3, "late": 0}
    assert run(database, "2026-11-25 07:15") == {"soon": 0, "late": 0}
    assert run(database, "2026-11-25 18:15") == {"soon": 0, "late": 3}
    assert run(database, "2026-11-26 07:00") == {"soon": 0, "late": 0}
    told = database.run_now(outbox)
    assert told["Hạnh"] == [
        "Phiếu PA-1 sắp đến hạn: 18:00 Thứ Tư 25/11/2026. Trả lời ngay dưới tin này để xử lý.",
        "Phiếu PA-1 đã quá hạn từ 18:00 Thứ Tư 25/11/2026. Trả lời ngay dưới tin này để xử lý, "
        "hoặc báo dân lý do chậm.",
    ]
    assert set(told) == {"Hạnh", "Tuấn", "Nhóm KT"}


def test_after_a_downtime_only_the_later_stage_is_told(database: Database) -> None:
    database.run_now(fill)
    assert run(database, "2026-11-26 07:00") == {"soon": 0, "late": 3}


def test_whoever_took_the_ticket_is_reminded_alone(database: Database) -> None:
    database.run_now(fill)
    owner = database.run_now(lambda s: staff.find_staff(s, person(s, "Tuấn").id or 0))
    assert owner is not None
    change(database, officer_id=owner.id, status=TicketStatus.ACCEPTED.value)
    run(database, "2026-11-25 07:00")
    assert set(database.run_now(outbox)) == {"Tuấn"}


@pytest.mark.parametrize("gone", ["left the office", "ticket went to another department"])
def test_an_owner_who_is_no_longer_responsible_does_not_swallow_the_reminder(
    database: Database, gone: str
) -> None:
    database.run_now(fill)
    owner = database.run_now(lambda s: staff.find_staff(s, person(s, "Tuấn").id or 0))
    assert owner is not None
    change(database, officer_id=owner.id)
    if gone == "left the office":
        database.run_now(lambda s: staff.dismiss(s, staff.get_staff(s, owner.id or 0), local(FILED)))
    else:
        change(database, department="VHXH")
    run(database, "2026-11-25 07:00")
    expected = {"Hạnh", "Nhóm KT"} if gone == "left the office" else {"Bình"}
    assert set(database.run_now(outbox)) == expected


def test_a_new_deadline_is_reminded_of_anew(database: Database) -> None:
    database.run_now(fill)
    run(database, "2026-11-25 07:00")
    change(database, due_at=local(DUE) + timedelta(days=2))
    assert run(database, "2026-11-25 08:00") == {"soon": 0, "late": 0}
    assert run(database, "2026-11-27 17:00") == {"soon": 3, "late": 0}


def test_a_closed_ticket_reminds_nobody(database: Database) -> None:
    database.run_now(lambda s: fill(s, status=TicketStatus.RESOLVED, closed="2026-11-24 10:00"))
    assert run(database, "2026-11-26 07:00") == {"soon": 0, "late": 0}


def test_on_days_off_only_deadlines_in_hours_count(database: Database) -> None:
    in_hours = next(c.key for c in house().ward.categories if c.deadline_hours is not None)
    in_days = next(c.key for c in house().ward.categories if c.deadline_hours is None)

    def work(session: Session) -> None:
        officer(session, "Hạnh", "KT")
        for code, category in (("PA-8", in_hours), ("PA-9", in_days)):
            ticket(session, code, "KT", filed=FILED, due=DUE, category=category)

    database.run_now(work)
    assert run(database, "2026-11-28 09:00") == {"soon": 0, "late": 1}
    assert run(database, "2026-11-30 09:00") == {"soon": 0, "late": 1}
