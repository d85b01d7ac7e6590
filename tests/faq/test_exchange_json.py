"""The JSON for other assistants keeps its schema and the rule of confidence, and can be taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from faq.exchange.comparing import Step, compare
from faq.exchange.json_in import read_json
from faq.exchange.json_out import HANDLING, Origin, export_json
from faq.exchange.kept import Kept, Unreadable
from faq.library import Library
from faq.phrases import Phrases
from faq.saying import Saying
from tests.faq.workbooks import FIGURES, KEPT, LABELS, PHRASES, PLAIN, PROCEDURE, UNSURE, WORDS

TODAY = date(2026, 11, 24)
ORIGIN = Origin("mau", "Phường Mẫu", 7, datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
SCHEMA = json.loads(files("faq.exchange").joinpath("hoi-dap.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
LIVE = (*KEPT[:2], Kept(UNSURE, 1))


def saying(today: date = TODAY, phrases: Phrases = PHRASES) -> Saying:
    return Saying(phrases, FIGURES, today, {"ward_address": "Số 1 đường Mẫu"})


def told(kept: tuple[Kept, ...] = LIVE, today: date = TODAY) -> dict[str, Any]:
    # Through text, as another program gets it.
    return json.loads(json.dumps(export_json(kept, saying(today), LABELS, ORIGIN), ensure_ascii=False))  # type: ignore[no-any-return]


def entry(document: dict[str, Any], entry_id: str) -> dict[str, Any]:
    return next(one for one in document["entries"] if one["id"] == entry_id)


def test_the_export_keeps_its_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert list(VALIDATOR.iter_errors(told())) == []


def test_all_shipped_content_keeps_the_schema(library: Library) -> None:
    words = Saying(library.phrases, library.figures, TODAY)
    document = export_json([Kept(one) for one in library], words, LABELS, ORIGIN)
    assert list(VALIDATOR.iter_errors(json.loads(json.dumps(document)))) == []
    assert len(document["entries"]) == len(library)


def test_the_schema_refuses_what_is_not_agreed() -> None:
    for spoil in (
        lambda one: one["entries"][0].pop("handling"),
        lambda one: one["entries"][0].update(strange=1),
        lambda one: one["entries"][2].update(confidence="D"),
        lambda one: one["entries"][2]["figures"][0].update(value="2.340.000 đồng"),
        lambda one: one.update(format_version=2),
    ):
        document = told()
        spoil(document)
        assert list(VALIDATOR.iter_errors(document)), spoil


def test_texts_are_ready_to_be_said() -> None:
    said = entry(told(), PROCEDURE.id)
    assert said["answer"].endswith("Mỗi trang 2.000 đồng.")
    assert said["fee"] == "2.000 đồng mỗi trang"
    assert said["place"] == "Trung tâm, Số 1 đường Mẫu"
    assert said["written"]["fee"] == "{figure:phi-sao-y} mỗi trang"
    [figure] = said["figures"]
    assert (figure["value"], figure["source"]) == ("2.000 đồng", "Thông tư 226/2016/TT-BTC")
    assert said["notes"] == [PHRASES.notes["B"]]


def test_confidence_c_tells_no_figures_and_d_goes_to_a_person() -> None:
    document = told(
        (Kept(UNSURE), Kept(replace(PLAIN, confidence="D")), Kept(replace(PLAIN, id="b", answer=None)))
    )
    unsure, changing, empty = document["entries"]
    assert unsure["handling"] == "general_guidance"
    told_of_it = json.dumps(
        {name: value for name, value in unsure.items() if name != "written"}, ensure_ascii=False
    )
    assert "2.340.000" not in told_of_it
    assert "2.530.000" not in told_of_it
    assert unsure["figures"][0]["value"] is None
    assert PHRASES.notes["C"] in unsure["notes"]
    assert changing["handling"] == empty["handling"] == "to_person"
    assert set(HANDLING) == {"A", "B", "C", "D"}


def test_a_figure_that_may_not_be_said_has_no_value_anywhere() -> None:
    document = told()
    by_key = {one["key"]: one for one in document["figures"]}
    assert by_key["phi-sao-y"]["value"] == "2.000 đồng"
    assert by_key["luong-co-so"]["value"] is None


def test_an_overdue_entry_says_so() -> None:
    late = entry(told(today=date(2027, 6, 1)), PLAIN.id)
    assert late["overdue"]
    assert "20/11/2026" in " ".join(late["notes"])


def test_retired_entries_are_left_out() -> None:
    assert "an-sinh-luong" not in {one["id"] for one in told(KEPT)["entries"]}


def test_the_export_taken_back_changes_nothing(tmp_path: Path) -> None:
    found = compare(_read(tmp_path, told()).rows, _kept(), WORDS)
    assert (found.changes, found.problems, found.unchanged) == ((), (), 3)


def test_a_changed_text_is_one_change(tmp_path: Path) -> None:
    document = told()
    entry(document, PROCEDURE.id)["written"]["time"] = "Hai ngày"
    [change] = compare(_read(tmp_path, document).rows, _kept(), WORDS).changes
    assert (change.step, change.fields) == (Step.EDIT, [("time", "Trong ngày", "Hai ngày")])


def test_another_program_may_bring_an_entry_without_the_written_part(tmp_path: Path) -> None:
    document = told(())
    document["entries"] = [{"id": "moi-1", "topic": "phuong", "question": "Hỏi gì?", "answer": "Trả lời."}]
    [change] = compare(_read(tmp_path, document).rows, _kept(), WORDS).changes
    assert (change.step, change.new.answer) == (Step.ADD, "Trả lời.")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("a", "Mục thứ 1: phải là một nhóm trường."),
        ({}, "Mục thứ 1: còn thiếu mã."),
        ({"id": "A b"}, "Mục thứ 1: mã «A b» không dùng được."),
        ({"id": "a"}, "Mục a: question: còn thiếu"),
        ({"id": "a", "question": "b", "xyz": 1}, "Mục a: có trường lạ: xyz."),
        ({"id": "a", "question": "b", "steps": "c"}, "Mục a: steps: phải là một danh sách chữ"),
        ({"id": "a", "question": "b", "written": []}, "Mục a: trường written phải là một nhóm trường."),
        ({"id": "a", "question": "b", "retired": "x"}, "Mục a: trường retired phải là true hoặc false."),
        ({"id": "a", "question": "b", "review_by": "mai"}, "Mục a, trường review_by: «mai» không phải là ngày."),
        ({"id": "a", "question": "b", "owner": "XX"}, "Mục a, trường owner: không có đơn vị «XX»."),
        ({"id": "a", "question": "b", "confidence": "Z"}, "Mục a: confidence: phải là A, B, C hoặc D"),
    ],
)  # fmt: skip
def test_a_bad_entry_is_one_line(tmp_path: Path, row: object, line: str) -> None:
    document = told(())
    document["entries"] = [row]
    [problem] = _read(tmp_path, document).problems
    assert str(problem).startswith(line), str(problem)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b"[]", b"{}", b'{"format": "x"}'])
def test_another_file_is_refused_in_one_line(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(raw)
    with pytest.raises(Unreadable, match=r"a\.json"):
        read_json(path, LABELS, WORDS)


@pytest.mark.parametrize(("name", "value"), [("format_version", 2), ("format_version", "1"), ("entries", {})])
def test_a_document_of_another_make_is_refused(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(Unreadable):
        _read(tmp_path, {**told(()), name: value})


def _kept() -> dict[str, Kept]:
    return {one.entry.id: one for one in LIVE}


def _read(folder: Path, document: object):  # type: ignore[no-untyped-def]
    path = folder / "a.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_json(path, LABELS, WORDS)
