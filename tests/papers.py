"""Documents of the kinds that people send, built part by part: PDF, Word, Excel, with macros and without."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
WORD: Final = f"{_OFFICE}.wordprocessingml.document.main+xml"
EXCEL: Final = f"{_OFFICE}.spreadsheetml.sheet.main+xml"
OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


def pdf(size: int = 0) -> bytes:
    """One empty page, filled up with a comment to that many bytes."""
    body = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    head, tail = b"%PDF-1.7\n" + body, b"\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    return head + b"%" + b" " * max(0, size - len(head) - len(tail) - 1) + tail


def package(main: str, *parts: str, types: str = "") -> bytes:
    """An office file whose list of parts names this main part; `types` stands in the list as well."""
    listed = f'<Types><Override PartName="/x" ContentType="{main}"/>{types}</Types>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", listed)
        for part in parts:
            file.writestr(part, "<x/>")
    return out.getvalue()


def docx(*more: str, types: str = "") -> bytes:
    """Word."""
    return package(WORD, "word/document.xml", *more, types=types)


def xlsx(*more: str, types: str = "") -> bytes:
    """Excel."""
    return package(EXCEL, "xl/workbook.xml", *more, types=types)


KINDS: Final[Mapping[str, Callable[[], bytes]]] = MappingProxyType({"pdf": pdf, "docx": docx, "xlsx": xlsx})
