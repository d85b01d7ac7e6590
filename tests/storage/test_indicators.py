"""Values of the plan's targets: the newest of the latest day counts, under its own plan, and nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session

from storage.database import Database
from storage.figures import Outcome, list_facts
from storage.indicators import add_value, count_answered, list_readings, list_values
from storage.models import IndicatorValue, Staff
from tests.figures.books import fill, moment
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
            row = IndicatorValue(
                plan=plan,
                indicator=key,
                value=value,
                as_of_on=day,
                note="",
                staff_id=staff.id or 0,
                created_at=NOW + timedelta(minutes=at),
            )
            add_value(session, row)
        newest = {(one.plan, one.indicator): one.value for one in list_readings(session, OCTOBER)}
        assert newest == {("87/KH", "A"): 82.5, ("87/KH", "B"): 3.0, ("34/KH", "A"): 70.0}
        before = {(one.plan, one.indicator): one.value for one in list_readings(session, date(2026, 10, 30))}
        assert before == {("87/KH", "A"): 99.0, ("87/KH", "B"): 3.0}
        assert list_readings(session, date(2026, 9, 29)) == ()
        assert [row.value for row in list_values(session, "A", 9)] == [82.5, 81.5, 70.0, 99.0]

    database.run_now(work)


def test_what_was_answered_is_counted_like_the_report_of_the_same_span(database: Database) -> None:
    """Whoever adds up the report of the year by hand gets the same two figures."""
    database.run_now(fill)

    def work(session: Session) -> None:
        since, until = moment("1/1"), moment("1/12")
        facts = [one for one in list_facts(session, since, until, until) if one.fresh]
        whole = [one for one in facts if one.outcome != Outcome.WITHDRAWN]
        answered = [one for one in whole if one.outcome in (Outcome.DONE, Outcome.REJECTED)]
        assert 0 < len(answered) < len(whole) < len(facts)
        assert count_answered(session, since, until) == (len(answered), len(whole))

    database.run_now(work)
