"""Directions of texts: of length one or nothing, near where the wish is the same, only ever an addition."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.entry import ContentError
from faq.library import Library
from faq.matcher import Matcher
from faq.sense import (
    CHAT,
    NOTHING,
    REPORT,
    features,
    likeness,
    load_sense,
    packed,
    save_sense,
    shipped_sense,
    thing,
    together,
)
from tests.examples import examples

SMALL = packed([[127, 0], [0, 127], [90, 90], [-100, 20]], [REPORT, CHAT, "giay", thing("can_cuoc")])


def test_a_text_is_the_sum_of_what_is_known_of_it() -> None:
    assert SMALL.direction({"giay": 1.0}) == pytest.approx((0.7071, 0.7071), abs=1e-3)
    assert SMALL.direction({"giay": 1.0, "lạ": 5.0}) == SMALL.direction({"giay": 1.0})
    assert SMALL.direction({"lạ": 1.0}) == (0.0, 0.0)
    both = SMALL.direction({REPORT: 2.0, CHAT: 1.0})
    assert both == pytest.approx((0.8944, 0.4472), abs=1e-3)


@settings(max_examples=examples(80), deadline=None)
@given(of=st.dictionaries(st.sampled_from(["giay", REPORT, CHAT, "#can_cuoc", "x"]), st.floats(0.1, 3)))
def test_a_direction_has_length_one_and_its_pulls_add_up(of: dict[str, float]) -> None:
    found = SMALL.direction(of)
    length = likeness(found, found)
    assert length == pytest.approx(1) or length == pytest.approx(0, abs=1e-9)
    toward = SMALL.direction({"giay": 1.0})
    pulls = [help_ for _, help_ in SMALL.pulls(of, toward)]
    assert pulls == sorted(pulls, reverse=True)
    if length > 0.5:
        assert (sum(pulls) > 0) == (likeness(found, toward) > 0) or abs(sum(pulls)) < 1e-6


def test_what_stands_in_every_phrasing_counts_little_more_than_twice() -> None:
    counted = together([{"giay": 1.0, "mat": 1.0}, *[{"giay": 1.0}] * 9])
    assert counted["mat"] == pytest.approx(1)
    assert 2 < counted["giay"] < 2.6


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    save_sense(SMALL, tmp_path)
    again = load_sense(tmp_path)
    assert again.lines() == SMALL.lines()
    assert again.report == SMALL.report


@pytest.mark.parametrize(
    "text",
    [
        "",
        "giay\tAAAA\n",
        f"{REPORT}\tAAAA\n{CHAT}\tAAAAAAAA\n",
        "giay AAAA\n",
        f"{REPORT}\t%%%%\n",
        "a\tb\tc\n",
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "_sense.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"_sense\.txt"):
        load_sense(tmp_path)
    with pytest.raises(ContentError, match=r"_sense\.txt"):
        load_sense(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("asked", "near", "far"),
    [
        ("ông cụ nhà tôi vừa nằm xuống đêm qua thì báo với ai", "khai tử cho người mất", "đăng ký kết hôn"),
        ("vợ em mới đẻ, làm giấy tờ cho cháu", "đăng ký khai sinh cho con", "gia hạn tạm trú"),
        ("bấm hoài nó văng ra không cho vô", "không đăng nhập được VNeID", "sang tên sổ đỏ"),
    ],
)
def test_what_is_meant_alike_points_alike(matcher: Matcher, asked: str, near: str, far: str) -> None:
    one, same, other = (_direction(matcher, text) for text in (asked, near, far))
    assert likeness(one, same) > likeness(one, other) + 0.2


def test_troubles_and_talk_point_their_own_way(matcher: Matcher) -> None:
    sense = shipped_sense()
    trouble = _direction(matcher, "rác đổ đầy đầu hẻm cả tuần nay hôi thối không chịu nổi")
    talk = _direction(matcher, "nấu phở bò thì hầm xương mấy tiếng cho ngọt")
    question = _direction(matcher, "làm căn cước cho con thì cần giấy tờ gì")
    assert likeness(trouble, sense.report) > 0.3 > likeness(question, sense.report)
    assert likeness(talk, sense.chat) > 0.3 > likeness(question, sense.chat)


def test_without_it_the_matcher_still_finds_what_is_said_in_the_words_of_an_entry(library: Library) -> None:
    plain = Matcher(library, sense=NOTHING)
    found = plain.look("mất thẻ căn cước thì làm lại ở đâu")
    assert "can-cuoc" in found.ranking.entries[0].id
    assert found.ranking.direction == ()


def _direction(matcher: Matcher, text: str) -> tuple[float, ...]:
    seen = matcher.look(text)
    return shipped_sense().direction(features(seen.query, seen.hits))
