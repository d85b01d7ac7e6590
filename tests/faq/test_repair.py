"""What becomes of typed words: typing keys, short forms, glued and torn words, form numbers that stay."""

from __future__ import annotations

import pytest

from faq.index import vocabulary
from faq.keys import from_telex, from_vni
from faq.lexicon import load_lexicon
from faq.library import Library
from faq.repair import Repairer
from faq.syllables import is_syllable, sound_key


@pytest.fixture(scope="module")
def repairer(library: Library) -> Repairer:
    lexicon = load_lexicon()
    return Repairer(lexicon, vocabulary(library, lexicon))


@pytest.mark.parametrize("word", ["truong", "nghia", "quyen", "giay", "y", "khuyet", "oanh", "gi"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["vneid", "otp", "wifi", "thanhg", "bcd", "cccd"])
def test_other_words(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hanj", "hạn"),
        ("dduowngf", "đường"),
        ("thuwowngf", "thường"),
        ("giaays", "giấy"),
        ("vuj", "vụ"),
        ("rooif", "rồi"),
        ("dduwowcj", "được"),
        ("quys", "quý"),
        ("nguowif", "người"),
    ],
)
def test_telex(typed: str, meant: str) -> None:
    assert from_telex(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("tram5", "trạm"), ("gio72", "giờ"), ("ma6y1", "mấy"), ("mo73", "mở")]
)
def test_vni(typed: str, meant: str) -> None:
    assert from_vni(typed) == meant


@pytest.mark.parametrize("typed", ["ct07", "na17", "h12", "muc2", "k0", "200k"])
def test_form_numbers_are_no_vni(typed: str) -> None:
    assert from_vni(typed) is None


def test_words_that_sound_alike_to_some_share_a_key() -> None:
    assert sound_key("xinh") == sound_key("sinh")
    assert sound_key("chu") == sound_key("tru")
    assert sound_key("nam") == sound_key("lam")
    assert sound_key("tru") != sound_key("thu")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("cccd", ["can", "cuoc", "cong", "dan"]),
        ("đăngký tạmtrú", ["dang", "ky", "tam", "tru"]),
        ("bh yt", ["bao", "hiem", "y", "te"]),
        ("quên mk vneid", ["quen", "mat", "khau", "vneid"]),
        ("mk muốn", ["minh", "muon"]),
        ("ở mô", ["o", "dau"]),
        ("dichvucong", ["dich", "vu", "cong"]),
    ],
)
def test_likeliest_reading(repairer: Repairer, typed: str, words: list[str]) -> None:
    assert [word for slot in repairer.repair(typed).slots for word in slot.first] == words
