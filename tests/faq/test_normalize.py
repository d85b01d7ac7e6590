"""One text, many ways of typing it: all lead to the same form."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.normalize import MAX_MATCH_LENGTH, clean, fold, syllables, toned

SENTENCE = "Đăng ký thường trú ở phường mới thế nào ạ?"


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_composed_and_decomposed_are_the_same(form: str) -> None:
    typed = unicodedata.normalize(form, SENTENCE)  # type: ignore[arg-type]
    assert clean(typed) == SENTENCE
    assert fold(typed) == "dang ky thuong tru o phuong moi the nao a?"


@pytest.mark.parametrize(
    "invisible", ["\u200b", "\u200d", "\ufeff", "\u2060", "\xad", "\u202e", "\x00", "\ufe0f"]
)
def test_invisible_characters_are_removed_even_inside_a_letter(invisible: str) -> None:
    decomposed = unicodedata.normalize("NFD", "mật")
    assert clean(invisible.join(decomposed)) == "mật"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ＣＣＣＤ　１２", "cccd 12"),
        ("  nhiều   khoảng\n\ttrắng ", "nhieu khoang trang"),
        ("ĐƯỜNG ĐẤT", "duong dat"),
        ("", ""),
        ("🙂", "🙂"),
    ],
)
def test_fold(typed: str, expected: str) -> None:
    assert fold(typed) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà giải", "hòa giải"),
        ("xoá tên", "xóa tên"),
        ("uỷ quyền", "ủy quyền"),
        ("khoẻ", "khỏe"),
        ("hoạ", "họa"),
    ],
)
def test_both_tone_places_are_the_same(one: str, other: str) -> None:
    assert toned(one) == toned(other)


@pytest.mark.parametrize("word", ["quý", "quả", "hoàn", "toán", "khoảng", "quỳnh"])
def test_words_with_one_right_tone_place_stay(word: str) -> None:
    assert toned(word) == word


def test_clean_keeps_case_and_marks() -> None:
    assert clean("Bà LAN ở Tổ 5") == "Bà LAN ở Tổ 5"


def test_long_text_is_cut_before_it_is_read() -> None:
    assert len(" ".join(syllables("ba " * 100_000))) <= MAX_MATCH_LENGTH


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
