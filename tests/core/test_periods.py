"""Periods as people type them: what each form means today, what is none, and that nothing can break the reader."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period, read_period

TODAY = date(2026, 11, 24)  # a Tuesday


def days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("11/2026", "2026-11-01", "2026-11-30"),
        ("2/2024", "2024-02-01", "2024-02-29"),
        ("tháng 11", "2026-11-01", "2026-11-30"),
        ("Tháng 12", "2025-12-01", "2025-12-31"),
        ("t3", "2026-03-01", "2026-03-31"),
        ("thang 10/2025", "2025-10-01", "2025-10-31"),
        ("tháng 1 năm 26", "2026-01-01", "2026-01-31"),
        ("tháng này", "2026-11-01", "2026-11-30"),
        ("tháng trước", "2026-10-01", "2026-10-31"),
        ("tuan nay", "2026-11-23", "2026-11-29"),
        ("TUẦN TRƯỚC", "2026-11-16", "2026-11-22"),
        ("tuần vừa rồi", "2026-11-16", "2026-11-22"),
        ("quý 4", "2026-10-01", "2026-12-31"),
        ("quý IV/2025", "2025-10-01", "2025-12-31"),
        ("quý này", "2026-10-01", "2026-12-31"),
        ("quý trước", "2026-07-01", "2026-09-30"),
        ("năm nay", "2026-01-01", "2026-12-31"),
        ("năm ngoái", "2025-01-01", "2025-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("năm 2025", "2025-01-01", "2025-12-31"),
        ("hôm nay", "2026-11-24", "2026-11-24"),
        ("hôm qua", "2026-11-23", "2026-11-23"),
        ("24/11", "2026-11-24", "2026-11-24"),
        ("25/11", "2025-11-25", "2025-11-25"),
        ("ngày 5/3/2025", "2025-03-05", "2025-03-05"),
        ("1/11 đến 15/11", "2026-11-01", "2026-11-15"),
        ("từ 1/11 đến hết 15/11/2026", "2026-11-01", "2026-11-15"),
        ("1/11-15/11", "2026-11-01", "2026-11-15"),
        ("20/12 – 5/1", "2025-12-20", "2026-01-05"),
        ("7 ngày qua", "2026-11-18", "2026-11-24"),
        ("2 tuần qua", "2026-11-11", "2026-11-24"),
    ],
)
def test_a_period_is_read(said: str, first: str, last: str) -> None:
    assert read_period(said, TODAY) == days(first, last)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "cho tôi với",
        "13/2026",
        "31/11",
        "tháng 13",
        "quý 5",
        "15/11/2026 đến 1/11/2026",
        "0 ngày qua",
        "9999",
        "29/2",
    ],
)
def test_what_names_no_period_is_none(said: str) -> None:
    assert read_period(said, TODAY) is None


@given(st.text(alphabet="0123456789/-– thángquýnămtừđếniv", max_size=30))
def test_no_text_breaks_it_and_a_period_never_ends_before_it_begins(said: str) -> None:
    found = read_period(said, TODAY)
    assert found is None or found.first <= found.last
