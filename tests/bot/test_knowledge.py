"""The present House: what is in force equals its history replayed, replicas follow, nothing takes it down."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.knowledge import Changes, Knowledge, furnish
from core.calendar import local_date
from faq.entry import Entry
from faq.overlay import lay_over, to_json
from storage.calendar_days import add_days
from storage.database import Database, open_database
from storage.knowledge import Proposal, add_proposal, bring_into_force, knowledge_version
from storage.machinery import list_alarms
from storage.models import CalendarDay, KnowledgeRevision
from storage.staff import Duty, enlist
from storage.statuses import KnowledgeKind, RevisionVerb, StaffRole
from tests.examples import examples
from tests.props import sample_house
from tests.storage.rows import contact

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WITHIN = 5.0
ENTRY, WORDS, FIGURE = KnowledgeKind.ENTRY, KnowledgeKind.WORDS, KnowledgeKind.FIGURE
HOUSE = sample_house()
PERIOD = {
    "key": "phi-sao-y-trang",
    "name": "Phí sao y",
    "value": "3.000 đồng",
    "since": "2026-11-24",
    "source": "Thông tư 99/2026/TT-BTC",
    "confidence": "A",
    "checked_on": "2026-11-24",
}


def change(
    session: Session,
    kind: KnowledgeKind,
    subject: str,
    verb: RevisionVerb,
    row: dict[str, Any],
    base: int = 0,
) -> None:
    """As if somebody had proposed it and another approved."""
    staff = enlist(session, contact(session, "hanh"), Duty(StaffRole.LEADER), "Hạnh", NOW)
    revision = add_proposal(session, Proposal(kind, subject, verb, row, base, staff.id or 0, ""), NOW)
    bring_into_force(session, revision.id or 0, staff.id or 0, None, NOW)


def edited(answer: str) -> dict[str, Any]:
    return {**to_json(HOUSE.library.get("phuong-dia-chi")), "answer": answer}


def knowledge(database: Database) -> Knowledge:
    return Knowledge(HOUSE, lambda: database, lambda: NOW)


async def test_a_change_is_taken_over_by_every_replica_within_seconds(database_url: str) -> None:
    """Two programs on one database: one is woken, the other finds out by itself."""
    # Where a machine is so busy that building alone takes seconds, both together may take several of those.
    began = time.monotonic()
    furnish(HOUSE, Changes())
    allowed = max(WITHIN, 20 * (time.monotonic() - began))
    databases = [open_database(database_url) for _ in range(2)]
    here, there = (knowledge(one) for one in databases)
    running = [asyncio.create_task(one.run()) for one in (here, there)]
    await databases[0].run(
        lambda s: change(s, ENTRY, "phuong-dia-chi", RevisionVerb.EDIT, edited("Phường đã dời về số 9."))
    )
    here.wake()
    async with asyncio.timeout(allowed):
        for one in (here, there):
            while one.house.library.get("phuong-dia-chi").answer != "Phường đã dời về số 9.":
                await asyncio.sleep(0.02)
    best = there.house.matcher.match("địa chỉ trụ sở phường ở đâu").ranked[0][0]
    assert best == "phuong-dia-chi"
    assert HOUSE.library.get("phuong-dia-chi").answer != "Phường đã dời về số 9.", "the shipped House stays"
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for database in databases:
        database.close()


async def test_days_of_the_office_are_taken_over_by_every_replica_and_survive_new_knowledge(
    database_url: str,
) -> None:
    day, doors = date(2026, 12, 1), HOUSE.doors

    def write(session: Session, working: bool | None) -> None:
        staff = enlist(session, contact(session, "minh"), Duty(StaffRole.LEADER), "Minh", NOW)
        row = CalendarDay(day_on=day, working=working, reason="Bão", author_id=staff.id or 0, created_at=NOW)
        add_days(session, [row])

    databases = [open_database(database_url) for _ in range(2)]
    replicas = [knowledge(one) for one in databases]
    running = [asyncio.create_task(one.run()) for one in replicas]
    for working, expected in ((False, False), (None, True), (False, False)):
        await databases[0].run(lambda s, working=working: write(s, working))
        async with asyncio.timeout(WITHIN):
            while any(one.house.calendar.is_working_day(day) is not expected for one in replicas):
                await asyncio.sleep(0.02)
    assert replicas[1].house.doors is doors, "nobody waits for what was made long ago"
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await databases[0].run(
        lambda s: change(s, ENTRY, "phuong-dia-chi", RevisionVerb.EDIT, edited("Phường đã dời về số 9."))
    )
    await replicas[1].look()
    assert replicas[1].house.library.get("phuong-dia-chi").answer == "Phường đã dời về số 9."
    assert not replicas[1].house.calendar.is_working_day(day)
    for database in databases:
        database.close()


async def test_entries_words_and_retirements_are_all_taken_over(database: Database) -> None:
    def write(session: Session) -> None:
        new = Entry(
            id="thu-vien", topic="phuong", question="Thư viện phường mở cửa khi nào?", answer="Chiều."
        )
        change(session, ENTRY, "thu-vien", RevisionVerb.ADD, to_json(new))
        change(session, ENTRY, "phuong-tiep-dan", RevisionVerb.RETIRE, edited(""))
        change(session, WORDS, "so_do", RevisionVerb.ALIAS, {"words": ["bìa xanh ruộng"]})
        change(session, FIGURE, "phi-sao-y-trang", RevisionVerb.EDIT, {"periods": [PERIOD]})
        change(session, FIGURE, "phi-moi", RevisionVerb.ADD, {"periods": [PERIOD | {"key": "phi-moi"}]})

    name = next(one for one, forms in HOUSE.lexicon.concepts.items() if ("sổ", "đỏ") in forms)
    assert name == "so_do"
    await database.run(write)
    present = knowledge(database)
    assert await present.look()
    assert not await present.look(), "nothing new"
    assert present.house.library.find("thu-vien") is not None
    assert present.house.library.find("phuong-tiep-dan") is None
    figures = present.house.library.figures
    assert [row.value for row in figures.list_periods("phi-sao-y-trang")] == ["3.000 đồng"]
    assert figures.keys == (*HOUSE.library.figures.keys, "phi-moi")
    (user, *_) = present.house.library.list_using("phi-sao-y-trang")
    assert user in present.house.library.list_to_review(local_date(NOW))
    assert user.id in present.house.library.stale
    more = to_json(user) | {"alternatives": [*user.alternatives, "photo có dấu đỏ"]}
    await database.run(lambda s: change(s, ENTRY, user.id, RevisionVerb.ALIAS, more))
    await present.look()
    assert user.id in present.house.library.stale, "nobody has looked at the answer"
    await database.run(lambda s: change(s, ENTRY, user.id, RevisionVerb.REVIEW, more, base=1))
    await present.look()
    assert user.id not in present.house.library.stale
    assert ("bìa", "xanh", "ruộng") in present.house.lexicon.concepts["so_do"]
    assert present.house.matcher.match("thư viện phường mở cửa khi nào").ranked[0][0] == "thu-vien"


@pytest.mark.parametrize(
    ("kind", "subject", "row"),
    [
        (ENTRY, "phuong-dia-chi", {"id": "phuong-dia-chi"}),
        (ENTRY, "phuong-dia-chi", {"id": "another", "question": "Gì?"}),
        (ENTRY, "phuong-dia-chi", {"id": "phuong-dia-chi", "question": "Gì?", "review_by": "mai"}),
        (FIGURE, "phi-sao-y-trang", {}),
        (FIGURE, "phi-sao-y-trang", {"periods": []}),
        (FIGURE, "phi-sao-y-trang", {"periods": [{"key": "phi-sao-y-trang"}]}),
        (FIGURE, "phi-sao-y-trang", {"periods": [PERIOD | {"since": "mai"}]}),
        (FIGURE, "phi-sao-y-trang", {"periods": [PERIOD | {"key": "phi-khac"}]}),
        (FIGURE, "phi-sao-y-trang", {"periods": [PERIOD, PERIOD]}),
        (WORDS, "so_do", {"words": "bìa xanh"}),
        (WORDS, "so_do", {}),
        (WORDS, "khong-co", {"words": ["bìa xanh"]}),
    ],
)
async def test_a_change_that_cannot_be_read_is_skipped_with_an_alarm(
    database: Database, kind: KnowledgeKind, subject: str, row: dict[str, Any]
) -> None:
    await database.run(lambda s: change(s, kind, subject, RevisionVerb.EDIT, row))
    present = knowledge(database)
    assert await present.look()
    assert present.house.library.get("phuong-dia-chi") == HOUSE.library.get("phuong-dia-chi")
    (alarm,) = await database.run(list_alarms)
    assert (alarm.kind, alarm.subject) == ("knowledge_unreadable", f"{kind} {subject}")
    if subject == "khong-co":
        return
    readable = {ENTRY: edited("Số 9."), WORDS: {"words": ["bìa xanh"]}, FIGURE: {"periods": [PERIOD]}}
    good = readable[kind]
    await database.run(lambda s: change(s, kind, subject, RevisionVerb.EDIT, good, base=1))
    assert await present.look()
    assert await database.run(list_alarms) == [], "a newer version that can be read settles it"


async def test_a_matcher_that_cannot_be_built_leaves_the_old_one_at_work(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object) -> None:
        raise RuntimeError("no matcher")

    monkeypatch.setattr("bot.knowledge.furnish", fall)
    await database.run(lambda s: change(s, ENTRY, "phuong-dia-chi", RevisionVerb.EDIT, edited("Số 9.")))
    present = knowledge(database)
    assert await present.look()
    assert present.house is HOUSE
    (alarm,) = await database.run(list_alarms)
    assert alarm.subject == "version 1"
    assert not await present.look(), "it is not tried again every second"


SUBJECTS = st.sampled_from(["phuong-dia-chi", "phuong-tiep-dan", "moi-1"])
STEPS = st.lists(st.tuples(SUBJECTS, st.sampled_from(["edit", "retire", "restore", "broken"])), max_size=12)


@settings(max_examples=examples(80), deadline=None)
@given(steps=STEPS, cuts=st.sets(st.integers(0, 12)))
def test_the_present_knowledge_equals_its_history_replayed(
    steps: list[tuple[str, str]], cuts: set[int]
) -> None:
    """However the history is cut into looks; a model that knows only the last readable step of each subject."""
    revisions, expected = [], {entry.id: entry for entry in HOUSE.library}
    for serial, (subject, verb) in enumerate(steps, start=1):
        entry = Entry(id=subject, topic="t", question=f"Câu {serial}?")
        row = {"id": subject} if verb == "broken" else to_json(entry)
        revisions.append(
            KnowledgeRevision(
                kind="entry",
                subject=subject,
                number=serial,
                serial=serial,
                verb=verb,
                row=row,
                created_at=NOW,
            )
        )
        if verb == "retire":
            expected.pop(subject, None)
        elif verb != "broken":
            expected[subject] = entry
    changes, start = Changes(), 0
    for end in sorted({cut for cut in cuts if cut < len(revisions)} | {len(revisions)}):
        changes, _ = changes.after(revisions[start:end], HOUSE.lexicon)
        start = end
    assert {entry.id: entry for entry in lay_over(HOUSE.library, changes.entries)} == expected
    assert changes.version == len(steps)


def test_without_changes_nothing_is_built(database: Database) -> None:
    assert database.run_now(knowledge_version) == 0
    present = knowledge(database)
    assert not asyncio.run(present.look())
    assert present.house is HOUSE
