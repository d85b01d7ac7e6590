"""`nghedan faq report`: what people asked, by topic and week, as text, JSON or a picture."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.commands.asked_picture import draw
from bot.commands.database import opened
from bot.house import build_house
from bot.settings import Settings, WrongSetting
from core.calendar import local_date
from handlers.asked_report import AskedReport, make_report, report_text
from handlers.learning import gather_unanswered

_MOST_WEEKS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many weeks, and where the picture goes."""
    parser.add_argument(
        "--weeks", type=int, default=4, metavar="SỐ", help="mấy tuần gần nhất, kể cả tuần này"
    )
    parser.add_argument(
        "--picture", type=Path, metavar="TỆP.svg", help="vẽ thêm biểu đồ, mở bằng trình duyệt"
    )
    parser.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Print the report of the weeks up to now, and draw it if wanted. Raises WrongSetting."""
    if not 1 <= given.weeks <= _MOST_WEEKS:
        raise WrongSetting(f"--weeks: cần một số từ 1 đến {_MOST_WEEKS}.")
    if given.picture is not None and given.picture.suffix.lower() != ".svg":
        raise WrongSetting("--picture: tên tệp cần có đuôi .svg; trình duyệt và Word mở được tệp này.")
    house = build_house(settings)
    with opened(settings) as (database, now):

        def work(session: Session) -> AskedReport:
            gather_unanswered(session, house, now)
            return make_report(session, house, now, given.weeks)

        report = database.run_now(work)
    if given.picture is not None:
        _write(given.picture, draw(report, house.words))
    if given.json:
        sys.stdout.write(json.dumps(_as_json(report), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(report_text(report, house.words) + "\n")
    return 0


def _write(path: Path, picture: str) -> None:
    try:
        path.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise WrongSetting(f"--picture: chưa ghi được tệp {path}: {error.strerror}.") from None


def _as_json(report: AskedReport) -> dict[str, Any]:
    return {
        "weeks": [
            {
                "begins": local_date(week.begins).isoformat(),
                "total": asdict(week.total),
                "topics": {name or "none": asdict(tally) for name, tally in sorted(week.topics.items())},
            }
            for week in report.weeks
        ],
        "entries": [asdict(line) for line in report.entries],
        "unanswered": [asdict(line) for line in report.unanswered],
    }
