"""The command `nghedan`: the table of its words, in Vietnamese; each command lives in bot/commands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from bot.commands.trouble import TROUBLES, explain
from bot.lock import AlreadyRunning
from bot.settings import Settings, WrongSetting, load_settings

WRONG_USE, FAILED = 2, 1


@dataclass(frozen=True, slots=True)
class Command:
    """A word after `nghedan`: what it is for, and the module of bot/commands that does it, loaded on use.

    A module with several commands tells their functions apart by `part`: `add_<part>arguments`, `execute<_part>`.
    """

    name: str
    help: str
    module: str
    part: str = ""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Describe the arguments."""
        self._function(f"add_{self.part}_arguments" if self.part else "add_arguments")(parser)

    def execute(self, settings: Settings, given: argparse.Namespace) -> int:
        """Do it; returns the exit code."""
        code: int = self._function(f"execute_{self.part}" if self.part else "execute")(settings, given)
        return code

    def _function(self, name: str) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(import_module(f"bot.commands.{self.module}"), name)
        return function


COMMANDS = (
    Command("run", "chạy chương trình", "run"),
    Command("doctor", "khám máy: cài đặt, dữ liệu, kênh, giờ, đĩa, việc", "doctor"),
    Command("alarms", "xem cảnh báo, ghi nhận đã xử lý", "alarms"),
    Command("parked", "xem, làm lại, bỏ tin của người dân chưa xử lý được", "stuck", "parked"),
    Command("deliveries", "xem, gửi lại, bỏ tin gửi hỏng hoặc chưa rõ", "stuck", "deliveries"),
    Command("announcements", "xem thông báo đã gửi và kết quả", "announcements"),
    Command("invite", "tạo mã mời cán bộ, tổ viên, lãnh đạo", "invite"),
    Command("staff", "xem ai đang là cán bộ, tổ viên, lãnh đạo", "staff", "staff"),
    Command("dismiss", "cho một người thôi nhiệm vụ, mất quyền ngay", "staff", "dismiss"),
    Command("backup", "sao lưu mọi dữ liệu vào một tệp", "backup", "backup"),
    Command("restore", "khôi phục từ tệp sao lưu", "backup", "restore"),
    Command("faq", "kiểm tra, xuất, nộp kho hỏi đáp", "faq"),
    Command("export", "xuất phiếu ra tệp Excel", "export"),
    Command("report", "báo cáo số liệu theo kỳ: xem, Word, Excel, JSON, các phiếu đứng sau", "report"),
    Command("import", "nhập sổ theo dõi từ tệp Excel thành phiếu", "ticket_import"),
    Command("zalo-connect", "in đường dẫn cấp quyền Zalo OA", "connect"),
    Command("simulate", "chạy với Zalo và Telegram giả", "simulate"),
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


def make_parser(word: str | None = None) -> argparse.ArgumentParser:
    """The parser of all commands; with the arguments of one only when `word` is its name, so that it starts fast."""
    parser = _Parser(prog="nghedan", description="Nghe Dân: trợ lý trò chuyện của phường, xã.")
    words = parser.add_subparsers(dest="command", required=True, metavar="LỆNH", parser_class=_Parser)
    for command in COMMANDS:
        sub = words.add_parser(command.name, help=command.help, description=command.help)
        if word in (command.name, None):
            command.add_arguments(sub)
        sub.set_defaults(execute=command.execute)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code. An operator's mistake is one line, never a traceback."""
    said = sys.argv[1:] if arguments is None else arguments
    given = make_parser(next(iter(said), "")).parse_args(said)
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
