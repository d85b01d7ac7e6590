"""Private numbers are found however they are written, and sums, dates and codes of tickets are left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.private_numbers import NumberKind, cover, find_private_numbers, phone_key

K = NumberKind


@pytest.mark.parametrize(
    ("text", "kind", "digits"),
    [
        ("gọi tôi 0912 345 678 nhé", K.PHONE, "0912345678"),
        ("+84 912-345-678", K.PHONE, "84912345678"),
        ("0.9.1.2.3.4.5.6.7.8", K.PHONE, "0912345678"),
        ("０９１２３４５６７８", K.PHONE, "0912345678"),
        ("tổ 5, 0912345678", K.PHONE, "0912345678"),
        ("căn cước 036012345678", K.IDENTITY, "036012345678"),
        ("CMND 012345678", K.IDENTITY, "012345678"),
        ("can cuoc 036 012 345 678", K.IDENTITY, "036012345678"),
        ("thẻ 4111 1111 1111 1111", K.CARD, "4111111111111111"),
        ("STK 1017 8899 001 techcombank", K.ACCOUNT, "10178899001"),
        ("t.k 0451000123456 VCB", K.ACCOUNT, "0451000123456"),
        ("OTP: 4 8 2 9 1 3", K.CODE, "482913"),
        ("482913 là mã xác thực của bạn", K.CODE, "482913"),
        ("mã pin 1234", K.CODE, "1234"),
        ("mã OTP là 000001 k", K.CODE, "000001"),
        ("otp: 839201 đồng", K.CODE, "839201"),
    ],
)
def test_a_private_number_is_found_with_its_kind(text: str, kind: NumberKind, digits: str) -> None:
    [found] = find_private_numbers(text)
    assert (found.kind, found.digits) == (kind, digits)


@pytest.mark.parametrize(
    "text",
    [
        "ngày 27/11/2026 lúc 09:15",
        "đóng 1.240.000 tiền điện",
        "tôi chuyển 2000000đ rồi",
        "mã phiếu 7K3M-9Q2F-4XH",
        "gọi 1900 1006 hoặc 113",
        "hồ sơ 000.00.12.H29-261126-0001",
        "năm 2026 tôi 30 tuổi, số nhà 125/7",
        "mã OTP không về máy",
        "mất mật khẩu, phạt 200000 đồng",
    ],
)
def test_ordinary_numbers_are_left_alone(text: str) -> None:
    assert find_private_numbers(text) == ()


def test_a_card_without_a_right_check_digit_is_no_card() -> None:
    assert [one.kind for one in find_private_numbers("4111 1111 1111 1112")] != [K.CARD]


def test_every_number_of_a_text_is_covered_by_its_kind() -> None:
    covered = cover("gọi 0912345678, căn cước 036012345678, mã OTP 123456", lambda kind: f"<{kind}>")
    assert covered.text == "gọi <phone>, căn cước <identity>, mã OTP <code>"
    assert covered.kinds == {K.PHONE, K.IDENTITY, K.CODE}


def test_one_telephone_has_one_key_however_it_is_written() -> None:
    assert {phone_key(digits) for digits in ("0912345678", "84912345678", "840912345678")} == {"0912345678"}


@given(st.text(max_size=200))
def test_what_is_not_a_number_stays_as_it_is(text: str) -> None:
    if not find_private_numbers(text):
        assert not cover(text, "#").kinds


@pytest.mark.parametrize("text", ["1 2 3 " * 1700, "1.1." * 2500, "0912345678 " * 900, "9" * 10000])
def test_a_hostile_text_is_read_within_a_second(text: str) -> None:
    started = time.thread_time()
    cover(text, "#")
    assert time.thread_time() - started < 2.0
