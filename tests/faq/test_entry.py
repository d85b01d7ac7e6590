"""An entry survives the way to a row and back, and a wrong row says what is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from faq.entry import FIELDS, ContentError, Entry, entry_row, parse_entry
from faq.library import Library

FULL = Entry(
    id="thu",
    topic="phuong",
    question="Hỏi gì?",
    alternatives=("hỏi khác",),
    keywords=("hỏi",),
    answer="Đáp.",
    steps=("Bước một.", "Bước hai."),
    bring=("Thẻ căn cước",),
    fee="Không mất tiền",
    time="3 ngày làm việc",
    place="Trung tâm",
    links=("https://dichvucong.gov.vn",),
    owner="VP",
    legal_basis="Luật thử",
    source="Nguồn thử",
    confidence="A",
    reviewed_on=date(2026, 11, 20),
    review_by=date(2027, 5, 20),
    related=("khac",),
)


def test_the_full_entry_of_this_test_uses_every_field() -> None:
    assert set(entry_row(FULL)) == set(FIELDS)


def test_every_shipped_entry_reads_back_from_its_row() -> None:
    for entry in (FULL, *Library.load()):
        assert parse_entry(entry_row(entry), "thử") == entry


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(ContentError, match="trường lạ gia"):
        parse_entry({"id": "thu", "question": "Hỏi gì?", "gia": "5"}, "thử")
