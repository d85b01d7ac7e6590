"""`nghedan parked` and `nghedan deliveries`: what was given up, without a word of it; take it up again or drop it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.commands.database import opened
from bot.settings import Settings, WrongSetting
from core.calendar import spoken_moment
from storage.stuck import (
    Stuck,
    drop_parked,
    drop_undelivered,
    list_parked,
    list_undelivered,
    retry_parked,
    retry_undelivered,
)

EVERYTHING = "all"
_SHOWN = 50
_Act = Callable[[Session, Collection[int], datetime], int]


@dataclass(frozen=True, slots=True)
class _Pile:
    """One kind of stuck things: how it is called, listed, taken up again and dropped."""

    thing: str
    none: str
    retried: str
    list_all: Callable[[Session], list[Stuck]]
    retry: _Act
    drop: _Act


_PARKED = _Pile(
    "tin nhận",
    "Không có tin nào bị để lại.",
    "sẽ được xử lý lại ngay khi chương trình chạy",
    list_parked,
    retry_parked,
    drop_parked,
)
_UNDELIVERED = _Pile(
    "tin gửi",
    "Không có tin gửi nào hỏng hay chưa rõ.",
    "sẽ được gửi lại; tin «chưa rõ» có thể đã tới nên người nhận có thể thấy hai lần",
    list_undelivered,
    retry_undelivered,
    drop_undelivered,
)
_STATES = {"failed": "hỏng", "unknown": "chưa rõ đã tới chưa", "parked": "để lại"}


def add_parked_arguments(parser: argparse.ArgumentParser) -> None:
    """`--retry` with numbers or «all», `--drop` with numbers, `--json` for scripts."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--retry", nargs="+", metavar="SỐ", help=f"làm lại những tin này; «{EVERYTHING}» là tất cả"
    )
    choice.add_argument("--drop", nargs="+", metavar="SỐ", help="bỏ hẳn những tin này")
    parser.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")
    parser.set_defaults(failed=False)


def add_deliveries_arguments(parser: argparse.ArgumentParser) -> None:
    """As for the parked ones; `--failed` leaves out those that may have arrived."""
    add_parked_arguments(parser)
    parser.add_argument("--failed", action="store_true", help="chỉ tin chắc chắn chưa tới")


def execute_parked(settings: Settings, given: argparse.Namespace) -> int:
    """Citizens' messages that could not be handled. Raises WrongSetting for a number that is not there."""
    return _execute(_PARKED, settings, given)


def execute_deliveries(settings: Settings, given: argparse.Namespace) -> int:
    """Our messages that did not surely arrive. Raises WrongSetting for a number that is not there."""
    return _execute(_UNDELIVERED, settings, given)


def _execute(pile: _Pile, settings: Settings, given: argparse.Namespace) -> int:
    def listed(session: Session) -> list[Stuck]:
        found = pile.list_all(session)
        return [one for one in found if one.status == "failed"] if given.failed else found

    def work(session: Session, now: datetime) -> tuple[str, list[Stuck]]:
        return _act(pile, session, listed(session), given, now), listed(session)

    with opened(settings) as (database, now):
        said, left = database.run_now(lambda session: work(session, now))
    if given.json:
        sys.stdout.write(json.dumps([_as_json(one) for one in left], ensure_ascii=False) + "\n")
        return 0
    sys.stdout.write(said + (_as_text(left) or f"{pile.none}\n"))
    return 0


def _act(
    pile: _Pile, session: Session, found: Sequence[Stuck], given: argparse.Namespace, now: datetime
) -> str:
    """Do what is asked, all or nothing; returns the line that says so."""
    if given.retry == [EVERYTHING]:
        # Whoever blocked us hears nothing anyway; by number it can still be tried.
        wanted = [one.number for one in found if not one.gone and not one.shut]
        return f"{pile.retry(session, wanted, now)} {pile.thing} {pile.retried}.\n"
    if given.retry:
        chosen = _chosen("--retry", found, given.retry)
        if gone := [str(one.number) for one in chosen if one.gone]:
            raise WrongSetting(
                f"--retry: nội dung tin {', '.join(gone)} đã xóa theo hạn giữ; chỉ còn --drop."
            )
        numbers = [one.number for one in chosen]
        return f"{pile.retry(session, numbers, now)} {pile.thing} {pile.retried}.\n"
    if given.drop:
        numbers = [one.number for one in _chosen("--drop", found, given.drop)]
        return f"Đã bỏ hẳn {pile.drop(session, numbers, now)} {pile.thing}.\n"
    return ""


def _chosen(option: str, found: Sequence[Stuck], wanted: Sequence[str]) -> list[Stuck]:
    """A slip in one number must not do something to another one."""
    known = {str(one.number): one for one in found}
    wrong = [number for number in wanted if number not in known]
    if wrong:
        there = ", ".join(list(known)[:_SHOWN]) or "không có tin nào"
        raise WrongSetting(f"{option}: không có tin số {', '.join(wrong)}. Đang có: {there}.")
    return [known[number] for number in dict.fromkeys(wanted)]


def _as_text(found: Sequence[Stuck]) -> str:
    lines = [_line(one) for one in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"… và {len(found) - _SHOWN} tin cũ hơn; xem hết: thêm --json")
    return "".join(f"{line}\n" for line in lines)


def _line(one: Stuck) -> str:
    notes = [_STATES[one.status], f"{one.tries} lần", one.error or "không rõ lỗi"]
    if one.shut:
        notes.append("người nhận đã chặn")
    if one.gone:
        notes.append("nội dung đã xóa theo hạn giữ")
    return f"{one.number}  {one.channel}  {spoken_moment(one.came_at)}  {'; '.join(notes)}"


def _as_json(one: Stuck) -> dict[str, Any]:
    return {
        "number": one.number,
        "channel": one.channel,
        "kind": one.kind,
        "status": one.status,
        "came_at": one.came_at.isoformat(),
        "tries": one.tries,
        "error": one.error,
        "gone": one.gone,
        "shut": one.shut,
    }
