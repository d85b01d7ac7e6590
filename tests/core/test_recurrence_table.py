"""Rules as people write them, against dates reckoned by hand (tests/core/reminder_rules.txt)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.calendar import DayRule, WorkCalendar
from core.recurrence.dates import next_occurrences
from core.recurrence.reading import read_rule
from core.recurrence.result import Unclear, Understood, Unsure
from core.recurrence.rule import Rule

TABLE = Path(__file__).with_name("reminder_rules.txt")


@dataclass(frozen=True)
class Line:
    number: int
    today: date
    text: str
    answer: tuple[str, ...]


def day(text: str) -> date:
    number, month, year = text.split("/")
    return date(2000 + int(year), int(month), int(number))


def heads(name: str) -> list[date]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [day(one) for line in lines if line.startswith(f"{name}: ") for one in line.split()[1:]]


def lines() -> Iterator[Line]:
    today = date.min
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("Hôm nay: "):
            today = day(line.split()[-1])
        elif " | " in line and not line.startswith("#"):
            text, *answer = line.split(" | ")
            yield Line(number, today, text, tuple(answer))


def calendar() -> WorkCalendar:
    """The days of the table alone: what the shipped calendar says changes with every notice of the Government."""
    span = [date(2025, 12, 1) + timedelta(days=step) for step in range(800)]
    off, worked = set(heads("Nghỉ")), set(heads("Làm"))
    return WorkCalendar(
        DayRule(one, one in worked or (one.weekday() < 5 and one not in off), "bảng") for one in span
    )


CALENDAR = calendar()


def dates(rule: Rule, today: date, count: int) -> str:
    # A date that two reminders share is told once.
    told = dict.fromkeys(one.remind_on for one in next_occurrences(rule, CALENDAR, today, count * 2 + 2))
    return " ".join(f"{one.day}/{one.month}/{one.year % 100}" for one in list(told)[:count])


@pytest.mark.parametrize("line", list(lines()), ids=lambda line: f"{line.number}: {line.text}")
def test_rule(line: Line) -> None:
    reading = read_rule(line.text, line.today)
    first, *others = line.answer
    if first.startswith("! "):
        assert isinstance(reading, Unclear)
        assert f"! {reading.trouble}" + (f": {reading.part}" if reading.part else "") == first
    elif first.startswith("? "):
        assert isinstance(reading, Unsure)
        assert reading.doubt == first.removeprefix("? ")
        assert [
            dates(one, line.today, len(said.split()))
            for one, said in zip(reading.readings, others, strict=True)
        ] == others
    else:
        assert isinstance(reading, Understood)
        assert dates(reading.rule, line.today, len(first.split())) == first


def test_the_table_is_as_long_as_it_must_be() -> None:
    assert len({line.text for line in lines()}) >= 140
