"""Every rule of the check finds what it is for, lets what is right pass, and can be answered with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from faq.entry import FIELDS, ContentError, Entry
from faq.figures import Figure, Figures
from faq.library import CONTENT, Library
from faq.lint import Finding, Rule, Standards, lint, list_hints, load_standards
from faq.lint.finding import Acceptance
from faq.lint.links import is_official
from faq.lint.reading import MAX_ANSWER, MAX_SENTENCE, MAX_STEP

TODAY = date(2026, 11, 24)
FEE = Figure("phi", "Phí", "2.000 đồng", "Thông tư thử", "A", date(2026, 11, 1))
OTHER = Entry(
    id="khac",
    topic="thu",
    question="Mua vé hồ bơi ở đâu?",
    alternatives=("Vé bơi bán chỗ nào", "Đi bơi mua vé", "Hồ bơi có bán vé không"),
    keywords=("vé hồ bơi",),
    answer="Mua ở cổng.",
    owner="CA",
    source="Luật",
    confidence="A",
    reviewed_on=date(2026, 11, 20),
    review_by=date(2027, 5, 20),
)
GOOD = replace(
    OTHER,
    id="thu",
    question="Xin giấy phép thả diều thế nào?",
    alternatives=("Thả diều có phải xin phép không", "Nộp đơn thả diều ở đâu", "Thủ tục thả diều"),
    keywords=("thả diều",),
    answer="Dạ, nộp đơn tại phường. Phí {figure:phi}. Vào dichvucong.gov.vn cũng được.",
    steps=("Viết đơn.", "Nộp đơn."),
    bring=("Thẻ căn cước",),
    fee="{figure:phi}",
    time="Trong ngày",
    place="Trung tâm",
    links=("https://dichvucong.gov.vn/p/home",),
    related=("khac",),
)
OF_TABLES = {
    Rule.TABLE,
    Rule.TWICE,
    Rule.TWO_MEANINGS,
    Rule.UNREACHED,
    Rule.COMMON_WORDS,
    Rule.NO_MEANING,
    Rule.OUT_OF_SCOPE,
}
"""What is found in the tables beside the entries; tests/faq/test_lint_words.py tries those of words."""
NONE = Standards(frozenset({"gov.vn"}), frozenset({"CT01"}), ())


def check(entry: Entry, *figures: Figure, standards: Standards = NONE) -> tuple[Finding, ...]:
    return lint(Library.of([entry, OTHER], Figures(figures or (FEE,))), TODAY, standards)


def changed(entry: Entry, change: Mapping[str, object]) -> Entry:
    values = {name: getattr(entry, name) for name in FIELDS} | dict(change)
    return Entry(**values)


def test_a_good_entry_has_no_findings() -> None:
    assert check(GOOD) == ()


CASES: list[tuple[dict[str, object], str, Rule]] = [
    ({"answer": None, "links": ()}, "answer", Rule.MISSING),
    ({"keywords": ()}, "keywords", Rule.MISSING),
    ({"alternatives": ()}, "alternatives", Rule.MISSING),
    ({"steps": ()}, "steps", Rule.PROCEDURE),
    ({"bring": ()}, "bring", Rule.PROCEDURE),
    ({"fee": None}, "fee", Rule.PROCEDURE),
    ({"time": None}, "time", Rule.PROCEDURE),
    ({"place": None}, "place", Rule.PROCEDURE),
    ({"owner": "XYZ"}, "owner", Rule.UNKNOWN),
    ({"answer": "Phí {figure:phi}. Gọi {so_la}."}, "answer", Rule.UNKNOWN),
    ({"answer": "Phí {figure:phi}. Phạt {figure:la}."}, "answer", Rule.UNKNOWN),
    ({"answer": "Phí {figure:phi}. Phạt {figure:phi-1}."}, "answer", Rule.UNKNOWN),
    ({"related": ("khong-co",)}, "related", Rule.RELATED),
    ({"related": ("thu",)}, "related", Rule.RELATED),
    ({"links": ("http://dichvucong.gov.vn",)}, "links", Rule.LINK),
    ({"links": ("dichvucong.gov.vn",)}, "links", Rule.LINK),
    ({"links": ("https://dichvucong",)}, "links", Rule.LINK),
    ({"links": ("https://dich vucong.gov.vn",)}, "links", Rule.LINK),
    ({"links": ("https://gov.vn@bay.com",)}, "links", Rule.LINK),
    ({"links": ("https://dichvucong.gov.vn.bay.com",)}, "links", Rule.LINK),
    ({"links": ("https://dichvucong-gov.vn",)}, "links", Rule.LINK),
    ({"links": ("https://[::1",)}, "links", Rule.LINK),
    ({"answer": "Vào dichvucong.com.vn. Phí {figure:phi}."}, "answer", Rule.LINK),
    ({"answer": ("Nộp đơn. " * 80) + "{figure:phi}"}, "answer", Rule.LENGTH),
    ({"steps": tuple("Nộp đơn." for _ in range(8))}, "steps", Rule.LENGTH),
    ({"steps": ("Nộp đơn. " * 40,)}, "steps", Rule.LENGTH),
    ({"place": "Trung tâm của phường. " * 6}, "place", Rule.LENGTH),
    ({"bring": ("Giấy tờ về nhà. " * 8,)}, "bring", Rule.LENGTH),
    ({"answer": "Được. " + "rất " * 27 + "lâu. {figure:phi}"}, "answer", Rule.SENTENCE),
    ({"answer": "Rất " + "rất " * 24 + "lâu. {figure:phi}"}, "answer", Rule.SENTENCE),
    ({"steps": ("rất " * 27,)}, "steps", Rule.SENTENCE),
    ({"answer": "Gõ mã OTP. {figure:phi}"}, "answer", Rule.ABBREVIATION),
    ({"bring": ("Thẻ BHYT",)}, "bring", Rule.ABBREVIATION),
    ({"answer": "Dạ, được. Dạ, {figure:phi}."}, "answer", Rule.MANNERS),
    ({"answer": "Phí 5.000 đồng, không phải {figure:phi}."}, "answer", Rule.FIGURE),
    ({"answer": "Mất 30%. {figure:phi}"}, "answer", Rule.FIGURE),
    ({"fee": "8 triệu", "legal_basis": "Luật"}, "fee", Rule.FIGURE),
    ({"time": "7 ngày làm việc"}, "time", Rule.FIGURE),
    ({"time": "7 ngày", "legal_basis": "Luật", "confidence": "C"}, "time", Rule.FIGURE),
    ({"answer": "Từ 14 tuổi. {figure:phi}", "confidence": "C"}, "answer", Rule.FIGURE),
    ({"answer": "Nộp khoảng {figure:phi}.", "confidence": "C"}, "answer", Rule.FIGURE),
    ({"review_by": date(2026, 11, 23)}, "review_by", Rule.REVIEW),
    ({"review_by": date(2027, 11, 20)}, "review_by", Rule.REVIEW),
    ({"review_by": date(2026, 12, 30), "confidence": "D"}, "review_by", Rule.REVIEW),
    ({"reviewed_on": date(2026, 11, 25)}, "reviewed_on", Rule.REVIEW),
    ({"reviewed_on": date(2026, 10, 31)}, "reviewed_on", Rule.REVIEW),
    ({"alternatives": ("Vé hồ bơi mua ở đâu", "a", "b")}, "alternatives", Rule.LIKENESS),
]


@pytest.mark.parametrize(("change", "field", "rule"), CASES)
def test_lint_finds(change: dict[str, object], field: str, rule: Rule) -> None:
    found = {(finding.field, finding.rule) for finding in check(changed(GOOD, change))}
    assert (field, rule) in found


def test_every_rule_about_an_entry_is_tried() -> None:
    assert {rule for _, _, rule in CASES} == set(Rule) - OF_TABLES - {Rule.EXCEPTION, Rule.HINT}


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "Nộp 6 tờ CT01 từ 14 tuổi trước ngày 1/1/2027, phí {figure:phi}."},
        {"time": "7 ngày làm việc", "legal_basis": "Luật thử, Điều 1"},
        {"answer": "Gõ mã xác nhận (OTP) rồi chờ mã OTP khác. {figure:phi}"},
        {"answer": "Nộp {figure:phi} là xong.", "confidence": "C"},
        {"answer": "Gọi 1900 0368. Phí {figure:phi}.", "confidence": "C"},
        {"steps": ("Gõ mã 6 số.", "Lấy mẫu CT01."), "confidence": "C"},
        {"steps": (), "bring": (), "fee": None, "time": None, "place": None},
        {"answer": "rất " * (MAX_SENTENCE - 1) + ".\nPhí {figure:phi}."},
    ],
)
def test_what_is_right_passes(change: dict[str, object]) -> None:
    assert [one for one in check(changed(GOOD, change)) if one.rule is not Rule.SENTENCE] == []


def test_two_entries_with_the_same_question_are_found() -> None:
    twin = replace(GOOD, id="sinh-doi", alternatives=("a b c", "d e g", "h i k"), related=())
    library = Library.of([GOOD, OTHER, twin], Figures((FEE,)))
    found = [
        one for one in lint(library, TODAY, NONE) if one.rule is Rule.LIKENESS and one.field == "question"
    ]
    named = [(one.entry_id, one.problem.split("giống mục ")[1].split()[0]) for one in found]
    assert named == [("thu", "sinh-doi"), ("sinh-doi", "thu")]


def test_a_way_of_asking_that_only_its_own_entry_saves_is_a_hint() -> None:
    stray = replace(GOOD, alternatives=("Hồ bơi bán vé chỗ nào", *GOOD.alternatives))
    library = Library.of([stray, OTHER], Figures((FEE,)))
    hints = list(list_hints(library))
    assert ("thu", "Hồ bơi bán vé chỗ nào", Rule.HINT) in [
        (one.entry_id, one.about, one.rule) for one in hints
    ]
    assert not {one.about for one in hints} & set(GOOD.alternatives)


def test_the_table_of_figures_is_checked_too() -> None:
    unused = replace(FEE, key="thua")
    over = replace(FEE, until=date(2026, 11, 23))
    empty = replace(FEE, value=None)
    assert {(one.entry_id, one.rule) for one in check(GOOD, FEE, unused)} == {("thua", Rule.TABLE)}
    assert [(one.field, one.rule) for one in check(GOOD, over)] == [("until", Rule.TABLE)]
    assert [(one.field, one.rule) for one in check(GOOD, empty)] == [("value", Rule.TABLE)]


def test_a_finding_is_accepted_with_a_reason_until_it_is_gone() -> None:
    accepted = Acceptance(Rule.ABBREVIATION, "thu", "OTP", "Tên trên màn hình")
    standards = replace(NONE, accepted=(accepted,))
    entry = replace(GOOD, answer="Gõ mã OTP. {figure:phi}")
    assert check(entry, standards=standards) == ()
    both = replace(GOOD, answer="Gõ mã OTP, PIN. {figure:phi}")
    assert [one.about for one in check(both, standards=standards)] == ["PIN"]
    assert [one.rule for one in check(GOOD, standards=standards)] == [Rule.EXCEPTION]


def test_a_finding_is_one_line_that_names_entry_field_and_rule() -> None:
    [finding] = check(replace(GOOD, time=None))
    assert re.fullmatch(r"thu, time: .+ \[thu-tuc\]", str(finding))


def test_progress_is_told_after_each_entry() -> None:
    done: list[int] = []
    lint(Library.of([GOOD, OTHER], Figures((FEE,))), TODAY, NONE, done.append)
    assert done == [1, 2]


@pytest.mark.parametrize(
    ("host", "official"),
    [
        ("dichvucong.gov.vn", True),
        ("gov.vn", True),
        ("xgov.vn", False),
        ("gov.vn.bay.com", False),
        ("play.google.com", True),
        ("google.com", False),
    ],
)
def test_only_the_listed_hosts_and_what_is_below_them_are_official(host: str, official: bool) -> None:
    assert is_official(host, load_standards(CONTENT)) is official


@pytest.mark.parametrize(
    "text",
    [
        "hosts: []\nnames: []",
        "hosts: [{host: a.vn}]\nnames: []\naccepted:",
        "hosts: [{host: a.vn, reason: ''}]\nnames: []\naccepted:",
        "hosts: []\nnames: []\naccepted: [{rule: la, entry: a, reason: b}]",
        "[]",
    ],
)
def test_an_exception_without_reason_or_rule_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "_standards.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="_standards"):
        load_standards(tmp_path)


def test_limits_hold_for_what_channels_and_elders_can_take() -> None:
    assert (MAX_ANSWER, MAX_STEP) == (600, 350)
