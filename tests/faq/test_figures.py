"""Figures stand in one table: what holds on which day, who uses it, and who has to read again after a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from faq.entry import ContentError, Entry
from faq.figures import FIGURE_FIELDS, Figure, Figures, figure_keys, list_outdated, load_figures, parse_figure
from faq.library import CONTENT, Library

TODAY = date(2026, 11, 24)
WAGE = Figure("luong", "Lương cơ sở", "2.340.000 đồng", "Nghị định thử", "A", date(2026, 11, 1))
ENTRY = Entry(
    id="thu",
    topic="thu",
    question="Lương bao nhiêu?",
    answer="Lương {figure:luong}.",
    steps=("Nộp {figure:phi}.", "Chờ {figure:luong}."),
    fee="{figure:phi-khac} một bản",
    confidence="A",
    reviewed_on=date(2026, 11, 10),
)


def test_a_figure_is_said_only_when_known_sure_and_in_its_time() -> None:
    assert WAGE.may_be_said(TODAY)
    assert replace(WAGE, confidence="B").may_be_said(TODAY)
    assert not replace(WAGE, confidence="C").may_be_said(TODAY)
    assert not replace(WAGE, confidence="D").may_be_said(TODAY)
    assert not replace(WAGE, value=None).may_be_said(TODAY)
    assert replace(WAGE, until=TODAY).may_be_said(TODAY)
    assert not replace(WAGE, until=TODAY).may_be_said(TODAY + timedelta(days=1))
    assert not replace(WAGE, since=TODAY).may_be_said(TODAY - timedelta(days=1))


def test_the_next_period_may_be_entered_before_it_begins() -> None:
    old = replace(WAGE, until=date(2026, 12, 31))
    new = replace(WAGE, value="2.500.000 đồng", since=date(2027, 1, 1))
    figures = Figures((old, new))
    assert figures.find("luong", TODAY) == old
    assert figures.find("luong", date(2027, 1, 1)) == new
    assert figures.keys == ("luong",)
    assert figures.find("khac", TODAY) is None


def test_a_figure_whose_time_is_over_is_found_but_not_said() -> None:
    over = replace(WAGE, since=date(2025, 1, 1), until=date(2025, 12, 31))
    found = Figures((over,)).find("luong", TODAY)
    assert found == over
    assert not over.may_be_said(TODAY)


def test_the_figures_of_an_entry_are_found_in_all_its_texts() -> None:
    assert figure_keys(ENTRY) == ("luong", "phi-khac", "phi")
    library = Library.of([ENTRY], Figures((WAGE,)))
    assert library.list_using("phi-khac") == (ENTRY,)
    assert library.list_using("khong-dung") == ()


@pytest.mark.parametrize(
    ("change", "outdated"),
    [
        ({}, ()),
        ({"checked_on": date(2026, 11, 10)}, ()),
        ({"checked_on": date(2026, 11, 11)}, ("luong",)),
        ({"since": date(2026, 11, 12)}, ("luong",)),
        ({"since": date(2027, 1, 1)}, ()),
    ],
)
def test_a_changed_figure_marks_its_entries_for_review(
    change: dict[str, date], outdated: tuple[str, ...]
) -> None:
    values = {name: getattr(WAGE, name) for name in FIGURE_FIELDS} | change
    figures = Figures((Figure(**values),))
    assert list_outdated(ENTRY, figures, TODAY) == outdated
    to_review = Library.of([ENTRY], figures).list_to_review(TODAY)
    assert to_review == ((ENTRY,) if outdated else ())


def test_an_overdue_entry_is_to_review_too() -> None:
    late = replace(ENTRY, review_by=date(2026, 11, 23))
    assert Library.of([late], Figures((WAGE,))).list_to_review(TODAY) == (late,)


def test_every_shipped_figure_has_what_a_table_needs_and_no_two_periods_overlap() -> None:
    figures = load_figures(CONTENT)
    assert len(figures.keys) >= 30
    for key in figures.keys:
        holding = [row for row in figures.list_periods(key) if row.holds_on(TODAY)]
        assert len(holding) == 1, key


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": "Lương 1"}, "key"),
        ({"name": ""}, "name"),
        ({"value": 500}, "value"),
        ({"confidence": "E"}, "confidence"),
        ({"checked_on": "hôm qua"}, "checked_on"),
        ({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, "until"),
        ({"unit": "đồng"}, "trường lạ unit"),
    ],
)
def test_a_wrong_row_is_told_with_its_field(change: dict[str, object], words: str) -> None:
    row = {name: getattr(WAGE, name) for name in FIGURE_FIELDS} | change
    with pytest.raises(ContentError, match=words):
        parse_figure(row, "_figures.yaml")


def test_two_rows_from_the_same_day_are_refused() -> None:
    with pytest.raises(ContentError, match="hai dòng"):
        Figures((WAGE, replace(WAGE, value="1 đồng")))


def test_a_folder_brings_its_own_table(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- {id: a, question: Hỏi gì?}", encoding="utf-8")
    assert Library.load(tmp_path).figures == Figures()
    (tmp_path / "_figures.yaml").write_text(
        "- {key: phi, name: Phí, value: 1 đồng, source: s, confidence: A, checked_on: 2026-11-20}",
        encoding="utf-8",
    )
    assert Library.load(tmp_path).figures.keys == ("phi",)
