"""Real databases for tests: one PostgreSQL server a session, one fresh database of either back end a test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy.engine import make_url

from storage.database import Database, open_database
from storage.migrate import upgrade

_VARIABLE = "NGHEDAN_TEST_POSTGRES"
_QUICK = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -k"


@dataclass(frozen=True)
class Postgres:
    """A running server, by the URL of a database from which others can be made."""

    admin_url: str
    prefix: str

    def url(self, name: str) -> str:
        """The URL of another database of this server."""
        return make_url(self.admin_url).set(database=name).render_as_string(hide_password=False)

    def create(self, template: str = "template0") -> str:
        """Make a database; returns its name."""
        name = f"{self.prefix}{uuid.uuid4().hex[:12]}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def connect(self, name: str | None = None) -> psycopg.Connection[Any]:
        """A connection that commits by itself, to a database or to the one of the administrator."""
        url = make_url(self.admin_url).set(drivername="postgresql")
        url = url if name is None else url.set(database=name)
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def _run(self, statement: str) -> None:
        with self.connect() as connection:
            connection.execute(statement.encode())


_SHAPE = """
    SELECT count(*), coalesce(sum(attnum), 0), (SELECT max(version_num) FROM alembic_version) FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
"""
_LEAVE = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
_COUNTED = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"


@dataclass
class MigratedDatabases:
    """Migrated databases that go from test to test: emptying one takes a tenth of making one."""

    server: Postgres
    template: str
    free: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.server.connect(self.template) as connection:
            self._shape = connection.execute(_SHAPE).fetchone()
            rows = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
        self._tables = sorted(name for (name,) in rows if name != "alembic_version")

    def take(self) -> str:
        """The name of an empty one, which is the caller's until it is given back."""
        return self.free.pop() if self.free else self.server.create(self.template)

    def give_back(self, name: str) -> None:
        """Empty it for the next test; one whose tables were changed is of no more use."""
        with self.server.connect(name) as connection:
            connection.execute(f"{_LEAVE} AND pid <> pg_backend_pid()")
            fits = connection.execute(_SHAPE).fetchone() == self._shape
            if fits:
                self._empty(connection)
        if fits:
            self.free.append(name)
        else:
            self.server.drop(name)

    def _empty(self, connection: psycopg.Connection[Any]) -> None:
        has_rows = SQL("(SELECT {} FROM {} LIMIT 1)")
        asked = SQL(" UNION ALL ").join(
            has_rows.format(Literal(one), Identifier(one)) for one in self._tables
        )
        # Without the checks of foreign keys, so that the order does not matter.
        connection.execute("SET session_replication_role = replica")
        for (name,) in connection.execute(asked).fetchall():
            connection.execute(SQL("DELETE FROM {}").format(Identifier(name)))
        for (name,) in connection.execute(_COUNTED).fetchall():
            connection.execute(SQL("ALTER SEQUENCE {} RESTART").format(Identifier(name)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server: the one that the environment names, or one of our own from the system's programs."""
    prefix = f"nghedan_test_{uuid.uuid4().hex[:6]}_"
    given = os.environ.get(_VARIABLE)
    if given:
        yield Postgres(given, prefix)
        return
    with own_server(prefix) as server:
        if server is None:
            reason = f"no PostgreSQL: set {_VARIABLE} or install its server programs"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
        yield server


@contextmanager
def own_server(prefix: str) -> Iterator[Postgres | None]:
    """A server from the system's programs, gone at the end; None where they are not installed."""
    programs = _find_programs()
    if programs is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="nd-pg-", dir="/tmp"))
    process = _start(programs, folder)
    try:
        yield Postgres(f"postgresql://postgres@/postgres?host={folder}", prefix)
    finally:
        process.terminate()  # SIGTERM waits for open connections; a test that leaks one must not hang the run
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _find_programs() -> Path | None:
    """The folder of initdb and postgres. The newest of Debian's, if they are not on the path."""
    found = shutil.which("initdb")
    on_path = [Path(found).resolve().parent] if found else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin: -float(bin.parent.name))
    return next((bin for bin in [*on_path, *debian] if (bin / "postgres").exists()), None)


def _start(programs: Path, folder: Path) -> subprocess.Popen[bytes]:
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    data = folder / "data"
    init = [programs / "initdb", "-N", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([*init, "-D", data], check=True, capture_output=True, cwd="/", **who)
    log = (folder / "log").open("wb")
    server = [programs / "postgres", "-D", data, *_QUICK.split(), folder]
    process = subprocess.Popen(server, stdout=log, stderr=log, cwd="/", **who)
    log.close()
    ready = [programs / "pg_isready", "-h", folder, "-U", "postgres", "-q"]
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError((folder / "log").read_text())
        if subprocess.run(ready, timeout=5).returncode == 0:
            return process
    process.kill()
    raise RuntimeError("PostgreSQL did not start")


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> Iterator[str]:
    """A migrated database to copy from: copying takes a fraction of the steps."""
    name = postgres.create()
    upgrade(postgres.url(name))
    yield name
    postgres.drop(name)


@pytest.fixture(scope="session")
def migrated_databases(postgres: Postgres, postgres_template: str) -> Iterator[MigratedDatabases]:
    """The databases that the tests of this session pass on."""
    pool = MigratedDatabases(postgres, postgres_template)
    yield pool
    for name in pool.free:
        postgres.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy from."""
    file = tmp_path_factory.mktemp("template") / "nghedan.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def data_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path) -> str:
    """The migrated database in the data folder of a product that commands of this process work on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NGHEDAN_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'data' / 'nghedan.db')}"


@pytest.fixture
def postgres_database(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, once on each back end."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'nghedan.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database without any row, once on each back end."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'nghedan.db')}"
        return
    pool: MigratedDatabases = request.getfixturevalue("migrated_databases")
    name = pool.take()
    yield pool.server.url(name)
    pool.give_back(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database, once on each back end."""
    opened = open_database(database_url)
    yield opened
    opened.close()
