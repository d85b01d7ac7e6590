"""Revisions of the knowledge: decided once, never over a newer version, in one order on both back ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, select

from storage.database import Database
from storage.knowledge import (
    Proposal,
    add_proposal,
    bring_into_force,
    find_newest,
    find_version,
    is_known_subject,
    knowledge_version,
    list_changed,
    list_in_force_after,
    list_proposals,
    list_proposals_about,
    list_versions,
    newest_number,
    turn_down,
)
from storage.models import KnowledgeRevision
from storage.staff import Duty, enlist
from storage.statuses import KnowledgeKind, RevisionOutcome, RevisionStatus, RevisionVerb, StaffRole
from tests.storage.rows import NOW, SECOND, contact

ENTRY, EDIT = KnowledgeKind.ENTRY, RevisionVerb.EDIT
DONE, DECIDED, STALE = RevisionOutcome.DONE, RevisionOutcome.DECIDED, RevisionOutcome.STALE
SHIPPED = {"id": "a", "question": "Bản gốc?"}


@pytest.fixture
def people(database: Database) -> tuple[int, int]:
    """The ids of an author and of a second person."""

    def make(session: Session) -> tuple[int, int]:
        ids = []
        for name in ("hanh", "minh"):
            duty = Duty(StaffRole.OFFICER, "KT")
            ids.append(enlist(session, contact(session, name), duty, name, NOW).id or 0)
        return ids[0], ids[1]

    return database.run_now(make)


def propose(
    database: Database,
    author: int,
    subject: str = "a",
    base: int = 0,
    text: str = "mới",
    department: str = "KT",
) -> int:
    proposal = Proposal(ENTRY, subject, EDIT, {"id": subject, "question": text}, base, author, department)
    return database.run_now(lambda s: add_proposal(s, proposal, NOW).id or 0)


def approve(database: Database, number: int, by: int) -> RevisionOutcome:
    return database.run_now(lambda s: bring_into_force(s, number, by, SHIPPED, NOW + SECOND))


def test_a_proposal_changes_nothing_until_it_is_approved(database: Database, people: tuple[int, int]) -> None:
    number = propose(database, people[0])
    assert database.run_now(knowledge_version) == 0
    assert database.run_now(lambda s: list_in_force_after(s, 0)) == []
    assert database.run_now(lambda s: is_known_subject(s, ENTRY, "a"))
    assert approve(database, number, people[1]) is DONE
    (revision,) = database.run_now(lambda s: list_in_force_after(s, 0))
    assert (revision.number, revision.serial, revision.status) == (1, 1, "in_force")
    assert (revision.decided_by, revision.decided_at) == (people[1], NOW + SECOND)
    assert database.run_now(lambda s: list_in_force_after(s, 1)) == []


def test_what_was_shipped_is_kept_as_version_0_with_the_first_change(
    database: Database, people: tuple[int, int]
) -> None:
    approve(database, propose(database, people[0]), people[1])
    approve(database, propose(database, people[0], base=1), people[1])
    versions = database.run_now(lambda s: list_versions(s, ENTRY, "a"))
    assert [(one.number, one.verb) for one in versions] == [(2, "edit"), (1, "edit"), (0, "shipped")]
    shipped = database.run_now(lambda s: find_version(s, ENTRY, "a", 0))
    assert shipped is not None
    assert (shipped.row, shipped.serial) == (SHIPPED, None)
    assert database.run_now(lambda s: find_newest(s, ENTRY, "b")) is None


def test_of_two_proposals_from_one_version_the_second_is_told_and_changes_nothing(
    database: Database, people: tuple[int, int]
) -> None:
    first, second = propose(database, people[0]), propose(database, people[0], text="khác")
    assert approve(database, first, people[1]) is DONE
    assert approve(database, second, people[1]) is STALE
    assert approve(database, first, people[1]) is DECIDED
    assert database.run_now(lambda s: newest_number(s, ENTRY, "a")) == 1
    assert [one.id for one in database.run_now(lambda s: list_proposals_about(s, ENTRY, "a"))] == [second]


def test_a_decision_is_final(database: Database, people: tuple[int, int]) -> None:
    author, other = people

    def down(number: int, status: RevisionStatus) -> RevisionOutcome:
        return database.run_now(lambda s: turn_down(s, number, status, other, "chưa rõ", NOW))

    number = propose(database, author)
    assert down(number, RevisionStatus.RETURNED) is DONE
    assert down(number, RevisionStatus.WITHDRAWN) is DECIDED
    assert approve(database, number, other) is DECIDED
    assert approve(database, 999, other) is DECIDED
    (row,) = database.run_now(lambda s: s.exec(select(KnowledgeRevision)).all())
    assert (row.status, row.reason, row.number) == ("returned", "chưa rõ", None)


def test_of_many_who_approve_at_once_one_does(database: Database, people: tuple[int, int]) -> None:
    """One proposal, then eight from the same version: one comes into force, the serials have no gap."""
    number = propose(database, people[0])
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda _: approve(database, number, people[1]), range(8)))
    assert sorted(outcomes) == [DECIDED] * 7 + [DONE]
    rivals = [propose(database, people[0], base=1) for _ in range(8)]
    others = [propose(database, people[0], subject=f"b{n}") for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda one: approve(database, one, people[1]), [*rivals, *others]))
    assert sorted(outcomes) == [DONE] * 9 + [STALE] * 7
    serials = [one.serial for one in database.run_now(lambda s: list_in_force_after(s, 0))]
    assert serials == list(range(1, 11))
    assert len(database.run_now(lambda s: list_changed(s, ENTRY))) == 9


def test_proposals_wait_with_their_department(database: Database, people: tuple[int, int]) -> None:
    ours, theirs = propose(database, people[0]), propose(database, people[0], department="CA")

    def waiting(department: str | None) -> list[int | None]:
        return [one.id for one in database.run_now(lambda s: list_proposals(s, department, 10))]

    assert (waiting("KT"), waiting("CA"), waiting(""), waiting(None)) == (
        [ours],
        [theirs],
        [],
        [ours, theirs],
    )


def test_kinds_have_versions_of_their_own_and_one_order_among_them(
    database: Database, people: tuple[int, int]
) -> None:
    """An entry, words and a figure of one name do not disturb each other; replayed they come in one order."""

    def put(session: Session, kind: KnowledgeKind) -> None:
        proposal = Proposal(kind, "a", EDIT, {"kind": kind.value}, 0, people[0], "KT")
        revision = add_proposal(session, proposal, NOW)
        assert bring_into_force(session, revision.id or 0, people[1], None, NOW) is DONE

    for kind in KnowledgeKind:
        database.run_now(lambda s, kind=kind: put(s, kind))
    replayed = database.run_now(lambda s: [(one.kind, one.number) for one in list_in_force_after(s, 0)])
    assert replayed == [(kind.value, 1) for kind in KnowledgeKind]
    for kind in KnowledgeKind:
        newest = database.run_now(lambda s, kind=kind: find_newest(s, kind, "a"))
        assert newest is not None
        assert newest.row == {"kind": kind.value}
        changed = database.run_now(lambda s, kind=kind: list_changed(s, kind))
        assert [one.id for one in changed] == [newest.id]
