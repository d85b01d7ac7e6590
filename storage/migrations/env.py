"""What Alembic runs for each command: hands its context over to storage.migrate, which holds the connection."""

from __future__ import annotations

from alembic import context

from storage.migrate import run_migrations

# Alembic loads this file under the name "env_py"; any other import of it must do nothing.
if __name__ == "env_py":
    run_migrations(context)
