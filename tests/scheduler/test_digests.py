"""Morning digests: who gets one, when, and word for word what it says."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from sqlmodel import Session, col, select

from core.calendar import DayRule, WorkCalendar
from faq.entry import Entry
from scheduler import digests
from storage import contacts
from storage.database import Database
from storage.models import Delivery, Ticket
from storage.statuses import EvidenceKind, TicketStatus
from tests.scheduler.office import (
    group_of,
    house,
    house_knowing,
    house_with,
    leader,
    local,
    officer,
    outbox,
    person,
    ticket,
)

THURSDAY = "2026-11-26 07:30"


def fill(session: Session) -> None:
    officer(session, "Hạnh", "KT")
    officer(session, "Tuấn", "KT")
    officer(session, "Bình", "VHXH")
    group_of(session, "Nhóm KT", "Hạnh")
    leader(session, "Chủ tịch")
    ticket(session, "PA-1", "KT", filed="2026-11-16 09:00", due="2026-11-20 17:00")
    ticket(session, "PA-2", "KT", filed="2026-11-25 09:00", due="2026-11-26 17:00")
    ticket(
        session,
        "PA-3",
        "KT",
        filed="2026-11-20 09:00",
        due="2026-11-27 17:00",
        status=TicketStatus.IN_PROGRESS,
    )
    ticket(
        session,
        "PA-4",
        "KT",
        filed="2026-11-20 09:00",
        due="2026-11-27 17:00",
        status=TicketStatus.RESOLVED,
        closed="2026-11-25 15:00",
    )
    ticket(session, "PA-5", "TYT", filed="2026-11-20 09:00", due="2026-11-27 17:00")


def answer(name: str, owner: str, review_by: str) -> Entry:
    return Entry(
        id=name, topic="t", question=f"{name}?", owner=owner, review_by=date.fromisoformat(review_by)
    )


def test_answers_to_look_through_again_are_told_on_the_first_working_morning_of_a_week(
    database: Database,
) -> None:
    """Also to a department without a ticket; those of a unit that nobody looks after to the leaders."""
    entries = [answer(f"kt-{n}", "KT", "2026-11-20") for n in range(3)]
    entries += [answer("later", "KT", "2026-12-30"), answer("foreign", "XYZ", "2026-11-20")]
    at_home = house_knowing(*entries)
    database.run_now(lambda s: officer(s, "Hạnh", "KT"))
    database.run_now(lambda s: officer(s, "Bình", "VHXH"))
    database.run_now(lambda s: leader(s, "Chủ tịch"))
    for morning in ("2026-11-30 07:30", "2026-12-01 07:30", "2026-12-04 07:30"):
        database.run_now(partial(digests.run, house=at_home, now=local(morning)))
    told = database.run_now(outbox)
    assert set(told) == {"Hạnh", "Chủ tịch"}
    assert len(told["Hạnh"]) == len(told["Chủ tịch"]) == 1
    assert "• 3 mục hỏi đáp cần kiểm tra lại: nhắn riêng em /hoidap kiểm tra" in told["Hạnh"][0]
    assert "• 4 mục hỏi đáp cần kiểm tra lại" in told["Chủ tịch"][0]


def run(database: Database, now: str = THURSDAY, calendar: WorkCalendar | None = None) -> dict[str, int]:
    at_home = house() if calendar is None else house_with(calendar)
    return database.run_now(lambda s: digests.run(s, at_home, local(now)))


def test_word_for_word(database: Database) -> None:
    database.run_now(fill)
    assert run(database) == {"digests": 3, "leaders": 1}
    told = database.run_now(outbox)
    assert told["Hạnh"] == [
        f"Sáng Thứ Năm 26/11/2026, {house().ward.get_department('KT').name}:\n"
        "• Phiếu mới từ sáng Thứ Tư 25/11/2026: 1\n"
        "• Đã giải quyết từ sáng Thứ Tư 25/11/2026: 1\n"
        "• Đang mở: 3\n"
        "• Chưa ai nhận: 2\n"
        "• Trễ hạn: 1\n"
        "• Đến hạn hôm nay: 1\n"
        "\n"
        "Cần làm trước:\n"
        "1. PA-1: quá hạn từ 17:00 Thứ Sáu 20/11/2026\n"
        "2. PA-2: hạn 17:00 Thứ Năm 26/11/2026\n"
        "3. PA-3: hạn 17:00 Thứ Sáu 27/11/2026"
    ]
    assert told["Tuấn"] == told["Nhóm KT"] == told["Hạnh"]
    short = house().ward.get_department("KT").short_name
    assert told["Chủ tịch"] == [
        "Phường Mẫu, sáng Thứ Năm 26/11/2026: 4 phiếu đang mở, 1 trễ hạn, 3 chưa ai nhận.\n"
        f"• {short}: mở 3, trễ 1, chưa nhận 2, mới 1\n"
        "• Trạm Y tế: mở 1, trễ 0. Đơn vị này chưa có cán bộ nào nhận tin."
    ]
    assert set(told) == {"Hạnh", "Tuấn", "Nhóm KT", "Chủ tịch"}, "nothing to say to the others"


def test_leaders_hear_how_many_were_finished_with_a_reason_instead_of_evidence(database: Database) -> None:
    database.run_now(fill)

    def mark(session: Session, closed: str) -> None:
        row = session.exec(select(Ticket).where(col(Ticket.closed_at).is_not(None))).one()
        row.evidence, row.evidence_kind = "trời mưa", EvidenceKind.REASON
        row.closed_at = local(closed)

    database.run_now(lambda s: mark(s, "2026-11-25 15:00"))
    run(database)
    told = database.run_now(outbox)
    assert "• Xong mà không có minh chứng: 1. Xem: /tim không minh chứng" in told["Chủ tịch"][0]
    assert "minh chứng" not in told["Hạnh"][0]
    database.run_now(lambda s: mark(s, "2026-11-25 07:00"))
    run(database, "2026-11-27 07:30")
    assert "minh chứng" not in database.run_now(outbox)["Chủ tịch"][-1]


def test_no_citizens_words_leave_the_office(database: Database) -> None:
    database.run_now(fill)
    run(database)
    everything = str(database.run_now(outbox))
    for secret in ("Lan", "0912345678", "ngập", "số 5"):
        assert secret not in everything


def test_a_second_run_on_the_same_day_tells_nobody_twice(database: Database) -> None:
    database.run_now(fill)
    run(database)
    assert run(database, "2026-11-26 08:00") == {"digests": 0, "leaders": 0}
    assert run(database, "2026-11-27 07:30") == {"digests": 3, "leaders": 1}


def test_five_most_urgent_and_no_more(database: Database) -> None:
    def many(session: Session) -> None:
        officer(session, "Hạnh", "KT")
        for day in range(9, 1, -1):
            ticket(session, f"PA-{day}", "KT", filed="2026-11-25 09:00", due=f"2026-12-0{day} 17:00")

    database.run_now(many)
    run(database)
    (text,) = database.run_now(outbox)["Hạnh"]
    assert [line.split(":")[0] for line in text.splitlines()[-5:]] == [
        f"{n}. PA-{n + 1}" for n in range(1, 6)
    ]


def test_a_quiet_office_hears_nothing(database: Database) -> None:
    database.run_now(lambda s: officer(s, "Hạnh", "KT"))
    database.run_now(lambda s: leader(s, "Chủ tịch"))
    assert run(database) == {"digests": 0, "leaders": 0}


def test_who_cannot_be_reached_or_has_left_gets_nothing(database: Database) -> None:
    database.run_now(fill)
    database.run_now(lambda s: contacts.mark_unreachable(s, person(s, "Hạnh").id or 0, local(THURSDAY)))
    run(database)
    assert set(database.run_now(outbox)) == {"Tuấn", "Nhóm KT", "Chủ tịch"}


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ("2026-11-22 07:30", "a Sunday"),
        ("2026-11-24 07:30", "the Day of Vietnamese Culture"),
        ("2026-11-28 07:30", "a Saturday"),
        ("2027-01-01 07:30", "New Year"),
        ("2026-04-30 07:30", "Reunification Day"),
        ("2026-09-02 07:30", "National Day"),
    ],
)
def test_nothing_on_days_off(database: Database, now: str, why: str) -> None:
    database.run_now(fill)
    assert run(database, now) == {}, why
    assert database.run_now(outbox) == {}


def test_a_swapped_saturday_works_and_its_monday_does_not(database: Database) -> None:
    swapped = WorkCalendar(
        [DayRule(date(2026, 11, 28), True, "làm bù"), DayRule(date(2026, 11, 30), False, "nghỉ hoán đổi")]
    )
    database.run_now(fill)
    assert run(database, "2026-11-28 07:30", swapped)["digests"] == 3
    assert run(database, "2026-11-30 07:30", swapped) == {}
    assert run(database, "2026-12-01 07:30", swapped)["digests"] == 3
    texts = database.run_now(outbox)["Hạnh"]
    assert "từ sáng Thứ Sáu 27/11/2026" not in texts[0], "zero lines are left out"
    assert "Sáng Thứ Ba 1/12/2026" in texts[1]


def test_after_days_off_new_means_since_the_last_digest(database: Database) -> None:
    def weekend(session: Session) -> None:
        officer(session, "Hạnh", "KT")
        ticket(session, "PA-1", "KT", filed="2026-11-20 07:29", due="2026-12-30 17:00")
        ticket(session, "PA-2", "KT", filed="2026-11-20 07:31", due="2026-12-30 17:00")
        ticket(session, "PA-3", "KT", filed="2026-11-22 12:00", due="2026-12-30 17:00")

    database.run_now(weekend)
    run(database, "2026-11-23 07:30")
    (text,) = database.run_now(outbox)["Hạnh"]
    assert "• Phiếu mới từ sáng Thứ Sáu 20/11/2026: 2" in text


def test_a_digest_is_stale_at_midnight_and_is_not_repeated_in_doubt(database: Database) -> None:
    database.run_now(fill)
    run(database)
    rows = database.run_now(lambda s: s.exec(select(Delivery)).all())
    assert {row.after_doubt for row in rows} == {"park"}
    assert all(local("2026-11-26 23:59") < (row.expires_at or local(THURSDAY)) for row in rows)
    assert all((row.expires_at or local(THURSDAY)) < local("2026-11-27 00:00") for row in rows)
