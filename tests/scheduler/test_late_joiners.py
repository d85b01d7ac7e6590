"""Whoever joins later gets what still holds: once, by day, only what was meant for them, and no flood."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from scheduler import broadcasts
from storage.announcements import cancel_announcement, subscribe, unsubscribe
from storage.database import Database
from storage.models import Announcement, Delivery, Staff
from storage.statuses import AnnouncementStatus
from tests.scheduler.office import house, local, person
from tests.scheduler.test_broadcasts import announce, people

DAY, LATER = local("2026-11-26 08:00"), local("2026-11-26 10:00")
UNTIL = local("2026-11-30 23:59")


def over(
    session: Session, *, areas: tuple[str, ...] = (), until: datetime | None = UNTIL, at: datetime = DAY
) -> int:
    author = session.exec(select(Staff)).first()
    if author is None:
        number = announce(session, areas=areas, at=at)
        row = session.get_one(Announcement, number)
    else:
        row = Announcement(staff_id=author.id or 0, chat_id=author.contact_id, text="Tin nữa.", created_at=at)
        row.areas = list(areas)
    row.status, row.confirmed_at, row.valid_until = AnnouncementStatus.SENT.value, at, until
    session.add(row)
    session.flush()
    return row.id or 0


def join(database: Database, area: str = "", name: str = "mới", at: datetime = LATER) -> int:
    def work(session: Session) -> int:
        contact = person(session, name)
        # Whoever asks for something writes.
        contact.last_interaction_at = at
        session.add(contact)
        subscribe(session, contact.id or 0, area, None, at)
        return contact.id or 0

    return database.run_now(work)


def run(database: Database, now: datetime = LATER) -> int:
    return database.run_now(lambda s: broadcasts.run(s, house(), now)).get("late", 0)


def got(database: Database) -> list[tuple[int, int | None]]:
    query = select(Delivery).where(Delivery.kind == "announcement").order_by(Delivery.id)  # type: ignore[arg-type]
    return [(row.contact_id, row.announcement_id) for row in database.run_now(lambda s: s.exec(query).all())]


def test_once_and_no_one_else(database: Database) -> None:
    database.run_now(lambda s: people(s, 3))
    number = database.run_now(over)
    newcomer = join(database)
    assert [run(database), run(database, LATER + timedelta(minutes=1))] == [1, 0]
    assert got(database) == [(newcomer, number)]


@pytest.mark.parametrize("until", [None, LATER - timedelta(minutes=1)])
def test_only_what_says_until_when_and_still_holds(database: Database, until: datetime | None) -> None:
    database.run_now(lambda s: over(s, until=until))
    join(database)
    assert run(database) == 0


def test_nothing_of_what_was_stopped(database: Database) -> None:
    number = database.run_now(over)
    database.run_now(lambda s: cancel_announcement(s, s.get_one(Announcement, number), LATER))
    join(database)
    assert run(database) == 0


def test_only_the_own_area(database: Database) -> None:
    database.run_now(lambda s: over(s, areas=("tdp-3",)))
    join(database, "tdp-5", "nơi khác")
    assert run(database) == 0
    join(database, "tdp-3", "đúng nơi")
    join(database, "", "cả phường")
    assert run(database) == 2


def test_who_had_it_and_asks_for_more_does_not_get_it_again(database: Database) -> None:
    database.run_now(lambda s: people(s, 1, "tdp-3"))
    number = database.run_now(lambda s: announce(s, at=DAY))
    database.run_now(lambda s: broadcasts.run(s, house(), DAY))
    (first,) = got(database)

    def finish(session: Session) -> None:
        row = session.get_one(Announcement, number)
        row.status, row.valid_until = AnnouncementStatus.SENT.value, UNTIL

    database.run_now(finish)
    database.run_now(lambda s: subscribe(s, first[0], "", None, LATER))
    assert run(database) == 0


def test_at_night_it_waits_for_the_morning(database: Database) -> None:
    database.run_now(over)
    night = local("2026-11-26 22:00")
    join(database, at=night)
    assert run(database, night) == 0
    assert run(database, local("2026-11-27 06:30")) == 1


def test_the_newest_few_in_the_order_in_which_they_came(database: Database) -> None:
    numbers = [database.run_now(lambda s, n=n: over(s, at=DAY + timedelta(minutes=n))) for n in range(5)]
    newcomer = join(database)
    assert run(database) == 3
    assert got(database) == [(newcomer, number) for number in numbers[2:]]


def test_who_leaves_again_gets_nothing(database: Database) -> None:
    database.run_now(over)
    newcomer = join(database)
    database.run_now(lambda s: unsubscribe(s, newcomer, LATER))
    assert run(database) == 0
