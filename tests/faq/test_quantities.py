"""Figures as people type them are found, read alike however they are written, and set beside the table."""

from __future__ import annotations

from datetime import date

import pytest

from faq.figure_periods import add_period, as_checked
from faq.figures import Figure, Figures
from faq.quantities import find_new, find_quantities, list_figures, value_of

CHECKED = date(2026, 11, 20)


def figure(
    value: str | None, since: date | None = None, until: date | None = None, key: str = "phi"
) -> Figure:
    return Figure(key, "Phí", value, "Thông tư", "A", CHECKED, since, until)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("50.000 đồng", "50 nghìn đồng"), ("50.000 đồng", "50.000đ"), ("50.000 đồng", "50000 VNĐ"),
        ("50.000 đồng", "50 ngàn"), ("1,5 triệu đồng", "1.500.000 đồng"), ("0,5%", "0,5 phần trăm"),
        ("12 giờ", "12 tiếng"), ("7 ngày làm việc", "7  ngày  làm việc"), ("2 tỷ đồng", "2 tỉ"),
    ],
)  # fmt: skip
def test_one_value_however_it_is_written(one: str, other: str) -> None:
    assert value_of(one) == value_of(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [("7 ngày", "7 ngày làm việc"), ("5%", "5 đồng"), ("1.500 đồng", "1,5 đồng"), ("3 tháng", "3 năm")],
)
def test_different_things_stay_different(one: str, other: str) -> None:
    assert value_of(one) != value_of(other)


@pytest.mark.parametrize("text", ["", "không", "từ 5 đến 10 triệu đồng", "CT01", "mã 6 số"])
def test_what_is_no_single_quantity_has_no_value(text: str) -> None:
    assert value_of(text) is None


def test_quantities_are_found_with_the_words_that_belong_to_them() -> None:
    text = "Mất 50 nghìn đồng, xong sau 3 ngày làm việc, phạt 2%. Mẫu CT01, {figure:phi-5-dong}."
    found = find_quantities(text)
    assert [(one.text, one.is_rate) for one in found] == [
        ("50 nghìn đồng", True),
        ("3 ngày làm việc", False),
        ("2%", True),
    ]
    assert all(text[one.start : one.end] == one.text for one in found)


def test_what_stood_there_is_not_new() -> None:
    old = "Mất 50.000 đồng, trong 60 ngày."
    assert [one.text for one in find_new("Trong 60 ngày, mất 50 nghìn đồng hoặc 70.000 đồng.", old)] == [
        "70.000 đồng"
    ]


def test_the_table_is_searched_over_all_periods() -> None:
    table = Figures((figure("2.000 đồng"), figure("3.000 đồng", date(2027, 1, 1)), figure(None, key="khac")))
    [quantity] = find_quantities("mất 3 nghìn")
    assert list_figures(table, quantity) == ["phi"]


def test_a_new_value_ends_the_old_one_the_day_before() -> None:
    day = date(2027, 1, 1)
    old, new = add_period((figure("2.000 đồng"),), figure("3.000 đồng", day))
    assert (old.until, new.until) == (date(2026, 12, 31), None)
    table = Figures((old, new))
    assert table.find("phi", date(2026, 12, 31)) == old
    assert table.find("phi", day) == new


def test_a_value_of_the_same_day_takes_the_place_of_the_old_one() -> None:
    day = date(2027, 1, 1)
    first = add_period((figure("2.000 đồng"),), figure("3.000 đồng", day))
    second = add_period(first, figure("4.000 đồng", day))
    assert [row.value for row in second] == ["2.000 đồng", "4.000 đồng"]


def test_a_value_entered_late_leaves_what_comes_after_it() -> None:
    later = figure("5.000 đồng", date(2028, 1, 1))
    rows = add_period((figure("2.000 đồng"), later), figure("3.000 đồng", date(2027, 1, 1)))
    table = Figures(rows)
    values = [table.find("phi", date(year, 6, 1)) for year in (2026, 2027, 2028)]
    assert [row.value if row else None for row in values] == ["2.000 đồng", "3.000 đồng", "5.000 đồng"]


def test_an_old_table_brought_back_counts_as_checked_today() -> None:
    today = date(2027, 6, 1)
    rows = as_checked(
        (figure("2.000 đồng", until=date(2026, 12, 31)), figure("3.000 đồng", date(2027, 1, 1))), today
    )
    assert [row.checked_on for row in rows] == [CHECKED, today]
