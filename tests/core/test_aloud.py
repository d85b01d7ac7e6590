"""A notice as it is read over the loudspeaker: nothing is left that an announcer would stumble over."""

from __future__ import annotations

import re

import pytest

from core.aloud import read_aloud, read_short_forms
from core.number_words import number_words
from tests.props import sample_house

WORDS = sample_house().words
SHORT = read_short_forms(WORDS.text("aloud.short"))


def read(text: str) -> list[str]:
    return list(read_aloud(text, SHORT, WORDS.text("aloud.link")).lines)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "không"),
        (4, "bốn"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (115, "một trăm mười lăm"),
        (221, "hai trăm hai mươi mốt"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (500_000, "năm trăm nghìn"),
        (1_250_000, "một triệu hai trăm năm mươi nghìn"),
        (3_000_000_000, "ba tỷ"),
    ],
)
def test_numbers(number: int, said: str) -> None:
    assert number_words(number) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Họp ngày 25/11", "Họp ngày hai mươi lăm tháng mười một."),
        ("Họp 27/4/2026", "Họp ngày hai mươi bảy tháng tư năm hai nghìn không trăm hai mươi sáu."),
        ("Từ 25-27/11", "Từ ngày hai mươi lăm đến ngày hai mươi bảy tháng mười một."),
        ("Từ 7h30 đến 11h", "Từ bảy giờ ba mươi đến mười một giờ."),
        ("Từ 7h-11h", "Từ bảy giờ đến mười một giờ."),
        ("Lúc 19:00", "Lúc mười chín giờ."),
        ("Lúc 7 giờ 30", "Lúc bảy giờ ba mươi."),
        ("Tổ 3, tổ 12", "Tổ ba, tổ mười hai."),
        ("Ngõ 5A", "Ngõ năm A."),
        ("Phí 500.000đ", "Phí năm trăm nghìn đồng."),
        ("Phí 1.250.000 đồng", "Phí một triệu hai trăm năm mươi nghìn đồng."),
        ("Giảm 1,5 triệu", "Giảm một phẩy năm triệu."),
        ("Đạt 85%", "Đạt tám mươi lăm phần trăm."),
        ("Rộng 120m2", "Rộng một trăm hai mươi mét vuông."),
        ("Gọi 113", "Gọi một một ba."),
        ("Gọi số 0912 345 678", "Gọi số không chín một hai, ba bốn năm, sáu bảy tám."),
        ("Gọi 0912345678", "Gọi không chín một hai ba bốn năm sáu bảy tám."),
        ("UBND phường, MTTQ", "Ủy ban nhân dân phường, Mặt trận Tổ quốc."),
        ("Mang CCCD và thẻ BHYT", "Mang căn cước công dân và thẻ bảo hiểm y tế."),
        ("Xem https://phuong.gov.vn/lich", "Xem địa chỉ ghi trên tờ thông báo."),
        ("Xem phuong.gov.vn/lich", "Xem địa chỉ ghi trên tờ thông báo."),
        ("Quý IV năm 2026", "Quý bốn năm hai nghìn không trăm hai mươi sáu."),
    ],
)
def test_what_is_written_short_is_read_in_full(written: str, said: str) -> None:
    assert read(written) == [said]


NOTICE = (
    "Sáng mai 25/11/2026, từ 7h30 đến 11h, Điện lực cắt điện tại TDP 3, TDP 5 và ngõ 12A để sửa lưới điện trung áp, "
    "bà con chủ động trữ nước, sạc điện thoại, kiểm tra tủ đông trước giờ cắt.\n\nCần hỏi thêm, gọi số 0912 345 678 "
    "hoặc xem https://phuong.gov.vn/dien. Phí: 0 đồng!"
)


def test_no_figure_no_sign_no_abbreviation_is_left() -> None:
    text = " ".join(read(NOTICE))
    assert not re.search(r"\d|[/%&@*_“”()]|\b[A-ZĐ]{2,}\b", text), text


def test_sentences_are_short_enough_for_one_breath() -> None:
    lines = read(NOTICE)
    assert all(line.endswith(".") and line[0].isupper() for line in lines)
    assert max(len(line.split()) for line in lines) <= 30
    assert len(lines) >= 4


def test_reading_time_grows_with_the_text() -> None:
    once = read_aloud(NOTICE, SHORT, "x").seconds
    assert 25 <= once <= 60
    assert abs(read_aloud(f"{NOTICE}\n{NOTICE}", SHORT, "x").seconds - 2 * once) <= 1


@pytest.mark.parametrize("text", ["", "...", "\n\n", "99999999999999999999", "32/13", "25h99", "😀"])
def test_odd_texts_break_nothing(text: str) -> None:
    assert not re.search(r"\d{20}", " ".join(read(text)))
