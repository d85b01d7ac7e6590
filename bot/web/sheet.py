"""The A4 sheet of a notice as PDF: large letters that fill the page, the sender, and a code to scan."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from core.pictures.canvas import font_file

_PLAIN, _STRONG = "Notice", "Notice-Bold"
_WIDTH, _HEIGHT = A4
_EDGE, _QR = 18 * mm, 38 * mm
# What hangs in a culture house is read from two metres away; below the smallest nobody reads it at all.
_LARGEST, _SMALLEST = 26, 13
_LEADING = 1.4
_FOOT = _EDGE + _QR + 8 * mm


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the sheet, in words that are ready; `link` is what the code opens."""

    ward: str
    title: str
    places: str
    text: str
    notes: str
    scan: str
    link: str
    posted: str


def make_sheet(sheet: Sheet) -> bytes:
    """The PDF, on one page where the text can be read there, otherwise on as many as it needs."""
    _register()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, lang="vi")
    canvas.setTitle(f"{sheet.title} – {sheet.ward}")
    canvas.setAuthor(sheet.ward)
    size, lines = _fitted(sheet)
    rest = lines
    while True:
        top = _head(canvas, sheet)
        fitting = int((top - _FOOT) // (size * _LEADING))
        _body(canvas, rest[:fitting], size, top)
        _foot(canvas, sheet)
        canvas.showPage()
        rest = rest[fitting:]
        if not rest:
            break
    canvas.save()
    return out.getvalue()


@cache
def _register() -> None:
    for name, bold in ((_PLAIN, False), (_STRONG, True)):
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(font_file(bold))))


def _fitted(sheet: Sheet) -> tuple[int, list[str]]:
    """The largest letters with which all of it stands on one page, and the lines."""
    room = _HEIGHT - _EDGE - 46 * mm - _FOOT
    text = "\n\n".join(part for part in (sheet.text, sheet.notes) if part)
    for size in range(_LARGEST, _SMALLEST - 1, -1):
        lines = _wrap(text, size)
        if len(lines) * size * _LEADING <= room:
            return size, lines
    return _SMALLEST, _wrap(text, _SMALLEST)


def _wrap(text: str, size: float, font: str = _PLAIN, width: float = _WIDTH - 2 * _EDGE) -> list[str]:
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            for piece in _pieces(word, size, font, width):
                longer = f"{line} {piece}".lstrip()
                if pdfmetrics.stringWidth(longer, font, size) <= width:
                    line = longer
                else:
                    lines.append(line)
                    line = piece
        lines.append(line)
    return lines


def _pieces(word: str, size: float, font: str, width: float) -> list[str]:
    """A word, mostly whole; an address that is wider than the page in pieces."""
    pieces = []
    while pdfmetrics.stringWidth(word, font, size) > width:
        end = len(word)
        while pdfmetrics.stringWidth(word[:end], font, size) > width:
            end -= 1
        # After a stroke of an address rather than within a word.
        end = max(word.rfind(mark, 0, end) for mark in "/-?&") + 1 or end
        pieces.append(word[:end])
        word = word[end:]
    return [*pieces, word]


def _head(canvas: Any, sheet: Sheet) -> float:
    """Ward, title, for whom; returns where the text begins."""
    top = _HEIGHT - _EDGE - 14
    canvas.setFont(_STRONG, 14)
    canvas.drawCentredString(_WIDTH / 2, top, sheet.ward.upper())
    canvas.setLineWidth(1.2)
    canvas.line(_WIDTH / 2 - 25 * mm, top - 7, _WIDTH / 2 + 25 * mm, top - 7)
    top -= 48
    canvas.setFont(_STRONG, 30)
    canvas.drawCentredString(_WIDTH / 2, top, sheet.title)
    canvas.setFont(_PLAIN, 13)
    for line in _wrap(sheet.places, 13):
        top -= 22
        canvas.drawCentredString(_WIDTH / 2, top, line)
    return float(top - 22)


def _body(canvas: Any, lines: list[str], size: float, top: float) -> None:
    canvas.setFont(_PLAIN, size)
    for line in lines:
        top -= size * _LEADING
        canvas.drawString(_EDGE, top + size * (_LEADING - 1), line)


def _foot(canvas: Any, sheet: Sheet) -> None:
    """The code with a quiet zone around it, what it is for, the address in letters for whoever cannot scan."""
    canvas.setLineWidth(0.6)
    canvas.line(_EDGE, _FOOT - 2 * mm, _WIDTH - _EDGE, _FOOT - 2 * mm)
    # M: a corner may be torn off or rained on, and it is read all the same.
    rows = list(segno.make(sheet.link, error="m", micro=False).matrix)
    module = _QR / len(rows)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                canvas.rect(
                    _EDGE + x * module, _EDGE + _QR - (y + 1) * module, module, module, stroke=0, fill=1
                )
    left, top = _EDGE + _QR + 8 * mm, _EDGE + _QR - 14
    width = _WIDTH - left - _EDGE
    canvas.setFont(_STRONG, 13)
    for line in _wrap(sheet.scan, 13, _STRONG, width):
        canvas.drawString(left, top, line)
        top -= 19
    canvas.setFont(_PLAIN, 11)
    for line in [*_wrap(sheet.link, 11, _PLAIN, width), sheet.posted]:
        canvas.drawString(left, top - 4, line)
        top -= 16
