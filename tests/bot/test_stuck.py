"""`nghedan parked` and `nghedan deliveries`: seen without a word of the citizen, retried or dropped by number."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from bot import cli
from bot.commands import doctor
from bot.settings import load_settings
from storage.contacts import mark_unreachable
from storage.database import Database, open_database
from storage.models import InboxItem
from storage.statuses import DeliveryStatus
from tests.storage.rows import NOW, contact
from tests.storage.test_stuck import fail, park


@pytest.fixture
async def database(data_url: str) -> AsyncIterator[Database]:
    opened = open_database(data_url)
    yield opened
    opened.close()


def run(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    capsys.readouterr()
    assert cli.main(command) == 0
    return capsys.readouterr().out


def test_the_doctor_names_the_command_that_helps(database: Database) -> None:
    park(database, 1)
    fail(database, "Dạ", DeliveryStatus.FAILED)
    lines = [f.detail for f in doctor._database(load_settings()) if f.subject == "Cảnh báo"]
    assert any(line.startswith("message_parked") and "nghedan parked" in line for line in lines)
    assert any(line.startswith("message_rejected") and "nghedan deliveries" in line for line in lines)


def test_nothing_stuck_is_said_in_words(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert database is not None
    assert run(capsys, "parked") == "Không có tin nào bị để lại.\n"
    assert run(capsys, "deliveries", "--failed") == "Không có tin gửi nào hỏng hay chưa rõ.\n"
    assert run(capsys, "parked", "--json") == "[]\n"


def test_the_list_says_what_is_needed_and_no_word_of_the_citizen(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    (number,) = park(database, 1)
    said = run(capsys, "parked")
    assert said.startswith(f"{number}  telegram  ")
    assert "1 lần; ValueError at a.py:1" in said
    (row,) = json.loads(run(capsys, "parked", "--json"))
    assert row["number"] == number
    assert "raw" not in said + json.dumps(row)


def test_numbers_and_all_are_retried_and_numbers_are_dropped(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = park(database, 1), park(database, 2), park(database, 3)
    assert run(capsys, "parked", "--drop", str(second[0])).startswith("Đã bỏ hẳn 1 tin nhận.")
    assert run(capsys, "parked", "--retry", str(first[0])).startswith("1 tin nhận sẽ được xử lý lại")
    assert run(capsys, "parked", "--retry", "all").endswith("Không có tin nào bị để lại.\n")
    states = [
        database.run_now(lambda s, n=n: s.get_one(InboxItem, n).status) for (n,) in (first, second, third)
    ]
    assert states == ["new", "done", "new"]


def test_all_leaves_out_who_blocked_us_and_numbers_do_not(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    shut = fail(database, "Dạ", DeliveryStatus.FAILED, "tư")
    database.run_now(lambda s: mark_unreachable(s, contact(s, "tư").id or 0, NOW))
    fail(database, "Dạ", DeliveryStatus.UNKNOWN)
    said = run(capsys, "deliveries", "--retry", "all")
    assert said.startswith("1 tin gửi sẽ được gửi lại")
    assert "người nhận đã chặn" in said
    assert run(capsys, "deliveries", "--retry", str(shut)).startswith("1 tin gửi sẽ được gửi lại")


@pytest.mark.parametrize("option", ["--retry", "--drop"])
def test_a_wrong_number_does_nothing_at_all(
    database: Database, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    (number,) = park(database, 1)
    capsys.readouterr()
    assert cli.main(["parked", option, str(number), "99"]) == 2
    assert capsys.readouterr().err == f"{option}: không có tin số 99. Đang có: {number}.\n"
    assert database.run_now(lambda s: s.get_one(InboxItem, number).status) == "parked"


def test_only_sure_failures_when_asked(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    fail(database, "Dạ", DeliveryStatus.UNKNOWN)
    failed = fail(database, "Dạ", DeliveryStatus.FAILED)
    assert [row["number"] for row in json.loads(run(capsys, "deliveries", "--failed", "--json"))] == [failed]
    assert len(json.loads(run(capsys, "deliveries", "--json"))) == 2
