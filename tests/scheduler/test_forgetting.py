"""What is kept of questions: words for 30 days, the thread to a conversation for one, counts for a year."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, col, select

from handlers import question_record
from handlers.turn import MEMORY
from scheduler import housekeeping
from storage import asked, clusters
from storage.asked import Asked, record_asked
from storage.clusters import NewCluster
from storage.conversations import load_conversation
from storage.database import Database
from storage.models import AskedQuestion, Conversation, QuestionCluster
from storage.statuses import AskedDecision, Reason, Verdict
from tests.scheduler.office import house, local, person

NOW = local("2026-11-26 03:05")
OLD, YOUNG = NOW - timedelta(days=30, seconds=1), NOW - timedelta(days=29)
ANCIENT = NOW - housekeeping.KEEP_COUNTS - timedelta(seconds=1)


def run(database: Database) -> dict[str, int]:
    return database.run_now(lambda s: housekeeping.run(s, house(), NOW))


def test_words_and_remarks_go_counts_stay_and_end_after_a_year(database: Database) -> None:
    def fill(session: Session) -> None:
        for at in (ANCIENT, OLD, YOUNG):
            row = Asked("zalo", AskedDecision.NONE, "cu_tru", words="tạm trú")
            number = record_asked(session, row, at)
            asked.note_verdict(session, number, Verdict.BAD)
            asked.note_reason(session, number, Reason.OTHER, "lời riêng")
            made = clusters.add_cluster(session, NewCluster({"tam": 1.0}, "", "", ""), at)
            made.examples = ["tạm trú"]
            session.add(made)

    database.run_now(fill)
    counts = run(database)
    assert {name: counts[name] for name in ("words", "examples", "asked")} == {
        "words": 2,
        "examples": 2,
        "asked": 1,
    }
    by_age = select(AskedQuestion).order_by(col(AskedQuestion.id))
    rows = database.run_now(lambda s: [(row.words, row.remark) for row in s.exec(by_age)])
    assert rows == [(None, None), ("tạm trú", "lời riêng")]
    all_clusters = select(QuestionCluster).order_by(col(QuestionCluster.id))
    kept = database.run_now(lambda s: [(row.features, row.examples) for row in s.exec(all_clusters)])
    assert kept == [({"tam": 1.0}, []), ({"tam": 1.0}, []), ({"tam": 1.0}, ["tạm trú"])]
    again = run(database)
    assert (again["words"], again["examples"], again["asked"]) == (0, 0, 0)


def test_the_thread_from_a_person_to_a_question_is_cut_the_next_night(database: Database) -> None:
    def fill(session: Session) -> None:
        for name, hours in (("lan", 25), ("tư", 23), ("hoa", 90)):
            contact = person(session, name).id or 0
            row = load_conversation(session, contact, contact, NOW)
            threads = {} if name == "hoa" else {question_record.KEY: [{"row": 1}]}
            row.data = {MEMORY: {"doubts": 1, **threads}}
            row.updated_at = NOW - timedelta(hours=hours)
            session.add(row)

    database.run_now(fill)
    assert run(database)["threads"] == 1
    data = database.run_now(lambda s: [row.data[MEMORY] for row in s.exec(select(Conversation))])
    assert sorted(question_record.KEY in memory for memory in data) == [False, False, True]
    assert all(memory["doubts"] == 1 for memory in data)
    assert run(database)["threads"] == 0
