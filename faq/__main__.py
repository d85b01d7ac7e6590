"""The command line of the knowledge base: match a stream of questions, ask one, check the content."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from core.wording import load_wording
from faq.entry import ContentError
from faq.explain import explain, explanation_text
from faq.library import CONTENT, Library
from faq.lint import findings_text, lint, lint_words
from faq.matcher import Match, Matcher
from faq.routes import Route

_ROUTE_NAMES = {
    Route.FEEDBACK: "ghi nhận là phản ánh",
    Route.HUMAN: "chuyển gặp cán bộ",
    Route.SMALLTALK: "chào hỏi",
    Route.EMERGENCY: "khẩn cấp: nhắc gọi 113, 114, 115",
    Route.DENUNCIATION: "tố cáo: hướng dẫn nơi tiếp công dân, không ghi nội dung",
}


def _as_row(query_id: object, match: Match) -> dict[str, object]:
    row: dict[str, object] = {"id": query_id, "ranked": [list(pair) for pair in match.ranked]}
    row["decision"] = match.decision.value
    if match.route is not None:
        row["route"] = match.route.value
    if match.stub is not None:
        row["stub"] = match.stub
    return row


def _match(kb: Path, source: TextIO, out: TextIO) -> int:
    matcher = Matcher(Library.load(kb))
    for line in source:
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            query_id, text = asked["id"], str(asked["text"])
        except (ValueError, KeyError, TypeError):
            sys.stderr.write('Mỗi dòng phải là {"id": ..., "text": ...}, bỏ qua một dòng.\n')
            continue
        out.write(json.dumps(_as_row(query_id, matcher.match(text)), ensure_ascii=False) + "\n")
        out.flush()
    return 0


def _ask(kb: Path, text: str, today: date, out: TextIO) -> int:
    library = Library.load(kb)
    matcher = Matcher(library)
    match = matcher.match(text)
    if match.route is not None:
        out.write(f"→ {_ROUTE_NAMES[match.route]}\n")
    elif match.stub is not None:
        out.write(f"→ không thuộc phường\n{matcher.stub_answer(match.stub)}\n")
    else:
        out.write(f"→ {match.decision}\n")
    if match.decision == "answer":
        entry = library.get(match.ranked[0][0])
        out.write(f"{entry.question}\n{library.answer_text(entry, today)}\n")
    for entry_id, score in match.ranked:
        out.write(f"  {score:5.1f}  {entry_id}  {library.get(entry_id).question}\n")
    return 0


def _explain(kb: Path, text: str, out: TextIO) -> int:
    library = Library.load(kb)
    found = explain(library, Matcher(library), text)
    out.write(explanation_text(found, load_wording({})) + "\n")
    return 0


def _lint(kb: Path, today: date, out: TextIO) -> int:
    library = Library.load(kb)
    findings = (*lint(library, today), *lint_words(library, kb))
    out.write(findings_text(findings, len(library)))
    return 1 if findings else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m faq", description="Kho hỏi đáp của phường")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, about in (
        ("match", 'đọc từng dòng {"id","text"}, trả từng dòng kết quả'),
        ("ask", "hỏi thử một câu"),
        ("lint", "kiểm tra nội dung"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument(
            "--kb", type=Path, default=CONTENT, help="thư mục hoặc tệp YAML (mặc định: kho có sẵn)"
        )
        if name == "ask":
            command.add_argument("text", help="câu hỏi")
            command.add_argument("--explain", action="store_true", help="vì sao trả lời như vậy")
        if name != "match":
            command.add_argument("--today", type=date.fromisoformat, help="ngày kiểm tra, như 2026-11-20")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 if all is well, 1 for findings, 2 for content that cannot be read."""
    options = _parser().parse_args(arguments)
    # Only the command line reads a clock; everything below gets the day as an argument.
    today = getattr(options, "today", None) or datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    try:
        if options.command == "match":
            return _match(options.kb, sys.stdin, sys.stdout)
        if options.command == "ask" and options.explain:
            return _explain(options.kb, options.text, sys.stdout)
        if options.command == "ask":
            return _ask(options.kb, options.text, today, sys.stdout)
        return _lint(options.kb, today, sys.stdout)
    except ContentError as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
