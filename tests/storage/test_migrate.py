"""Migrations: from nothing to today and back, on both back ends, never over what a newer version wrote."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import Session, select

from storage import migrate, revision
from storage.database import open_database
from storage.engine import make_engine
from storage.machinery import save_fact
from storage.models import Contact, HouseFact, Ticket
from storage.search import Wanted, search_tickets
from storage.staff import list_staff
from tests.postgres import Postgres

_FILED_IN_0006 = (
    "INSERT INTO ticket (code, text, place, contact_id, category, department, status, created_at, due_at,"
    " updated_at, version, privacy, source, reopened) VALUES (:values, 1, 'RAC', 'KT', 'moi',"
    " '2026-11-24 01:00:00', '2026-11-27 10:00:00', '2026-11-24 01:00:00', 1, 'named', 'chat', 0)"
)
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def execute(url: str, statement: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_the_numbers_of_the_steps_are_their_order() -> None:
    steps = ScriptDirectory(str(revision.FOLDER)).walk_revisions()
    assert revision.list_revisions() == [step.revision for step in steps][::-1]


def test_the_steps_make_exactly_the_tables_of_the_models(empty_url: str) -> None:
    assert revision.needs_upgrade(empty_url)
    assert revision.current_revision(empty_url) is None
    migrate.upgrade(empty_url)
    assert migrate.list_differences(empty_url) == []
    assert not revision.needs_upgrade(empty_url)
    assert revision.current_revision(empty_url) == revision.newest_revision()


def test_every_column_has_the_nullability_and_every_index_the_condition_of_the_model(empty_url: str) -> None:
    """The comparison above does not see partial conditions: compare the written definitions."""
    migrate.upgrade(empty_url)
    by_steps = definitions(empty_url)
    execute(empty_url, "DROP TABLE alembic_version")
    engine = make_engine(empty_url)
    models = migrate.SQLModel.metadata
    models.drop_all(engine)
    models.create_all(engine)
    engine.dispose()
    assert definitions(empty_url) == by_steps


def test_staff_of_the_first_tables_are_in_service_after_the_next_step(empty_url: str) -> None:
    migrate.upgrade(empty_url, "0001")
    execute(
        empty_url,
        "INSERT INTO contact (channel, account, external_id, is_group, created_at)"
        " VALUES ('telegram', '1', '2', false, '2026-11-24 01:00:00')",
    )
    execute(
        empty_url,
        "INSERT INTO staff (contact_id, role, name, active, joined_at)"
        " VALUES (1, 'leader', 'Lan', true, '2026-11-24 01:00:00')",
    )
    migrate.upgrade(empty_url)
    database = open_database(empty_url)
    try:
        ((staff, _),) = database.run_now(list_staff)
        assert (staff.name, staff.left_by) == ("Lan", None)
    finally:
        database.close()
    migrate.downgrade(empty_url, "0001")
    assert revision.current_revision(empty_url) == "0001"


def test_tickets_of_the_third_step_came_by_chat_and_name_nobody_in_public(empty_url: str) -> None:
    migrate.upgrade(empty_url, "0003")
    execute(
        empty_url,
        "INSERT INTO contact (channel, account, external_id, is_group, created_at)"
        " VALUES ('telegram', '1', '2', false, '2026-11-24 01:00:00')",
    )
    execute(
        empty_url,
        "INSERT INTO ticket (code, contact_id, category, department, status, text, created_at, due_at,"
        " updated_at, version) VALUES ('A2B3', 1, 'RAC', 'KT', 'moi', 'Rác', '2026-11-24 01:00:00',"
        " '2026-11-27 10:00:00', '2026-11-24 01:00:00', 1)",
    )
    migrate.upgrade(empty_url)
    database = open_database(empty_url)
    try:
        (ticket,) = database.run_now(lambda session: list(session.exec(select(Ticket)).all()))
        assert (ticket.privacy, ticket.source, ticket.reopened, ticket.parent_id) == (
            "hidden_public",
            "chat",
            0,
            None,
        )
    finally:
        database.close()
    migrate.downgrade(empty_url, "0003")
    assert revision.current_revision(empty_url) == "0003"


def test_tickets_of_the_sixth_step_are_found_by_their_words(empty_url: str) -> None:
    migrate.upgrade(empty_url, "0006")
    execute(
        empty_url,
        "INSERT INTO contact (channel, account, external_id, is_group, created_at)"
        " VALUES ('telegram', '1', '2', false, '2026-11-24 01:00:00')",
    )
    for values in (
        "'A2B3', 'Đèn ngõ 5', 'cột số 7'",
        "'B3C4', 'Rác', NULL",
        "'C4F5', '…', NULL",
    ):
        execute(empty_url, _FILED_IN_0006.replace(":values", values))
    migrate.upgrade(empty_url)
    database = open_database(empty_url)
    try:
        for words, found in (
            (("đèn", "cot"), ["A2B3"]),
            (("rac",), ["B3C4"]),
            ((), ["C4F5", "B3C4", "A2B3"]),
        ):
            wanted = Wanted(words=words)
            tickets = database.run_now(lambda session, wanted=wanted: search_tickets(session, wanted, 0, 9))
            assert [ticket.code for ticket in tickets] == found
    finally:
        database.close()
    migrate.downgrade(empty_url, "0006")
    assert revision.current_revision(empty_url) == "0006"


def definitions(url: str) -> list[str]:
    engine = make_engine(url)
    queries = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND tablename != 'alembic_version' ORDER BY indexname",
    }
    with engine.connect() as connection:
        rows = connection.execute(text(queries[engine.dialect.name])).all()
    engine.dispose()
    return [f"{row[0]}: {row[1].replace('  ', ' ')}" for row in rows]


def test_down_to_nothing_and_up_again(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, "base")
    assert revision.current_revision(empty_url) is None
    migrate.upgrade(empty_url)
    assert migrate.list_differences(empty_url) == []


def test_replicas_that_start_together_take_the_steps_once(postgres: Postgres) -> None:
    """On PostgreSQL only: a SQLite file has one process, which its folder lock sees to."""
    name = postgres.create()
    url = postgres.url(name)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: migrate.upgrade(url), range(4)))
    assert migrate.list_differences(url) == []
    postgres.drop(name)


def test_a_newer_database_is_refused_and_stays_as_it_is(database_url: str) -> None:
    execute(database_url, "UPDATE alembic_version SET version_num = '9999'")
    for attempt in (migrate.upgrade, revision.needs_upgrade, revision.current_revision):
        with pytest.raises(revision.NewerDatabase, match="9999") as caught:
            attempt(database_url)
        assert caught.value.revision == "9999"


def test_a_table_of_somebody_else_under_our_name_is_refused(empty_url: str) -> None:
    execute(empty_url, "CREATE TABLE inbox (id INTEGER)")
    with pytest.raises(revision.ForeignDatabase):
        migrate.upgrade(empty_url)


def test_rows_survive_and_a_failing_step_changes_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(database_url)
    database.run_now(lambda s: save_fact(s, "who", "bà Lan"))
    database.close()

    def half_a_step(connection: object, _config: object) -> None:
        connection.exec_driver_sql("DROP TABLE house_fact")  # type: ignore[attr-defined]
        raise RuntimeError("power cut")

    monkeypatch.setattr(migrate, "needs_upgrade", lambda _url: True)
    monkeypatch.setattr(migrate, "_config", lambda connection: connection)
    monkeypatch.setattr(migrate.command, "upgrade", half_a_step)
    with pytest.raises(RuntimeError, match="power cut"):
        migrate.upgrade(database_url)
    database = open_database(database_url)
    assert database.run_now(lambda s: s.exec(select(HouseFact.value)).one()) == "bà Lan"
    database.close()


def test_before_a_step_the_file_is_copied(sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "nghedan.db"
    file.write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{file}"
    database = open_database(url)
    database.run_now(lambda s: save_fact(s, "who", "bà Lan"))
    copy = migrate.downgrade(url, "base")  # still open elsewhere: what is in the log file must be in the copy
    database.close()
    assert copy == tmp_path / f"nghedan.db.{revision.newest_revision()}.bak"
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT value FROM house_fact").fetchall() == [("bà Lan",)]
    assert migrate.upgrade(url) is None, "nothing worth a copy in an empty file"


def test_a_step_that_leaves_a_dangling_reference_is_undone(sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "nghedan.db"
    file.write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{file}"
    with closing(sqlite3.connect(file)) as connection:
        row = (7, NOW.isoformat(), "", 5, "officer", "Hạnh", 0)
        connection.execute(
            "INSERT INTO staff (contact_id, joined_at, department, id, role, name, is_head, active, leads_team)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0)",
            row,
        )
        connection.commit()
    with pytest.raises(migrate.BrokenReference), migrate._locked(url) as connection:
        connection.exec_driver_sql("DELETE FROM house_fact")


def test_datetimes_come_back_aware_and_in_utc(database_url: str) -> None:
    database = open_database(database_url)
    hanoi = datetime.fromisoformat("2026-11-24T08:00:00.123456+07:00")

    def write(session: Session) -> None:
        session.add(Contact(channel="x", account="a", external_id="1", created_at=hanoi))

    database.run_now(write)
    found = database.run_now(lambda s: s.exec(select(Contact.created_at)).one())
    database.close()
    assert found == hanoi
    assert found.utcoffset() is not None
    assert found.tzinfo is UTC
