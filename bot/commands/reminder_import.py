"""`nghedan import reminders`: a list of duties with dates becomes reminders, once all of it is understood."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from bot.commands.database import opened
from bot.house import build_house
from bot.settings import Settings, WrongSetting
from core.wording import Wording
from faq.exchange.kept import Unreadable
from faq.exchange.opening import open_workbook
from handlers.operator import Operator
from handlers.reminder_import import Listed, Row, read_lines, read_rows, rows_of_table
from handlers.reminder_text import describe
from storage.reminders import add_reminder

ACTION: Final = "reminders"
_SHOWN_DATES: Final = 3
_MOST_BYTES: Final = 2_000_000


def add_arguments(actions: Any) -> None:
    """The file, and whether anything is kept."""
    told = "nhập danh sách việc có ngày (tệp chữ hoặc Excel) thành lời nhắc"
    reminders = actions.add_parser(ACTION, help=told, description=told)
    reminders.add_argument(
        "file",
        type=Path,
        metavar="TỆP",
        help="mỗi dòng: việc; khi nào; nhắc ai; trả lời – hoặc bốn cột của .xlsx",
    )
    reminders.add_argument("--dry-run", action="store_true", help="chỉ xem hiểu được gì, không ghi gì")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Show each reminder with its next dates, then keep all; none while a line is wrong (exit code 1)."""
    house = build_house(settings)
    rows = _rows(given.file, house.words)
    with opened(settings) as (database, now):

        def store(session: Any) -> tuple[Listed, list[str]]:
            listed = read_rows(Operator(session, house, now), rows)
            shown = [
                line
                for one in listed.fresh
                for line in describe(session, house, one, now, count=_SHOWN_DATES)
            ]
            if not listed.wrong and not given.dry_run:
                for one in listed.fresh:
                    add_reminder(session, one)
            return listed, shown

        listed, lines = database.run_now(store)
    lines += [f"Dòng {number}: {fault}" for number, fault in listed.wrong]
    lines.append(_ending(listed, dry=given.dry_run))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if listed.wrong else 0


def _rows(file: Path, words: Wording) -> list[Row]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise WrongSetting(f"{file}: tệp lớn quá, danh sách việc không dài như vậy.")
        if file.suffix.lower() == ".xlsx":
            sheet = open_workbook(file, words, values=True).worksheets[0]
            return rows_of_table(sheet.iter_rows(values_only=True))
        return read_lines(file.read_text(encoding="utf-8-sig"))
    except Unreadable as error:
        raise WrongSetting(str(error)) from None
    except (OSError, UnicodeDecodeError, IndexError, ValueError) as error:
        raise WrongSetting(f"{file}: không đọc được ({type(error).__name__}).") from None


def _ending(listed: Listed, *, dry: bool) -> str:
    if listed.wrong:
        return f"{len(listed.wrong)} dòng chưa đúng: chưa ghi lời nhắc nào. Sửa rồi nhập lại cả tệp."
    known = f" {listed.known} lời nhắc đã có từ trước." if listed.known else ""
    if dry:
        return f"Hiểu được {len(listed.fresh)} lời nhắc mới, chưa ghi gì.{known}"
    return f"Đã ghi {len(listed.fresh)} lời nhắc.{known}"
