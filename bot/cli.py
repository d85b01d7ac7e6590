"""The command `nghedan`: the table of its words, in Vietnamese; each command lives in bot/commands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.commands import alarms, backup, connect, doctor, export, faq, invite, run, simulate, staff, stuck
from bot.commands.trouble import TROUBLES, explain
from bot.lock import AlreadyRunning
from bot.settings import Settings, WrongSetting, load_settings

WRONG_USE, FAILED = 2, 1


@dataclass(frozen=True, slots=True)
class Command:
    """A word after `nghedan`: what it is for, its arguments, and what it does."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    execute: Callable[[Settings, argparse.Namespace], int]


COMMANDS = (
    Command("run", "chạy chương trình", run.add_arguments, run.execute),
    Command(
        "doctor", "khám máy: cài đặt, dữ liệu, kênh, giờ, đĩa, việc", doctor.add_arguments, doctor.execute
    ),
    Command("alarms", "xem cảnh báo, ghi nhận đã xử lý", alarms.add_arguments, alarms.execute),
    Command(
        "parked",
        "xem, làm lại, bỏ tin của người dân chưa xử lý được",
        stuck.add_parked_arguments,
        stuck.execute_parked,
    ),
    Command(
        "deliveries",
        "xem, gửi lại, bỏ tin gửi hỏng hoặc chưa rõ",
        stuck.add_deliveries_arguments,
        stuck.execute_deliveries,
    ),
    Command("invite", "tạo mã mời cán bộ, tổ viên, lãnh đạo", invite.add_arguments, invite.execute),
    Command(
        "staff", "xem ai đang là cán bộ, tổ viên, lãnh đạo", staff.add_staff_arguments, staff.execute_staff
    ),
    Command(
        "dismiss",
        "cho một người thôi nhiệm vụ, mất quyền ngay",
        staff.add_dismiss_arguments,
        staff.execute_dismiss,
    ),
    Command("backup", "sao lưu mọi dữ liệu vào một tệp", backup.add_backup_arguments, backup.execute_backup),
    Command("restore", "khôi phục từ tệp sao lưu", backup.add_restore_arguments, backup.execute_restore),
    Command("faq", "kiểm tra, xuất, nộp kho hỏi đáp", faq.add_arguments, faq.execute),
    Command("export", "xuất phiếu ra tệp Excel", export.add_arguments, export.execute),
    Command("zalo-connect", "in đường dẫn cấp quyền Zalo OA", connect.add_arguments, connect.execute),
    Command("simulate", "chạy với Zalo và Telegram giả", simulate.add_arguments, simulate.execute),
)


_COMPLAINTS = (
    ("the following arguments are required", "còn thiếu"),
    ("unrecognized arguments", "không hiểu phần"),
    ("invalid choice", "không có"),
    ("choose from", "chọn một trong"),
    ("invalid int value", "không phải số"),
    ("expected one argument", "cần một giá trị"),
    ("not allowed with", "không dùng cùng"),
    ("argument ", "mục "),
)


class _Parser(argparse.ArgumentParser):
    """argparse with Vietnamese headings and one-line errors."""

    def error(self, message: str) -> None:  # type: ignore[override]
        for english, vietnamese in _COMPLAINTS:
            message = message.replace(english, vietnamese)
        say(f"Lệnh chưa đúng: {message}. Xem: {self.prog} --help")
        sys.exit(WRONG_USE)

    def format_help(self) -> str:
        text = super().format_help()
        for english, vietnamese in (
            ("usage:", "Cách dùng:"),
            ("positional arguments:", "Các mục:"),
            ("options:", "Tùy chọn:"),
            ("show this help message and exit", "xem hướng dẫn này"),
        ):
            text = text.replace(english, vietnamese)
        return text


def say(line: str) -> None:
    """A line for the operator on standard error."""
    sys.stderr.write(line + "\n")


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = _Parser(prog="nghedan", description="Nghe Dân: trợ lý trò chuyện của phường, xã.")
    words = parser.add_subparsers(dest="command", required=True, metavar="LỆNH", parser_class=_Parser)
    for command in COMMANDS:
        sub = words.add_parser(command.name, help=command.help, description=command.help)
        command.arguments(sub)
        sub.set_defaults(execute=command.execute)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code. An operator's mistake is one line, never a traceback."""
    given = make_parser().parse_args(arguments)
    # What we write holds citizens' words and keys: other users of this machine do not read it.
    os.umask(0o077)
    settings: Settings | None = None
    try:
        settings = load_settings()
        code: int = given.execute(settings, given)
        return code
    except WrongSetting as error:
        say(str(error))
        return WRONG_USE
    except AlreadyRunning:
        say("Chương trình đang chạy trên thư mục dữ liệu này rồi; hãy tắt bản kia trước.")
        return FAILED
    except TROUBLES as trouble:
        line = explain(trouble, settings or Settings.model_construct())
        if line is None:
            raise
        say(line)
        return FAILED
    except KeyboardInterrupt:
        return FAILED
