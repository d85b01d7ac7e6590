"""Digests and reports read by the indexes of what is open, what came and what went, never through all the years."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session

from storage.figures import list_facts
from storage.figures_morning import Scope, Section, read_desk
from storage.loads import get_load
from storage.models import Ticket
from storage.votes import list_disputed
from tests.storage.test_search import filed

NOW = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
EVENING, YESTERDAY, WEEK = NOW + timedelta(hours=14), NOW - timedelta(days=1), NOW - timedelta(days=7)
MOST = {Section.LATE: 4}
OPEN_OF = "USING INDEX ix_ticket_open_of (department=?)"
CAME = "USING INDEX ix_ticket_created_at (created_at>?"
WENT = "USING INDEX ix_ticket_closed_at (closed_at>?)"
WENT_OF = "USING INDEX ix_ticket_closed_of (department=? AND closed_at>?)"
_TABLE = re.compile(r" (ticket|ticket_event) ")
STILL_OPEN = "USING INDEX ix_ticket_open"


@pytest.mark.parametrize(
    ("look", "ways"),
    [
        (lambda s: read_desk(s, Scope("KT"), NOW, EVENING, MOST), [OPEN_OF, OPEN_OF, WENT_OF]),
        (lambda s: read_desk(s, Scope("KT", 1), NOW, EVENING, MOST), [OPEN_OF, OPEN_OF, WENT_OF, OPEN_OF]),
        (lambda s: get_load(s, "KT", NOW, EVENING, YESTERDAY), [CAME, WENT, OPEN_OF]),
        (list_disputed, ["(status=? AND rowid=?)", "USING INDEX ix_ticket_event_disputed"]),
        (lambda s: list_facts(s, WEEK, NOW, NOW), [f"{CAME} AND created_at<?)", WENT, STILL_OPEN]),
    ],
    ids=["head", "officer", "load", "doubts", "figures"],
)
def test_each_question_has_its_index(
    look: Callable[[Session], object], ways: list[str], sqlite_template: Path, tmp_path: Path
) -> None:
    file = tmp_path / "books.db"
    file.write_bytes(sqlite_template.read_bytes())
    engine = sa.create_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        row: Ticket = filed(session, "2B4C-6F8G-1HJ", "đèn tắt")
        row.department = "KT"
        session.commit()
    plans: list[str] = []

    def explain(connection: sa.Connection, _c: object, statement: str, given: object, *_: object) -> None:
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            steps = [row[3] for row in cursor.fetchall()]
            plans.extend(step for step in steps if _TABLE.search(step) and "PRIMARY KEY" not in step)

    event.listen(engine, "before_cursor_execute", explain)
    with Session(engine) as session:
        look(session)
    engine.dispose()
    assert len(plans) == len(ways), plans
    for plan, way in zip(plans, ways, strict=True):
        assert way in plan, plans
