"""The ward under any order of verbs, taps, repeats and restarts, on both databases; the rules: machine_books.py."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from storage.engine import make_engine
from tests.handlers_staff.machine_together import Together


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine | None]:
    """Where the ward keeps its books: the stage's own file, or a migrated PostgreSQL database."""
    if request.param == "sqlite":
        yield None
        return
    server = request.getfixturevalue("postgres")
    name = server.create(request.getfixturevalue("postgres_template"))
    made = make_engine(server.url(name))
    yield made
    made.dispose()
    server.drop(name)


def play(engine: Engine | None, examples: int, steps: int) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        # Without shrinking: a failure is told at once, and a history of twenty steps can be read as it is.
        phases=(Phase.explicit, Phase.generate),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(partial(Together, engine), settings=chosen)  # type: ignore[no-untyped-call]


@pytest.mark.timeout(300)
def test_anything_in_any_order(engine: Engine | None) -> None:
    play(engine, 8, 20)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_anything_in_any_order_for_long(engine: Engine | None) -> None:
    play(engine, 300, 50)
