"""Several questions in one message: where it is parted, and that stories stay whole."""

from __future__ import annotations

import pytest

from faq.followup import FollowupReader
from faq.library import Library
from faq.matcher import Matcher
from faq.parts import PartReader


@pytest.fixture(scope="module")
def reader(library: Library, matcher: Matcher) -> PartReader:
    return PartReader(library, matcher, FollowupReader(library, matcher))


@pytest.mark.parametrize(
    ("said", "entries"),
    [
        ("làm căn cước mất bao lâu với lệ phí nhiêu?", ["can-cuoc-thoi-han", "can-cuoc-le-phi"]),
        (
            "Đăng ký tạm trú cần giấy tờ gì? Tách hộ khẩu cần gì?",
            ["cu-tru-dang-ky-tam-tru", "cu-tru-tach-ho"],
        ),
        ("1. quên mật khẩu vneid làm sao\n2. gia hạn bhyt thế nào", ["vneid-quen-mat-khau", "bhyt-gia-han"]),
        (
            "cho hỏi giờ làm việc của phường, với lại lịch tiếp dân của chủ tịch",
            ["phuong-gio-lam-viec", "phuong-tiep-dan"],
        ),
    ],
)
def test_each_question_has_its_answer(
    reader: PartReader, matcher: Matcher, said: str, entries: list[str]
) -> None:
    parts = reader.read(said, matcher.match(said))
    assert [part.entry.id for part in parts if part.entry is not None] == entries


@pytest.mark.parametrize(
    "said",
    [
        "Đăng ký tạm trú cần giấy tờ gì, nộp ở đâu?",
        "quên mật khẩu vneid? quên mk vneid làm sao?",
        "vợ em mới sinh hôm qua, giờ em muốn làm giấy khai sinh cho con thì cần giấy tờ gì và làm ở đâu ạ",
        "cháy nhà rồi! gọi ai? số nào?",
        "",
        "?????",
        "và, và, rồi, còn",
    ],
)
def test_one_question_stays_one(reader: PartReader, matcher: Matcher, said: str) -> None:
    assert reader.read(said, matcher.match(said)) == ()


def test_at_most_three_are_answered(reader: PartReader, matcher: Matcher) -> None:
    said = (
        "tách hộ khẩu cần gì? gia hạn tạm trú khi nào? quên mật khẩu vneid làm sao? "
        "đăng ký kết hôn cần giấy tờ gì? mất sổ đỏ xin cấp lại ở đâu?"
    )
    assert len(reader.read(said, matcher.match(said))) == 3


def test_ten_thousand_question_marks_take_no_time(reader: PartReader, matcher: Matcher) -> None:
    said = "tách hộ khẩu cần gì? " * 2000
    assert len(reader.split(said)[0]) < 50
    assert reader.read(said, matcher.match(said)) == ()


def test_no_phrasing_of_the_library_is_torn(reader: PartReader, matcher: Matcher, library: Library) -> None:
    phrasings = [text for entry in library for text in entry.phrasings]
    torn = [text for text in phrasings if len(reader.read(text, matcher.match(text))) > 1]
    assert len(torn) <= len(phrasings) // 100
