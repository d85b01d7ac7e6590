"""No number of four digits or more, link or mail address is left in words that are kept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.masking import COVER, mask_numbers


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("gọi em 0912 345 678 nhé", f"gọi em {COVER} nhé"),
        ("+84.912.345.678", COVER),
        ("căn cước 034-085-001-234 bị mất", f"căn cước {COVER} bị mất"),
        ("mã OTP là 4821", f"mã OTP là {COVER}"),
        ("biển số 29A-123.45", f"biển số 29A-{COVER}"),
        ("sinh ngày 5/3/1960", f"sinh ngày {COVER}"),
        ("gửi lan.nguyen@gmail.com", f"gửi {COVER}"),
        ("bấm https://vneid-gov.xyz/a?b=12", f"bấm {COVER}"),
        ("con 14 tuổi, 30 ngày, tổ 12", "con 14 tuổi, 30 ngày, tổ 12"),
        ("sđt ０９１２３４５６７８", f"sđt {COVER}"),
    ],
)
def test_what_is_covered_and_what_stays(text: str, kept: str) -> None:
    assert mask_numbers(text) == kept


@given(st.text(alphabet="0123456789 .-/aă@,", max_size=60))
def test_four_digits_in_a_row_never_stay_and_covering_twice_changes_nothing(text: str) -> None:
    covered = mask_numbers(text)
    assert re.search(r"\d{4}", covered) is None
    assert mask_numbers(covered) == covered
