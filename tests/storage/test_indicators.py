"""Values of the plan's targets: the newest of the latest day counts, under its own plan, and nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session

from storage.database import Database
from storage.indicators import add_value, list_newest, list_values
from storage.models import IndicatorValue, Staff
from tests.storage.rows import NOW, contact

OCTOBER, SEPTEMBER = date(2026, 10, 31), date(2026, 9, 30)


def test_the_newest_of_the_latest_day_counts_under_its_own_plan(database: Database) -> None:
    def work(session: Session) -> None:
        lan = contact(session)
        staff = Staff(contact_id=lan.id or 0, role="leader", name="Lan", joined_at=NOW)
        session.add(staff)
        session.flush()
        told = [
            ("34/KH", "A", 70.0, OCTOBER),
            ("87/KH", "A", 81.5, OCTOBER),
            ("87/KH", "A", 82.5, OCTOBER),
            ("87/KH", "A", 99.0, SEPTEMBER),
            ("87/KH", "B", 3.0, SEPTEMBER),
        ]
        for at, (plan, key, value, day) in enumerate(told):
            moment = NOW + timedelta(minutes=at)
            row = IndicatorValue(
                plan=plan,
                indicator=key,
                value=value,
                as_of_on=day,
                note="",
                staff_id=staff.id or 0,
                created_at=moment,
            )
            add_value(session, row)
        newest = {plan: list_newest(session, plan) for plan in ("34/KH", "87/KH")}
        assert {key: row.value for key, row in newest["87/KH"].items()} == {"A": 82.5, "B": 3.0}
        assert {key: row.value for key, row in newest["34/KH"].items()} == {"A": 70.0}
        assert [row.value for row in list_values(session, "A", 9)] == [82.5, 81.5, 70.0, 99.0]

    database.run_now(work)
