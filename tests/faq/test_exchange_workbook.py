"""The Excel round trip: nothing comes back but what somebody changed, whatever program saved the file."""

from __future__ import annotations

import os
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from faq.entry import Entry
from faq.exchange.columns import Labels
from faq.exchange.comparing import Step, compare
from faq.exchange.kept import Kept, tidy
from faq.exchange.workbook_in import read_workbook
from faq.exchange.workbook_out import Writer
from faq.library import Library
from tests.examples import examples
from tests.faq.workbooks import (
    KEPT,
    PLAIN,
    PROCEDURE,
    WORDS,
    column_number,
    compared,
    edit,
    problems,
    put,
    sheet,
    write,
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write(tmp_path / "hoi-dap.xlsx")


def changes(path: Path) -> list[tuple[Step, str, list[tuple[str, str, str]]]]:
    return [(one.step, one.new.id, one.fields) for one in compared(path).changes]


def test_a_file_that_nobody_touched_changes_nothing(book: Path) -> None:
    found = compared(book)
    assert (found.changes, found.problems, found.unchanged) == ((), (), len(KEPT))


def test_all_shipped_content_comes_back_as_it_went(library: Library, tmp_path: Path) -> None:
    kept = {entry.id: Kept(entry) for entry in library}
    labels = Labels(WORDS, library.topics, library.phrases.owners)
    path = tmp_path / "tat-ca.xlsx"
    Writer(labels, WORDS).write(path, list(kept.values()), library.figures, "hôm nay")
    reading = read_workbook(path, labels, WORDS, library.figures)
    assert reading.problems == ()
    found = compare(reading.rows, kept, WORDS)
    assert (found.changes, found.problems, found.unchanged) == ((), (), len(library))
    assert all(tidy(entry) == entry for entry in library), "shipped content is tidy as it stands"


def test_every_topic_has_a_name(library: Library) -> None:
    assert [key for key in library.topics if not WORDS.has(f"exchange.topic.{key}")] == []


@pytest.mark.parametrize(
    ("sheet_name", "row", "column", "value", "expected"),
    [
        ("entries", 2, "question", "Phường mở cửa lúc nào?", ("question", PLAIN.question, "Phường mở cửa lúc nào?")),
        ("entries", 3, "fee", "Không mất tiền", ("fee", PROCEDURE.fee, "Không mất tiền")),
        ("entries", 3, "fee", None, ("fee", PROCEDURE.fee, "")),
        ("entries", 3, "owner", "Công an phường", ("owner", "TTPVHCC", "CA")),
        ("entries", 3, "owner", "cong an phuong ", ("owner", "TTPVHCC", "CA")),
        ("entries", 3, "topic", "Phường, xã", ("topic", "chung_thuc", "phuong")),
        ("entries", 3, "confidence", "c", ("confidence", "B", "C")),
        ("entries", 3, "review_by", "31/12/2026", ("review_by", "20/05/2027", "31/12/2026")),
        ("entries", 3, "review_by", datetime(2026, 12, 31), ("review_by", "20/05/2027", "31/12/2026")),  # noqa: DTZ001
        ("entries", 2, "keywords", "giờ làm\nmở cửa", ("keywords", "", "mở cửa")),
        ("steps", 2, "text", "Mang bản chính.", ("steps", "1. Mang bản chính ra Trung tâm.", "1. Mang bản chính.")),
        ("bring", 3, "text", "Căn cước, VNeID", ("bring", "2. Căn cước", "2. Căn cước, VNeID")),
        ("links", 2, "text", "https://gov.vn", ("links", "https://dichvucong.gov.vn", "https://gov.vn")),
    ],
)  # fmt: skip
def test_one_changed_cell_is_exactly_one_change(
    book: Path, sheet_name: str, row: int, column: str, value: object, expected: tuple[str, str, str]
) -> None:
    edit(book, put(sheet_name, row, column, value))
    [(step, _, fields)] = changes(book)
    assert step is Step.EDIT
    assert fields == [expected]


def test_steps_follow_their_numbers_and_an_open_number_the_one_above(book: Path) -> None:
    def turn_round(opened) -> None:  # type: ignore[no-untyped-def]
        steps = sheet(opened, "steps")
        steps.cell(2, 2).value = 9
        steps.append([PROCEDURE.id, None, "Nhận lại bản chính."])

    edit(book, turn_round)
    [change] = compared(book).changes
    assert change.new.steps == (PROCEDURE.steps[1], "Nhận lại bản chính.", PROCEDURE.steps[0])


def test_looks_are_no_changes(book: Path) -> None:
    """Trailing spaces, decomposed letters, no-break spaces and a moved column say the same."""

    def touch(opened) -> None:  # type: ignore[no-untyped-def]
        entries = sheet(opened, "entries")
        for row in entries.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = unicodedata.normalize("NFD", cell.value) + " \u00a0\n"
        entries.insert_cols(3)
        entries.cell(1, 3).value = "Ghi chú của em"
        entries.cell(2, 3).value = "nhớ hỏi lại"

    edit(book, touch)
    assert changes(book) == []


def test_retired_restored_and_new_entries_are_told_apart(book: Path) -> None:
    def change(opened) -> None:  # type: ignore[no-untyped-def]
        entries = sheet(opened, "entries")
        flag = column_number(entries, "entries", "retired")
        entries.cell(2, flag).value, entries.cell(4, flag).value = "x", None
        entries.cell(5, column_number(entries, "entries", "id")).value = "phuong-rac"
        entries.cell(5, column_number(entries, "entries", "question")).value = "Phí rác đóng ở đâu?"
        sheet(opened, "steps").append(["phuong-rac", 1, "Gặp tổ trưởng."])

    edit(book, change)
    assert [(step, entry_id) for step, entry_id, _ in changes(book)] == [
        (Step.RETIRE, "phuong-gio-lam"),
        (Step.RESTORE, "an-sinh-luong"),
        (Step.ADD, "phuong-rac"),
    ]
    assert compared(book).changes[2].new.steps == ("Gặp tổ trưởng.",)


def test_a_row_that_is_not_in_the_file_stays_as_it_is(book: Path) -> None:
    def only_the_first(opened) -> None:  # type: ignore[no-untyped-def]
        sheet(opened, "entries").delete_rows(3, 2)
        for name in ("steps", "bring", "links"):
            sheet(opened, name).delete_rows(2, 5)

    edit(book, only_the_first)
    found = compared(book)
    assert (found.changes, found.unchanged) == ((), 1)


def test_what_was_changed_on_both_sides_is_named_and_not_overwritten(book: Path) -> None:
    edit(book, put("entries", 3, "fee", "Không mất tiền"))
    newer = Kept(replace(PROCEDURE, time="Hai ngày"), 4)
    found = compared(book, (KEPT[0], newer, KEPT[2]))
    assert found.changes == ()
    [problem] = found.problems
    assert (problem.place, problem.entry_id) == ("Trang Hỏi đáp, dòng 3", PROCEDURE.id)
    assert "bản mới hơn (4)" in problem.text


def test_a_shipped_entry_that_an_upgrade_changed_is_a_conflict_too(book: Path) -> None:
    edit(book, put("entries", 2, "question", "Mấy giờ phường mở cửa?"))
    found = compared(book, (Kept(replace(PLAIN, answer="Câu trả lời của bản nâng cấp.")), *KEPT[1:]))
    assert found.changes == ()
    assert len(found.problems) == 1


def test_a_row_that_was_left_alone_never_brings_back_an_old_version(book: Path) -> None:
    newer = Kept(replace(PROCEDURE, time="Hai ngày"), 4)
    found = compared(book, (KEPT[0], newer, KEPT[2]))
    assert (found.changes, found.problems, found.outrun) == ((), (), (PROCEDURE.id,))


def test_a_change_that_somebody_made_already_is_none(book: Path) -> None:
    edit(book, put("entries", 3, "fee", "Không mất tiền"))
    found = compared(book, (KEPT[0], Kept(replace(PROCEDURE, fee="Không mất tiền"), 4), KEPT[2]))
    assert (found.changes, found.problems) == ((), ())


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, sign: str) -> None:
    evil = f'{sign}HYPERLINK("http://x","y")'
    entry = replace(PLAIN, question=evil, alternatives=(evil, "b", "c"), source=evil)
    path = write(tmp_path / "a.xlsx", [Kept(entry)])
    entries = load_workbook(path)["Hỏi đáp"]
    cell = entries.cell(2, column_number(entries, "entries", "question"))
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", evil, True)
    assert compared(path, [Kept(entry)]).unchanged == 1
    # Also after another program has loaded and saved it.
    edit(path, lambda _: None)
    assert compared(path, [Kept(entry)]).unchanged == 1


def test_the_sheets_help_whoever_fills_them_in(book: Path) -> None:
    opened = load_workbook(book)
    assert opened.sheetnames == [
        "Hướng dẫn",
        "Hỏi đáp",
        "Bước làm",
        "Mang theo",
        "Đường dẫn",
        "Con số",
        "Danh mục",
    ]
    entries = opened["Hỏi đáp"]
    assert entries.freeze_panes == "D2"
    assert opened["Danh mục"].sheet_state == "hidden"
    by_column = {
        str(rule.sqref).rstrip("0123456789").split("2:")[0]: rule
        for rule in entries.data_validations.dataValidation
    }
    letters = {
        name: entries.cell(1, column_number(entries, "entries", name)).column_letter
        for name in ("version", "topic", "owner", "confidence", "reviewed_on", "retired")
    }  # fmt: skip
    kinds = {name: by_column[letter].type for name, letter in letters.items()}
    assert kinds == {
        "version": "custom",
        "topic": "list",
        "owner": "list",
        "confidence": "list",
        "reviewed_on": "date",
        "retired": "list",
    }
    version, question = entries.cell(2, 2), entries.cell(2, 3)
    assert version.fill.fgColor.rgb == "FFE7E6E6"
    assert question.fill.fgColor.rgb != "FFE7E6E6"
    assert question.alignment.wrap_text
    guide = "\n".join(str(row[0].value) for row in opened["Hướng dẫn"].iter_rows())
    assert "{figure:phi-sao-y-trang}" in guide
    assert "KHO HỎI ĐÁP CỦA PHƯỜNG MẪU" in guide
    owners = [cell.value for cell in opened["Danh mục"]["B"]]
    assert "Công an phường" in owners


def test_a_figure_that_is_changed_in_the_file_is_pointed_to_its_place(book: Path) -> None:
    edit(book, put("figures", 2, "value", "3.000 đồng"))
    assert problems(book) == [
        "Trang Con số, dòng 2, cột Mức: con số chỉ để xem, tệp không đổi được. Nhắn trợ lý: /hoidap con số."
    ]


TEXT = st.text(
    st.one_of(st.characters(codec="utf-8", exclude_categories=["Cs"]), st.sampled_from("=+-@'\"\n ệộ{}")),
    max_size=40,
)


@settings(max_examples=examples(40), deadline=None)
@given(question=TEXT, answer=TEXT, items=st.lists(TEXT, max_size=4), fee=TEXT)
def test_whatever_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, question: str, answer: str, items: list[str], fee: str
) -> None:
    lines = tuple(" ".join(item.split()) for item in items)
    entry = tidy(
        Entry(
            id="a-1", topic="phuong", question=f"Hỏi {question}", answer=answer, fee=fee,
            alternatives=lines, steps=tuple(items),
        )
    )  # fmt: skip
    path = write(tmp_path_factory.mktemp("book") / "a.xlsx", [Kept(entry)])
    found = compared(path, [Kept(entry)])
    assert [change.fields for change in found.changes] == []
    assert found.unchanged == 1


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(OFFICE is None and "CI" not in os.environ, reason="LibreOffice is not installed")
def test_a_file_that_libreoffice_saved_changes_nothing(book: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    command = [OFFICE or "", "--headless", "--convert-to", "xlsx", "--outdir", str(saved), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    found = compared(saved / book.name)
    assert (found.changes, found.problems, found.unchanged) == ((), (), len(KEPT))


def test_real_dates_are_written_as_dates(book: Path) -> None:
    entries = load_workbook(book)["Hỏi đáp"]
    cell = entries.cell(2, column_number(entries, "entries", "reviewed_on"))
    assert cell.is_date
    assert cell.value is not None
    assert date(2026, 11, 20) == cell.value.date()  # type: ignore[union-attr]
