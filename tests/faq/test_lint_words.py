"""The word tables have nothing twice, no clash and nothing out of reach; each rule finds what it is for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from faq.entry import ContentError, Entry
from faq.library import CONTENT, Library
from faq.lint import Finding, Rule, Standards, lint_words
from faq.lint.finding import Acceptance

ENTRY = Entry(
    id="tha-dieu",
    topic="thu",
    question="Xin giấy phép thả diều thế nào?",
    alternatives=("Thả diều có phải đặt cọc không", "Đặt chỗ thả diều ở đâu", "Đặt lịch thả diều"),
    keywords=("thả diều",),
)
SHORT = "plain: {gp: giấy phép}\nambiguous: {}\ndialect: {mô: đâu}"
CONCEPTS = "tha_dieu: [thả diều, chơi diều]\nxin_phep: [xin phép, giấy phép]"
NONE = Standards(frozenset(), frozenset(), ())


def tables(folder: Path, **texts: str) -> Path:
    """A content folder with small tables; `texts` take the place of single files."""
    given = {"concepts": CONCEPTS, "abbreviations": SHORT, "outofscope": "[]"} | texts
    for name, text in given.items():
        (folder / f"_{name}.yaml").write_text(text, encoding="utf-8")
    signals = (CONTENT / "_signals.yaml").read_text(encoding="utf-8")
    (folder / "_signals.yaml").write_text(signals, encoding="utf-8")
    return folder


def found(folder: Path, entry: Entry = ENTRY, standards: Standards = NONE) -> list[Finding]:
    return list(lint_words(Library.of([entry]), folder, standards))


def test_the_shipped_tables_have_no_findings() -> None:
    assert lint_words(Library.load()) == ()


def test_small_tables_without_a_fault_have_no_findings(tmp_path: Path) -> None:
    assert found(tables(tmp_path)) == []


CASES: list[tuple[str, dict[str, str], str, Rule]] = [
    ("a name twice", {"concepts": f"{CONCEPTS}\ntha_dieu: [con diều]"}, "tha_dieu", Rule.TWICE),
    ("a form twice", {"concepts": "tha_dieu: [thả diều, thả diều]"}, "tha_dieu", Rule.TWICE),
    ("a short form twice", {"abbreviations": SHORT.replace("{gp", "{gp: giấy phép, gp")}, "gp", Rule.TWICE),
    (
        "a form of two things",
        {"concepts": f"{CONCEPTS}\ntro_choi: [chơi diều]"},
        "tro_choi",
        Rule.TWO_MEANINGS,
    ),
    ("a form with a short form in it", {"concepts": "xin: [đơn gp]"}, "xin", Rule.UNREACHED),
    ("a dialect word without marks", {"abbreviations": SHORT.replace("mô", "mo")}, "mo", Rule.UNREACHED),
    (
        "a short form of three words",
        {"abbreviations": SHORT.replace("gp:", "gp d t:")},
        "gp d t",
        Rule.UNREACHED,
    ),
    (
        "a pair whose halves are one short form",
        {"abbreviations": SHORT.replace("{gp: giấy phép", "{gpzz: giấy phép, gp zz: thả diều")},
        "gp zz",
        Rule.UNREACHED,
    ),
    (
        "a stub with a short form in it",
        {"outofscope": "[{id: xa, words: [đơn gp], answer: Không làm ở đây.}]"},
        "xa",
        Rule.UNREACHED,
    ),
    ("a short word that looks like a common one", {"concepts": "dat: [đất]"}, "dat", Rule.COMMON_WORDS),
    (
        "a short form that looks like a common word",
        {
            "concepts": "goi: [gọi phường, gọi xã, gọi ai, gọi đến, gọi lại]",
            "abbreviations": SHORT.replace("gp:", "goi:"),
        },
        "goi",
        Rule.COMMON_WORDS,
    ),
    (
        "a short form of a word that nothing knows",
        {"abbreviations": SHORT.replace("giấy phép", "tàu thủy")},
        "gp",
        Rule.NO_MEANING,
    ),
    (
        "a question of ours that goes to another office",
        {"outofscope": "[{id: coc, words: [đặt cọc], answer: Không làm ở đây.}]"},
        "tha-dieu",
        Rule.OUT_OF_SCOPE,
    ),
]


@pytest.mark.parametrize(("what", "texts", "name", "rule"), CASES, ids=[case[0] for case in CASES])
def test_the_check_finds(tmp_path: Path, what: str, texts: dict[str, str], name: str, rule: Rule) -> None:
    assert (name, rule) in {(one.entry_id, one.rule) for one in found(tables(tmp_path, **texts))}, what


@pytest.mark.parametrize(
    "texts",
    [
        # The other word is a form of the same thing, or the same word with hỏi for ngã.
        {"concepts": "dat: [đất, đặt]"},
        {"concepts": "dieu: [thã diều]"},
        # A chat spelling with marks does not take the place of the word without them.
        {
            "concepts": "goi: [gọi phường, gọi xã, gọi ai, gọi đến, gọi lại]",
            "abbreviations": SHORT.replace("gp:", "gòi:"),
        },
        # Its own subject, so the message is answered here.
        {"outofscope": "[{id: dieu, words: [thả diều], answer: Không làm ở đây.}]"},
    ],
)
def test_what_only_looks_like_a_clash_passes(tmp_path: Path, texts: dict[str, str]) -> None:
    assert found(tables(tmp_path, **texts)) == []


def test_a_finding_in_a_table_is_accepted_with_a_reason_until_it_is_gone(tmp_path: Path) -> None:
    folder = tables(tmp_path, concepts="dat: [đất]")
    standards = replace(NONE, accepted=(Acceptance(Rule.COMMON_WORDS, "dat", "đất", "Tên gọi chính"),))
    assert found(folder, standards=standards) == []
    other = tables(tmp_path, concepts="dat: [mảnh đất]")
    assert [one.rule for one in found(other, standards=standards)] == [Rule.EXCEPTION]


def test_a_folder_without_tables_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_a_table_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="_concepts"):
        found(tables(tmp_path, concepts="a: [b"))


def test_one_finding_names_the_thing_the_table_and_the_rule(tmp_path: Path) -> None:
    [finding] = found(tables(tmp_path, concepts="dat: [đất]"))
    assert str(finding).startswith("dat, _concepts.yaml: «đất»")
    assert str(finding).endswith("[chu-hay-gap]")
