"""Citizens' own reminders: told once, also late, never after the date, and deleted when it is over."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session

from scheduler import own_reminders
from storage.database import Database
from storage.own_reminders import add_own, delete_own, list_own
from tests.scheduler.office import house, local, outbox, person

OVER = date(2026, 12, 31)


def wish(session: Session, topic: str = "residence", made: str = "2026-11-20 09:00") -> None:
    add_own(session, person(session, "Lan").id or 0, topic, OVER, local(made))


def run(database: Database, now: str) -> dict[str, int]:
    counts = database.run_now(lambda session: own_reminders.run(session, house(), local(now)))
    return {name: count for name, count in counts.items() if count}


def told(database: Database) -> list[str]:
    return database.run_now(outbox).get("Lan", [])


def test_thirty_and_seven_days_ahead_once_each(database: Database) -> None:
    database.run_now(wish)
    database.run_now(wish)
    assert run(database, "2026-11-30 09:30") == {}
    assert run(database, "2026-12-01 09:30") == {"told": 1}
    for moment in ("2026-12-01 09:30", "2026-12-01 09:25", "2026-12-02 09:30", "2026-12-23 09:30"):
        assert run(database, moment) == {}, moment
    assert run(database, "2026-12-24 09:30") == {"told": 1}
    assert len(told(database)) == 2
    assert "hạn Thứ Năm 31/12/2026. Còn 7 ngày." in told(database)[-1]


@pytest.mark.parametrize(
    ("back", "count"), [("2026-12-03 09:30", 1), ("2026-12-08 09:30", 1), ("2026-12-12 09:30", 0)]
)
def test_a_machine_that_was_off_tells_it_within_a_week(database: Database, back: str, count: int) -> None:
    database.run_now(wish)
    assert run(database, back).get("told", 0) == count


def test_it_is_deleted_when_it_is_over(database: Database) -> None:
    database.run_now(wish)
    assert run(database, "2026-12-31 09:30") == {"told": 1}
    assert run(database, "2027-01-01 09:30") == {"forgotten": 1}
    assert database.run_now(lambda session: list_own(session, person(session, "Lan").id or 0)) == []


def test_nobody_stops_what_is_another_persons(database: Database) -> None:
    database.run_now(wish)

    def stop(session: Session, name: str) -> int:
        return delete_own(session, person(session, name).id or 0, 1)

    assert database.run_now(lambda session: stop(session, "Nam")) == 0
    assert database.run_now(lambda session: stop(session, "Lan")) == 1


def test_what_was_asked_for_on_the_day_itself_is_not_told_at_once(database: Database) -> None:
    database.run_now(lambda session: wish(session, made="2026-12-24 08:00"))
    assert run(database, "2026-12-24 09:30") == {}
