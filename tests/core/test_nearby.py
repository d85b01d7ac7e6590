"""The same trouble or another one: numbers, names and pins decide, small words do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.reports.__main__ import OURS, PEER, measure_pairs
from bench.reports.sets import load_pairs
from core.nearby import LIKELY, Sighting, distance, same_trouble, spoken_place
from core.ward import load_ward

MAU = load_ward("mau")


def seen(text: str, category: str = "DEN", **fields: object) -> Sighting:
    return Sighting(text, category, **fields)  # type: ignore[arg-type]


def test_the_same_lamp_in_other_words_is_likely_the_same() -> None:
    one = seen("Đèn đường ngõ 5 tắt cả tuần nay", area="tdp-2")
    assert same_trouble(one, seen("den duong ngo 5 khong sang", area="tdp-2")) >= LIKELY


def test_another_area_or_another_kind_is_another_trouble() -> None:
    one = seen("Đèn đường ngõ 5 tắt", area="tdp-2")
    assert same_trouble(one, seen("Đèn đường ngõ 9 chập chờn", area="tdp-7")) < LIKELY
    assert same_trouble(one, seen("Rác đầu ngõ 5 hôi thối", "RAC", area="tdp-2")) < LIKELY


def test_pins_far_apart_speak_against_it() -> None:
    near = seen("ổ gà to", "DUONG", latitude=21.0, longitude=105.8)
    far = seen("ổ gà to", "DUONG", latitude=21.02, longitude=105.8)
    assert distance(near, far) == pytest.approx(2224, abs=5)
    assert distance(near, seen("ổ gà to", "DUONG")) is None
    assert same_trouble(near, far) < same_trouble(near, near)


def test_a_numbered_place_is_said_as_it_was_written() -> None:
    assert spoken_place("Rác ở Ngõ 34 bốn ngày") == "ngõ 34"
    assert spoken_place("hem 9 toi om") == "hem 9"
    assert spoken_place("rác nhiều quá") == ""


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_have_a_chance_and_the_order_does_not_matter(one: str, other: str) -> None:
    chance = same_trouble(seen(one), seen(other))
    assert 0 <= chance <= 1
    assert chance == pytest.approx(same_trouble(seen(other), seen(one)))


def test_pairs_of_the_test_half_are_told_apart_far_better_than_by_plain_similarity() -> None:
    """The goal of the product: precision 90 % at a recall of 80 %."""
    found = measure_pairs(load_pairs(MAU, tune=False))
    assert found[OURS]["precision"] >= 90
    assert found[OURS]["recall"] >= 80
    assert (
        found[PEER]["recall"] < found[OURS]["recall"] or found[PEER]["precision"] < found[OURS]["precision"]
    )
