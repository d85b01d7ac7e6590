"""The weekly list: on the first working morning, to each whose it is, once; handled questions do not come again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from sqlmodel import Session, select

from faq.entry import Entry
from faq.lexicon import load_lexicon
from faq.library import Library
from faq.matcher import Matcher
from handlers.house import House
from scheduler import unanswered
from scheduler.job import due_slot, run_slot
from scheduler.schedule import JOBS
from storage import asked, clusters
from storage.asked import Asked, record_asked
from storage.database import Database
from storage.models import QuestionCluster
from storage.statuses import AskedDecision, ClusterStatus, Reason, Verdict
from tests.scheduler.office import house, leader, local, officer, outbox

MONDAY = local("2026-11-23 07:40")
TUESDAY = MONDAY + timedelta(days=1)
ENTRIES = (
    Entry("so-nha", "dat_dai", "Biển số nhà xin ở đâu?", answer="Tại phường.", owner="KT"),
    Entry("tam-tru", "cu_tru", "Đăng ký tạm trú ở đâu?", answer="Tại công an.", owner="CA"),
)


@cache
def knowing() -> House:
    library, lexicon = Library.of(ENTRIES), load_lexicon()
    return replace(house(), library=library, lexicon=lexicon, matcher=Matcher(library, lexicon))


def ask(session: Session, words: str, entry: Entry | None = None, at: datetime = MONDAY) -> None:
    topic, nearest = (entry.topic, entry.id) if entry else ("", "")
    row = Asked("zalo", AskedDecision.NONE, topic, "", nearest, 5, words)
    record_asked(session, row, at - timedelta(days=2))


def fill(session: Session) -> None:
    officer(session, "an", "KT")
    officer(session, "sơn", "CA")
    leader(session, "minh")
    for words in ("mất biển số nhà", "biển số nhà bị mất", "mat bien so nha"):
        ask(session, words, ENTRIES[0])
    ask(session, "thuê người trông trẻ")


def run(database: Database, now: datetime = MONDAY) -> dict[str, int]:
    return database.run_now(lambda s: unanswered.run(s, knowing(), now))


def told(database: Database) -> dict[str, list[str]]:
    return database.run_now(outbox)


def test_each_hears_what_is_theirs_and_leaders_all(database: Database) -> None:
    database.run_now(fill)
    assert run(database) == {"questions": 4, "clusters": 2, "told": 3}
    messages = told(database)
    assert "2 nhóm" in messages["an"][0]
    assert "3 lần: “mất biển số nhà”" in messages["an"][0]
    assert "biển số nhà" not in messages["sơn"][0]
    assert "trông trẻ" in messages["sơn"][0]
    assert "2 nhóm" in messages["minh"][0]


def test_only_the_first_working_morning_of_a_week_and_only_once(database: Database) -> None:
    database.run_now(fill)
    assert run(database, TUESDAY) == {}
    assert run(database)["told"] == 3
    assert run(database)["told"] == 0
    assert [len(texts) for texts in told(database).values()] == [1, 1, 1]


def test_the_slot_of_the_clock_runs_it_once(database: Database) -> None:
    database.run_now(fill)
    job = next(job for job in JOBS if job.name == "unanswered")
    slot = due_slot(job, MONDAY + timedelta(minutes=3))
    assert slot == MONDAY
    counts = [database.run_now(lambda s: run_slot(s, job, knowing(), MONDAY, MONDAY)) for _ in range(2)]
    assert counts[1] is None
    assert counts[0] is not None
    assert counts[0]["told"] == 3


def test_where_nothing_was_asked_in_vain_nobody_is_bothered(database: Database) -> None:
    database.run_now(lambda s: officer(s, "an", "KT"))
    assert run(database) == {"questions": 0, "clusters": 0, "told": 0}
    assert told(database) == {}


def test_a_settled_question_does_not_come_again_but_is_counted(database: Database) -> None:
    database.run_now(fill)
    run(database)

    def settle(session: Session) -> None:
        staff = officer(session, "an", "KT")
        for row in session.exec(select(QuestionCluster)).all():
            clusters.settle(session, row, ClusterStatus.OUT_OF_SCOPE, staff.id or 0, MONDAY)
        ask(session, "biển số nhà mất rồi", ENTRIES[0], MONDAY + timedelta(days=7))

    database.run_now(settle)
    assert run(database, MONDAY + timedelta(days=7)) == {"questions": 1, "clusters": 0, "told": 0}
    counts = database.run_now(lambda s: sorted(s.exec(select(QuestionCluster.count)).all()))
    assert counts == [1, 4]


def test_answers_that_three_people_call_wrong_are_named_to_their_owner(database: Database) -> None:
    def fill_wrong(session: Session) -> None:
        for name, key in (("an", "KT"), ("sơn", "CA")):
            officer(session, name, key)
        for _ in range(3):
            row = Asked("zalo", AskedDecision.ANSWERED, "dat_dai", "so-nha")
            number = record_asked(session, row, MONDAY - timedelta(days=1))
            asked.note_verdict(session, number, Verdict.BAD)
            asked.note_reason(session, number, Reason.WRONG)

    database.run_now(fill_wrong)
    assert run(database)["told"] == 1
    assert told(database) == {"an": [knowing().words.text("learn.weekly_doubted", count=1)]}


@pytest.mark.parametrize("day", ["2026-11-21 07:40", "2026-11-22 07:40", "2027-01-01 07:40"])
def test_days_off_are_left_alone(database: Database, day: str) -> None:
    database.run_now(fill)
    assert run(database, local(day)) == {}
