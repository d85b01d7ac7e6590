"""A ticket code survives bad typing, never accepts a slip, and never appears out of ordinary text."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import codes
from core.codes import ALPHABET, GROUPS, CodeTypo, is_valid, new_code, parse_code, spell
from tests.examples import examples

LENGTH = sum(GROUPS)
SENTENCES = [
    line.split("|", 1)[-1]
    for line in Path(__file__).with_name("reports.txt").read_text(encoding="utf-8").splitlines()
]
drawn_codes = st.builds(new_code)


def bare(code: str) -> str:
    return code.replace("-", "")


@given(drawn_codes)
def test_a_new_code_is_read_back(code: str) -> None:
    assert is_valid(bare(code))
    assert parse_code(code) == code
    assert [len(group) for group in code.split("-")] == list(GROUPS)


@given(drawn_codes)
def test_every_wrong_character_is_noticed(code: str) -> None:
    for at, right in enumerate(bare(code)):
        for wrong in set(ALPHABET) - {right}:
            assert not is_valid(bare(code)[:at] + wrong + bare(code)[at + 1 :])


@given(drawn_codes)
def test_every_swap_of_two_characters_is_noticed(code: str) -> None:
    letters = list(bare(code))
    for one, other in combinations(range(LENGTH), 2):
        if letters[one] != letters[other]:
            swapped = letters.copy()
            swapped[one], swapped[other] = letters[other], letters[one]
            assert not is_valid("".join(swapped))


def test_at_least_45_bits_of_chance_remain() -> None:
    digits = sum(letter.isdigit() for letter in ALPHABET) / len(ALPHABET)
    mixed = math.prod(1 - digits**size - (1 - digits) ** size for size in GROUPS)
    # Two in 29 check values have no character, such bodies are drawn again.
    bits = (LENGTH - 1) * math.log2(len(ALPHABET)) + math.log2(mixed * len(ALPHABET) / 29)
    assert bits > 45


def test_two_thousand_codes_are_all_different() -> None:
    assert len({new_code() for _ in range(2000)}) == 2000


def test_the_alphabet_has_no_vowel_and_no_lookalike() -> None:
    assert not set(ALPHABET) & set("AEIOUYLDW")
    assert len(set(ALPHABET)) == len(ALPHABET) < 29


@given(drawn_codes)
def test_ways_of_writing_one_code(code: str) -> None:
    raw, lower = bare(code), code.lower()
    first, second, third = code.split("-")
    for text in (
        f"mã {lower} ạ",
        f"cho tôi hỏi {raw}.",
        f"{first} {second} {third}",
        f"{first}.{second}.{third}",
        f"{first}–{second}—{third}",
        f"{first} - {second} - {third}",
        f"*{code}*, _{code}_",
        " ".join(raw),
        "-".join(raw),
        f"{raw[:5]} {raw[5:]}",
        f"\u200b{first}-\u200b{second}-{third}",
        code.replace("0", "O").replace("1", "I"),
        code.replace("0", "o").replace("1", "l"),
        f"gọi 0912 345 678, mã là {lower}",
        f"https://phuong-mau.example/p/{code}?x=1",
    ):
        assert parse_code(text) == code, text


@given(drawn_codes, st.data())
def test_a_slip_in_a_written_code_is_told(code: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([at for at, letter in enumerate(code) if letter != "-"]))
    wrong = data.draw(st.sampled_from(sorted(set(ALPHABET) - {code[at]})))
    slipped = code[:at] + wrong + code[at + 1 :]
    result = parse_code(f"mã của tôi là {slipped} nhé")
    groups_stay_mixed = all(codes._mixes(group) for group in slipped.split("-"))
    assert result == CodeTypo(slipped) if groups_stay_mixed else not isinstance(result, str)


@given(drawn_codes)
def test_a_lost_or_doubled_last_character_is_told(code: str) -> None:
    for broken in (code[:-1], code + "7", code[:9]):
        assert isinstance(parse_code(f"mã {broken}"), CodeTypo)


def test_a_right_code_wins_over_a_damaged_one() -> None:
    code = new_code()
    damaged = code[:-1] + ("7" if code[-1] != "7" else "8")
    assert parse_code(f"không phải {damaged} mà là {code}") == code


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "0912 345 678",
        "+84 912-345-678",
        "09123456789",
        "1234-5678-901",
        "căn cước 079123456789",
        "biển số 51F-123.45",
        "59-X3 123.45",
        "Kế hoạch 87/KH-UBND ngày 27/3/2026",
        "19/KH-TTHĐND",
        "mẫu CT01, tờ khai 04a/ĐK",
        "nha so 12 ngo 35 duong 3/2",
        "to 12 ngo 3 so 5",
        "kp 3 p 12 q 10 20kg",
        "gap luc 8h30 T2 15-3-2026",
        "vneid2026abc",
        "https://dichvucong.gov.vn/p/home/dvc-trang-chu.html",
        "",
    ],
)
def test_ordinary_writing_is_no_code(text: str) -> None:
    assert parse_code(text) is None


@pytest.mark.parametrize("text", SENTENCES)
def test_reports_contain_no_code(text: str) -> None:
    assert parse_code(text) is None
    assert parse_code(text.replace(" ", "-")) is None


syllables = st.sampled_from(sorted({word for text in SENTENCES for word in text.split()}))
numbers = st.integers(0, 10**11).map(str)


@settings(max_examples=examples(300))
@given(st.lists(st.one_of(syllables, numbers), max_size=25), st.sampled_from([" ", "-", ", "]))
def test_no_mixture_of_words_and_numbers_is_a_code(parts: list[str], between: str) -> None:
    assert parse_code(between.join(parts)) is None


def test_spelling_has_a_word_for_every_letter_and_none_for_digits() -> None:
    assert spell("7K3M-9Q2F-4XH").startswith("7, K như Kim, 3, M như Minh; 9, Q như Quê")
    letters = [letter for letter in ALPHABET if not letter.isdigit()]
    assert all(" như " in spell(letter) for letter in letters)
    assert spell("407") == "4, 0, 7"
