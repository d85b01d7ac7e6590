"""Runs PostgreSQL's own programs for backups: pg_dump, pg_restore and psql."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

from storage.archive import BackupError

_SECONDS = 3600
# A dump empties the search path, so the schema is named. psql fills in :'fact'.
_NOTE = """
INSERT INTO public.house_fact (name, value) VALUES (:'fact', CURRENT_TIMESTAMP::text)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
"""


def dump(url: str, target: Path) -> None:
    """Write one consistent snapshot in PostgreSQL's own format. Raises BackupError."""
    _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], url)


def load(url: str, source: Path, fact: str, *, overwrite: bool) -> None:
    """Load a dump and write the house fact `fact`, in one transaction. Raises BackupError."""
    script, note = source.with_suffix(".sql"), source.with_suffix(".fact.sql")
    clean = ["--clean", "--if-exists"] if overwrite else []
    _run("pg_restore", ["--no-owner", "--no-privileges", *clean, f"--file={script}", str(source)], None)
    # In the same transaction: a copy that is there without the fact would begin to send.
    note.write_text(_NOTE)
    quiet = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--set=fact={fact}"]
    _run("psql", [*quiet, f"--file={script}", f"--file={note}"], url)


def _run(name: str, arguments: list[str], url: str | None) -> None:
    program = shutil.which(name)
    if program is None:
        raise BackupError("no_tool", name=name)
    where, environment = _connection(url) if url is not None else ([], {})
    done = subprocess.run(
        [program, *where, *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise BackupError("tool_failed", name=name, detail=lines[-1] if lines else done.returncode)


def _connection(url: str) -> tuple[list[str], dict[str, str]]:
    """Where to connect to; the password goes by the environment, which other users cannot see."""
    parsed = make_url(url)
    password = {"PGPASSWORD": str(parsed.password)} if parsed.password else {}
    plain = parsed._replace(drivername="postgresql", password=None).render_as_string(hide_password=False)
    return [f"--dbname={plain}"], password
