"""Questions and clusters: nothing leads to a person, a verdict is kept once, a settled cluster is told no more."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from storage import asked, clusters
from storage.asked import Asked, record_asked
from storage.asked_report import WEEK, Tally, count_weeks, list_top_entries
from storage.clusters import NewCluster
from storage.database import Database
from storage.knowledge import Proposal, add_proposal, turn_down
from storage.models import AskedQuestion, QuestionCluster
from storage.models.base import Row
from storage.staff import Duty, enlist
from storage.statuses import (
    AskedDecision,
    ClusterStatus,
    KnowledgeKind,
    Reason,
    RevisionStatus,
    RevisionVerb,
    StaffRole,
    Verdict,
)
from tests.storage.rows import NOW, SECOND, contact

NONE, OFFERED, ANSWERED = AskedDecision.NONE, AskedDecision.OFFERED, AskedDecision.ANSWERED
BEFORE = NOW - timedelta(days=7)


def ask(
    session: Session,
    decision: AskedDecision,
    *,
    entry: str = "",
    words: str = "",
    topic: str = "cu_tru",
    at=NOW,
) -> int:  # type: ignore[no-untyped-def]
    return record_asked(session, Asked("zalo", decision, topic, entry, "gan", 7, words), at)


def rows(session: Session) -> list[AskedQuestion]:
    return list(session.exec(select(AskedQuestion).order_by(AskedQuestion.id)))  # type: ignore[arg-type]


def test_no_column_leads_to_a_person_or_a_message() -> None:
    for table in ("asked_question", "question_cluster"):
        keys = {key.column.table.name for key in Row.metadata.tables[table].foreign_keys}
        assert keys <= {"question_cluster", "staff", "knowledge_revision"}
    names = set(Row.metadata.tables["asked_question"].columns.keys())
    assert not [name for name in names if "contact" in name or "inbox" in name or "sender" in name]


def test_what_is_picked_loses_its_words(database: Database) -> None:
    def play(session: Session) -> list[AskedQuestion]:
        number = ask(session, OFFERED, words="tạm trú")
        asked.note_picked(session, number, "cu-tru-tam-tru", "cu_tru")
        session.expire_all()
        return rows(session)

    (row,) = database.run_now(play)
    assert (row.entry, row.picked, row.words) == ("cu-tru-tam-tru", True, None)


def test_a_thumb_down_brings_the_words_back_and_the_first_reason_stays(database: Database) -> None:
    def play(session: Session) -> tuple[AskedQuestion, asked.Verdicts]:
        number = ask(session, ANSWERED, entry="a")
        asked.note_verdict(session, number, Verdict.BAD, "tạm trú ***")
        asked.note_reason(session, number, Reason.WRONG, "giá cũ")
        asked.note_reason(session, number, Reason.UNCLEAR, "khó hiểu")
        other = ask(session, ANSWERED, entry="a")
        asked.note_verdict(session, other, Verdict.GOOD, "không giữ")
        session.expire_all()
        return rows(session)[0], asked.verdicts_of(session, "a", BEFORE)

    row, said = database.run_now(play)
    assert (row.words, row.reason, row.remark) == ("tạm trú ***", "wrong", "giá cũ")
    assert (said.good, said.bad, dict(said.reasons), list(said.remarks)) == (1, 1, {"wrong": 1}, ["giá cũ"])


def test_three_calls_in_a_week_are_told_with_their_moments(database: Database) -> None:
    def play(session: Session) -> dict[str, int]:
        for entry, at in (("a", NOW), ("a", NOW), ("a", NOW - SECOND), ("b", NOW), ("b", BEFORE - SECOND)):
            number = ask(session, ANSWERED, entry=entry, at=at)
            asked.note_verdict(session, number, Verdict.BAD)
            asked.note_reason(session, number, Reason.WRONG)
        called = asked.list_called_wrong(session, BEFORE, 3)
        assert list(called["a"]) == sorted(called["a"], reverse=True)
        return {entry: len(times) for entry, times in called.items()}

    assert database.run_now(play) == {"a": 3}


def test_only_questions_without_a_right_answer_are_to_be_learned(database: Database) -> None:
    def play(session: Session) -> list[str]:
        ask(session, NONE, words="không biết")
        ask(session, OFFERED, words="không chọn")
        picked = ask(session, OFFERED, words="đã chọn")
        asked.note_picked(session, picked, "a", "cu_tru")
        for reason, words in ((Reason.NOT_ASKED, "hỏi khác"), (Reason.UNCLEAR, "khó hiểu")):
            number = ask(session, ANSWERED, entry="a")
            asked.note_verdict(session, number, Verdict.BAD, words)
            asked.note_reason(session, number, reason)
        ask(session, NONE, words="quá cũ", at=BEFORE - SECOND)
        ask(session, ANSWERED, entry="a")
        return [row.words or "" for row in asked.list_unlearned(session, BEFORE, 100)]

    assert database.run_now(play) == ["không biết", "không chọn", "hỏi khác"]


def cluster(session: Session, department: str, count: int) -> QuestionCluster:
    made = clusters.add_cluster(session, NewCluster({"xe": 1.5}, "", "", department), NOW)
    for _ in range(count):
        ask(session, NONE, words=f"câu của {department}")
    fresh = asked.list_unlearned(session, BEFORE, 100)
    clusters.grow(session, made, fresh, [row.words or "" for row in fresh])
    session.flush()
    return made


def test_clusters_are_told_by_department_most_asked_first(database: Database) -> None:
    def play(session: Session) -> tuple[list[int], list[int], list[str]]:
        for department, count in (("KT", 1), ("VP", 3), ("KT", 2)):
            cluster(session, department, count)
        everything = clusters.list_open(session, None, 10)
        mine = clusters.list_open(session, ["KT", ""], 10)
        return [one.count for one in everything], [one.count for one in mine], everything[0].examples

    assert database.run_now(play) == ([3, 2, 1], [2, 1], ["câu của VP"])


def test_a_settled_cluster_is_gone_until_its_proposal_is_turned_down(database: Database) -> None:
    def play(session: Session) -> list[bool]:
        staff = enlist(session, contact(session, "hanh"), Duty(StaffRole.LEADER), "Hạnh", NOW).id or 0
        made = cluster(session, "KT", 1)
        proposal = Proposal(KnowledgeKind.ENTRY, "a", RevisionVerb.ALIAS, {"id": "a"}, 0, staff, "KT")
        revision = add_proposal(session, proposal, NOW).id or 0
        seen = [clusters.is_open(session, made)]
        clusters.settle(session, made, ClusterStatus.ALIAS, staff, NOW, revision)
        seen.append(clusters.is_open(session, made))
        turn_down(session, revision, RevisionStatus.RETURNED, staff, "sai mục", NOW)
        seen.append(clusters.is_open(session, made))
        clusters.settle(session, made, ClusterStatus.OUT_OF_SCOPE, staff, NOW)
        return [*seen, clusters.is_open(session, made), clusters.count_open(session, None) == 0]

    assert database.run_now(play) == [True, False, True, False, True]


def test_weeks_and_topics_are_counted_apart(database: Database) -> None:
    def play(session: Session) -> tuple[list[Tally], dict[str, int], list[tuple[str, int]]]:
        ask(session, ANSWERED, entry="a", at=BEFORE)
        ask(session, NONE, words="x", topic="", at=NOW - SECOND)
        number = ask(session, OFFERED, words="y", at=NOW - SECOND)
        asked.note_picked(session, number, "a", "can_cuoc")
        asked.note_verdict(session, number, Verdict.GOOD)
        ask(session, AskedDecision.STUB, at=NOW)
        weeks = count_weeks(session, NOW - 2 * WEEK, 2)
        topics = {name: tally.asked for name, tally in weeks[-1].topics.items()}
        return [week.total for week in weeks], topics, list(list_top_entries(session, BEFORE, 5))

    totals, topics, top = database.run_now(play)
    assert totals == [Tally(), Tally(asked=3, found=1, picked=1, missing=1, good=1)]
    assert topics == {"cu_tru": 1, "": 1, "can_cuoc": 1}
    assert top == [("a", 2)]
