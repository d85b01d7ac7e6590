"""Reads a transcript, lines that an officer can read and review, into entries that can be played.

A transcript is a text file:

    # a comment
    Cán bộ: Hạnh = KT                          who is in the office before the play begins
    Kênh khác: Máy hai                         who writes from another channel than the one that is played
    Quen: Bà Lan                               who was greeted long ago
    Lúc: 2026-11-24 08:15                      the clock in Vietnam; what is due by then is sent
    Dân (Bà Lan): đèn đường ngõ 5 hỏng         what somebody writes
    Bot: Em đã ghi …                           what is answered, on several lines if need be
      [Gửi] [Sửa] [Hủy]                        and what can be tapped
    Dân (Bà Lan): [chạm Gửi]
    Bot → Cán bộ Hạnh: Phiếu mới {mã} …        what others are told
    Người trực (Bà Lan): để em gọi lại         somebody of the office writes by the provider's own tool
    Hồ sơ: approve_above=2                     the ward's profile says so in this play
    Đồng hồ: closings                          a job of the clock runs, by its name in scheduler/schedule.py
    Sổ: phiếu=1 trạng thái=moi                 what must be in the books
    Đường: report lookup                       the routes that were taken so far, each once, by name

Things that are not text: [ảnh], [3 ảnh] with or without words, [ảnh hỏng], [vị trí 20.34,106.27], [chạm Gửi],
[giọng nói], [giọng nói hỏng], [video], [nhãn dán], [tệp], [tệp Lịch.pdf 320 KB], [tệp không nhận: macro],
[danh bạ], [lạ], [sửa] new text, [tham gia], [rời đi],
[quét mã kv-tdp-5], [trả lời phiếu {mã}] text, [trả lời phiếu {mã} kèm ảnh] text.
"trong nhóm X" before the colon puts a message into a group.
"…" in an expected line stands for anything; {mã} keeps a code from its first sight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(
    r"(Lúc|Hồ sơ|Đồng hồ|Sổ|Đường|Kênh khác|Quen|Cán bộ|Lãnh đạo|Tổ viên|Giám sát|Người trực|Bot|Dân)"
    r"(?: \(([^)]+)\)| (?!→)([^:→(]+?))?"
    r"(?: trong nhóm ([^:]+?))?(?: → ([^:]+))?: ?(.*)"
)
ROUTES = "Đường"


class Mismatch(AssertionError):
    """The play went otherwise than written; the message shows where and how."""


@dataclass
class Entry:
    """One paragraph of a transcript: its first line taken apart, and all its lines as they stand."""

    number: int
    role: str
    who: str
    group: str
    to: str
    body: str
    lines: list[str]


@dataclass
class Script:
    """A transcript, read: entries in order, with comments and blank lines kept for rewriting."""

    path: Path
    entries: list[Entry] = field(default_factory=list)


def read_script(path: Path, text: str | None = None) -> Script:
    """Take a file apart, or `text` in its place. Raises Mismatch for a line that is none of the forms."""
    script = Script(path)
    said = path.read_text(encoding="utf-8") if text is None else text
    for number, line in enumerate(said.splitlines(), start=1):
        found = _LINE.fullmatch(line)
        if found:
            role, quoted, bare, group, to, body = found.groups()
            script.entries.append(
                Entry(number, role, quoted or bare or "", group or "", to or "", body, [line])
            )
        elif script.entries and script.entries[-1].role == "Bot" and line.startswith("  "):
            script.entries[-1].lines.append(line)
        elif not line.strip() or line.startswith("#"):
            script.entries.append(Entry(number, "", "", "", "", line, [line]))
        else:
            raise Mismatch(f"{path.name}:{number}: không hiểu dòng này: {line}")
    return script


def routes_told(path: Path) -> frozenset[str]:
    """The routes that a transcript says it takes; playing it proves them."""
    entries = read_script(path).entries
    return frozenset(name for entry in entries if entry.role == ROUTES for name in entry.body.split())


def all_scripts() -> Iterator[Path]:
    """The transcripts of this folder, by name."""
    yield from sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
