"""`nghedan simulate day`: a seeded day of a whole ward through the real program, told in a short table."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.settings import Settings

if TYPE_CHECKING:
    from tests.day.rules import Result

CITIZENS, OFFICERS = 300, 12
_SHOWN = 30
_FACTS = {
    "citizens": "người dân",
    "officers": "cán bộ",
    "repeated": "tin kênh giao hai lần",
    "faults": "lần kênh trục trặc khi gửi",
    "wanted": "người muốn phản ánh",
    "unheard": "người bỏ dở, không có phiếu",
    "answered": "phiếu đã trả lời xong",
    "shown": "phiếu có ảnh hoặc văn bản cho thấy đã xong",
    "reasons": "phiếu xong chỉ có lời giải thích thay minh chứng",
    "rejected": "phiếu từ chối, có lý do",
    "undone": "lần cán bộ thu hồi câu trả lời trước khi gửi đi",
    "open": "phiếu còn mở, có hạn",
    "flood_people": "người báo cùng một chỗ ngập",
    "flood_tickets": "phiếu họ gửi; những người khác bấm «tôi cũng bị»",
    "flood_cases": "việc còn lại sau khi cán bộ gộp phiếu",
    "flood_largest": "người trong phiếu ngập đông nhất",
}


def add_day_arguments(parser: argparse.ArgumentParser) -> None:
    """The size of the ward and the seed; the same seed gives the same people with the same words."""
    parser.add_argument(
        "--seed", type=int, default=1, metavar="SỐ", help="số gieo: cùng số thì cùng một ngày"
    )
    parser.add_argument(
        "--citizens", type=_count, default=CITIZENS, metavar="SỐ", help=f"số người dân ({CITIZENS})"
    )
    parser.add_argument(
        "--officers", type=_count, default=OFFICERS, metavar="SỐ", help=f"số cán bộ ({OFFICERS})"
    )
    parser.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 5000:
        return int(text)
    raise argparse.ArgumentTypeError("phải là số từ 1 đến 5000")


def play_day(settings: Settings, given: argparse.Namespace) -> int:
    """Play and print; 1 when a rule was violated. Nothing outside of a temporary folder is touched."""
    from tests.day.playing import Day
    from tests.props import sample_house

    started = time.process_time()
    # The bad moments of the pretended channels are part of the day, not of the operator's screen.
    logging.disable(logging.CRITICAL)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="nghedan-day-") as folder,
            Progress(
                console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
            ) as progress,
        ):
            task = progress.add_task("Đang chạy một ngày của phường…", total=1.0)
            house = sample_house(settings.ward)
            day = Day(Path(folder), house, seed=given.seed, citizens=given.citizens, officers=given.officers)
            result = asyncio.run(day.play(lambda share: progress.update(task, completed=share)))
    finally:
        logging.disable(logging.NOTSET)
    seconds = time.process_time() - started
    if given.json:
        told = {**asdict(result), "seed": given.seed, "cpu_seconds": round(seconds, 1)}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        _show(result, given.seed, seconds)
    return 1 if result.violations else 0


def _show(result: Result, seed: int, seconds: float) -> None:
    console = Console(width=100)
    facts = Table(title=f"Một ngày của phường (số gieo {seed}, {seconds:.0f} giây CPU)", show_header=False)
    facts.add_column(justify="right")
    facts.add_column()
    for name, words in _FACTS.items():
        facts.add_row(str(result.facts.get(name, 0)), words)
    console.print(facts)
    table = Table(title="Sổ và màn hình")
    table.add_column("việc")
    for title in ("trong sổ", "bà con, cán bộ thấy"):
        table.add_column(title, justify="right")
    for line in result.lines:
        table.add_row(
            line.name, str(line.books), str(line.screens), style="" if line.books == line.screens else "red"
        )
    console.print(table)
    if not result.violations:
        console.print("Không quy tắc nào bị vi phạm.")
        return
    console.print(f"{len(result.violations)} chỗ vi phạm quy tắc:")
    for words in result.violations[:_SHOWN]:
        console.print(f"  • {words}", markup=False, highlight=False)
