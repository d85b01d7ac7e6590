"""What people type to tell how far a target is, and what they are shown of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.indicators import Indicator, Told, read_told
from core.ward import WardError, list_wards, load_ward

TODAY = date(2026, 11, 27)
# What the three plans say: so many targets each.
PLANS = {"doan_ket": 8, "dong_xoai": 24, "gia_vien": 18}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("5", Told(5)),
        ("5 87,5", Told(5, 87.5, TODAY)),
        ("5: 87.5%", Told(5, 87.5, TODAY)),
        ("12 3.200 lượt 30/9: báo cáo quý 3", Told(12, 3200, date(2026, 9, 30), "báo cáo quý 3")),
        ("5 1.234,5", Told(5, 1234.5, TODAY)),
        ("1 90 31/12", Told(1, 90, date(2025, 12, 31))),
        ("1 90 29/2/2024", Told(1, 90, date(2024, 2, 29))),
    ],
)
def test_a_value_as_people_type_it(text: str, told: Told) -> None:
    assert read_told(text, TODAY) == told


@pytest.mark.parametrize("text", ["5 gần xong", "5 87,5 tốt", "5 90 28/11/2026", "5 90 31/2"])
def test_what_is_no_value_is_no_value(text: str) -> None:
    found = read_told(text, TODAY)
    assert found is not None
    assert found.wrong


def test_without_a_number_it_is_about_nothing() -> None:
    assert read_told("chỉ tiêu nào", TODAY) is None


@given(st.integers(0, 99_999_999), st.sampled_from(["%", "lượt"]))
def test_what_is_shown_reads_back_as_the_same_value(hundredths: int, unit: str) -> None:
    indicator = Indicator("A", 7, "x", 90, "≥", unit)  # type: ignore[arg-type]
    value = hundredths / 100 if unit == "%" else float(hundredths)
    found = read_told(f"7 {indicator.spoken(value)}", TODAY)
    assert found == Told(7, value, TODAY)


def test_a_target_is_reached_as_the_plan_writes_it() -> None:
    reached = {
        sign: [Indicator("A", 1, "x", 90, sign).is_met(value) for value in (89.9, 90, 90.1)]  # type: ignore[arg-type]
        for sign in ("≥", ">", "=")
    }
    assert reached == {"≥": [False, True, True], ">": [False, False, True], "=": [False, True, True]}


def test_the_plans_have_their_targets_numbered_through() -> None:
    found = {key: load_ward(key).indicators for key in list_wards()}
    assert {key: len(some) for key, some in found.items() if some and key != "mau"} == PLANS
    for some in found.values():
        assert sorted(one.number for one in some) == list(range(1, len(some) + 1))


@pytest.mark.parametrize(
    ("change", "said"),
    [('lead = "XX"', "no department 'XX'"), ("number = 1", "two have the number 1")],
)
def test_a_profile_with_a_wrong_target_is_refused(tmp_path: Path, change: str, said: str) -> None:
    row = 'name = "x"\ntarget = 1\ncomparator = "="\n'
    wrong = row + (change if change.startswith("number") else f"number = 2\n{change}")
    path = tmp_path / "w.toml"
    head = 'level = "phường"\nshort_name = "W"\nsource = "x"\n'
    path.write_text(f"{head}[indicators.A]\nnumber = 1\n{row}[indicators.B]\n{wrong}\n", encoding="utf-8")
    with pytest.raises(WardError, match=said):
        load_ward(path)
