"""Settlements are written together, fail each for itself, and outlive whoever waits for them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlmodel import Session, func, select

from bot.settlements import Settlements
from storage.database import Database
from storage.models import Alarm

NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


def _note(session: Session, subject: str) -> None:
    session.add(Alarm(kind="test", subject=subject, first_at=NOW, last_at=NOW))


async def _count(database: Database) -> int:
    return await database.read(lambda s: s.exec(select(func.count()).select_from(Alarm)).one())


async def test_all_are_written_and_few_transactions_are_needed(database: Database) -> None:
    settlements, runs = Settlements(database), 0
    run = database.run

    async def counted(work, *, ahead=False):  # type: ignore[no-untyped-def]
        nonlocal runs
        runs += 1
        return await run(work, ahead=ahead)

    database.run = counted  # type: ignore[method-assign]
    await asyncio.gather(*(settlements.record(lambda s, n=n: _note(s, str(n))) for n in range(100)))
    assert await _count(database) == 100
    assert runs <= 3


async def test_one_that_fails_takes_no_other_with_it(database: Database) -> None:
    settlements = Settlements(database)

    def fails(session: Session) -> None:
        _note(session, "never kept")
        session.flush()
        raise LookupError

    works = [settlements.record(lambda s, n=n: _note(s, str(n))) for n in range(5)]
    done = await asyncio.gather(works[0], settlements.record(fails), *works[1:], return_exceptions=True)
    assert [type(one) for one in done if one is not None] == [LookupError]
    assert await _count(database) == 5


async def test_who_is_cancelled_while_waiting_has_it_recorded_all_the_same(database: Database) -> None:
    settlements = Settlements(database)
    waiting = asyncio.create_task(settlements.record(lambda s: _note(s, "sent")))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await settlements.record(lambda s: _note(s, "next"))
    assert await _count(database) == 2
