"""The line before the writer: who is waited for outside goes first, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from storage.database import SqliteDatabase, open_database
from storage.line import GROUP, Line, LineClosed


def filled(ahead: int, others: int) -> Line[str]:
    line: Line[str] = Line()
    for number in range(others):
        line.put(f"other {number}", ahead=False)
    for number in range(ahead):
        line.put(f"ahead {number}", ahead=True)
    return line


def test_what_somebody_waits_for_goes_before_what_came_earlier() -> None:
    line = filled(ahead=2, others=2)
    assert line.take() == ["ahead 0", "ahead 1"]
    assert line.take() == ["other 0", "other 1"]


def test_a_stream_of_works_that_go_ahead_does_not_starve_the_others() -> None:
    line = filled(ahead=1, others=3)
    taken = []
    for number in range(1, 7):
        group = line.take()
        line.put(f"ahead {number}", ahead=True)
        if not group[0].startswith("ahead") and line.is_long():
            line.put_back(group[1:])
            group = group[:1]
        taken += group
    assert [one for one in taken if one.startswith("other")] == ["other 0", "other 1", "other 2"]


def test_a_group_never_grows_beyond_its_size() -> None:
    line = filled(ahead=0, others=GROUP + 1)
    assert len(line.take()) == GROUP
    assert line.take() == [f"other {GROUP}"]


def test_what_is_put_back_keeps_its_place() -> None:
    line = filled(ahead=0, others=4)
    group = line.take()
    line.put("other 4", ahead=False)
    line.put_back(group[1:])
    assert line.take() == ["other 1", "other 2", "other 3", "other 4"]


def test_a_closed_line_hands_out_what_it_has_and_takes_nothing() -> None:
    line = filled(ahead=1, others=1)
    line.close()
    with pytest.raises(LineClosed):
        line.put("late", ahead=True)
    assert [line.take(), line.take(), line.take()] == [["ahead 0"], ["other 0"], []]


async def test_a_caller_waits_for_one_long_work_and_not_for_all_of_them(tmp_path) -> None:  # type: ignore[no-untyped-def]
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    assert isinstance(database, SqliteDatabase)
    handled: list[int] = []
    begun = threading.Event()

    def long_work(number: int) -> None:
        begun.set()
        time.sleep(0.01)
        handled.append(number)

    works = [asyncio.ensure_future(database.run(lambda _s, n=n: long_work(n))) for n in range(40)]
    await asyncio.to_thread(begun.wait, 5)
    before = await database.run(lambda _s: len(handled), ahead=True)
    await asyncio.gather(*works)
    database.close()
    assert before <= 3, f"{before} long works came before"
    assert handled == list(range(40)), "the others keep their order"
