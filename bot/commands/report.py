"""`nghedan report`: the figures of a period as text, JSON, Word and Excel, and the cases behind each figure."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

from sqlmodel import Session

from bot.commands.database import opened
from bot.house import build_house
from bot.settings import Settings, WrongSetting
from core.calendar import local_date
from core.report_periods import read_report_period
from handlers.figures import Report
from handlers.figures_sheet import write_sheet
from handlers.figures_text import report_as_json, report_text
from handlers.figures_trace import case_line
from handlers.figures_word import write_word
from handlers.house import House
from storage.figures import By, Measure, trace
from storage.figures_book import open_book, reopen_book

_TRACE = "trace"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which period, of whom, and in which form."""
    names = ", ".join(Measure)
    parser.add_argument(
        "action", nargs="?", choices=[_TRACE], help="trace: xem các phiếu đứng sau một con số"
    )
    parser.add_argument("figure", nargs="?", metavar="CHỈ_TIÊU", help=f"với trace, một trong: {names}")
    parser.add_argument(
        "--period", default="tháng này", metavar="KỲ", help="như «kỳ tháng 11», «quý 4», «1/11 đến 15/11»"
    )
    parser.add_argument("--department", metavar="ĐƠN_VỊ", help="chỉ của một đơn vị, ví dụ KT")
    for by in By:
        parser.add_argument(f"--of-{by}", metavar="KHÓA", help=f"với trace: chỉ các phiếu có {by} này")
    parser.add_argument("--docx", type=Path, metavar="TỆP", help="ghi thêm tệp Word")
    parser.add_argument("--xlsx", type=Path, metavar="TỆP", help="ghi thêm tệp Excel")
    parser.add_argument("--again", action="store_true", help="tính lại kỳ đã chốt")
    parser.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Print the report, or the cases behind a figure. Raises WrongSetting for what is not known."""
    house = build_house(settings)
    department = _department(house, given.department)
    figure = _figure(given)
    with opened(settings) as (database, now):
        period = read_report_period(given.period, local_date(now))
        if period is None:
            raise WrongSetting(
                f"--period: không hiểu kỳ «{given.period}». Ví dụ: «kỳ tháng 11», «quý 4/2026»."
            )

        def work(session: Session) -> Report:
            if given.again:
                reopen_book(session, period)
            return Report(house, open_book(session, period, now), department, now)

        report = database.run_now(work)
    _write(given.docx, lambda file: write_word(file, report))
    _write(given.xlsx, lambda file: write_sheet(file, report))
    if figure is not None:
        return _print_cases(report, figure, given)
    if given.json:
        sys.stdout.write(report_as_json(report))
    else:
        sys.stdout.write(report_text(report) + "\n")
    return 0


def _print_cases(report: Report, figure: Measure, given: argparse.Namespace) -> int:
    wanted = [(by, getattr(given, f"of_{by}")) for by in By if getattr(given, f"of_{by}") is not None]
    by, key = wanted[0] if wanted else (None, "")
    facts = trace(report.facts, figure, by, key)
    if given.json:
        told = [{"code": one.code, **{name.value: one.key(name) for name in By}} for one in facts]
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return 0
    for fact in facts:
        sys.stdout.write(case_line(report, fact) + "\n")
    sys.stdout.write(f"{report.words(f'figure.{figure}')}: {len(facts)}\n")
    return 0


def _figure(given: argparse.Namespace) -> Measure | None:
    if given.action is None:
        return None
    found = next((one for one in Measure if one == given.figure), None)
    if found is None:
        raise WrongSetting(f"trace: cần một trong các chỉ tiêu {', '.join(Measure)}.")
    return found


def _department(house: House, said: str | None) -> str | None:
    if said is None:
        return None
    found = house.ward.find_department(said)
    if found is None:
        raise WrongSetting(f"--department: phường, xã không có đơn vị «{said}».")
    return found.key


def _write(path: Path | None, write: Callable[[IO[bytes]], None]) -> None:
    if path is None:
        return
    try:
        with path.open("wb") as file:
            write(file)
    except OSError as error:
        raise WrongSetting(f"{path}: không ghi được tệp ({error.strerror}).") from None
