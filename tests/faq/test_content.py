"""The content itself, and how an answer is put into words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from faq.entry import ContentError, Entry
from faq.library import CONTENT, Library
from faq.lint import lint

TODAY = date(2026, 11, 26)


def test_content_is_clean(library: Library) -> None:
    assert lint(library, TODAY) == ()


def test_content_is_broad(library: Library) -> None:
    assert len(library) >= 75
    assert set(library.topics) >= {"vneid", "can_cuoc", "cu_tru", "ho_tich", "dat_dai", "lua_dao", "phuong"}
    assert all(library.list_topic(topic) for topic in library.topics)


def test_every_owner_has_a_name(library: Library) -> None:
    assert library.owner_name(library.get("can-cuoc-lam-the")) == "Công an phường"
    assert all(library.owner_name(entry) != entry.owner for entry in library)


def test_a_ward_fact_is_filled_in_or_kindly_left_open(library: Library) -> None:
    entry = library.get("phuong-gio-lam-viec")
    told = library.answer_text(
        entry, TODAY, {"ward_name": "Phường Gia Viên", "ward_office_hours": "7 giờ {30}"}
    )
    assert "Phường Gia Viên làm việc: 7 giờ {30}." in told
    untold = library.answer_text(entry, TODAY)
    assert "{" not in untold
    assert library.placeholders == {"ward_name", "ward_office_hours", "ward_address", "ward_hotline"}


ENTRY = Entry(
    id="thu",
    topic="thu",
    question="Thử?",
    answer="Dạ, được. Mất 7 ngày. Gọi 113 nếu gấp.",
    confidence="A",
    reviewed_on=date(2026, 11, 20),
    review_by=date(2027, 5, 20),
)


@pytest.mark.parametrize(
    ("confidence", "figures", "note"),
    [
        ("A", True, None),
        ("B", True, "niêm yết"),
        ("C", False, "cán bộ phụ trách sẽ xác nhận"),
        ("D", False, "Gặp cán bộ"),
    ],
)
def test_confidence_decides_what_is_said(confidence: str, figures: bool, note: str | None) -> None:
    entry = replace(ENTRY, confidence=confidence)  # type: ignore[arg-type]
    told = Library.of([entry]).answer_text(entry, TODAY)
    assert ("7 ngày" in told) is figures
    assert "113" in told
    assert note is None or note in told
    assert (told == ENTRY.answer) is (confidence == "A")


def test_an_overdue_review_is_said(library: Library) -> None:
    told = Library.of([ENTRY]).answer_text(ENTRY, date(2027, 5, 21))
    assert "Thông tin kiểm tra lần cuối ngày 20/11/2026" in told
    assert "kiểm tra lần cuối" not in Library.of([ENTRY]).answer_text(ENTRY, date(2027, 5, 20))


def test_an_entry_without_answer_goes_to_an_officer() -> None:
    entry = replace(ENTRY, answer=None)
    assert "cán bộ" in Library.of([entry]).answer_text(entry, TODAY)


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("- {id: a}", ["x.yaml", "mục a", "question"]),
        ("- {question: a}", ["x.yaml", "id"]),
        ("- {id: a, question: b, confidence: E}", ["mục a", "confidence"]),
        ("- {id: a, question: b, reviewed_on: hôm qua}", ["mục a", "reviewed_on"]),
        ("- {id: a, question: b, keywords: c}", ["mục a", "keywords"]),
        ("- {id: a, question: b, colour: c}", ["mục a", "colour"]),
        ("- {id: a, question: b}\n- {id: a, question: c}", ["mục a", "trùng"]),
        ("- a", ["x.yaml"]),
        ("{", ["x.yaml"]),
        ("a: b", ["x.yaml", "a"]),
    ],
)
def test_errors_say_where(tmp_path: Path, yaml: str, words: list[str]) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(yaml, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        Library.load(file)
    assert all(word in str(caught.value) for word in words)


def test_a_plain_list_without_answers_is_a_library(tmp_path: Path) -> None:
    file = tmp_path / "kb.yaml"
    file.write_text("- {id: a, topic: t, question: Hỏi gì?, alternatives: [Hỏi chi]}", encoding="utf-8")
    library = Library.load(file)
    assert library.get("a").phrasings == ("Hỏi gì?", "Hỏi chi")
    assert library.find("b") is None


def test_tables_are_not_entries() -> None:
    assert {file.name for file in CONTENT.glob("_*.yaml")} >= {
        "_abbreviations.yaml",
        "_concepts.yaml",
        "_phrases.yaml",
    }
