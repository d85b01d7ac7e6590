"""Citizens' own sentences lead to the right category, and to no category when they name none."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.area_match import suggest_area
from core.categories_match import suggest_categories
from core.ward import OTHER, Category, Ward, load_ward

MAU = load_ward("mau")
LINES = Path(__file__).with_name("reports.txt").read_text(encoding="utf-8").splitlines()
REPORTS = [tuple(line.split("|", 1)) for line in LINES if line and not line.startswith("#")]


def guessed(text: str, limit: int = 3) -> list[str]:
    return [category.key for category in suggest_categories(MAU, text, limit)]


def test_most_reports_get_their_category_first() -> None:
    wrong = [f"{meant} {guessed(text)} {text}" for meant, text in REPORTS if guessed(text)[0] != meant]
    assert len(REPORTS) > 150
    assert len(wrong) / len(REPORTS) < 0.06, "\n".join(wrong)


def test_nearly_all_reports_get_their_category_among_the_choices() -> None:
    missed = [text for meant, text in REPORTS if meant not in guessed(text)]
    assert len(missed) / len(REPORTS) < 0.03, "\n".join(missed)


def test_small_talk_suggests_nothing_with_few_exceptions() -> None:
    """Categories are only suggested to somebody who says that it is a report: a slip costs nothing."""
    idle = [text for meant, text in REPORTS if meant == OTHER]
    assert sum(guessed(text) != [OTHER] for text in idle) <= len(idle) // 10


@pytest.mark.parametrize(
    "category", [one for one in MAU.categories if one.key != OTHER], ids=lambda one: one.key
)
def test_every_category_finds_its_own_examples(category: Category) -> None:
    missed = [example for example in category.examples if category.key not in guessed(example)]
    assert missed == []


@pytest.mark.parametrize(
    ("with_marks", "without"),
    [
        ("ổ gà trước cổng chợ", "o ga truoc cong cho"),
        ("đèn đường hỏng", "den duong hong"),
        ("hàng xóm hát karaoke", "hang xom hat karaoke"),
        ("rác chưa thu gom", "rac chua thu gom"),
    ],
)
def test_marks_do_not_matter_for_the_first_guess(with_marks: str, without: str) -> None:
    assert guessed(with_marks)[0] == guessed(without)[0]


def test_other_marks_make_another_word() -> None:
    assert guessed("con chó đen")[0] == "DICH"
    assert guessed("mười giờ tôi đến") == [OTHER]


def test_slips_and_glued_words_still_count() -> None:
    assert guessed("karaokee")[0] == "ON"
    assert guessed("denduong hong")[0] == "DEN"


def test_decomposed_letters_are_the_same_letters() -> None:
    text = "Đèn đường hỏng"
    assert guessed(unicodedata.normalize("NFD", text)) == guessed(text)


def test_limit_counts_the_guesses_and_other_comes_on_top() -> None:
    text = "rác, ngập, cây đổ, đèn đường hỏng"
    assert len(guessed(text, limit=2)) == 3
    assert guessed(text, limit=2)[-1] == OTHER
    assert guessed(text, limit=0) == [OTHER]


@given(st.text(max_size=80))
def test_any_text_ends_with_other_and_never_repeats(text: str) -> None:
    keys = guessed(text)
    assert keys[-1] == OTHER
    assert len(set(keys)) == len(keys) <= 4
    assert keys == guessed(text)


DONG_XOAI = load_ward("dong_xoai")


@pytest.mark.parametrize(
    ("ward", "text", "key"),
    [
        (MAU, "đèn hỏng ở tổ 12", "tdp-12"),
        (MAU, "to dan pho so 5 bi ngap", "tdp-5"),
        (MAU, "TDP 07", "tdp-7"),
        (MAU, "tdp3 mat nuoc", "tdp-3"),
        (MAU, "o to 5 co rac, mong xu ly", "tdp-5"),
        (MAU, "tổ dân phố số 10", "tdp-10"),
        (DONG_XOAI, "khu pho 3", "kp-3"),
        (DONG_XOAI, "kp15 mất điện", "kp-15"),
        (MAU, "tổ 99", None),
        (MAU, "khu phố 3", None),
        (DONG_XOAI, "tổ 3", None),
        (MAU, "ổ gà to 3 mét", None),
        (MAU, "o ga to 3 met", None),
        (MAU, "ô tô 4 chỗ đậu chắn", None),
        (MAU, "o to 4 cho dau chan", None),
        (MAU, "từ tổ 3 đến tổ 5", None),
        (MAU, "", None),
    ],
)
def test_an_area_is_found_only_where_it_is_named(ward: Ward, text: str, key: str | None) -> None:
    found = suggest_area(ward, text)
    assert (found.key if found else None) == key


def test_of_two_names_the_longer_one_was_meant(tmp_path: Path) -> None:
    file = tmp_path / "xa_thu.toml"
    file.write_text(
        'level = "xã"\nshort_name = "Thử"\nsource = "thử"\n'
        '[areas]\nkind = "thôn"\nnames = ["Thôn Đông", "Thôn Đông Hạ", "Thôn 4"]\n',
        encoding="utf-8",
    )
    ward = load_ward(file)
    assert [area.key for area in ward.areas] == ["thon-dong", "thon-dong-ha", "thon-4"]
    assert suggest_area(ward, "đèn ở thôn Đông Hạ hỏng") == ward.areas[1]
    assert suggest_area(ward, "den o thon dong hong") == ward.areas[0]
    assert suggest_area(ward, "xóm 4 ngập") == ward.areas[2]
