"""`nghedan faq report`: the figures of the weeks as text, as JSON and as a picture; mistakes are one line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlmodel import Session

from bot import cli
from storage import asked
from storage.asked import Asked, record_asked
from storage.database import open_database
from storage.statuses import AskedDecision, Verdict

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_url: str) -> Path:
    monkeypatch.setenv("NGHEDAN_WARD", "mau")
    database = open_database(data_url)
    try:
        database.run_now(fill)
    finally:
        database.close()
    return tmp_path


def fill(session: Session) -> None:
    now = datetime.now(UTC)
    for decision, entry, words in (
        (AskedDecision.ANSWERED, "phuong-dia-chi", ""),
        (AskedDecision.OFFERED, "", "tạm trú <b>"),
        (AskedDecision.NONE, "", "nuôi chó lai sói ***"),
        (AskedDecision.NONE, "", "nuoi cho lai soi"),
    ):
        number = record_asked(session, Asked("zalo", decision, "cu_tru", entry, words=words), now)
        if entry:
            asked.note_verdict(session, number, Verdict.GOOD)


def test_the_text_tells_what_was_found_offered_and_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["faq", "report", "--weeks", "1"]) == 0
    said = capsys.readouterr().out
    assert "Tất cả 4 câu hỏi." in said
    assert "• Trả lời ngay: 1" in said
    assert "• Chưa biết: 2" in said
    assert "có ích: 1, chưa đúng: 0" in said
    assert "• Cư trú: 4 câu" in said
    assert "1. Địa chỉ trụ sở phường" in said
    assert "(2 lần)" in said


def test_json_has_weeks_topics_and_lists(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["faq", "report", "--weeks", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["weeks"]) == 3
    assert told["weeks"][-1]["total"]["missing"] == 2
    assert told["weeks"][-1]["topics"]["cu_tru"]["unpicked"] == 1
    assert told["weeks"][0]["total"]["asked"] == 0
    assert told["entries"][0]["count"] == 1
    assert told["unanswered"][0]["count"] == 2


def test_the_picture_is_well_formed_and_its_bars_are_the_figures(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["faq", "report", "--weeks", "2", "--picture", "bieu-do.svg"]) == 0
    root = ElementTree.parse(folder / "bieu-do.svg").getroot()
    texts = [node.text for node in root.iter(f"{SVG}text")]
    assert {"Trả lời ngay", "Chưa biết", "Theo chủ đề", "Cư trú"} <= set(texts)
    assert texts.count("4") == 2
    widths: dict[str, list[float]] = {}
    for node in root.iter(f"{SVG}rect"):
        widths.setdefault(node.get("fill", ""), []).append(float(node.get("width", "0").rstrip("%")))
    found, missing = widths["#009E73"][1:], widths["#D55E00"][1:]
    assert missing == pytest.approx([2 * one for one in found], rel=0.01)
    assert "Tất cả 4" in capsys.readouterr().out


@pytest.mark.parametrize(
    "options", [["--weeks", "0"], ["--weeks", "61"], ["--picture", "a.png"], ["--picture", "khong/co/a.svg"]]
)
def test_a_mistake_is_one_line(folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["faq", "report", *options]) == 2
    error = capsys.readouterr().err.splitlines()
    assert len(error) == 1
    assert options[0] in error[0]


def test_without_any_question_the_report_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NGHEDAN_DATA_DIR", str(tmp_path / "data"))
    assert cli.main(["faq", "report", "--picture", "trong.svg"]) == 0
    assert "chưa có câu hỏi nào" in capsys.readouterr().out
    assert ElementTree.parse(tmp_path / "trong.svg").getroot().tag == f"{SVG}svg"
