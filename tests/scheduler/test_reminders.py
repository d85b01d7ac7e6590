"""Reminders of duties: each date once over replicas and clock jumps, late ones said to be late, never at night."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, col, select

from core.recurrence.reading import read_rule
from core.recurrence.result import Understood
from core.recurrence.stored import rule_to_json
from core.ward import list_wards, load_ward
from handlers.case_book import write_book
from handlers.case_download import make_sheet
from scheduler import reminders
from storage.database import Database
from storage.downloads import Part, add_download
from storage.models import Delivery, Reminder, ReminderAnswer, ReminderTold
from storage.reminders import add_reminder, list_answers
from storage.staff import find_staff
from tests.scheduler.office import house, leader, local, officer, person

SET = "2026-11-25 10:00"


def set_up(session: Session, when: str, **fields: Any) -> None:
    """Minh, a leader, reminds Hạnh and Tuấn of KT."""
    officer(session, "Hạnh", "KT")
    officer(session, "Tuấn", "KT")
    leader(session, "Minh")
    reading = read_rule(when, local(SET).date())
    assert isinstance(reading, Understood)
    author = find_staff(session, person(session, "Minh").id or 0)
    assert author is not None
    values: dict[str, Any] = {"audience": ["department:KT"], "answer": "none", "fields": [], **fields}
    reminder = Reminder(
        title="Báo cáo",
        rule=rule_to_json(reading.rule),
        author_id=author.id,
        created_at=local(SET),
        since_at=local(SET),
        **values,
    )
    add_reminder(session, reminder)


def run(database: Database, now: str, zone: tzinfo = UTC) -> dict[str, int]:
    moment = local(now).astimezone(zone)
    counts = database.run_now(lambda session: reminders.run(session, house(), moment))
    return {name: count for name, count in counts.items() if count}


def texts(database: Database) -> list[str]:
    rows = database.run_now(lambda session: session.exec(select(Delivery).order_by(col(Delivery.id))).all())
    return [row.content["text"] for row in rows]


def test_each_date_is_told_once_to_everybody(database: Database) -> None:
    database.run_now(lambda session: set_up(session, "ngày 1 hằng tháng"))
    assert run(database, "2026-12-01 07:55") == {}
    assert run(database, "2026-12-01 08:00") == {"told": 1}
    assert len(texts(database)) == 2
    for moment in ("2026-12-01 08:00", "2026-12-01 07:55", "2026-12-01 08:05", "2026-11-30 08:00"):
        assert run(database, moment) == {}, moment


def test_two_replicas_tell_it_once(database: Database) -> None:
    database.run_now(lambda session: set_up(session, "ngày 1 hằng tháng", answer="done"))
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(lambda _: run(database, "2026-12-01 08:00"), range(8)))
    assert sum(one.get("told", 0) for one in told) == 1
    assert len(texts(database)) == 2
    answers = database.run_now(lambda session: list_answers(session, 1))
    assert [one.who for one in answers] == ["department:KT"]


def test_after_two_days_off_the_newest_is_made_up_for_and_the_older_is_named(database: Database) -> None:
    database.run_now(lambda session: set_up(session, "mỗi ngày làm việc"))
    assert run(database, "2026-11-26 08:00") == {"told": 1}
    # Friday and the weekend were slept through; on Monday only Monday is in time.
    assert run(database, "2026-11-30 09:30") == {"late": 1}
    assert "Gửi bù: lẽ ra em nhắc lúc 8:00 Thứ Sáu 27/11/2026, Thứ Hai 30/11/2026" in texts(database)[-1]
    assert run(database, "2026-11-30 09:35") == {}


def test_what_keeps_off_days_off_is_not_made_up_for_on_one(database: Database) -> None:
    database.run_now(lambda session: set_up(session, "27/11/2026"))
    assert run(database, "2026-11-28 09:00") == {}
    assert run(database, "2026-11-30 08:00") == {"late": 1}


@pytest.mark.parametrize(
    ("when", "back", "counts"),
    [
        ("1/12/2026", "2026-12-04 09:00", {"late": 1}),
        ("1/12/2026", "2026-12-07 09:00", {"passed": 1}),
        ("1/12/2026, gửi bù trong 7 ngày", "2026-12-07 09:00", {"late": 1}),
        ("1/12/2026, không gửi bù", "2026-12-01 08:20", {"told": 1}),
        ("1/12/2026, không gửi bù", "2026-12-01 09:20", {"passed": 1}),
        ("1/12/2026, buổi sáng", "2026-12-01 11:30", {}),
        ("1/12/2026, buổi sáng", "2026-12-02 08:00", {"late": 1}),
    ],
)
def test_lateness_has_a_limit(database: Database, when: str, back: str, counts: dict[str, int]) -> None:
    database.run_now(lambda session: set_up(session, when))
    assert run(database, back) == counts
    if "passed" in counts:
        assert "Báo cáo” của Thứ Ba 1/12/2026 không gửi được" in texts(database)[-1]


@pytest.mark.parametrize(
    "moment", ["2026-12-01 06:59", "2026-12-01 21:00", "2026-12-02 00:10", "2026-12-02 06:30"]
)
def test_nobody_is_reminded_at_night(database: Database, moment: str) -> None:
    database.run_now(lambda session: set_up(session, "1/12/2026, lúc 20h50"))
    assert run(database, moment) == {}
    assert texts(database) == []


def test_the_zone_of_the_machine_does_not_matter(database: Database) -> None:
    database.run_now(lambda session: set_up(session, "1/12/2026, lúc 20h30"))
    for zone in (UTC, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")):
        assert run(database, "2026-12-01 20:30", zone) == ({"told": 1} if zone is UTC else {})


def test_a_message_does_not_leave_after_its_hours(database: Database) -> None:
    database.run_now(lambda session: set_up(session, "1/12/2026, từ 8h đến 10h"))
    run(database, "2026-12-01 08:00")
    rows = database.run_now(lambda session: session.exec(select(Delivery)).all())
    assert {row.expires_at for row in rows} == {local("2026-12-01 10:00")}


def test_a_rule_does_not_reach_back_before_it_was_set(database: Database) -> None:
    database.run_now(lambda session: set_up(session, "25/11/2026, lúc 8h"))
    assert run(database, "2026-11-25 10:05") == {}
    assert run(database, "2026-11-26 08:00") == {}


def test_silence_is_chased_and_then_told_upwards_once(database: Database) -> None:
    database.run_now(lambda session: set_up(session, "1/12/2026", answer="done"))
    assert run(database, "2026-12-01 08:00") == {"told": 1}
    assert run(database, "2026-12-02 08:00") == {"chased": 2}
    assert run(database, "2026-12-02 08:05") == {}
    assert run(database, "2026-12-03 08:00") == {"escalated": 1}
    assert "• Phòng Kinh tế, Hạ tầng và Đô thị: chưa trả lời" in texts(database)[-1]
    for day in range(4, 12):
        assert run(database, f"2026-12-{day:02d} 08:00") == {}


def test_who_has_answered_hears_no_more_of_that_date(database: Database) -> None:
    rule = "1/12/2026"
    database.run_now(
        lambda session: set_up(session, f"hết hạn {rule}, nhắc trước 4 ngày và đúng ngày", answer="done")
    )
    assert run(database, "2026-11-27 08:00") == {"told": 1}

    def answer(session: Session) -> None:
        row = session.exec(select(ReminderAnswer)).one()
        row.done, row.answered_at = True, local("2026-11-27 09:00")
        session.add(row)

    database.run_now(answer)
    assert run(database, "2026-12-01 08:00") == {"told": 1}
    assert len(texts(database)) == 2
    told = database.run_now(lambda session: session.exec(select(ReminderTold)).all())
    assert [one.recipients for one in told] == [2, 0]
    assert run(database, "2026-12-03 08:00") == {}


def test_the_answers_are_a_sheet(database: Database) -> None:
    database.run_now(
        lambda session: set_up(session, "1/12/2026", answer="figures", fields=["Số buổi", "Số người"])
    )
    run(database, "2026-12-01 08:00")

    def sheet(session: Session) -> bytes:
        row = session.exec(select(ReminderAnswer)).one()
        row.done, row.numbers, row.staff_id = True, [2, 30], 1
        row.answered_at = local("2026-12-01 09:00")
        session.add(row)
        link = add_download(session, "token", 1, Part(reminder_id=1), local("2026-12-01 09:00"))
        made = make_sheet(session, house(), link, local("2026-12-01 09:05"))
        file = io.BytesIO()
        write_book(file, house().words, made.rows, made.heads)
        return file.getvalue()

    book = load_workbook(io.BytesIO(database.run_now(sheet)))
    heads, row = [list(cells) for cells in book.worksheets[0].iter_rows(values_only=True)]
    assert heads == ["Hạn", "Ai", "Trả lời", "Số buổi", "Số người", "Lý do", "Người trả lời", "Lúc"]
    assert row[:5] == ["01/12/2026", "Phòng Kinh tế, Hạ tầng và Đô thị", "Đã làm", 2, 30]
    assert row[6] == "Hạnh"


def test_every_rule_of_every_ward_can_be_switched_on() -> None:
    for key in list_wards():
        for preset in load_ward(key).reminders:
            assert isinstance(read_rule(preset.when, date(2025, 1, 1)), Understood), (key, preset.key)
            assert bool(preset.fields) == (preset.answer == "figures"), (key, preset.key)
