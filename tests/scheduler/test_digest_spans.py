"""The week for heads, week and month for leaders and overseers: who hears of what, once, and nobody is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from scheduler.job import due_slot, run_slot
from scheduler.schedule import JOBS
from storage import staff
from storage.database import Database
from storage.digests import save_plan
from storage.models import Delivery, DigestPlan, ReportBook
from storage.statuses import StaffRole, TicketStatus
from tests.scheduler.office import house, leader, local, officer, outbox, person, ticket

JOB = next(one for one in JOBS if one.name == "digests")


def fill(session: Session) -> None:
    officer(session, "Hạnh", "KT")
    head = staff.find_staff(session, officer(session, "Trưởng phòng", "KT").id or 0)
    assert head is not None
    head.is_head = True
    leader(session, "Chủ tịch")
    duty = staff.Duty(StaffRole.OVERSEER)
    staff.enlist(session, person(session, "Mặt trận"), duty, "Bà Mai", local("2026-10-01 08:00"))
    for code, department, filed, due, closed in (
        ("PA-1", "KT", "2026-11-17 09:00", "2026-11-19 17:00", ""),
        ("PA-2", "KT", "2026-11-18 09:00", "2026-11-27 17:00", "2026-11-20 09:00"),
        ("PA-3", "TYT", "2026-11-11 09:00", "2026-11-13 17:00", "2026-11-12 09:00"),
    ):
        status = TicketStatus.RESOLVED if closed else TicketStatus.IN_PROGRESS
        ticket(session, code, department, filed=filed, due=due, closed=closed or None, status=status)


def wake(database: Database, now: str) -> None:
    slot = due_slot(JOB, local(now))
    assert slot is not None
    database.run_now(lambda s: run_slot(s, JOB, house(), slot, local(now)))


def spans(database: Database) -> dict[str, list[str]]:
    """First lines of the weekly and monthly digests, by reader."""
    told = database.run_now(outbox)
    begins = ("Tuần vừa qua:", "Tháng vừa qua:")
    found = {name: [text for text in texts if text.startswith(begins)] for name, texts in told.items()}
    return {name: texts for name, texts in found.items() if texts}


def test_the_week_word_for_word(database: Database) -> None:
    database.run_now(fill)
    wake(database, "2026-11-23 07:30")
    told = spans(database)
    assert set(told) == {"Trưởng phòng", "Chủ tịch", "Mặt trận"}
    department = house().ward.get_department("KT").name
    category = house().ward.categories[0].name
    assert told["Trưởng phòng"] == [
        f"Tuần vừa qua:\nTừ 16/11/2026 đến 22/11/2026, {department}:\n"
        "• Tiếp nhận trong kỳ: 2\n"
        "• Đã giải quyết: 1\n"
        "• Đúng hạn: 100 % (1/1 phiếu đã giải quyết)\n"
        "• Đang giải quyết: 1\n"
        "• Đang giải quyết, quá hạn: 1\n"
        "• Hài lòng: chưa có lượt đánh giá nào\n"
        "Số liệu đã chốt lúc 07:30 ngày 23/11/2026; việc xảy ra sau đó không làm đổi báo cáo này.\n"
        f"Quá hạn chưa xong, 1 phiếu:\n• PA-1 · {category}"
    ]
    assert "So với kỳ trước: tiếp nhận 2 (trước 1), giải quyết 1 (trước 1)" in told["Chủ tịch"][0]
    assert told["Mặt trận"] == told["Chủ tịch"]


def test_the_month_for_leaders_and_overseers(database: Database) -> None:
    database.run_now(fill)
    wake(database, "2026-12-01 07:30")
    told = spans(database)
    assert set(told) == {"Chủ tịch", "Mặt trận"} | ({"Trưởng phòng"} & set(told))
    for name in ("Chủ tịch", "Mặt trận"):
        (text,) = [one for one in told[name] if one.startswith("Tháng")]
        assert "Tháng 11/2026, phường Mẫu" in text
        assert "• Tiếp nhận trong kỳ: 3" in text
    assert not any(one.startswith("Tháng") for one in told.get("Trưởng phòng", []))


def test_nobody_is_named_to_anybody(database: Database) -> None:
    database.run_now(fill)
    wake(database, "2026-11-23 07:30")
    rows = database.run_now(lambda s: [str(row.content) for row in s.exec(select(Delivery))])
    for secret in ("Lan", "0912345678", "ngập", "số 5"):
        assert secret not in " ".join(rows)


def test_once_a_week_however_often_the_clock_looks(database: Database) -> None:
    database.run_now(fill)
    for day in range(23, 28):
        for minute in (0, 1, -5, 30):
            at = local(f"2026-11-{day} 07:30") + timedelta(minutes=minute)
            wake(database, f"{at:%Y-%m-%d %H:%M}")
    assert {name: len(texts) for name, texts in spans(database).items()} == {
        "Trưởng phòng": 1,
        "Chủ tịch": 1,
        "Mặt trận": 1,
    }
    kept = database.run_now(lambda s: s.exec(select(ReportBook.first_on)).all())
    assert len(kept) == 2, "the week and the one it was compared with"


@pytest.mark.parametrize(("back", "told"), [("2026-11-25 07:30", True), ("2026-11-26 07:30", False)])
def test_two_days_down_are_made_up_for(database: Database, back: str, told: bool) -> None:
    database.run_now(fill)
    wake(database, back)
    assert bool(spans(database)) is told


def test_who_reads_on_thursdays_hears_of_the_week_on_thursday(database: Database) -> None:
    database.run_now(fill)

    def choose(session: Session) -> None:
        contact = person(session, "Chủ tịch").id or 0
        now = local("2026-11-20 08:00")
        save_plan(
            session,
            DigestPlan(contact_id=contact, minute=450, weekdays="3", changed_by=1, changed_at=now),
        )

    database.run_now(choose)
    for day in (23, 24, 25):
        wake(database, f"2026-11-{day} 07:30")
    assert "Chủ tịch" not in spans(database)
    wake(database, "2026-11-26 07:30")
    assert len(spans(database)["Chủ tịch"]) == 1
