"""The command line, as a subprocess: one answer per line, at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from faq.library import CONTENT

COMMAND = [sys.executable, "-X", "utf8", "-m", "faq"]
KB = """
- id: an-xin-phep
  topic: thu
  question: Xin giấy phép thả diều ở đâu?
  alternatives: [Thả diều có phải xin phép không]
  keywords: [thả diều]
- id: mua-ve
  topic: thu
  question: Mua vé hồ bơi bao nhiêu tiền?
  alternatives: [Vé bơi giá bao nhiêu]
  keywords: [hồ bơi, vé bơi]
"""


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    file = tmp_path / "kb.yaml"
    file.write_text(KB, encoding="utf-8")
    return file


def run(*arguments: str, source: str = "") -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *arguments]
    return subprocess.run(
        command, input=source, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )


def test_match_answers_each_line_before_the_next_is_sent(kb: Path) -> None:
    command = [*COMMAND, "match", "--kb", str(kb)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        rows = []
        for number, text in enumerate(
            ["vé hồ bơi giá bao nhiêu", "đèn đường hỏng mấy hôm rồi", "tha dieu xin phep o dau"]
        ):
            process.stdin.write(json.dumps({"id": number, "text": text}) + "\n")
            process.stdin.flush()
            rows.append(json.loads(process.stdout.readline()))
        process.stdin.close()
    assert process.returncode == 0
    assert [row["id"] for row in rows] == [0, 1, 2]
    assert rows[0]["ranked"][0][0] == "mua-ve"
    assert rows[0]["decision"] == "answer"
    assert "route" not in rows[0]
    assert (rows[1]["decision"], rows[1]["route"]) == ("none", "feedback")
    assert rows[2]["ranked"][0][0] == "an-xin-phep"


def test_match_survives_a_line_that_is_no_question(kb: Path) -> None:
    source = 'không phải JSON\n[]\n\n{"id": 1, "text": "hồ bơi"}\n'
    done = run("match", "--kb", str(kb), source=source)
    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1]


def test_ask_shows_the_answer() -> None:
    done = run("ask", "lam can cuoc mat bao lau", "--today", "2026-11-26")
    assert done.returncode == 0
    assert "7 ngày làm việc" in done.stdout


def test_lint_finds_what_is_old_after_a_year() -> None:
    late = run("lint", "--kb", str(CONTENT / "xay-dung.yaml"), "--today", "2027-11-24")
    assert late.returncode == 1
    assert "quá hạn kiểm tra lại" in late.stdout


def test_unreadable_content_is_told(tmp_path: Path) -> None:
    done = run("lint", "--kb", str(tmp_path / "khong-co.yaml"))
    assert done.returncode == 2
    assert "khong-co.yaml" in done.stderr
