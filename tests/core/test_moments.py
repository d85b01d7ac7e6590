"""Moments as people write them, checked by hand; and quiet hours over midnight."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from core.calendar import LOCAL
from core.moments import read_moment
from core.quiet import QuietHours

# A Tuesday, 10:00 in Vietnam.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=LOCAL).astimezone(UTC)


def wall(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("8h sáng mai", "2026-11-25 08:00"),
        ("8h sang mai", "2026-11-25 08:00"),
        ("8 giờ sáng mai", "2026-11-25 08:00"),
        ("sáng mai 8h", "2026-11-25 08:00"),
        ("sáng mai", "2026-11-25 08:00"),
        ("sang mai luc 7h15", "2026-11-25 07:15"),
        ("mai 8h", "2026-11-25 08:00"),
        ("7 giờ rưỡi sáng mai", "2026-11-25 07:30"),
        ("thứ hai tuần sau 7h30", "2026-11-30 07:30"),
        ("thu hai tuan sau 7h30", "2026-11-30 07:30"),
        ("7h30 thứ Hai tuần sau", "2026-11-30 07:30"),
        ("7:30 thứ 2 tuần sau", "2026-11-30 07:30"),
        ("sáng thứ hai tuần sau 7h30", "2026-11-30 07:30"),
        ("thứ sáu 17h", "2026-11-27 17:00"),
        ("thu sau 17 gio", "2026-11-27 17:00"),
        ("chủ nhật 6h30", "2026-11-29 06:30"),
        ("30/11 lúc 17 giờ", "2026-11-30 17:00"),
        ("17h ngày 30/11", "2026-11-30 17:00"),
        ("17h 30/11/2026", "2026-11-30 17:00"),
        ("ngày 2/12, 14:30", "2026-12-02 14:30"),
        ("2 giờ chiều", "2026-11-24 14:00"),
        ("2h chiều nay", "2026-11-24 14:00"),
        ("chiều nay", "2026-11-24 14:00"),
        ("7 giờ tối", "2026-11-24 19:00"),
        ("8h tối mai", "2026-11-25 20:00"),
        ("12h trưa mai", "2026-11-25 12:00"),
        ("1 giờ trưa", "2026-11-24 13:00"),
        ("11h", "2026-11-24 11:00"),
        ("9h", "2026-11-25 09:00"),
        ("14:30", "2026-11-24 14:30"),
        ("30 phút nữa", "2026-11-24 10:30"),
        ("2 tiếng nữa", "2026-11-24 12:00"),
        ("1 tieng ruoi nua", "2026-11-24 11:30"),
        ("nửa tiếng nữa", "2026-11-24 10:30"),
        ("3 ngày nữa 8h", "2026-11-27 08:00"),
        ("hôm nay 16h", "2026-11-24 16:00"),
    ],
)
def test_moments(said: str, meant: str) -> None:
    assert read_moment(said, NOW) == wall(meant)
    assert read_moment(said.upper(), NOW) == wall(meant)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "bao giờ cũng được",
        "25h",
        "8h70",
        "hôm nay 9h",
        "31/2 8h",
        "8h ngày mai cắt điện",
        "1/1/2030 8h",
        "thứ hai tuần sau",
        "30/11",
        "20/11/2026 8h",
        "12",
    ],
)
def test_what_names_no_moment_to_come(said: str) -> None:
    assert read_moment(said, NOW) is None


QUIET = QuietHours(time(21), time(6, 30))


@pytest.mark.parametrize(
    ("moment", "quiet", "over"),
    [
        ("2026-11-24 20:59", False, "2026-11-24 20:59"),
        ("2026-11-24 21:00", True, "2026-11-25 06:30"),
        ("2026-11-24 23:59", True, "2026-11-25 06:30"),
        ("2026-11-25 00:00", True, "2026-11-25 06:30"),
        ("2026-11-25 06:29", True, "2026-11-25 06:30"),
        ("2026-11-25 06:30", False, "2026-11-25 06:30"),
        ("2026-12-31 22:00", True, "2027-01-01 06:30"),
    ],
)
def test_quiet_hours(moment: str, quiet: bool, over: str) -> None:
    assert QUIET.covers(wall(moment)) is quiet
    assert QUIET.over_at(wall(moment)) == wall(over)
    assert QUIET.covers(wall(moment).astimezone(UTC)) is quiet


def test_the_same_hour_twice_is_never_quiet() -> None:
    never = QuietHours(time(0), time(0))
    assert not any(never.covers(wall(f"2026-11-24 {hour:02}:00")) for hour in range(24))


def test_quiet_hours_within_one_day() -> None:
    noon = QuietHours(time(11, 30), time(13, 30))
    assert noon.covers(wall("2026-11-24 12:00"))
    assert noon.over_at(wall("2026-11-24 12:00")) == wall("2026-11-24 13:30")
    assert not noon.covers(wall("2026-11-24 13:30"))
