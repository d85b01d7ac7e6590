"""A day as people write it, from a Tuesday, 24 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import read_day

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day", "rest"),
    [
        ("30/11: chờ vật tư", date(2026, 11, 30), "chờ vật tư"),
        ("ngày 30/11 chờ vật tư", date(2026, 11, 30), "chờ vật tư"),
        ("30-11-2026 xong", date(2026, 11, 30), "xong"),
        ("5/1 sang năm", date(2027, 1, 5), "sang năm"),
        ("5/1/27", date(2027, 1, 5), ""),
        ("thứ sáu: thợ đến", date(2026, 11, 27), "thợ đến"),
        ("thu 6 tho den", date(2026, 11, 27), "tho den"),
        ("t6 tho den", date(2026, 11, 27), "tho den"),
        ("thứ hai tuần sau, đổ bê tông", date(2026, 11, 30), "đổ bê tông"),
        ("chủ nhật", date(2026, 11, 29), ""),
        ("mai thợ đến", date(2026, 11, 25), "thợ đến"),
        ("ngày mai", date(2026, 11, 25), ""),
        ("mốt", date(2026, 11, 26), ""),
        ("3 ngày nữa - chờ đấu thầu", date(2026, 11, 27), "chờ đấu thầu"),
        ("hai tuần nữa", date(2026, 12, 8), ""),
        ("tuần sau có thợ", date(2026, 11, 30), "có thợ"),
        ("hôm nay", TODAY, ""),
    ],
)
def test_the_day_at_the_start_is_read_and_the_rest_is_left(text: str, day: date, rest: str) -> None:
    assert read_day(text, TODAY) == (day, rest)


@pytest.mark.parametrize(
    "text", ["", "chờ vật tư", "31/2", "0/5 x", "99 99", "ba con gà", "mái tôn", "sáu người"]
)
def test_what_is_no_day_is_left_whole(text: str) -> None:
    assert read_day(text, TODAY) == (None, text)


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_error(text: str) -> None:
    day, rest = read_day(text, TODAY)
    assert day is None or rest in text
