"""A digest is told once a person and day: however many replicas, restarts, clocks that jump, and machines abroad."""

from __future__ import annotations

import os
import threading
import time as machine_time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from scheduler import digests
from scheduler.job import due_slot, run_slot
from scheduler.schedule import JOBS
from storage.database import Database, open_database
from storage.digests import save_plan
from storage.models import Contact, Delivery, DigestPlan
from storage.staff import find_staff
from tests.scheduler.office import group_of, house, leader, local, officer, person, ticket

JOB = next(one for one in JOBS if one.name == "digests")
MINUTE = timedelta(minutes=1)


def fill(session: Session) -> None:
    for name in ("Hạnh", "Tuấn", "Bình"):
        officer(session, name, "KT")
    group_of(session, "Nhóm KT", "Hạnh")
    leader(session, "Chủ tịch")
    ticket(session, "PA-1", "KT", filed="2026-11-16 09:00", due="2026-12-20 17:00")


def wants(session: Session, name: str, minute: int, weekdays: str = "", *, off: bool = False) -> None:
    contact = person(session, name)
    now = local("2026-11-20 08:00")
    save_plan(
        session,
        DigestPlan(
            contact_id=contact.id or 0,
            minute=minute,
            weekdays=weekdays,
            is_off=off,
            changed_by=1,
            changed_at=now,
        ),
    )


def wake(database: Database, now: datetime) -> None:
    """What a replica does when it looks: the newest slot that is due, and its work."""
    slot = due_slot(JOB, now)
    if slot is not None:
        database.run_now(lambda s: run_slot(s, JOB, house(), slot, now))


def told(database: Database) -> list[tuple[str, str]]:
    """Who was told, and the minute at which it was queued."""

    def read(session: Session) -> list[tuple[str, str]]:
        query = select(Contact.external_id, Delivery.created_at).join(Delivery).order_by(Delivery.id)  # type: ignore[arg-type]
        shift = timedelta(hours=7)
        return [(name, f"{at + shift:%d %H:%M}") for name, at in session.exec(query)]

    return database.run_now(read)


def walk(database: Database, first: str, last: str) -> None:
    now = local(first)
    while now <= local(last):
        wake(database, now)
        now += MINUTE


def test_each_at_the_own_minute(database: Database) -> None:
    database.run_now(fill)
    database.run_now(lambda s: wants(s, "Tuấn", 7 * 60 + 15))
    database.run_now(lambda s: wants(s, "Bình", 0, off=True))
    walk(database, "2026-11-26 07:10", "2026-11-26 07:40")
    assert told(database) == [
        ("Tuấn", "26 07:15"),
        ("Hạnh", "26 07:30"),
        ("Chủ tịch", "26 07:30"),
        ("Nhóm KT", "26 07:30"),
    ]


def test_on_the_own_days_and_never_on_a_holiday(database: Database) -> None:
    """24/11 is a holiday by law; Hạnh wants Tuesdays and Saturdays, Tuấn the working days."""
    database.run_now(fill)
    database.run_now(lambda s: wants(s, "Hạnh", 450, "15"))
    days: dict[str, list[str]] = {"Hạnh": [], "Tuấn": []}
    for day in range(23, 31):
        wake(database, local(f"2026-11-{day} 07:30"))
    for name, at in told(database):
        if name in days:
            days[name].append(at[:2])
    assert days == {"Hạnh": ["28"], "Tuấn": ["23", "25", "26", "27", "30"]}


def test_a_clock_that_jumps_back_or_forward_tells_nobody_twice(database: Database) -> None:
    database.run_now(fill)
    walk(database, "2026-11-26 07:28", "2026-11-26 07:33")
    walk(database, "2026-11-26 07:28", "2026-11-26 07:36")  # five minutes back
    wake(database, local("2026-11-26 10:00"))  # forward
    walk(database, "2026-11-26 07:20", "2026-11-26 07:31")  # and hours back
    assert sorted(told(database)) == sorted(
        (name, "26 07:30") for name in ("Hạnh", "Tuấn", "Bình", "Chủ tịch", "Nhóm KT")
    )


def test_a_jump_forward_over_the_hour_still_tells(database: Database) -> None:
    database.run_now(fill)
    wake(database, local("2026-11-26 07:29"))
    wake(database, local("2026-11-26 08:10"))
    assert {at for _, at in told(database)} == {"26 08:10"}
    assert len(told(database)) == 5


@pytest.mark.parametrize(("back", "count"), [("2026-11-27 10:00", 11), ("2026-11-27 11:31", 6)])
def test_after_two_days_down_only_the_morning_that_is_not_stale(
    database: Database, back: str, count: int
) -> None:
    database.run_now(fill)
    wake(database, local("2026-11-23 07:30"))
    wake(database, local(back))
    days = [at[:2] for _, at in told(database)]
    assert days.count("23") == 6, "with the leader's week"
    assert len(days) == count
    assert not {"25", "26"} & set(days)


def test_who_begins_at_nine_is_not_told_of_half_past_seven(database: Database) -> None:
    database.run_now(fill)

    def begin(session: Session) -> None:
        staff = find_staff(session, person(session, "Hạnh").id or 0)
        assert staff is not None
        staff.joined_at = local("2026-11-26 09:00")

    database.run_now(begin)
    wake(database, local("2026-11-26 09:01"))
    assert "Hạnh" not in {name for name, _ in told(database)}
    wake(database, local("2026-11-27 07:30"))
    assert "Hạnh" in {name for name, _ in told(database)}


def test_many_replicas_at_once_tell_each_once(database: Database, database_url: str) -> None:
    """Eight of them, each at another minute of the same morning, so that the job's slot does not part them."""
    database.run_now(fill)
    gate = threading.Barrier(8)

    def replica(number: int) -> None:
        # One file has one writer; a server has as many as there are replicas.
        own = database if database.dialect == "sqlite" else open_database(database_url)
        gate.wait()
        wake(own, local("2026-11-26 07:30") + number * MINUTE)
        if own is not database:
            own.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(replica, range(8)))
    assert sorted(name for name, _ in told(database)) == sorted(
        ["Hạnh", "Tuấn", "Bình", "Chủ tịch", "Nhóm KT"]
    )


def test_a_run_that_breaks_leaves_nothing_and_is_made_up_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run_now(fill)
    real, calls = digests.enqueue, 0

    def breaks(*given: object) -> int | None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError("killed")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(digests, "enqueue", breaks)
    with pytest.raises(RuntimeError):
        wake(database, local("2026-11-26 07:30"))
    assert told(database) == []
    wake(database, local("2026-11-26 07:31"))
    assert len(told(database)) == 5


@pytest.fixture
def abroad() -> Iterator[None]:
    """A machine that thinks it stands in New York, where clocks also change with the seasons."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "America/New_York"
    machine_time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.__setitem__("TZ", before)
    machine_time.tzset()


@pytest.mark.usefixtures("abroad")
def test_the_machine_may_stand_anywhere(database: Database) -> None:
    database.run_now(fill)
    walk(database, "2026-11-26 07:25", "2026-11-26 07:35")
    # New York goes back an hour in the night of the first of November; here nothing changes.
    walk(database, "2026-11-02 07:25", "2026-11-02 07:35")
    assert {at for _, at in told(database)} == {"26 07:30", "02 07:30"}
