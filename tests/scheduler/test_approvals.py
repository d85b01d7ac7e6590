"""What waits for a second person: reminded of once and only in office hours; nothing leaves late unasked."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from handlers.house import House
from scheduler import approvals, broadcasts, digests
from storage import staff
from storage.announcing import list_steps, record_step
from storage.database import Database, open_database
from storage.models import Announcement, Delivery, Staff
from storage.statuses import AnnouncementStatus, AnnouncementStep
from storage.tickets import Actor
from tests.scheduler.office import house, leader, local, officer, outbox, person
from tests.scheduler.test_broadcasts import announce, people

WRITTEN = local("2026-11-26 10:00")  # Thursday; office hours 7:30-11:30, 13:30-17:00
MINUTE = timedelta(minutes=1)


def submit(session: Session, at: datetime = WRITTEN, **values: object) -> int:
    """Tư's announcement to a hundred thousand waits for Minh."""
    number = announce(session, at=at)
    if not values.pop("alone", False):
        leader(session, "Minh")
    row = session.get_one(Announcement, number)
    row.status, row.confirmed_at = AnnouncementStatus.PENDING.value, None
    for name, value in values.items():
        setattr(row, name, value)
    record_step(session, row, AnnouncementStep.SUBMITTED, Actor("telegram"), at)
    return number


def look(database: Database, now: str | datetime, where: House | None = None) -> dict[str, int]:
    moment = local(now) if isinstance(now, str) else now
    return database.run_now(lambda s: approvals.run(s, where or house(), moment))


def told(database: Database, name: str) -> list[str]:
    return database.run_now(outbox).get(name, [])


@pytest.mark.parametrize(
    ("submitted", "silent", "first"),
    [
        ("2026-11-26 10:00", "2026-11-26 14:00", "2026-11-26 14:01"),  # 1:30 before noon, 0:30 after
        ("2026-11-26 16:00", "2026-11-27 08:30", "2026-11-27 08:31"),  # over night
        ("2026-11-27 16:00", "2026-11-30 08:30", "2026-11-30 08:31"),  # over a weekend
        ("2026-11-23 16:30", "2026-11-24 10:00", "2026-11-25 09:01"),  # 24/11 is a holiday by law
    ],
)
def test_after_two_office_hours_once(database: Database, submitted: str, silent: str, first: str) -> None:
    database.run_now(lambda s: submit(s, local(submitted)))
    assert look(database, silent) == {}
    assert look(database, first) == {"reminded": 1}
    assert look(database, local(first) + MINUTE) == look(database, local(first) + timedelta(days=7)) == {}
    assert len(told(database, "Minh")) == 1
    assert "CÒN CHỜ ANH/CHỊ DUYỆT" in told(database, "Minh")[0]


def test_a_machine_that_was_down_reminds_in_office_hours_and_outside_of_quiet_ones(
    database: Database,
) -> None:
    database.run_now(submit)
    nap = replace(house(), ward=replace(house().ward, quiet_from=time(13), quiet_until=time(15)))
    for asleep in ("2026-11-26 17:00", "2026-11-26 22:00", "2026-11-27 12:00"):
        assert look(database, asleep) == {}
    assert look(database, "2026-11-27 14:00", nap) == {}
    assert look(database, "2026-11-27 15:00", nap) == {"reminded": 1}
    (row,) = database.run_now(lambda s: s.exec(select(Delivery)).all())
    assert row.expires_at == local("2026-11-27 17:00")


def test_asked_anew_reminds_anew(database: Database) -> None:
    number = database.run_now(submit)
    assert look(database, "2026-11-26 15:00") == {"reminded": 1}

    def again(session: Session) -> None:
        row = session.get_one(Announcement, number)
        row.revision += 1
        record_step(session, row, AnnouncementStep.SUBMITTED, Actor("telegram"), local("2026-11-26 15:10"))

    database.run_now(again)
    assert look(database, "2026-11-26 16:59") == {}
    assert look(database, "2026-11-27 07:41") == {"reminded": 1}
    assert len(told(database, "Minh")) == 2


def test_where_nobody_can_approve_any_more_the_author_hears_it(database: Database) -> None:
    database.run_now(lambda s: submit(s, alone=True))
    assert look(database, "2026-11-26 15:00") == {"reminded": 1}
    (text,) = told(database, "Tư")
    assert "cần người thứ hai duyệt" in text


def test_the_hour_passes_and_nothing_leaves(database: Database) -> None:
    hour = local("2026-11-26 11:00")
    database.run_now(lambda s: people(s, 3))
    number = database.run_now(lambda s: submit(s, scheduled_at=hour))
    assert look(database, hour - MINUTE) == {}
    assert look(database, hour) == {"passed": 1}
    assert look(database, hour + MINUTE) == look(database, "2026-11-27 09:00") == {}
    assert database.run_now(lambda s: broadcasts.run(s, house(), hour + MINUTE))["written"] == 0
    (text,) = told(database, "Tư")
    assert text.startswith("Giờ hẹn 11:00 Thứ Năm 26/11/2026 đã qua khi chưa ai duyệt")
    assert told(database, "Minh") == [], "what cannot be approved is not reminded of"
    steps = database.run_now(lambda s: [step.kind for step, _ in list_steps(s, number)])
    assert steps == [AnnouncementStep.SUBMITTED, AnnouncementStep.PASSED]


def test_what_holds_no_longer_is_said_in_its_own_words(database: Database) -> None:
    database.run_now(lambda s: submit(s, valid_until=local("2026-11-26 16:00")))
    assert look(database, "2026-11-26 16:00") == {"passed": 1}
    assert "hết hiệu lực" in told(database, "Tư")[0]


def test_the_author_left_so_the_leaders_choose(database: Database) -> None:
    def work(session: Session) -> None:
        number = submit(session, scheduled_at=local("2026-11-26 11:00"))
        author = session.get_one(Announcement, number).staff_id
        session.get_one(Staff, author).active = False

    database.run_now(work)
    look(database, "2026-11-26 11:00")
    assert told(database, "Tư") == []
    assert len(told(database, "Minh")) == 1


def test_many_replicas_at_once_tell_each_once(database: Database, database_url: str) -> None:
    database.run_now(submit)
    database.run_now(submit_another)
    gate = threading.Barrier(6)

    def replica(number: int) -> None:
        own = database if database.dialect == "sqlite" else open_database(database_url)
        gate.wait()
        look(own, local("2026-11-26 14:05") + number * MINUTE)
        if own is not database:
            own.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(replica, range(6)))
    assert len(told(database, "Minh")) == 1
    assert len(told(database, "Tư")) == 1


def submit_another(session: Session) -> None:
    """A second one of the same author, whose hour has passed."""
    author = staff.find_staff(session, person(session, "Tư").id or 0)
    assert author is not None
    row = Announcement(staff_id=author.id or 0, chat_id=author.contact_id, text="Họp tổ.", created_at=WRITTEN)
    row.status, row.scheduled_at = AnnouncementStatus.PENDING.value, local("2026-11-26 14:00")
    session.add(row)
    record_step(session, row, AnnouncementStep.SUBMITTED, Actor("telegram"), WRITTEN)


def test_the_morning_of_whoever_may_approve_and_of_nobody_else(database: Database) -> None:
    def office(session: Session) -> None:
        submit(session)
        officer(session, "Hạnh", "KT")
        for _ in range(2):
            row = session.get_one(Announcement, 1)
            more = Announcement(
                staff_id=row.staff_id, chat_id=row.chat_id, text="Họp tổ dân phố.", created_at=WRITTEN
            )
            more.status = AnnouncementStatus.PENDING.value
            session.add(more)

    database.run_now(office)
    database.run_now(lambda s: digests.run(s, house(), local("2026-11-27 07:30")))
    (text,) = told(database, "Minh")
    assert text.splitlines()[1] == "• Thông báo chờ anh/chị duyệt: 3"
    assert told(database, "Hạnh") == []
    (row,) = database.run_now(lambda s: s.exec(select(Delivery)).all())
    actions = [action for _, action, *_ in row.content["choices"]]
    assert actions == ["announce.ask_decision:1", "announce.mine"]
