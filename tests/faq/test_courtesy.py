"""The polite frame of a message is taken off, and nothing of what is asked."""

from __future__ import annotations

import pytest

from faq.courtesy import without_courtesy
from faq.matcher import Matcher


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("cho em hỏi giờ làm việc của phường với ạ", "giờ làm việc của phường"),
        ("Dạ cho hỏi giờ làm việc", "giờ làm việc"),
        ("chào ad, em muốn hỏi về làm căn cước cho con ạ. Em cảm ơn", "làm căn cước cho con"),
        ("alo cho hoi tham lam the can cuoc o dau", "lam the can cuoc o dau"),
        ("làm ơn cho tôi hỏi chút làm khai tử mất bao lâu vậy ạ", "làm khai tử mất bao lâu vậy"),
        ("anh ơi đường hỏng rồi", "đường hỏng rồi"),
    ],
)
def test_the_frame_goes(said: str, left: str) -> None:
    assert without_courtesy(said)[0] == left


@pytest.mark.parametrize(
    "said", ["chợ hôi bán cá ở đâu", "hỏi bác", "cảm ơn", "bà cô chú tôi hỏi", "", "ạ", "đất nhà tôi bị lấn"]
)
def test_what_is_no_frame_stays(said: str) -> None:
    assert without_courtesy(said) == (said, False)


def test_the_frame_tells_that_somebody_asks() -> None:
    assert without_courtesy("cho em hỏi giờ làm việc") == ("giờ làm việc", True)
    assert without_courtesy("dạ em chào ad, đường hỏng rồi") == ("đường hỏng rồi", False)


def test_the_matter_of_another_office_is_found_behind_the_frame(matcher: Matcher) -> None:
    plain, polite = (
        matcher.match(said) for said in ("làm hộ chiếu ở đâu", "dạ cho em hỏi làm hộ chiếu ở đâu ạ")
    )
    assert plain.stub is not None
    assert polite.stub == plain.stub
