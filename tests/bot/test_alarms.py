"""Alarms settle when their cause is gone or when somebody has seen to them; then the doctor is content."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot import cli
from bot.channels import contract
from bot.channels.contract import Batch, Channel
from bot.commands import doctor
from bot.gateway import Gateway
from bot.settings import load_settings
from bot.tasks import TaskGroup
from storage.database import Database, open_database
from storage.machinery import list_alarms, raise_alarm, settle_other_channels
from storage.models import Alarm

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
async def database(data_url: str) -> AsyncIterator[Database]:
    opened = open_database(data_url)
    yield opened
    opened.close()


def raise_some(database: Database) -> None:
    def work(session: Session) -> None:
        for number in (7, 8, 9):
            raise_alarm(session, "message_rejected", f"telegram #{number}", "Rejected 400", NOW)
        raise_alarm(session, "message_parked", "zalo #3", "ValueError at a.py:1", NOW)
        raise_alarm(session, "channel_down", "telegram", "Misconfigured 401", NOW)

    database.run_now(work)


def open_ones(database: Database) -> list[str]:
    return sorted(f"{one.kind} {one.subject}" for one in database.run_now(list_alarms))


def doctors_alarms() -> list[str]:
    found = doctor._database(load_settings())
    return [finding.detail for finding in found if finding.subject == "Cảnh báo" and not finding.ok]


def test_the_doctor_counts_messages_together_and_is_content_once_somebody_has_looked(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    raise_some(database)
    lines = doctors_alarms()
    assert len(lines) == 3
    assert any(line.startswith("message_rejected telegram: Rejected 400 (3 lần)") for line in lines)
    assert all("nghedan alarms" in line for line in lines)
    assert cli.main(["alarms", "--settle", "all"]) == 0
    assert "Đã ghi nhận 5 cảnh báo.\nKhông có cảnh báo nào." in capsys.readouterr().out
    assert doctors_alarms() == []


def test_alarms_are_listed_with_numbers_and_meaning(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["alarms"]) == 0
    assert capsys.readouterr().out == "Không có cảnh báo nào.\n"
    raise_some(database)
    cli.main(["alarms"])
    first, meaning, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("5  channel_down telegram: Misconfigured 401 (1 lần, gần nhất ")
    assert meaning.startswith("   kênh không nhận")
    cli.main(["alarms", "--json"])
    row = json.loads(capsys.readouterr().out)[-1]
    assert (row["number"], row["kind"], row["count"]) == (1, "message_rejected", 1)


def test_one_is_settled_and_the_long_list_keeps_it(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    raise_some(database)
    cli.main(["alarms", "--settle", "1", "4"])
    assert open_ones(database) == [
        "channel_down telegram",
        "message_rejected telegram #8",
        "message_rejected telegram #9",
    ]
    capsys.readouterr()
    cli.main(["alarms", "--all"])
    assert capsys.readouterr().out.count("; hết ") == 2


@pytest.mark.parametrize("wrong", [["6"], ["1", "99"], ["x"], ["all", "1"], ["²"], ["0"]])
def test_a_wrong_number_settles_nothing(
    database: Database, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    raise_some(database)
    assert cli.main(["alarms", "--settle", *wrong]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "1, 2, 3, 4, 5" in line
    assert len(open_ones(database)) == 5


def test_what_comes_back_is_news(database: Database) -> None:
    raise_some(database)
    cli.main(["alarms", "--settle", "all"])
    raise_some(database)
    assert len(open_ones(database)) == 5
    assert len(database.run_now(lambda s: list_alarms(s, settled=True))) == 10


def test_a_channel_that_is_switched_off_alarms_nobody(database: Database) -> None:
    raise_some(database)
    database.run_now(lambda s: settle_other_channels(s, ["webchat", "zalo"], NOW))
    assert "channel_down telegram" not in open_ones(database)
    assert len(open_ones(database)) == 4


class PolledChannel:
    """Answers a poll by script: an error to raise, else «nothing new»."""

    name, account = "telegram", "1"

    def __init__(self, script: list[contract.SendError | None]) -> None:
        self.script = script
        self.polls = 0

    async def poll(self, _cursor: str | None) -> Batch:
        self.polls += 1
        await asyncio.sleep(0.01)
        error = self.script.pop(0) if self.script else None
        if error is not None:
            raise error
        return Batch((), None)


@pytest.mark.parametrize("script", [[], [contract.ConnectionFailed("refused")]])
async def test_a_channel_that_is_read_again_ends_the_alarm_of_an_earlier_process(
    database: Database, script: list[contract.SendError | None]
) -> None:
    raise_some(database)
    polled = PolledChannel(list(script))
    channel: Channel = polled  # type: ignore[assignment]
    gateway = Gateway(database, lambda: NOW + timedelta(minutes=1), lambda: None, "me", TaskGroup())
    task = asyncio.create_task(gateway.poll(channel))
    try:
        async with asyncio.timeout(10):
            while "channel_down telegram" in [f"{a.kind} {a.subject}" for a in await _alarms(database)]:
                await asyncio.sleep(0.02)
    finally:
        task.cancel()
    assert polled.polls > len(script)


async def _alarms(database: Database) -> list[Alarm]:
    return list(await database.run(list_alarms))
