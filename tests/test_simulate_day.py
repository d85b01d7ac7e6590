"""A day of the ward keeps the rules, and the rules notice what is tampered with."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from sqlmodel import Session, col, select

from bot.cli import main
from storage.models import Ticket
from storage.statuses import TicketStatus
from tests.day.phones import Provider
from tests.day.plan import DAY, draw_cast
from tests.day.playing import Day
from tests.props import sample_house


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def play(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = main(["simulate", "day", "--json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_a_small_day_keeps_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = play(capsys, "--citizens", "30", "--officers", "7", "--seed", "3")
    assert told["violations"] == []
    assert code == 0
    facts = told["facts"]
    assert isinstance(facts, dict)
    # The day is worth something only when much happened in it.
    assert facts["answered"] >= 5
    assert facts["faults"] >= 1
    assert facts["flood_largest"] >= 3


def test_what_is_lost_or_made_up_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_rest = Day._come_to_rest

    def close_one_in_silence(session: Session) -> None:
        ticket = session.exec(select(Ticket).where(col(Ticket.closed_at).is_not(None))).first()
        assert ticket is not None
        ticket.status, ticket.answer = TicketStatus.RESOLVED.value, None
        session.add(ticket)

    async def tampered(day: Day) -> None:
        await at_rest(day)
        day.cast.citizens[0][1].phone.screen.pop()
        await day.program.database.run(close_one_in_silence)

    monkeypatch.setattr(Day, "_come_to_rest", tampered)
    code, told = play(capsys, "--citizens", "10", "--officers", "3", "--seed", "1")
    assert code == 1
    named = "\n".join(map(str, told["violations"]))  # type: ignore[call-overload]
    assert "tin tới máy" in named
    assert "đóng mà không có lời" in named


def test_the_same_seed_is_the_same_ward() -> None:
    def words(seed: int) -> list[tuple[object, ...]]:
        provider = Provider(lambda: DAY, Random(0))
        cast = draw_cast(provider, sample_house(), seed, 40, 5)
        return [(begins, one.says, one.place, one.phone.address) for begins, one in cast.citizens]

    assert words(5) == words(5) != words(6)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_day_keeps_every_rule(capsys: pytest.CaptureFixture[str], seed: int) -> None:
    code, told = play(capsys, "--seed", str(seed))
    assert told["violations"] == []
    assert code == 0
    assert float(str(told["cpu_seconds"])) < 120
