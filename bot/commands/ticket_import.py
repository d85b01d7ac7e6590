"""`nghedan import tickets`: an existing tracking sheet becomes tickets, after it was shown what was understood."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlmodel import Session

from bot.commands import reminder_import
from bot.commands.database import opened
from bot.house import build_house
from bot.settings import Settings, WrongSetting
from faq.exchange.kept import Unreadable
from faq.exchange.opening import open_workbook
from handlers.house import House
from handlers.ledger_columns import COLUMNS, MAX_ROWS, Table, find_tables, heading
from handlers.ledger_filing import Books, Filed, file_cases, is_late, look, tell_departments
from handlers.ledger_reading import Case, LedgerReader, Reading
from handlers.ledger_template import write_template
from handlers.operator import Operator
from storage.database import Database

# One transaction each: the running program beside us waits for none of them longer than for a message.
_AT_ONCE: Final = 50
_SHOWN_WRONG: Final = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sheet, and how careful to be."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="VIỆC")
    told = "nhập sổ theo dõi phản ánh (Excel) đang có thành phiếu"
    tickets = actions.add_parser("tickets", help=told, description=told)
    tickets.add_argument("file", type=Path, nargs="?", metavar="TỆP", help="tệp .xlsx của sổ theo dõi")
    tickets.add_argument(
        "--template", type=Path, metavar="TỆP", help="ghi một tệp mẫu để điền, không nhập gì"
    )
    tickets.add_argument("--dry-run", action="store_true", help="chỉ xem hiểu được gì, không ghi gì")
    tickets.add_argument("--skip-bad", action="store_true", help="vẫn nhập các dòng đúng khi có dòng sai")
    tickets.add_argument(
        "--closed-on",
        type=date.fromisoformat,
        metavar="NGÀY",
        help="ngày xong của dòng đã xong mà thiếu ngày",
    )
    tickets.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")
    reminder_import.add_arguments(actions)


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Show what was understood, then import; exit code 1 if a row is wrong. Raises WrongSetting."""
    if given.action == reminder_import.ACTION:
        return reminder_import.execute(settings, given)
    house = build_house(settings)
    if given.template is not None:
        return _write_template(given.template, house)
    if given.file is None:
        raise WrongSetting("Còn thiếu tệp để nhập. Lấy mẫu bằng: nghedan import tickets --template mau.xlsx")
    with opened(settings) as (database, now):
        tables = _open(given.file, house)
        with _progress("Đọc", sum(table.sheet.max_row for table in tables)) as step:
            reading = LedgerReader(house, now, given.closed_on).read(tables, step)
        stores = not given.dry_run and (not reading.wrong or given.skip_bad)
        books = Books()
        database.run_now(lambda session: look(session, books))
        fresh = [case for case in reading.cases if case.key.identity not in books.known]
        filed = _store(database, house, now, fresh, books) if stores else None
    if given.json:
        told = _as_json(tables, reading, fresh, filed, now)
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        lines = _as_text(tables, reading, fresh, house, now)
        lines.append(_ending(filed, given))
        sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if reading.wrong else 0


def _write_template(path: Path, house: House) -> int:
    try:
        with path.open("wb") as file:
            write_template(file, house)
    except OSError as error:
        raise WrongSetting(f"{path}: không ghi được tệp ({error.strerror}).") from None
    sys.stdout.write(f"Đã ghi tệp mẫu {path}\n")
    return 0


def _open(path: Path, house: House) -> list[Table]:
    words = house.words
    try:
        # What a sheet shows, not how it was computed: «hạn» is often a formula.
        tables = find_tables(open_workbook(path, words, values=True), words)
    except Unreadable as error:
        raise WrongSetting(str(error)) from None
    if not tables:
        raise WrongSetting(f"{path.name}: {words.text('ticket_import.wrong.no_table')}")
    if sum(table.sheet.max_row for table in tables) > MAX_ROWS:
        raise WrongSetting(f"{path.name}: {words.text('ticket_import.wrong.too_many_rows', limit=MAX_ROWS)}")
    return tables


def _store(database: Database, house: House, now: datetime, cases: Sequence[Case], books: Books) -> Filed:
    """Piece by piece: if it is interrupted, the same command goes on where it stopped."""
    filed = Filed()
    with _progress("Nhập", len(cases)) as step:
        for start in range(0, len(cases), _AT_ONCE):
            part = cases[start : start + _AT_ONCE]
            filed.add(database.run_now(partial(_file, house=house, now=now, cases=part, books=books)))
            for _ in part:
                step()
    database.run_now(lambda session: tell_departments(Operator(session, house, now), filed))
    return filed


def _file(session: Session, house: House, now: datetime, cases: Sequence[Case], books: Books) -> Filed:
    return file_cases(Operator(session, house, now), cases, books)


@contextmanager
def _progress(title: str, total: int) -> Iterator[Any]:
    """A bar on the terminal; nothing where the output is read by a program."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)


def _as_text(
    tables: Sequence[Table], reading: Reading, fresh: Sequence[Case], house: House, now: datetime
) -> list[str]:
    lines = []
    for table in tables:
        lines.append(f"Trang «{table.title}», tiêu đề ở dòng {table.head_row}:")
        lines += [
            f"  «{table.headings[name]}» → {heading(house.words, name)}"
            for name in COLUMNS
            if name in table.columns
        ]
        if table.unread:
            lines.append("  Không đọc: " + ", ".join(f"«{text}»" for text in table.unread))
    lines += [f"HIỂU  {note} ({count} dòng)." for note, count in reading.notes.most_common()]
    lines += [f"SAI   {one.where}: {one.text}" for one in reading.wrong[:_SHOWN_WRONG]]
    if len(reading.wrong) > _SHOWN_WRONG:
        lines.append(f"… và {len(reading.wrong) - _SHOWN_WRONG} dòng sai nữa.")
    opened = sum(case.closed_at is None for case in fresh)
    late = sum(is_late(case, now) for case in fresh)
    known = len(reading.cases) - len(fresh)
    lines.append(
        f"Tổng cộng: dòng đúng {len(reading.cases)} (mới {len(fresh)}, đã có {known}), sai {len(reading.wrong)}. "
        f"Phiếu mới đang mở: {opened}, đã quá hạn: {late}."
    )
    return lines


def _ending(filed: Filed | None, given: argparse.Namespace) -> str:
    if filed is not None and not filed.tickets:
        return "Không có phiếu mới nào để nhập."
    if filed is not None:
        return f"Đã nhập {filed.tickets} phiếu. Mỗi đơn vị nhận một tin tổng hợp, không có thẻ từng phiếu."
    if given.dry_run:
        return "Mới xem trước, chưa ghi gì."
    return "Chưa ghi gì. Sửa các dòng sai rồi nhập lại, hoặc thêm --skip-bad để nhập các dòng đúng."


def _as_json(
    tables: Sequence[Table], reading: Reading, fresh: Sequence[Case], filed: Filed | None, now: datetime
) -> dict[str, Any]:
    return {
        "tables": [
            {
                "sheet": one.title,
                "head_row": one.head_row,
                "columns": dict(one.headings),
                "unread": list(one.unread),
            }
            for one in tables
        ],
        "understood": [{"note": note, "rows": count} for note, count in reading.notes.most_common()],
        "problems": [{"place": one.where, "problem": one.text} for one in reading.wrong],
        "rows": len(reading.cases),
        "new": len(fresh),
        "open": sum(case.closed_at is None for case in fresh),
        "late": sum(is_late(case, now) for case in fresh),
        "stored": filed.tickets if filed else 0,
    }
