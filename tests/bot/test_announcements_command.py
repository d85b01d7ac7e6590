"""`nghedan announcements`: the same figures as in the chat, in words and as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot import cli
from storage.database import Database
from storage.models import Announcement
from tests.bot.test_stuck import database, run
from tests.storage.test_announcement_figures import ROWS, fill

__all__ = ["database"]


def _filled(database: Database) -> int:
    """Written today: the command looks back from the real clock."""
    number = database.run_now(fill)

    def date_it(session: Session) -> None:
        session.get_one(Announcement, number).created_at = datetime.now(UTC)

    database.run_now(date_it)
    return number


def test_nothing_announced_is_said_in_words(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert database is not None
    assert "Không có thông báo nào" in run(capsys, "announcements")
    assert json.loads(run(capsys, "announcements", "--json")) == []


def test_the_figures(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    number = _filled(database)
    (told,) = json.loads(run(capsys, "announcements", "--json"))
    assert (told["number"], told["figures"]["written"]) == (number, sum(row[-1] for row in ROWS))
    assert told["by_channel"]["zalo"]["seen"] == 4
    assert told["by_area"]["tdp-5"]["blocked"] == 1
    assert "12/22 đã nhận" in run(capsys, "announcements")
    assert json.loads(run(capsys, "announcements", str(number), "--json"))[0]["history"] == []


def test_one_that_is_not_there(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert database is not None
    assert cli.main(["announcements", "99"]) == cli.WRONG_USE
    assert "không có thông báo số 99" in capsys.readouterr().err
