"""The shipped replies are sound sentences for acts and categories that exist, and blanks are found and filled."""

from __future__ import annotations

import pytest

from core.replies import Act, Reply, fill, find_blank, is_day, is_sound, list_blanks, shipped_replies
from core.ward import load_ward

SHIPPED = shipped_replies()
CATEGORIES = {one.key for one in load_ward("mau").categories}


@pytest.mark.parametrize("reply", SHIPPED, ids=lambda one: f"{one.category}-{one.title}")
def test_a_shipped_reply_is_a_sound_sentence(reply: Reply) -> None:
    assert reply.category is None or reply.category in CATEGORIES
    assert is_sound(reply.text)
    # Fits the narrowest title of a button with its number, and one screen of a telephone.
    assert len(reply.title) <= 40
    assert 10 <= len(reply.text) <= 260
    assert reply.text[-1] in ".?"
    # «Dạ, đơn vị … trả lời phiếu …» stands before it.
    assert not reply.text.startswith("Dạ")


def test_no_two_shipped_replies_stand_for_each_other() -> None:
    assert len({one.mark for one in SHIPPED}) == len(SHIPPED)


def test_every_act_has_something_for_everything() -> None:
    assert {one.act for one in SHIPPED if one.category is None} == set(Act)


def test_what_the_title_is_counts_without_marks_and_capitals() -> None:
    one, other = Reply(Act.ASK, "Xin ảnh", "a"), Reply(Act.ASK, "xin anh", "b")
    assert one.mark == other.mark
    assert one.mark != Reply(Act.ASK, "Xin ảnh", "a", "DEN").mark
    assert one.mark != Reply(Act.ANSWER, "Xin ảnh", "a").mark


def test_blanks_are_filled_by_name_and_only_those_that_are_known() -> None:
    text = "Đèn ở {địa điểm} xong {ngày}, {ĐỊA ĐIỂM} sáng."
    assert list_blanks(text) == ["địa điểm", "ngày", "ĐỊA ĐIỂM"]
    filled = fill(text, {"dia diem": "ngõ 5"})
    assert filled == "Đèn ở ngõ 5 xong {ngày}, ngõ 5 sáng."
    assert find_blank(filled) == "ngày"
    assert find_blank(fill(filled, {"ngày": "mai"})) is None


@pytest.mark.parametrize("name", ["ngày", "Ngày xong", "ngay"])
def test_a_blank_for_a_day(name: str) -> None:
    assert is_day(name)


@pytest.mark.parametrize("name", ["địa điểm", "hôm ngày", "ngàyxong", ""])
def test_a_blank_for_words(name: str) -> None:
    assert not is_day(name)


@pytest.mark.parametrize("text", ["{", "a}", "{{ngày}}", "{ }", "{}", "{…}", "{a\nb}", "{" + "a" * 41 + "}"])
def test_braces_that_make_no_blank_are_unsound(text: str) -> None:
    assert not is_sound(text)
