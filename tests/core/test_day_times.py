"""Hours and days as people write them, with and without tone marks."""

from __future__ import annotations

from datetime import time

import pytest

from core.day_times import DayTimes, read_day_times

WORK = frozenset(range(5))
ALL = frozenset(range(7))


@pytest.mark.parametrize(
    ("text", "at", "days"),
    [
        ("7h15, thứ hai đến thứ sáu", time(7, 15), WORK),
        ("7h15 thu hai den thu sau", time(7, 15), WORK),
        ("7:15 t2-t6", time(7, 15), WORK),
        ("lúc 7 giờ 15 phút", time(7, 15), None),
        ("6 giờ rưỡi", time(6, 30), None),
        ("6h rưỡi sáng, mỗi ngày", time(6, 30), ALL),
        ("5h chiều thứ sáu", time(17), frozenset({4})),
        ("4 rưỡi chiều", time(16, 30), None),
        ("thứ 2, 4, 6", None, frozenset({0, 2, 4})),
        ("8h thứ hai, thứ tư và thứ sáu", time(8), frozenset({0, 2, 4})),
        ("từ thứ ba đến thứ bảy lúc 8h", time(8), frozenset({1, 2, 3, 4, 5})),
        ("thứ hai đến bảy", None, frozenset(range(6))),
        ("ngày làm việc", None, WORK),
        ("7.30 các ngày làm việc", time(7, 30), WORK),
        ("cuối tuần 9h", time(9), frozenset({5, 6})),
        ("chủ nhật", None, frozenset({6})),
        ("CN 10h", time(10), frozenset({6})),
        ("thứ sáu đến thứ hai", None, frozenset({4, 5, 6, 0})),
        ("hằng ngày 7h", time(7), ALL),
        ("thứ năm 7 giờ", time(7), frozenset({3})),
        ("7h5", None, None),
        ("25h", None, None),
        ("7h75", None, None),
        ("mai", None, None),
        ("", None, None),
        ("7h15 gửi sếp Tuấn", None, None),
    ],
)
def test_as_people_write_it(text: str, at: time | None, days: frozenset[int] | None) -> None:
    expected = None if at is None and days is None else DayTimes(at, days)
    assert read_day_times(text) == expected
