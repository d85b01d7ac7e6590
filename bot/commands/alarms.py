"""`nghedan alarms`: what a person must look at, one line each, and the word that somebody has."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlmodel import Session

from bot.commands.database import opened
from bot.settings import Settings, WrongSetting
from core.calendar import spoken_moment
from storage.machinery import list_alarms, settle_alarms
from storage.models import Alarm

EVERYTHING = "all"
MEANINGS = MappingProxyType(
    {
        "channel_start": "kênh chưa lên được; tự hết khi lên",
        "channel_care": "chưa gia hạn được quyền, chưa đăng ký được webhook; tự hết khi được",
        "channel_down": "kênh không nhận hoặc không gửi được; tự hết khi kênh chạy lại",
        "knowledge_unreadable": "một thay đổi trong kho hỏi đáp bị bỏ qua; tự hết khi mục ấy có bản mới đọc được",
        "message_rejected": "nhà cung cấp từ chối một tin gửi đi; số sau dấu # là số tin",
        "message_given_up": "thử nhiều lần không gửi được một tin; tự hết nếu tin ấy tới được",
        "message_parked": "một tin của người dân chưa được xử lý; số sau dấu # là số tin nhận",
        "template_refused": "Zalo từ chối mẫu tin của thông báo; tự hết khi mẫu gửi được",
        "no_officer": "đơn vị có phiếu mà không ai nhận; tự hết khi có cán bộ hoặc lãnh đạo vào",
    }
)

# Where something can be done about single messages; all other alarms are looked at and noted.
WHAT_TO_RUN = MappingProxyType(
    {
        "message_parked": "xem, làm lại hoặc bỏ: nghedan parked; chỉ ghi nhận: nghedan alarms",
        "message_rejected": "xem, gửi lại hoặc bỏ: nghedan deliveries; chỉ ghi nhận: nghedan alarms",
        "message_given_up": "xem, gửi lại hoặc bỏ: nghedan deliveries; chỉ ghi nhận: nghedan alarms",
    }
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--settle` with numbers or «all», `--all` with those that are settled, `--json` for scripts."""
    parser.add_argument(
        "--settle", nargs="+", metavar="SỐ", help=f"ghi nhận đã xem, đã xử lý; «{EVERYTHING}» là tất cả"
    )
    parser.add_argument("--all", action="store_true", help="kể cả cảnh báo đã hết")
    parser.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Settle what is named, then print what is open. Raises WrongSetting for a number that is not open."""

    def work(session: Session, now: datetime) -> tuple[int, Sequence[Alarm]]:
        settled = _settle(session, given.settle, now) if given.settle else 0
        return settled, list_alarms(session, settled=given.all)

    with opened(settings) as (database, now):
        settled, alarms = database.run_now(lambda session: work(session, now))
    if given.json:
        sys.stdout.write(json.dumps([_as_json(alarm) for alarm in alarms], ensure_ascii=False) + "\n")
        return 0
    if settled:
        sys.stdout.write(f"Đã ghi nhận {settled} cảnh báo.\n")
    sys.stdout.write("".join(map(_as_text, alarms)) or "Không có cảnh báo nào.\n")
    return 0


def _settle(session: Session, wanted: Sequence[str], now: datetime) -> int:
    """All or nothing: a slip in one number must not hide the others."""
    known = {str(alarm.id): alarm.id or 0 for alarm in list_alarms(session)}
    if list(wanted) == [EVERYTHING]:
        return settle_alarms(session, list(known.values()), now)
    wrong = [number for number in wanted if number not in known]
    if wrong:
        there = ", ".join(sorted(known, key=int)) or "không có cảnh báo nào"
        raise WrongSetting(f"--settle: không có cảnh báo số {', '.join(wrong)} đang mở. Đang mở: {there}.")
    return settle_alarms(session, [known[number] for number in wanted], now)


def _as_text(alarm: Alarm) -> str:
    times = f"{alarm.count} lần, gần nhất {spoken_moment(alarm.last_at)}"
    ended = f"; hết {spoken_moment(alarm.settled_at)}" if alarm.settled_at else ""
    head = f"{alarm.id}  {alarm.kind} {alarm.subject}: {alarm.detail} ({times}{ended})"
    return f"{head}\n   {MEANINGS.get(alarm.kind, '')}".rstrip() + "\n"


def _as_json(alarm: Alarm) -> dict[str, Any]:
    return {
        "number": alarm.id,
        "kind": alarm.kind,
        "subject": alarm.subject,
        "detail": alarm.detail,
        "count": alarm.count,
        "first_at": alarm.first_at.isoformat(),
        "last_at": alarm.last_at.isoformat(),
        "settled_at": alarm.settled_at.isoformat() if alarm.settled_at else None,
    }
