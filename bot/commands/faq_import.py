"""`nghedan faq import`: what a changed file would change, what is wrong with it, and then proposals for approval."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.commands.database import opened
from bot.commands.faq_export import read_standing
from bot.commands.staff import list_people, pick_person
from bot.house import build_house
from bot.settings import Settings, WrongSetting
from core.calendar import local_date
from faq.exchange.checking import check_changes
from faq.exchange.comparing import Change, Comparison, Step, compare, count_steps
from faq.exchange.json_in import read_json
from faq.exchange.kept import Problem, Reading, Unreadable
from faq.exchange.workbook_in import read_workbook
from faq.figures import Figures
from handlers.care_import import Handed, check_rights, hand_in, is_of_office, make_labels
from handlers.house import House
from handlers.operator import Operator
from storage.models import Staff

_STEPS = {Step.ADD: "THÊM", Step.EDIT: "SỬA", Step.RETIRE: "NGỪNG DÙNG", Step.RESTORE: "DÙNG LẠI"}
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file would change, what is wrong with it, and what became of it (None: nothing was stored)."""

    comparison: Comparison
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    handed: Handed | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, who hands it in, and how careful to be."""
    parser.add_argument("file", type=Path, metavar="TỆP", help="tệp .xlsx hoặc .json đã xuất và đã sửa")
    parser.add_argument("--by", metavar="NGƯỜI", help="ai sửa: số trong nghedan staff, hoặc họ tên đầy đủ")
    parser.add_argument("--dry-run", action="store_true", help="chỉ xem sẽ đổi gì, không ghi gì")
    parser.add_argument("--skip-bad", action="store_true", help="vẫn nộp các mục đúng khi có mục sai")
    parser.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Show the difference and what is wrong, then propose; exit code 1 if anything is wrong. Raises WrongSetting."""
    if given.by is None and not given.dry_run:
        raise WrongSetting("--by: còn thiếu người sửa. Chỉ xem trước thì thêm --dry-run.")
    house = build_house(settings)

    def work(session: Session, now: datetime) -> Outcome:
        author = pick_person(list_people(session), given.by, house.ward).staff if given.by else None
        if author is not None and not is_of_office(author):
            raise WrongSetting(f"--by: {author.name} là tổ viên, chỉ cán bộ và lãnh đạo nộp được tệp.")
        return _take(Operator(session, house, now), author, given)

    with opened(settings) as (database, now):
        outcome = database.run_now(lambda session: work(session, now))
    if given.json:
        sys.stdout.write(json.dumps(_as_json(outcome), ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _as_text(outcome, house, given))
    return 1 if outcome.problems else 0


def _take(operator: Operator, author: Staff | None, given: argparse.Namespace) -> Outcome:
    """All within one transaction: what was compared is what is proposed."""
    house, words = operator.house, operator.house.words
    standing = read_standing(operator.session, house)
    reading = _read(
        given.file, house, [one.entry for one in standing.kept.values()], standing.library.figures
    )
    found = compare(reading.rows, standing.kept, words)
    problems = [*reading.problems, *found.problems]
    problems += check_rights(house, author, found.changes) if author else ()
    problems += check_changes(standing.library, found.changes, local_date(operator.now), words)
    bad = {problem.entry_id for problem in problems}
    good = tuple(change for change in found.changes if change.new.id not in bad)
    stores = author is not None and not given.dry_run and (not problems or given.skip_bad)
    handed = hand_in(operator, author, good) if stores and author is not None else None
    return Outcome(found, found.changes if handed is None else good, tuple(problems), handed)


def _read(path: Path, house: House, entries: Iterable[Any], figures: Figures) -> Reading:
    labels = make_labels(house, entries)
    try:
        if path.suffix.lower() == ".xlsx":
            return read_workbook(path, labels, house.words, figures)
        if path.suffix.lower() == ".json":
            return read_json(path, labels, house.words)
    except Unreadable as error:
        raise WrongSetting(str(error)) from None
    raise WrongSetting(house.words.text("exchange.file.unknown_kind", file=path.name))


def _as_text(outcome: Outcome, house: House, given: argparse.Namespace) -> list[str]:
    lines = [line for change in outcome.changes for line in _change_lines(change, house)]
    lines += [f"SAI  {problem}" for problem in outcome.problems]
    counts = count_steps(outcome.changes)
    told = ", ".join(f"{name.lower()} {counts[step]}" for step, name in _STEPS.items())
    lines.append(f"Tổng cộng: {told}, không đổi {outcome.comparison.unchanged}, sai {len(outcome.problems)}.")
    if outcome.comparison.outrun:
        names = ", ".join(outcome.comparison.outrun)
        lines.append(f"Đã có bản mới hơn mà tệp không sửa, nên giữ bản mới: {names}.")
    return [*lines, _ending(outcome, given)]


def _ending(outcome: Outcome, given: argparse.Namespace) -> str:
    if outcome.handed is not None:
        made, waiting = len(outcome.handed.proposals), len(outcome.handed.waiting)
        already = f" {waiting} thay đổi đã có đề nghị giống hệt đang chờ." if waiting else ""
        return f"Đã nộp {made} đề nghị, chờ người thứ hai duyệt trong /hoidap duyệt.{already}"
    if given.dry_run:
        return "Mới xem trước, chưa ghi gì."
    return "Chưa ghi gì. Sửa các chỗ sai rồi nộp lại, hoặc thêm --skip-bad để nộp các mục đúng."


def _change_lines(change: Change, house: House) -> list[str]:
    lines = [f"{_STEPS[change.step]}  {change.new.id}: {change.new.question}"]
    for name, gone, put in change.fields:
        lines.append(f"  {house.words.text(f'care.field.{name}')}")
        lines += [f"{_INDENT}– {line}" for line in gone.splitlines()]
        lines += [f"{_INDENT}+ {line}" for line in put.splitlines()]
    return lines


def _as_json(outcome: Outcome) -> dict[str, Any]:
    handed = outcome.handed
    return {
        "changes": [
            {
                "id": change.new.id,
                "step": change.step.value,
                "place": change.row.place,
                "fields": [{"field": name, "old": gone, "new": put} for name, gone, put in change.fields],
            }
            for change in outcome.changes
        ],
        "unchanged": outcome.comparison.unchanged,
        "outrun": list(outcome.comparison.outrun),
        "problems": [
            {"id": one.entry_id or None, "place": one.place, "problem": one.text} for one in outcome.problems
        ],
        "stored": handed is not None,
        "proposals": [one.id for one in handed.proposals] if handed else [],
        "waiting": [one.id for one in handed.waiting] if handed else [],
    }
