"""`nghedan export tickets`: the cases as an Excel file, one row each, without any citizen's name or telephone."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.commands.database import opened
from bot.house import build_house
from bot.settings import Settings, WrongSetting
from core.calendar import LOCAL
from handlers.case_book import write_book
from handlers.case_sheet import list_rows
from handlers.operator import Operator


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to export, where to, and which part of it."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="VIỆC")
    told = "xuất phiếu ra tệp Excel, mỗi việc một dòng"
    tickets = actions.add_parser("tickets", help=told, description=told)
    tickets.add_argument("--xlsx", type=Path, required=True, metavar="TỆP", help="tệp Excel để ghi")
    tickets.add_argument(
        "--since", type=date.fromisoformat, metavar="NGÀY", help="gửi từ ngày này, như 2026-11-01"
    )
    tickets.add_argument("--until", type=date.fromisoformat, metavar="NGÀY", help="gửi đến hết ngày này")
    tickets.add_argument("--department", metavar="ĐƠN_VỊ", help="chỉ phiếu của một đơn vị, ví dụ KT")
    tickets.add_argument("--json", action="store_true", help="in số dòng dạng JSON cho chương trình khác đọc")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Write the file. Raises WrongSetting for an unknown department or a place that cannot be written."""
    house = build_house(settings)
    found = house.ward.find_department(given.department) if given.department else None
    if given.department and found is None:
        raise WrongSetting(f"{given.department}: phường, xã không có đơn vị này.")
    since = _midnight(given.since) if given.since else None
    until = _midnight(given.until + timedelta(days=1)) if given.until else None
    with opened(settings) as (database, now):
        rows = database.run_now(
            lambda session: list(
                list_rows(Operator(session, house, now), since, until, found.key if found else None)
            )
        )
    try:
        # Opened first: a sheet that was begun and cannot be saved leaves a file of its own behind.
        with given.xlsx.open("wb") as file:
            write_book(file, house.words, rows)
    except OSError as error:
        raise WrongSetting(f"{given.xlsx}: không ghi được tệp ({error.strerror}).") from None
    told = {"rows": len(rows), "file": str(given.xlsx)}
    line = (
        json.dumps(told, ensure_ascii=False) if given.json else f"Đã xuất {len(rows)} phiếu ra {given.xlsx}"
    )
    sys.stdout.write(line + "\n")
    return 0


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL)
