"""`nghedan faq`: checks the knowledge base, reports what people ask, writes it to a file and takes it back."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.commands import faq_export, faq_import, faq_report
from bot.settings import Settings, WrongSetting
from core.calendar import local_date
from faq.entry import ContentError
from faq.library import CONTENT, Library
from faq.lint import Finding, findings_text, lint, lint_words, list_hints


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with the knowledge base."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="VIỆC")
    check = actions.add_parser("lint", help="kiểm tra nội dung", description="kiểm tra nội dung")
    check.add_argument(
        "--kb", type=Path, default=CONTENT, metavar="THƯ_MỤC", help="thư mục nội dung (mặc định: kho có sẵn)"
    )
    check.add_argument(
        "--today", type=date.fromisoformat, metavar="NGÀY", help="kiểm tra cho ngày này, như 2026-11-20"
    )
    check.add_argument("--hints", action="store_true", help="kèm gợi ý về cách hỏi; gợi ý không phải là lỗi")
    check.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")
    for name, told, add in (
        ("report", "bà con hỏi gì, theo tuần và lĩnh vực", faq_report.add_arguments),
        ("export", "xuất kho ra tệp Excel hoặc JSON", faq_export.add_arguments),
        ("import", "nộp tệp Excel hoặc JSON đã sửa, thành các đề nghị chờ duyệt", faq_import.add_arguments),
    ):
        add(actions.add_parser(name, help=told, description=told))


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Do it; the exit code is 1 if there is anything to correct. Raises WrongSetting."""
    if given.action == "lint":
        return _execute_lint(given)
    if given.action == "report":
        return faq_report.execute(settings, given)
    if given.action == "export":
        return faq_export.execute(settings, given)
    return faq_import.execute(settings, given)


def _execute_lint(given: argparse.Namespace) -> int:
    today = given.today or local_date(datetime.now(UTC))
    try:
        library = Library.load(given.kb)
        findings = (*_lint(library, today), *lint_words(library, given.kb))
        hints = tuple(list_hints(library)) if given.hints else ()
    except ContentError as error:
        raise WrongSetting(f"Kho hỏi đáp chưa đọc được: {error}") from None
    if given.json:
        sys.stdout.write(_as_json(library, findings, hints, today) + "\n")
    else:
        sys.stdout.writelines(f"{hint}\n" for hint in hints)
        sys.stdout.write(findings_text(findings, len(library)))
    return 1 if findings else 0


def _lint(library: Library, today: date) -> tuple[Finding, ...]:
    # A terminal sees the bar only while it works; a pipe never does.
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Đang kiểm tra", total=len(library))
        return lint(library, today, watch=lambda done: progress.update(task, completed=done))


def _as_json(library: Library, findings: Sequence[Finding], hints: Sequence[Finding], today: date) -> str:
    told: dict[str, object] = {"today": today.isoformat(), "entries": len(library)}
    told["findings"] = [asdict(finding) for finding in findings]
    told["hints"] = [asdict(hint) for hint in hints]
    return json.dumps(told, ensure_ascii=False)
