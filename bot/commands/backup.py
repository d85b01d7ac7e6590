"""`nghedan backup` and `nghedan restore`: one file with everything, and a copy that is silent until confirmed."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.commands.database import opened
from bot.lock import FolderLock
from bot.settings import Settings, WrongSetting
from storage.backup import BackupError, NotQuarantined, backup, confirm_restored, restore

_NOTHING_TO_CONFIRM = (
    "restore: đây không phải bản khôi phục đang chờ xác nhận; không có gì để xác nhận, không tin nào bị hủy."
)


def add_backup_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="TỆP", help="tệp sao lưu; bỏ trống: đặt tên theo ngày"
    )


def execute_backup(settings: Settings, given: argparse.Namespace) -> int:
    """Make a backup while the program goes on."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target: Path = given.file or settings.data_dir / "backups"
    if target.is_dir() or given.file is None:
        target /= f"nghedan-{stamp}.tar.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Đang sao lưu", total=1.0)
            backup(
                settings.url, settings.data_dir, target, lambda done: progress.update(task, completed=done)
            )
    except BackupError as error:
        raise WrongSetting(f"Chưa sao lưu được: {error}") from None
    sys.stdout.write(f"Đã sao lưu vào {target}\n")
    sys.stdout.write("Khóa secret.key không nằm trong tệp này; hãy cất riêng một bản.\n")
    return 0


def add_restore_arguments(parser: argparse.ArgumentParser) -> None:
    """From where, or the confirmation afterwards."""
    parser.add_argument("file", nargs="?", type=Path, metavar="TỆP", help="tệp sao lưu")
    parser.add_argument("--force", action="store_true", help="ghi đè dữ liệu đang có")
    parser.add_argument("--confirm", action="store_true", help="xác nhận bản khôi phục được phép gửi tin")
    parser.add_argument(
        "--send-waiting", action="store_true", help="khi xác nhận, gửi cả các tin đang chờ cũ"
    )


def execute_restore(settings: Settings, given: argparse.Namespace) -> int:
    """Restore into quarantine, or lift the quarantine."""
    if given.confirm:
        with opened(settings) as (database, _now):
            try:
                cancelled = database.run_now(lambda s: confirm_restored(s, keep_queued=given.send_waiting))
            except NotQuarantined:
                raise WrongSetting(_NOTHING_TO_CONFIRM) from None
        sys.stdout.write(f"Đã xác nhận. {cancelled} tin cũ đang chờ đã hủy. Hãy chạy lại chương trình.\n")
        return 0
    if given.file is None:
        raise WrongSetting("restore: còn thiếu tên tệp sao lưu.")
    lock = FolderLock(settings.data_dir)
    try:
        restore(given.file, settings.url, settings.data_dir, overwrite=given.force)
    except BackupError as error:
        raise WrongSetting(f"Chưa khôi phục được: {error}") from None
    finally:
        lock.release()
    sys.stdout.write("Đã khôi phục. Bản này chưa gửi tin nào cho đến khi chạy: nghedan restore --confirm\n")
    return 0
