"""Reminders of deadlines: half, four fifths, late, and the leaders a working day later; each once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from scheduler import deadlines
from storage import staff
from storage.absences import add_absence
from storage.database import Database
from storage.models import Absence
from storage.statuses import TicketStatus
from storage.tickets import find_ticket
from tests.scheduler.office import group_of, house, leader, local, officer, outbox, person, ticket

# Monday 8:00 to Wednesday 17:00: 28 h of office hours; half is Tuesday 12:30, four fifths Wednesday 11:24.
FILED, DUE = "2026-11-30 08:00", "2026-12-02 17:00"


def fill(session: Session, **fields: object) -> None:
    officer(session, "Hạnh", "KT")
    officer(session, "Tuấn", "KT")
    officer(session, "Bình", "VHXH")
    leader(session, "Minh")
    group_of(session, "Nhóm KT", "Hạnh")
    ticket(session, "PA-1", "KT", filed=FILED, due=DUE, **fields)  # type: ignore[arg-type]


def run(database: Database, now: str) -> dict[str, int]:
    counts = database.run_now(lambda s: deadlines.run(s, house(), local(now)))
    return {stage: count for stage, count in counts.items() if count}


def change(database: Database, **values: object) -> None:
    def work(session: Session) -> None:
        found = find_ticket(session, "PA-1")
        assert found is not None
        for name, value in values.items():
            setattr(found, name, value)
        session.add(found)

    database.run_now(work)


def told(database: Database) -> set[str]:
    return set(database.run_now(outbox))


def name_head(database: Database, name: str) -> None:
    def work(session: Session) -> None:
        head = staff.find_staff(session, person(session, name).id or 0)
        assert head is not None
        head.is_head = True
        session.add(head)

    database.run_now(work)


def test_each_stage_once_word_for_word(database: Database) -> None:
    database.run_now(fill)
    assert run(database, "2026-12-01 12:15") == {}
    assert run(database, "2026-12-01 12:30") == {"half": 3}
    assert run(database, "2026-12-02 11:15") == {}
    assert run(database, "2026-12-02 11:45") == {"soon": 3}
    assert run(database, "2026-12-02 12:00") == {}
    assert run(database, "2026-12-02 17:15") == {"late": 4}
    assert run(database, "2026-12-03 07:00") == {}
    assert run(database, "2026-12-04 07:00") == {"escalated": 4}
    texts = database.run_now(outbox)
    assert texts["Hạnh"] == [
        "Phiếu PA-1 đã qua nửa thời hạn, hạn 17:00 Thứ Tư 2/12/2026. Trả lời ngay dưới tin này để xử lý.",
        "Phiếu PA-1 sắp đến hạn: 17:00 Thứ Tư 2/12/2026. Trả lời ngay dưới tin này để xử lý.",
        "Phiếu PA-1 đã quá hạn từ 17:00 Thứ Tư 2/12/2026. Trả lời ngay dưới tin này để xử lý, "
        "hoặc báo dân lý do chậm.",
        "Phiếu PA-1 quá hạn từ 17:00 Thứ Tư 2/12/2026 mà chưa trả lời. Lãnh đạo và đơn vị cùng nhận tin này.",
    ]
    assert set(texts) == {"Hạnh", "Tuấn", "Nhóm KT", "Minh"}


def test_after_a_downtime_only_the_later_stage_is_told(database: Database) -> None:
    database.run_now(fill)
    assert run(database, "2026-12-03 07:00") == {"late": 4}


def test_whoever_took_the_ticket_is_reminded_alone_until_it_runs_late(database: Database) -> None:
    database.run_now(fill)
    owner = database.run_now(lambda s: staff.find_staff(s, person(s, "Tuấn").id or 0))
    assert owner is not None
    change(database, officer_id=owner.id, status=TicketStatus.ACCEPTED.value)
    run(database, "2026-12-02 12:00")
    assert told(database) == {"Tuấn"}
    run(database, "2026-12-03 07:00")
    assert told(database) == {"Tuấn", "Minh"}


def test_the_head_hears_before_the_leaders(database: Database) -> None:
    database.run_now(fill)
    name_head(database, "Hạnh")
    owner = database.run_now(lambda s: staff.find_staff(s, person(s, "Tuấn").id or 0))
    assert owner is not None
    change(database, officer_id=owner.id, status=TicketStatus.ACCEPTED.value)
    assert run(database, "2026-12-01 12:30") == {"half": 1}
    assert run(database, "2026-12-02 12:00") == {"soon": 2}
    assert run(database, "2026-12-03 07:00") == {"late": 2}
    assert told(database) == {"Tuấn", "Hạnh"}
    assert run(database, "2026-12-04 07:00") == {"escalated": 3}


def test_who_stands_in_is_reminded_too_on_the_days_of_the_absence(database: Database) -> None:
    database.run_now(fill)

    def away(session: Session) -> int:
        owner = staff.find_staff(session, person(session, "Tuấn").id or 0)
        heir = staff.find_staff(session, person(session, "Hạnh").id or 0)
        assert owner is not None
        assert heir is not None
        day = date(2026, 12, 2)
        add_absence(
            session,
            Absence(
                staff_id=owner.id or 0,
                stand_in_id=heir.id,
                from_on=day,
                until_on=day,
                created_at=local(FILED),
            ),
        )
        return owner.id or 0

    change(database, officer_id=database.run_now(away))
    assert run(database, "2026-12-01 12:30") == {"half": 1}
    assert run(database, "2026-12-02 12:00") == {"soon": 2}
    assert told(database) == {"Tuấn", "Hạnh"}


def test_a_paused_ticket_reminds_nobody(database: Database) -> None:
    database.run_now(fill)
    change(database, paused_at=local("2026-12-01 10:00"))
    assert run(database, "2026-12-03 07:00") == {}


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
    run(database, "2026-12-02 12:00")
    assert told(database) == ({"Hạnh", "Nhóm KT"} if gone == "left the office" else {"Bình"})


def test_a_new_deadline_is_reminded_of_anew(database: Database) -> None:
    database.run_now(fill)
    run(database, "2026-12-02 12:00")
    change(database, due_at=local(DUE) + timedelta(days=2))
    assert run(database, "2026-12-02 13:00") == {"half": 3}
    assert run(database, "2026-12-04 16:00") == {"soon": 3}


def test_a_closed_ticket_reminds_nobody(database: Database) -> None:
    database.run_now(lambda s: fill(s, status=TicketStatus.RESOLVED, closed="2026-12-01 10:00"))
    assert run(database, "2026-12-03 07:00") == {}


def test_on_days_off_only_deadlines_in_hours_count(database: Database) -> None:
    in_hours = next(c.key for c in house().ward.categories if c.deadline_hours is not None)
    in_days = next(c.key for c in house().ward.categories if c.deadline_hours is None)

    def work(session: Session) -> None:
        officer(session, "Hạnh", "KT")
        for code, category in (("PA-8", in_hours), ("PA-9", in_days)):
            ticket(session, code, "KT", filed=FILED, due=DUE, category=category)

    database.run_now(work)
    assert run(database, "2026-12-05 09:00") == {"escalated": 1}
    assert run(database, "2026-12-07 09:00") == {"escalated": 1}
