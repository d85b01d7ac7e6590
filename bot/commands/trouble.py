"""What an operator reads when the machine or the database is at fault: one line that says where to look."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.exc import DBAPIError

from bot.settings import PREFIX, Settings
from storage.revision import ForeignDatabase, NewerDatabase

TROUBLES = (OSError, DBAPIError, NewerDatabase, ForeignDatabase)

_FILE: Mapping[int | None, str] = MappingProxyType(
    {
        errno.EACCES: "không có quyền ghi",
        errno.EPERM: "không có quyền ghi",
        errno.EROFS: "ổ đĩa chỉ cho đọc",
        errno.ENOSPC: "ổ đĩa đã đầy",
        errno.EDQUOT: "đã hết phần đĩa được dùng",
        errno.ENOENT: "không có đường dẫn này",
        errno.ENOTDIR: "đường dẫn đi qua một tệp, không phải thư mục",
        errno.EEXIST: "là tệp, không phải thư mục",
        errno.ENAMETOOLONG: "tên quá dài",
        errno.EISDIR: "là thư mục, không phải tệp",
    }
)
_DATABASE = (
    ("database or disk is full", "ổ đĩa đã đầy"),
    ("readonly database", "không có quyền ghi, hoặc ổ đĩa chỉ cho đọc"),
    ("not a database", "tệp đã hỏng; khôi phục bằng: nghedan restore --force TỆP"),
    ("malformed", "tệp đã hỏng; khôi phục bằng: nghedan restore --force TỆP"),
    ("disk I/O error", "ổ đĩa hỏng hoặc đã đầy"),
    ("unable to open database file", "không mở được tệp, kiểm tra thư mục và quyền"),
    ("authentication failed", "sai tên hoặc mật khẩu"),
    ("does not exist", "không có cơ sở dữ liệu hoặc người dùng tên này"),
)


def explain(trouble: Exception, settings: Settings) -> str | None:
    """One Vietnamese line, or None for what is no trouble of the machine and must show where it happened."""
    if isinstance(trouble, NewerDatabase):
        return "Cơ sở dữ liệu thuộc bản mới hơn của chương trình; hãy cài bản mới hơn rồi chạy lại."
    if isinstance(trouble, ForeignDatabase):
        return f"{PREFIX}DATABASE_URL: cơ sở dữ liệu này của chương trình khác; hãy chọn cơ sở dữ liệu khác."
    if isinstance(trouble, DBAPIError):
        return f"{PREFIX}DATABASE_URL: không dùng được cơ sở dữ liệu ({_reason(trouble)})."
    return _of_machine(trouble, settings) if isinstance(trouble, OSError) else None


def _reason(trouble: DBAPIError) -> str:
    """Never the driver's own words: they may hold values of the statement, or the address with its password."""
    said = str(trouble.orig)
    return next((reason for sign, reason in _DATABASE if sign in said), "không kết nối được hoặc đã hỏng")


def _of_machine(trouble: OSError, settings: Settings) -> str | None:
    if trouble.filename is not None:
        reason = _FILE.get(trouble.errno)
        return f"{_named(trouble.filename, settings)}: {reason}." if reason else None
    if trouble.errno == errno.ENOSPC:
        return f"{PREFIX}DATA_DIR: ổ đĩa đã đầy."
    if trouble.errno == errno.EADDRINUSE:
        return f"{PREFIX}PORT: cổng {settings.port} đang có chương trình khác dùng; hãy chọn số khác."
    if trouble.errno in (errno.EACCES, errno.EPERM):
        return f"{PREFIX}PORT: không được phép mở cổng {settings.port}; hãy chọn số từ 1024 trở lên."
    if isinstance(trouble, socket.gaierror) or trouble.errno == errno.EADDRNOTAVAIL:
        return f"{PREFIX}HOST: máy này không có địa chỉ {settings.host}; thường là 127.0.0.1 hoặc 0.0.0.0."
    return None


def _named(filename: object, settings: Settings) -> str:
    """The file, and the setting that leads to it."""
    path, folder = Path(str(filename)), settings.data_dir
    inside = path == folder or folder in path.parents
    return f"{PREFIX}DATA_DIR: {path}" if inside else str(path)
