"""`nghedan doctor`: looks at everything that can be wrong and says for each what to do."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.commands.alarms import WHAT_TO_RUN
from bot.commands.database import opened
from bot.commands.trouble import TROUBLES, explain
from bot.profile import read_ward
from bot.settings import Settings
from core.calendar import spoken_moment
from scheduler.schedule import JOBS
from storage.inbox import count_waiting
from storage.machinery import find_fact, list_alarms, place_of_subject
from storage.models import Alarm
from storage.outbox import count_queued

_ENOUGH_DISK = 1024**3
_CLOCK_SECONDS = 60
_ASK_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, and what was seen or is to be done."""

    subject: str
    ok: bool
    detail: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` for scripts."""
    parser.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Print the findings; the exit code is 1 when something is to be done before people can be served."""
    findings = [finding for check in _CHECKS for finding in check(settings)]
    if given.json:
        sys.stdout.write(json.dumps([asdict(f) for f in findings], ensure_ascii=False) + "\n")
    else:
        for finding in findings:
            mark = "OK " if finding.ok else "!! "
            sys.stdout.write(f"{mark} {finding.subject}: {finding.detail}\n")
    return 0 if all(f.ok for f in findings) else 1


def _config(settings: Settings) -> Iterator[Finding]:
    where = "máy này (dùng thử)" if settings.is_trial else settings.base_url
    yield Finding("Cài đặt", True, f"đọc được; phục vụ tại {where}")
    ward = read_ward(settings)
    yield Finding("Hồ sơ", True, f"{ward.name} ({ward.key})")
    for line in ward.missing():
        yield Finding("Hồ sơ", ward.sample, line)


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with opened(settings) as (database, _now):
            waiting = database.run_now(count_waiting)
            queued = database.run_now(count_queued)
            alarms = database.run_now(list_alarms)
            quarantine = database.run_now(lambda s: find_fact(s, "quarantine"))
    except TROUBLES as error:
        yield Finding("Cơ sở dữ liệu", False, explain(error, settings) or type(error).__name__)
        return
    kind = "SQLite" if settings.url.startswith("sqlite") else "PostgreSQL"
    yield Finding("Cơ sở dữ liệu", True, f"{kind}; {waiting} tin chờ xử lý, {queued} tin chờ gửi")
    if quarantine:
        yield Finding(
            "Bản khôi phục", False, "chưa gửi tin; khi bản cũ đã tắt, chạy nghedan restore --confirm"
        )
    for line in _alarm_lines(alarms):
        yield Finding("Cảnh báo", False, line)


def _alarm_lines(alarms: Sequence[Alarm]) -> Iterator[str]:
    """One line a kind and place, newest first: a bad hour must not bury everything else."""
    groups: dict[tuple[str, str], list[Alarm]] = {}
    for alarm in alarms:
        groups.setdefault((alarm.kind, place_of_subject(alarm.subject)), []).append(alarm)
    for (kind, place), found in groups.items():
        times = sum(alarm.count for alarm in found)
        what = WHAT_TO_RUN.get(kind, "xem và ghi nhận: nghedan alarms")
        yield f"{kind} {place}: {found[0].detail} ({times} lần); {what}"


def _channels(settings: Settings) -> Iterator[Finding]:
    yield Finding("Chat trên web", True, f"{settings.base_url}/chat")
    for title, is_set, url, name in (
        ("Telegram", settings.has_telegram, settings.telegram_base_url, "NGHEDAN_TELEGRAM_TOKEN"),
        ("Zalo OA", settings.has_zalo, settings.zalo_openapi_url, "NGHEDAN_ZALO_APP_ID"),
    ):
        if not is_set:
            yield Finding(title, True, f"đang tắt; muốn bật, điền {name}")
        elif _date_of(url) is None:
            yield Finding(title, False, f"không nối được tới {url}; kiểm tra mạng, tường lửa")
        else:
            yield Finding(title, True, f"nối được tới {url}")


def _clock(settings: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC)
    asked = [url for on, url in _outside(settings) if on]
    told = next((moment for url in asked if (moment := _date_of(url)) is not None), None)
    if told is not None and abs((told - now).total_seconds()) > _CLOCK_SECONDS:
        yield Finding("Đồng hồ", False, "lệch hơn 1 phút so với bên ngoài; bật đồng bộ giờ (NTP)")
        return
    yield Finding("Đồng hồ", True, f"bây giờ là {spoken_moment(now)}, giờ Việt Nam")


def _outside(settings: Settings) -> tuple[tuple[bool, str], ...]:
    return (
        (settings.has_telegram, settings.telegram_base_url),
        (settings.has_zalo, settings.zalo_openapi_url),
    )


def _disk(settings: Settings) -> Iterator[Finding]:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.data_dir).free
    except OSError as error:
        yield Finding("Đĩa", False, explain(error, settings) or type(error).__name__)
        return
    detail = f"còn {free / 1024**3:.1f} GB trống ở {settings.data_dir}"
    yield Finding("Đĩa", free >= _ENOUGH_DISK, detail if free >= _ENOUGH_DISK else f"{detail}; cần dọn bớt")


def _jobs(_settings: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC)
    for job in JOBS:
        fire = None if job.steady else job.trigger.get_next_fire_time(None, now)
        if fire is not None:
            yield Finding("Việc sắp tới", True, f"{job.title}: {spoken_moment(fire)}")


def _date_of(url: str) -> datetime | None:
    """The clock of a host, by its Date header; None when it does not answer."""
    try:
        with urllib.request.urlopen(url, timeout=_ASK_SECONDS) as answer:
            told = answer.headers.get("Date")
    except urllib.error.HTTPError as refusal:
        told = refusal.headers.get("Date")
    except (OSError, ValueError):
        return None
    return parsedate_to_datetime(told) if told else datetime.now(UTC)


_CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _config,
    _database,
    _channels,
    _clock,
    _disk,
    _jobs,
)
