"""Opens a workbook that somebody hands in: refuses what is no workbook, is locked, or would fill the memory."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from openpyxl import Workbook, load_workbook

from core.wording import Wording
from faq.exchange.kept import Unreadable

MAX_FILE: Final = 10 * 2**20
"""Bytes: a workbook of a thousand entries has half of one million."""
MAX_UNPACKED: Final = 24 * 2**20
"""Bytes of all parts of a workbook together; openpyxl needs up to fifty times as much memory."""
MAX_PARTS: Final = 500
FORMAT: Final = "nghedan-hoi-dap"
VERSION: Final = 1
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
# A locked workbook is an OLE file with this stream; a plain OLE file is the Excel of before 2007.
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_DECLARATIONS: Final = tuple(
    text.encode(code) for code in ("ascii", "utf-16-le", "utf-16-be") for text in ("<!DOCTYPE", "<!ENTITY")
)
_CHUNK: Final = 2**16
_MIB: Final = 2**20


def open_workbook(path: Path, words: Wording, *, values: bool = False) -> Workbook:
    """The workbook, formulas as they stand, or with `values` what they showed last.

    Raises Unreadable with one line for whoever handed it in.
    """
    _check_container(path, words)
    try:
        book = load_workbook(path, data_only=values, keep_links=False)
    # A foreign file can break the library in many ways; all of them mean that it cannot be read.
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        # Of broken XML, whichever parser reads it.
        SyntaxError,
        OSError,
        zipfile.BadZipFile,
    ) as error:
        raise Unreadable(words.text("exchange.file.broken", file=path.name)) from error
    name, _, version = str(book.properties.keywords or "").partition(" ")
    if name == FORMAT and version.isdecimal() and int(version) > VERSION:
        raise Unreadable(words.text("exchange.file.newer", file=path.name))
    return book


def read_bytes(path: Path, words: Wording) -> bytes:
    """The bytes of a file of a bearable size. Raises Unreadable."""
    if not path.is_file():
        raise Unreadable(words.text("exchange.file.missing", file=path.name))
    if path.stat().st_size > MAX_FILE:
        raise Unreadable(words.text("exchange.file.too_big", file=path.name, limit=MAX_FILE // _MIB))
    return path.read_bytes()


def _check_container(path: Path, words: Wording) -> None:
    raw = read_bytes(path, words)
    if raw.startswith(_OLE):
        key = "locked" if _ENCRYPTED in raw else "old_excel"
        raise Unreadable(words.text(f"exchange.file.{key}", file=path.name))
    if not zipfile.is_zipfile(path):
        raise Unreadable(words.text("exchange.file.not_excel", file=path.name))
    try:
        with zipfile.ZipFile(path) as parts:
            _check_parts(parts, path.name, words)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(words.text("exchange.file.broken", file=path.name)) from error


def _check_parts(parts: zipfile.ZipFile, name: str, words: Wording) -> None:
    """What is unpacked is counted, not believed: the directory of a bomb lies about sizes."""
    infos = parts.infolist()
    if "xl/workbook.xml" not in parts.namelist():
        raise Unreadable(words.text("exchange.file.not_excel", file=name))
    if any(info.flag_bits & 0x1 for info in infos):
        raise Unreadable(words.text("exchange.file.locked", file=name))
    left = MAX_UNPACKED
    for info in infos:
        if len(infos) > MAX_PARTS or info.file_size > left:
            raise Unreadable(words.text("exchange.file.bomb", file=name, limit=MAX_UNPACKED // _MIB))
        left -= _measure(parts, info, left, name, words)


def _measure(parts: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, name: str, words: Wording) -> int:
    size, tail, is_text = 0, b"", info.filename.endswith((".xml", ".rels", ".vml"))
    with parts.open(info) as part:
        while chunk := part.read(_CHUNK):
            size += len(chunk)
            if size > left:
                raise Unreadable(words.text("exchange.file.bomb", file=name, limit=MAX_UNPACKED // _MIB))
            # Entities can grow without end, and no writer of workbooks declares any.
            if is_text and any(sign in tail + chunk for sign in _DECLARATIONS):
                raise Unreadable(words.text("exchange.file.unsafe", file=name))
            tail = chunk[-32:]
    return size
