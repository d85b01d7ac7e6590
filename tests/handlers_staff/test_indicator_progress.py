"""How far a target is: reached or not as the plan compares it, and the picture that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.indicators import Indicator
from core.pictures.bars import draw_bars
from handlers.indicator_progress import Progress, chart_of_targets, count_states, list_progress
from storage.indicators import Reading, Targets
from tests.props import sample_house

DAY = date(2026, 11, 24)


def target(number: int = 1, **fields: Any) -> Indicator:
    given: dict[str, Any] = {"target": 90.0, "comparator": "≥", **fields}
    return Indicator(key=f"T{number}", number=number, name=f"Chỉ tiêu thứ {number}", **given)


@pytest.mark.parametrize(
    ("fields", "value", "state", "share"),
    [
        ({}, 90.0, "met", 100),
        ({}, 99.0, "met", 100),
        ({}, 89.9, "unmet", 99),
        ({}, 45.0, "unmet", 50),
        ({}, 0.0, "unmet", 0),
        ({}, None, "unknown", 0),
        ({"comparator": ">"}, 90.0, "unmet", 99),
        ({"comparator": ">"}, 90.1, "met", 100),
        ({"comparator": "=", "target": 100.0}, 99.96, "unmet", 99),
        ({"target": 0.0, "comparator": ">"}, 0.0, "unmet", 0),
    ],
)
def test_reached_or_not(fields: dict[str, Any], value: float | None, state: str, share: int) -> None:
    found = Progress(target(**fields), value, DAY if value is not None else None)
    assert (found.state, found.share) == (state, share)


def test_values_of_another_plan_do_not_count_and_what_counts_itself_is_of_this_year() -> None:
    ward = replace(
        sample_house().ward, source="87/KH", indicators=(target(2), target(1), target(3, counts="handled"))
    )
    readings = (Reading("87/KH", "T1", 91.0, DAY), Reading("34/KH", "T2", 95.0, DAY))
    found = list_progress(ward, Targets(readings, 2, 3), DAY)
    assert [(one.indicator.number, one.value, one.day) for one in found] == [
        (1, 91.0, DAY),
        (2, None, None),
        (3, 66.7, DAY),
    ]
    assert count_states(found) == {"met": 1, "unmet": 1, "unknown": 1}
    assert list_progress(ward, Targets((), 0, 0), DAY)[2].state == "unknown"


def test_the_picture_shows_those_farthest_from_their_target_and_says_what_it_leaves_out() -> None:
    words = sample_house().words.text
    known = [Progress(target(number), float(5 * number), DAY) for number in range(1, 15)]
    chart = chart_of_targets(words, [*known, Progress(target(15))], "Kế hoạch 87")
    assert chart is not None
    assert [bar.label for bar in chart.bars][:2] == ["1. Chỉ tiêu thứ 1", "2. Chỉ tiêu thứ 2"]
    assert len(chart.bars) == 12
    assert chart.bars[0].note == "5%, mục tiêu ≥ 90%"
    assert "2 chỉ tiêu" in chart.footer
    assert "Chưa có số liệu: 1" in chart.footer
    assert [one.label for one in chart.series] == ["Chưa đạt"]
    assert draw_bars(chart).startswith(b"\x89PNG")
    both = chart_of_targets(words, [Progress(target(1), 95.0, DAY), Progress(target(2), 45.0, DAY)], "KH")
    assert both is not None
    assert [bar.values for bar in both.bars] == [(50, 0), (0, 100)]
    assert chart_of_targets(words, [Progress(target(1))], "KH") is None
