"""The office's own replies: one stands for an act, category and title in each layer, earlier words are kept."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from core.replies import Act, Reply
from storage.canned import as_reply, lay_reply, list_replies, retire_reply
from storage.database import Database
from storage.models import CannedReply
from storage.staff import Duty, enlist
from storage.statuses import StaffRole
from tests.storage.rows import NOW, SECOND, contact

FIRST = Reply(Act.ASK, "Xin ảnh", "Bác gửi ảnh ạ?", "DEN")
OTHER = Reply(Act.ASK, "xin anh", "Bác chụp giúp một ảnh ạ?", "DEN")


@pytest.fixture
def officer(database: Database) -> int:
    def make(session: Session) -> int:
        duty = Duty(StaffRole.OFFICER, "KT")
        return enlist(session, contact(session, "hanh"), duty, "hanh", NOW).id or 0

    return database.run_now(make)


def standing(database: Database, department: str | None) -> list[Reply]:
    return database.run_now(lambda s: [as_reply(row) for row in list_replies(s, department)])


def test_a_newer_one_takes_the_place_and_the_older_is_kept(database: Database, officer: int) -> None:
    database.run_now(lambda s: lay_reply(s, FIRST, "KT", officer, NOW).id)
    database.run_now(lambda s: lay_reply(s, OTHER, "KT", officer, NOW + SECOND).id)
    assert standing(database, "KT") == [OTHER]
    rows = database.run_now(
        lambda s: [(row.text, row.retired_at) for row in s.exec(select(CannedReply)).all()]
    )
    assert sorted(rows, key=lambda row: row[1] is None) == [(FIRST.text, NOW + SECOND), (OTHER.text, None)]


def test_each_layer_has_its_own(database: Database, officer: int) -> None:
    database.run_now(lambda s: lay_reply(s, FIRST, None, officer, NOW).id)
    database.run_now(lambda s: lay_reply(s, OTHER, "KT", officer, NOW).id)
    assert standing(database, None) == [FIRST]
    assert standing(database, "CA") == [FIRST]
    assert standing(database, "KT") == [FIRST, OTHER]


def test_only_the_named_one_of_the_layer_is_taken_away(database: Database, officer: int) -> None:
    database.run_now(lambda s: lay_reply(s, FIRST, None, officer, NOW).id)
    database.run_now(lambda s: lay_reply(s, OTHER, "KT", officer, NOW).id)
    same_title = Reply(Act.ASK, "Xin ảnh", "Cho mọi việc ạ?")
    database.run_now(lambda s: lay_reply(s, same_title, "KT", officer, NOW).id)
    assert database.run_now(lambda s: retire_reply(s, FIRST, "KT", NOW)) == 1
    assert database.run_now(lambda s: retire_reply(s, FIRST, "KT", NOW)) == 0
    assert standing(database, "KT") == [FIRST, same_title]
