"""Periods of reports: what each form means, with the state's reporting months from the 15th to the 14th."""

from __future__ import annotations

from datetime import date

import pytest

from core.periods import Period
from core.report_periods import read_report_period, state_month_at

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("tháng 11", "2026-11-01", "2026-11-30"),
        ("kỳ tháng 11", "2026-10-15", "2026-11-14"),
        ("kỳ 11", "2026-10-15", "2026-11-14"),
        ("ky bao cao thang 12/2026", "2026-11-15", "2026-12-14"),
        ("kỳ tháng 12", "2026-11-15", "2026-12-14"),
        ("kỳ tháng 1", "2025-12-15", "2026-01-14"),
        ("kỳ tháng 1/2027", "2026-12-15", "2027-01-14"),
        ("kỳ này", "2026-11-15", "2026-12-14"),
        ("kỳ trước", "2026-10-15", "2026-11-14"),
        ("kỳ quý 4", "2026-09-15", "2026-12-14"),
        ("kỳ quý I/2026", "2025-12-15", "2026-03-14"),
        ("kỳ 6 tháng đầu năm 2026", "2025-12-15", "2026-06-14"),
        ("kỳ sáu tháng cuối năm", "2026-06-15", "2026-12-14"),
        ("kỳ năm 2026", "2025-12-15", "2026-12-14"),
        ("kỳ năm nay", "2025-12-15", "2026-12-14"),
        ("6 tháng đầu năm", "2026-01-01", "2026-06-30"),
        ("6 tháng cuối năm 2025", "2025-07-01", "2025-12-31"),
        ("quý 3", "2026-07-01", "2026-09-30"),
        ("năm 2026", "2026-01-01", "2026-12-31"),
        ("1/11 đến 15/11", "2026-11-01", "2026-11-15"),
    ],
)
def test_a_period_is_read(said: str, first: str, last: str) -> None:
    assert read_report_period(said, TODAY) == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("said", ["", "kỳ", "kỳ tháng 13", "kỳ năm 1", "kỳ gì đó", "6 tháng giữa năm"])
def test_what_is_no_period(said: str) -> None:
    assert read_report_period(said, TODAY) is None


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-11-14", "2026-10-15"), ("2026-11-15", "2026-11-15"), ("2026-12-20", "2026-12-15")],
)
def test_the_reporting_month_of_a_day(day: str, first: str) -> None:
    assert state_month_at(date.fromisoformat(day)).first == date.fromisoformat(first)
