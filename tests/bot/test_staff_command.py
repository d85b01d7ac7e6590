"""`nghedan staff` and `nghedan dismiss`: stable numbers, one line for a mistake, and an end that is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from bot import cli
from core.messages import Address
from storage.contacts import record_contact
from storage.database import open_database
from storage.models import Delivery, Staff
from storage.staff import Duty, enlist
from storage.statuses import StaffRole

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OFFICE = (
    ("Nguyễn Văn An", "telegram", Duty(StaffRole.OFFICER, "KT")),
    ("Trần Thị Bình", "zalo", Duty(StaffRole.OFFICER, "KT")),
    ("Lê Chí\x1b[31m", "webchat", Duty(StaffRole.MEMBER, area="tdp-3")),
    ("nguyen van an", "webchat", Duty(StaffRole.LEADER)),
)


@pytest.fixture
def office(data_url: str) -> str:
    def fill(session: Session) -> None:
        for name, channel, duty in OFFICE:
            person = record_contact(session, Address(channel, "1", name), NOW)
            person.last_interaction_at = NOW
            enlist(session, person, duty, name, NOW)

    _run(data_url, fill)
    return data_url


def _run(url: str, work):  # type: ignore[no-untyped-def]
    database = open_database(url)
    try:
        return database.run_now(work)
    finally:
        database.close()


def _active(url: str) -> list[bool]:
    return list(_run(url, lambda s: s.exec(select(Staff.active).order_by(Staff.id)).all()))


def test_the_list_tells_who_what_where_and_when(office: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["staff"]) == 0
    head, first, _, third, _ = capsys.readouterr().out.splitlines()
    assert " ".join(head.split()) == "Số Tên Nhiệm vụ Kênh Từ Nhắn gần nhất Phiếu"
    wanted = "1 Nguyễn Văn An cán bộ KT Telegram 24/11/2026 08:00 24/11/2026 0"
    assert " ".join(first.split()) == wanted
    assert "\x1b" not in third
    assert "tổ viên Tổ dân phố 3" in third


def test_the_list_for_scripts(office: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["staff", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["number"] for row in rows] == [1, 2, 3, 4]
    assert rows[0] == {
        "number": 1,
        "name": "Nguyễn Văn An",
        "role": "officer",
        "department": "KT",
        "area": None,
        "channel": "telegram",
        "since": NOW.isoformat(),
        "last_active": NOW.isoformat(),
        "tickets": 0,
        "left_at": None,
        "left_by": None,
    }


def test_nobody_yet(data_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["staff"]) == 0
    assert "nghedan invite" in capsys.readouterr().out
    assert cli.main(["dismiss", "1"]) == 2
    assert "chưa có ai" in capsys.readouterr().err


@pytest.mark.parametrize("who", ["2", "trần thị bình", "Tran Thi Binh"])
def test_one_person_by_number_or_name(office: str, capsys: pytest.CaptureFixture[str], who: str) -> None:
    assert cli.main(["dismiss", who]) == 0
    assert "Trần Thị Bình đã thôi nhiệm vụ cán bộ" in capsys.readouterr().out
    assert _active(office) == [True, False, True, True]
    told = _run(office, lambda s: s.exec(select(Delivery.kind).order_by(Delivery.id)).all())
    assert list(told) == ["farewell", "desk"]


@pytest.mark.parametrize("who", ["9", "0", "²", "Tuấn", "", "  ", "An", "Nguyễn Văn An", "-"])
def test_unknown_or_ambiguous_is_one_line_and_changes_nothing(
    office: str, capsys: pytest.CaptureFixture[str], who: str
) -> None:
    assert cli.main(["dismiss", who]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert "1 Nguyễn Văn An (cán bộ KT, Telegram)" in line
    assert "4 nguyen van an (lãnh đạo, Web)" in line
    assert ("có 2 người tên" in line) is (who == "Nguyễn Văn An")
    assert _active(office) == [True] * 4


def test_who_left_is_gone_from_the_list_and_stays_in_the_long_one(
    office: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["dismiss", "1"]) == 0
    said = capsys.readouterr().out
    assert "nghedan dismiss 4" in said
    assert cli.main(["dismiss", "1"]) == 2
    assert cli.main(["dismiss", "2"]) == 0
    assert "nghedan invite officer --department KT" in capsys.readouterr().out
    cli.main(["staff"])
    assert "Nguyễn Văn An" not in capsys.readouterr().out
    cli.main(["staff", "--all"])
    assert "(người phụ trách máy)" in capsys.readouterr().out.splitlines()[1]
