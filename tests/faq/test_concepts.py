"""Names of things are found in what people write: whole, with a little word in between, with other marks."""

from __future__ import annotations

import pytest

from faq.concepts import ConceptFinder
from faq.index import vocabulary
from faq.lexicon import load_lexicon
from faq.library import Library
from faq.repair import Repairer


@pytest.fixture(scope="module")
def named(library: Library) -> NamedIn:
    return NamedIn(library)


class NamedIn:
    """The names found in a text; `exact` reads as entries are read."""

    def __init__(self, library: Library) -> None:
        lexicon = load_lexicon()
        self._repairer = Repairer(lexicon, vocabulary(library, lexicon))
        self._finder = ConceptFinder(lexicon)

    def __call__(self, text: str, *, exact: bool = False) -> set[str]:
        query = self._repairer.repair(text)
        return {hit.name for hit in (self._finder.find_exact if exact else self._finder.find)(query)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mất giấy khai sinh", "mat_khai_sinh"),
        ("mất cái giấy khai sinh", "mat_khai_sinh"),
        ("không nhớ được mật khẩu", "quen_mat_khau"),
        ("khong nho duoc mat khau", "quen_mat_khau"),
        ("đi lăn tay rồi chụp hình", "lay_sinh_trac"),
        ("chia đất của cha mẹ để lại", "thua_ke"),
    ],
)
def test_one_little_word_may_stand_inside_a_long_name(named: NamedIn, text: str, name: str) -> None:
    assert name in named(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mất xe giấy khai sinh", "mat_khai_sinh"),
        ("mất cái cuốn giấy khai sinh", "mat_khai_sinh"),
        ("mát cái giấy khai sinh", "mat_khai_sinh"),
        ("sổ cái đỏ", "so_do"),
    ],
)
def test_no_other_word_nor_two_nor_other_marks_nor_in_a_short_name(
    named: NamedIn, text: str, name: str
) -> None:
    assert name not in named(text)


def test_entries_are_read_word_for_word(named: NamedIn) -> None:
    assert "mat_khai_sinh" not in named("mất cái giấy khai sinh", exact=True)
