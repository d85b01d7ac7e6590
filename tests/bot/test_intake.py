"""Intake: callers that come together share a transaction, and one that cannot be stored hurts nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from bot.intake import Intake
from bot.tasks import TaskGroup
from core.messages import Envelope
from storage.database import Database
from storage.models import InboxItem
from tests.storage.rows import NOW, envelope


class Watched:
    """A database that counts its transactions, and may be told to be out of order."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.transactions = 0
        self.broken = False

    async def run(self, work: Callable[[Session], Any], *, ahead: bool = False) -> Any:
        self.transactions += 1
        if self.broken:
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))
        return await self._database.run(work, ahead=ahead)


@pytest.fixture
def watched(database: Database) -> Watched:
    return Watched(database)


@pytest.fixture
def intake(watched: Watched) -> Intake:
    return Intake(watched, lambda: NOW, TaskGroup())  # type: ignore[arg-type]


def stored(database: Database) -> list[str]:
    query = select(InboxItem.external_id).order_by(col(InboxItem.id))
    return list(database.run_now(lambda s: s.exec(query).all()))


def unstorable(number: int) -> Envelope:
    """No back end of ours takes half of a letter."""
    return replace(envelope(number), raw="\ud83d")


async def test_a_hundred_callers_at_once_share_two_transactions(
    database: Database, watched: Watched, intake: Intake
) -> None:
    events = [envelope(number, f"person {number}") for number in range(100)]
    new = await asyncio.gather(*(intake.record([event]) for event in events))
    assert new == [[event] for event in events]
    assert stored(database) == [str(number) for number in range(100)]
    assert watched.transactions <= 2, "while the first is written, the others gather"


async def test_each_caller_hears_what_was_new_of_its_own(database: Database, intake: Intake) -> None:
    await intake.record([envelope(1)])
    first, again, both = await asyncio.gather(
        intake.record([envelope(2)]), intake.record([envelope(2)]), intake.record([envelope(1), envelope(3)])
    )
    assert (first, again, both) == ([envelope(2)], [], [envelope(3)])
    assert stored(database) == ["1", "2", "3"]


async def test_one_event_that_cannot_be_stored_takes_no_other_along(
    database: Database, intake: Intake
) -> None:
    events = [envelope(1), unstorable(2), envelope(3)]
    answers = await asyncio.gather(*(intake.record([e]) for e in events), return_exceptions=True)
    assert answers[0] == [events[0]]
    assert isinstance(answers[1], Exception)
    assert answers[2] == [events[2]]
    assert stored(database) == ["1", "3"]


async def test_a_database_that_cannot_write_is_asked_once_for_all(watched: Watched, intake: Intake) -> None:
    watched.broken = True
    answers = await asyncio.gather(*(intake.record([envelope(n)]) for n in range(20)), return_exceptions=True)
    assert all(isinstance(answer, OperationalError) for answer in answers)
    assert watched.transactions <= 2
    watched.broken = False
    assert await intake.record([envelope(1)]) == [envelope(1)], "and afterwards all is well"


async def test_a_caller_that_hangs_up_is_still_recorded_with_the_others(
    database: Database, intake: Intake
) -> None:
    gone = asyncio.ensure_future(intake.record([envelope(1)]))
    stays = asyncio.ensure_future(intake.record([envelope(2)]))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == [envelope(2)]
    assert stored(database) == ["1", "2"]
