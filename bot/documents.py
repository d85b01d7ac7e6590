"""Tells by its bytes what a document is: PDF, Word or Excel without macros; its name says nothing."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.durable import keep, kept_path
from core.messages import MessageKind
from storage.files import Fetched

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_TITLE: Final = 80
MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pdf": "application/pdf",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)

# Below, what the formats say of themselves: ISO 32000-1 7.5 (PDF), ECMA-376 part 2 (packages), part 1 (main parts).
_PDF_HEAD, _PDF_END, _PDF_TAIL = b"%PDF-", b"%%EOF", 4096
_PACKAGE: Final = b"PK\x03\x04"
# The container of Word and Excel before 2007, and of today's with a password on it.
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TYPES: Final = "[Content_Types].xml"
_MAIN: Final = MappingProxyType(
    {
        "docx": (b"wordprocessingml.document.main+xml", "word/"),
        "xlsx": (b"spreadsheetml.sheet.main+xml", "xl/"),
    }
)
_MACRO_TYPES: Final = (b"macroenabled", b"vbaproject", b"macrosheet")
_MACRO_PARTS: Final = ("vbaproject", "vbadata", "macrosheets/")
_MOST_PARTS, _MOST_TYPES, _ENCRYPTED = 10_000, 512 * 1024, 0x1
# What the library stumbles over in broken or hostile packages; found by feeding it such files by the thousand.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    EOFError,
    RuntimeError,
    LookupError,
    ArithmeticError,
)


class Refusal(StrEnum):
    """Why a document is not taken; the words for people are in core/wording/announce.toml, `document_…`."""

    LARGE = "large"
    MACRO = "macro"
    OLD = "old"
    KIND = "kind"
    DAMAGED = "damaged"


class UnusableDocument(Exception):
    """No document of a kind that we keep, one with macros, a damaged or too large one."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def keep_document(media: Path, data: bytes, name: str) -> Fetched:
    """Keep the bytes as they are under a name of our own; `name` is cleaned for showing. Raises UnusableDocument."""
    ending = look_at(data)
    kept = keep(media, data, MessageKind.FILE, ending, MEDIA_TYPES[ending])
    return replace(kept, title=clean_title(name))


def document_path(media: Path, name: str) -> Path:
    """Where a kept document lies. Raises ValueError for a name that we never gave."""
    return kept_path(media, name, MEDIA_TYPES)


def look_at(data: bytes) -> str:
    """Which ending it deserves, whatever its name or type claims. Raises UnusableDocument."""
    if len(data) > MAX_BYTES:
        raise UnusableDocument(Refusal.LARGE)
    if data.startswith(_PDF_HEAD):
        if _PDF_END not in data[-_PDF_TAIL:]:
            raise UnusableDocument(Refusal.DAMAGED)
        return "pdf"
    if data.startswith(_OLD):
        raise UnusableDocument(Refusal.OLD)
    if data.startswith(_PACKAGE):
        try:
            return _look_into(data)
        except _BROKEN as error:
            raise UnusableDocument(Refusal.DAMAGED) from error
    raise UnusableDocument(Refusal.KIND)


def clean_title(name: str) -> str:
    """What people read as its name: no folders, no ending, nothing that turns or hides letters, at most 80 signs."""
    last = name.replace("\\", "/").rpartition("/")[2]
    # Every kind of control and format sign: also those that make «fdp.exe» read as «exe.pdf».
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in last)
    stem = unicodedata.normalize("NFC", " ".join(seen.split()))
    for ending in (".pdf", ".docx", ".xlsx"):
        stem = stem[: -len(ending)] if stem.lower().endswith(ending) else stem
    return stem.strip(" .")[:MAX_TITLE].rstrip(" .")


def _look_into(data: bytes) -> str:
    """By the list of its parts; nothing but that list is unpacked, so that no bomb can go off here."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        if len(parts) > _MOST_PARTS or any(part.flag_bits & _ENCRYPTED for part in parts):
            raise UnusableDocument(Refusal.DAMAGED)
        names = [part.filename for part in parts]
        if _TYPES not in names:
            raise UnusableDocument(Refusal.KIND)
        with package.open(_TYPES) as listed:
            types = listed.read(_MOST_TYPES + 1)
    if len(types) > _MOST_TYPES:
        raise UnusableDocument(Refusal.DAMAGED)
    lower = [name.lower() for name in names]
    if any(mark in types.lower() for mark in _MACRO_TYPES) or any(
        mark in name for name in lower for mark in _MACRO_PARTS
    ):
        raise UnusableDocument(Refusal.MACRO)
    for ending, (main, folder) in _MAIN.items():
        if main in types and any(name.startswith(folder) for name in lower):
            return ending
    raise UnusableDocument(Refusal.KIND)
