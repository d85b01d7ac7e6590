"""`nghedan announcements`: what was announced and what became of it, for a person to read or a program to count."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.commands.database import opened
from bot.profile import read_ward
from bot.settings import Settings, WrongSetting
from core.calendar import spoken_moment
from core.wording import load_wording
from storage.announcement_figures import Figures, make_report
from storage.announcements import find_announcement
from storage.announcing import list_steps, list_written_by
from storage.models import Announcement

_MOST = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A number for one, `--days` for how far back, `--json` for programs."""
    parser.add_argument(
        "number", nargs="?", type=int, metavar="SỐ", help="chỉ thông báo có số này, kèm lịch sử"
    )
    parser.add_argument(
        "--days", type=int, default=30, metavar="NGÀY", help="soạn trong chừng này ngày (mặc định 30)"
    )
    parser.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Print them, newest first. Raises WrongSetting for a number that is not there."""

    def work(session: Session, now: datetime) -> list[dict[str, Any]]:
        if given.number is not None:
            found = find_announcement(session, given.number)
            if found is None:
                raise WrongSetting(f"không có thông báo số {given.number}.")
            return [_as_json(session, found, history=True)]
        rows = list_written_by(session, None, now - timedelta(days=given.days), _MOST)
        return [_as_json(session, one) for one in rows]

    with opened(settings) as (database, now):
        told = database.run_now(lambda session: work(session, now))
    if given.json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(_as_text(settings, told))
    return 0


def _as_json(session: Session, one: Announcement, *, history: bool = False) -> dict[str, Any]:
    report = make_report(session, one.id or 0)
    told: dict[str, Any] = {
        "number": one.id,
        "status": one.status,
        "text": one.text,
        "areas": one.areas,
        "audience": one.audience,
        "urgent": one.urgent,
        **{name: _moment(getattr(one, name)) for name in _MOMENTS},
        "recipients": one.recipients,
        "figures": _figures(report.total),
        "by_channel": {name: _figures(figures) for name, figures in report.by_channel.items()},
        "by_area": {name: _figures(figures) for name, figures in report.by_area.items()},
    }
    if history:
        told["history"] = [
            {"at": _moment(event.at), "kind": event.kind, "staff": staff.name if staff else None}
            | {"channel": event.channel, "text": event.text}
            for event, staff in list_steps(session, one.id or 0)
        ]
    return told


_MOMENTS = ("created_at", "scheduled_at", "confirmed_at", "finished_at", "valid_until")


def _figures(figures: Figures) -> dict[str, int]:
    return {**asdict(figures), "written": figures.written}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _as_text(settings: Settings, told: Sequence[dict[str, Any]]) -> str:
    if not told:
        return "Không có thông báo nào trong thời gian này.\n"
    words = load_wording(read_ward(settings).unit_words)
    lines = []
    for one in told:
        began = one["confirmed_at"] or one["scheduled_at"] or one["created_at"]
        state = words.text(f"announce.status.{one['status']}")
        sent, written = one["figures"]["sent"], one["figures"]["written"]
        lines.append(
            f"{one['number']}  {spoken_moment(datetime.fromisoformat(began))}  {state}"
            f"  {sent}/{written} đã nhận  {' '.join(one['text'].split())[:60]}"
        )
        for event in one.get("history", ()):
            what = words.text(f"announce.step.{event['kind']}")
            who = event["staff"] or words.text("announce.by_clock")
            when = spoken_moment(datetime.fromisoformat(event["at"]))
            lines.append(f"    {when}  {who}: {what}" + (f": {event['text']}" if event["text"] else ""))
    return "\n".join(lines) + "\n"
