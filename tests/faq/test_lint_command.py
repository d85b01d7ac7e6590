"""`nghedan faq lint`: one line a finding, an exit code for scripts, JSON on request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.cli import main
from faq.library import CONTENT

# Reading all entries against one another takes seconds, and the first test does it.
FEW = str(CONTENT / "xay-dung.yaml")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_clean_content_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faq", "lint", "--today", "2026-11-26"]) == 0
    out = capsys.readouterr().out
    assert out.endswith(" mục, 0 lỗi\n")
    assert out.count("\n") == 1


def test_findings_end_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faq", "lint", "--kb", FEW, "--today", "2027-11-24"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any("quá hạn kiểm tra lại" in line for line in lines)
    assert lines[-1].endswith(f"{len(lines) - 1} lỗi")


def test_json_tells_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = yaml.safe_load(Path(FEW).read_text(encoding="utf-8"))
    first, second, *_ = few["entries"]
    second["alternatives"].append(f"Dạ cho em hỏi {first['question']}")
    stray = tmp_path / "xay-dung.yaml"
    stray.write_text(yaml.safe_dump(few, allow_unicode=True), encoding="utf-8")
    assert main(["faq", "lint", "--kb", str(stray), "--today", "2027-11-24", "--json", "--hints"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["today"] == "2027-11-24"
    assert set(told["findings"][0]) == {"entry_id", "field", "problem", "rule", "about"}
    assert "kiem-tra-lai" in {finding["rule"] for finding in told["findings"]}
    assert {hint["rule"] for hint in told["hints"]} == {"goi-y"}


def test_content_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text("- {id: a}", encoding="utf-8")
    assert main(["faq", "lint", "--kb", str(tmp_path)]) == 2
    assert "mục a, question: còn thiếu" in capsys.readouterr().err
