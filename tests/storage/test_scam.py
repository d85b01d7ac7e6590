"""The officers' list: one standing mark for a number, removed without a trace in what citizens are told."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from storage.database import Database
from storage.scam import NewMark, list_marks, list_marks_of, record_mark, remove_mark
from storage.staff import Duty, enlist
from storage.statuses import ScamVerdict, StaffRole
from tests.storage.rows import NOW, SECOND, contact


@pytest.fixture
def officer(database: Database) -> int:
    def make(session: Session) -> int:
        duty = Duty(StaffRole.OFFICER, "KT")
        return enlist(session, contact(session, "hanh"), duty, "hanh", NOW).id or 0

    return database.run_now(make)


def mark(officer: int, seal: str = "a", verdict: ScamVerdict = ScamVerdict.WARNED) -> NewMark:
    return NewMark(seal, "093••••876", verdict, "giả điện lực", officer)


def test_a_number_stands_on_the_list_once(database: Database, officer: int) -> None:
    first = database.run_now(lambda s: record_mark(s, mark(officer), NOW))
    assert first is not None
    assert database.run_now(lambda s: record_mark(s, mark(officer), NOW)) is None
    assert database.run_now(lambda s: [one.id for one in list_marks_of(s, ["a", "b"])]) == [first]


def test_a_removed_mark_says_nothing_and_may_be_made_anew(database: Database, officer: int) -> None:
    first = database.run_now(lambda s: record_mark(s, mark(officer), NOW)) or 0
    assert database.run_now(lambda s: remove_mark(s, first, officer, NOW + SECOND) is not None)
    assert database.run_now(lambda s: remove_mark(s, first, officer, NOW + SECOND)) is None
    assert database.run_now(lambda s: list(list_marks_of(s, ["a"]))) == []
    second = database.run_now(lambda s: record_mark(s, mark(officer), NOW + SECOND))
    assert database.run_now(lambda s: [one.id for one in list_marks(s, 10)]) == [second]


def test_warnings_come_before_what_is_ours(database: Database, officer: int) -> None:
    database.run_now(lambda s: record_mark(s, mark(officer, "a", ScamVerdict.OURS), NOW))
    database.run_now(lambda s: record_mark(s, mark(officer, "b"), NOW))
    verdicts = database.run_now(lambda s: [one.verdict for one in list_marks_of(s, ["a", "b"])])
    assert verdicts == ["warned", "ours"]
